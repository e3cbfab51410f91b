//! The icon in the tray: the room, who is in it, and what can be done from there.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use tauri::menu::{Menu, MenuBuilder, MenuItemBuilder};
use tauri::tray::TrayIconBuilder;
use tauri::{AppHandle, Manager};
use visavis_app::{Controller, ShellEvent, TrayContent};

use crate::{closing, interface::Interface, window};

/// There is one icon.
const TRAY: &str = "main";

const OPEN: &str = "open";
const LEAVE: &str = "leave";
const QUIT: &str = "quit";

/// What is known of the tray.
#[derive(Default)]
pub(crate) struct Tray {
    /// As the interface said it last. Without that there is no icon: nobody could read its menu.
    content: Mutex<Option<TrayContent>>,
    /// Somebody shows icons.
    is_watched: AtomicBool,
}

impl Tray {
    /// There is a room to leave.
    pub(crate) fn is_in_room(&self) -> bool {
        self.content().is_some_and(|content| content.leave.is_some())
    }

    pub(crate) fn set(&self, content: TrayContent) {
        *self.content.lock().unwrap_or_else(PoisonError::into_inner) = Some(content);
    }

    fn content(&self) -> Option<TrayContent> {
        self.content.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Brings the icon in line with the settings and with what the interface said. Menus belong to the main thread:
/// it happens there, a moment later.
pub(crate) fn follow(app: &AppHandle) {
    let handle = app.clone();
    let outcome = app.run_on_main_thread(move || {
        if let Err(error) = update(&handle) {
            tracing::warn!(%error, "the tray's icon cannot be shown");
        }
    });
    if outcome.is_err() {
        tracing::debug!("the app is ending");
    }
}

/// The icon is there, and in a tray that somebody sees: the window may hide.
pub(crate) fn is_shown(app: &AppHandle) -> bool {
    app.tray_by_id(TRAY).is_some() && is_available(app)
}

fn update(app: &AppHandle) -> tauri::Result<()> {
    let wanted = is_available(app) && app.state::<Controller>().settings().tray;
    let Some(content) = app.state::<Tray>().content().filter(|_| wanted) else {
        app.remove_tray_by_id(TRAY);
        return Ok(());
    };
    let menu = menu(app, &content)?;
    if let Some(tray) = app.tray_by_id(TRAY) {
        return tray.set_menu(Some(menu));
    }
    let mut tray = TrayIconBuilder::with_id(TRAY).menu(&menu).tooltip("Vis-à-vis").on_menu_event(
        |app, event| match event.id().as_ref() {
            OPEN => window::show(app),
            LEAVE => {
                app.state::<Interface>().tell(ShellEvent::Leave);
            }
            QUIT => closing::ask_to_quit(app),
            _ => {}
        },
    );
    if let Some(icon) = app.default_window_icon() {
        tray = tray.icon(icon.clone());
    }
    tray.build(app).map(drop)
}

fn menu(app: &AppHandle, content: &TrayContent) -> tauri::Result<Menu<tauri::Wry>> {
    let mut menu = MenuBuilder::new(app);
    for line in &content.lines {
        menu = menu.item(&MenuItemBuilder::new(shown(line)).enabled(false).build(app)?);
    }
    if !content.lines.is_empty() {
        menu = menu.separator();
    }
    menu = menu.text(OPEN, shown(&content.open));
    if let Some(leave) = &content.leave {
        menu = menu.text(LEAVE, shown(leave));
    }
    menu.text(QUIT, shown(&content.quit)).build()
}

/// In a menu a single `&` would mark a key.
fn shown(text: &str) -> String {
    text.replace('&', "&&")
}

/// Whether somebody shows icons here now, and what draws ours is installed: without that it would panic.
pub(crate) fn is_available(app: &AppHandle) -> bool {
    app.state::<Tray>().is_watched.load(Ordering::Relaxed)
}

/// Follows whether anybody shows icons: a panel may start later than the app, and end before it.
#[cfg(target_os = "linux")]
pub(crate) fn watch(app: &AppHandle) {
    use gtk::gio::{BusNameWatcherFlags, BusType, Cancellable, bus_get, bus_watch_name_on_connection};

    if !has_library() {
        return;
    }
    let (appeared, vanished) = (app.clone(), app.clone());
    bus_get(BusType::Session, Cancellable::NONE, move |bus| {
        let Ok(bus) = bus else { return };
        // Watched as long as the app runs.
        let _watch = bus_watch_name_on_connection(
            &bus,
            WATCHER,
            BusNameWatcherFlags::NONE,
            move |_, _, _| set_watched(&appeared, true),
            move |_, _| set_watched(&vanished, false),
        );
    });
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn watch(app: &AppHandle) {
    set_watched(app, true);
}

fn set_watched(app: &AppHandle, watched: bool) {
    let before = app.state::<Tray>().is_watched.swap(watched, Ordering::Relaxed);
    if before == watched {
        return;
    }
    follow(app);
    app.state::<Interface>().tell(ShellEvent::TrayChanged { available: watched });
    if !watched {
        // A window that was closed into the tray could not be opened any more.
        window::show_hidden(app);
    }
}

/// The library that puts the icon into the tray; it is loaded by name.
#[cfg(target_os = "linux")]
const LIBRARY: &str = "libayatana-appindicator3.so.1";

/// Where the loader looks; Debian and its kin have one more folder for each architecture.
#[cfg(target_os = "linux")]
const LIBRARY_FOLDERS: [&str; 5] = ["/usr/lib", "/usr/lib64", "/usr/local/lib", "/lib", "/lib64"];

/// Who shows icons has this name on the session's bus.
#[cfg(target_os = "linux")]
const WATCHER: &str = "org.kde.StatusNotifierWatcher";

#[cfg(target_os = "linux")]
fn has_library() -> bool {
    use std::{fs, path::Path};

    let is_in = |folder: &Path| folder.join(LIBRARY).exists();
    LIBRARY_FOLDERS.iter().map(Path::new).any(|folder| {
        let below = fs::read_dir(folder).into_iter().flatten().flatten();
        is_in(folder) || below.into_iter().any(|entry| is_in(&entry.path()))
    })
}
