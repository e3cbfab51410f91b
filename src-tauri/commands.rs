//! What the interface may ask for. Each command only passes the request on.

use tauri::State;
use visavis_app::{AppError, Controller, OwnServer};

#[tauri::command]
pub(crate) async fn own_server(controller: State<'_, Controller>) -> Result<OwnServer, AppError> {
    controller.own_server().await
}

#[tauri::command]
pub(crate) async fn open_call(controller: State<'_, Controller>, room: String) -> Result<(), AppError> {
    controller.open_call(&room).await
}

#[tauri::command]
pub(crate) async fn open_link(controller: State<'_, Controller>, link: String) -> Result<(), AppError> {
    controller.open_link(&link).await
}
