//! The desktop app: a thin window over the interface that browsers get, and the app's own server.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod closing;
mod commands;
mod display;
mod interface;
mod native_peer;
mod own_page;
mod permissions;
mod settings_store;
mod shell;
mod stop_signals;
mod tray;
#[cfg(target_os = "linux")]
mod webkit_features;
mod webview;
mod window;

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context;
use clap::Parser;
use tauri::{App, AppHandle, Manager, RunEvent, async_runtime};
use tauri_plugin_window_state::StateFlags;
use visavis_app::{
    Controller, DATA_DIR_VARIABLE, Diagnosis,
    settings::{self, Opened},
};

/// Where the window's size and place are kept, in the data folder.
const WINDOW_FILE: &str = "window.json";

/// What a program that could not do its work returns.
const EXIT_FAILURE: i32 = 1;

/// Video calls on your own network.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// A visavis: link to a room. The window asks before it joins.
    link: Option<String>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error);
            ExitCode::FAILURE
        }
    }
}

fn complain(error: &anyhow::Error) {
    tracing::error!("the app cannot start");
    // Nobody is left to tell when standard error is closed.
    let _ = writeln!(io::stderr(), "visavis: {error:#}");
}

fn run(arguments: Arguments) -> anyhow::Result<()> {
    let no_folder = || format!("this system names no folder for data; set {DATA_DIR_VARIABLE}");
    let data_dir = visavis_app::data_dir().with_context(no_folder)?;
    let diagnosis = Diagnosis::start(visavis_app::log_dir().with_context(no_folder)?)?;
    diagnosis.report_panics();
    tracing::info!(version = env!("CARGO_PKG_VERSION"), "started");
    display::check()?;
    let window_file = data_dir.join(WINDOW_FILE);
    let app = tauri::Builder::default()
        // First of all: a second start ends here.
        .plugin(tauri_plugin_single_instance::init(|app, arguments, _folder| second_start(app, arguments)))
        .plugin(tauri_plugin_store::Builder::new().build())
        .plugin(
            tauri_plugin_window_state::Builder::new()
                .with_filename(window_file.to_string_lossy())
                .with_state_flags(StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED)
                .build(),
        )
        .manage(interface::Interface::default())
        .manage(closing::Closing::default())
        .manage(native_peer::NativePeer::default())
        .manage(tray::Tray::default())
        .invoke_handler(tauri::generate_handler![
            commands::attach,
            commands::change_settings,
            commands::close_question_shown,
            commands::native_peer,
            commands::open_call,
            commands::own_server,
            commands::ask_to_quit,
            commands::quit,
            commands::refresh,
            commands::report,
            commands::show_tray,
        ])
        .on_permission_request(|webview, kind| permissions::answer(&webview, kind))
        .on_window_event(closing::on_window_event)
        .setup(move |app| {
            if let Err(error) = set_up(app, data_dir, diagnosis, arguments) {
                // The toolkit would make a panic of it.
                complain(&error);
                std::process::exit(EXIT_FAILURE);
            }
            Ok(())
        })
        .build(tauri::generate_context!())
        .context("the window could not be prepared")?;
    app.run(|app, event| match event {
        RunEvent::Exit => async_runtime::block_on(async {
            app.state::<native_peer::NativePeer>().shutdown().await;
            app.state::<Controller>().shutdown().await;
        }),
        #[cfg(target_os = "macos")]
        RunEvent::Opened { urls } => {
            window::show(app);
            urls.iter().for_each(|url| open_link(app, url.as_str()));
        }
        #[cfg(target_os = "macos")]
        RunEvent::Reopen { .. } => window::show(app),
        _ => {}
    });
    Ok(())
}

fn set_up(
    app: &mut App,
    data_dir: PathBuf,
    diagnosis: Diagnosis,
    arguments: Arguments,
) -> anyhow::Result<()> {
    let opened = open_settings(&data_dir);
    let store = settings_store::SettingsStore::open(app.handle(), &data_dir, &opened.settings)?;
    let shell = shell::DesktopShell::new(app.handle().clone(), store);
    let webview_data = data_dir.clone();
    app.manage(Controller::new(data_dir, opened, diagnosis, shell));
    stop_signals::quit_on_signal(app.handle())?;
    if let Some(link) = arguments.link {
        open_link(app.handle(), &link);
    }
    tray::watch(app.handle());
    start_server_early(app.handle());
    window::open(app, &webview_data)?;
    Ok(())
}

/// While the webview starts, which takes longer. Whether it worked is told to the interface when that asks.
fn start_server_early(app: &AppHandle) {
    let app = app.clone();
    async_runtime::spawn(async move {
        if app.state::<Controller>().own_server().await.is_err() {
            tracing::warn!("the server did not start at the first attempt");
        }
    });
}

/// Before the store opens the file: what the store does not like, it would silently overwrite.
fn open_settings(data_dir: &Path) -> Opened {
    settings::open(data_dir).unwrap_or_else(|error| {
        tracing::warn!(kind = ?error.kind(), "the settings can neither be read nor set aside");
        Opened { is_unusable: true, ..Opened::default() }
    })
}

fn second_start(app: &AppHandle, arguments: Vec<String>) {
    window::show(app);
    if let Ok(Arguments { link: Some(link) }) = Arguments::try_parse_from(arguments) {
        open_link(app, &link);
    }
}

fn open_link(app: &AppHandle, link: &str) {
    // Between a second start and the end of the first one's own there is none yet.
    let Some(controller) = app.try_state::<Controller>() else { return };
    if controller.ask_to_join(link).is_err() {
        tracing::warn!("a link from outside is no link to a room");
    }
}
