//! The desktop app: a thin window over the interface that browsers get, and the app's own server.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod commands;
mod display;
mod own_page;
mod permissions;
mod shell;
mod stop_signals;
mod window;

use std::{
    io::{self, Write},
    process::ExitCode,
};

use anyhow::Context;
use clap::Parser;
use tauri::{Manager, RunEvent, async_runtime};
use visavis_app::{Controller, DATA_DIR_VARIABLE};

/// Video calls on your own network.
#[derive(Parser)]
#[command(version)]
struct Arguments {}

fn main() -> ExitCode {
    let Arguments {} = Arguments::parse();
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nobody is left to tell when standard error is closed.
            let _ = writeln!(io::stderr(), "visavis: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> anyhow::Result<()> {
    visavis_app::start_logging()?;
    let data_dir = visavis_app::data_dir()
        .with_context(|| format!("this system names no folder for data; set {DATA_DIR_VARIABLE}"))?;
    display::check()?;
    let app = tauri::Builder::default()
        .manage(Controller::new(data_dir, shell::Desktop))
        .invoke_handler(tauri::generate_handler![
            commands::own_server,
            commands::open_call,
            commands::open_link
        ])
        .on_permission_request(|webview, kind| permissions::answer(&webview, kind))
        .setup(|app| {
            stop_signals::quit_on_signal(app.handle())?;
            window::open(app)?;
            Ok(())
        })
        .build(tauri::generate_context!())
        .context("the window could not be prepared")?;
    app.run(|app, event| {
        if let RunEvent::Exit = event {
            async_runtime::block_on(app.state::<Controller>().shutdown());
        }
    });
    Ok(())
}
