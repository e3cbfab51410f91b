//! What the interface may ask for. Each command only passes the request on.

use tauri::{AppHandle, State, ipc::Channel};
use visavis_app::{AppError, Controller, Desktop, OwnServer, ShellEvent, TrayContent, settings::Settings};

use crate::{closing, interface::Interface, native_peer::NativePeer, tray, tray::Tray};

#[tauri::command]
pub(crate) async fn attach(
    controller: State<'_, Controller>,
    interface: State<'_, Interface>,
    events: Channel<ShellEvent>,
) -> Result<Desktop, AppError> {
    interface.attach(events);
    Ok(controller.attach())
}

#[tauri::command]
pub(crate) async fn refresh(controller: State<'_, Controller>) -> Result<Desktop, AppError> {
    Ok(controller.desktop())
}

#[tauri::command]
pub(crate) async fn change_settings(
    app: AppHandle,
    controller: State<'_, Controller>,
    settings: Settings,
) -> Result<Desktop, AppError> {
    let desktop = controller.change_settings(settings).await?;
    tray::follow(&app);
    Ok(desktop)
}

#[tauri::command]
pub(crate) async fn show_tray(
    app: AppHandle,
    tray: State<'_, Tray>,
    content: TrayContent,
) -> Result<(), AppError> {
    tray.set(content);
    tray::follow(&app);
    Ok(())
}

#[tauri::command]
pub(crate) async fn report(controller: State<'_, Controller>, page: String) -> Result<String, AppError> {
    Ok(controller.report(&page).await)
}

#[tauri::command]
pub(crate) async fn close_question_shown(app: AppHandle) -> Result<(), AppError> {
    closing::question_shown(&app);
    Ok(())
}

/// The page has just let go of what was open.
#[tauri::command]
pub(crate) async fn ask_to_quit(app: AppHandle) -> Result<(), AppError> {
    // Where the window's own closing asks too; it waits for what is open to be counted.
    let asked = app.clone();
    let _ = app.run_on_main_thread(move || closing::ask_to_quit(&asked));
    Ok(())
}

#[tauri::command]
pub(crate) async fn quit(app: AppHandle) -> Result<(), AppError> {
    closing::quit(&app);
    Ok(())
}

#[tauri::command]
pub(crate) async fn own_server(controller: State<'_, Controller>) -> Result<OwnServer, AppError> {
    controller.own_server().await
}

#[tauri::command]
pub(crate) async fn native_peer(app: AppHandle, peer: State<'_, NativePeer>) -> Result<OwnServer, AppError> {
    peer.access(&app).await
}

#[tauri::command]
pub(crate) async fn open_call(controller: State<'_, Controller>, room: String) -> Result<(), AppError> {
    controller.open_call(&room).await
}
