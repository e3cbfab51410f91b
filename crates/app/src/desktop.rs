//! What the interface is told of the desktop app.

use serde::{Deserialize, Serialize};

use crate::settings::Settings;

/// Everything that the interface shows of the desktop app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Desktop {
    /// What the person set.
    pub settings: Settings,
    /// What the person should know.
    pub notices: Vec<Notice>,
    /// The machine's networks now, best first.
    pub interfaces: Vec<NetworkInterface>,
    /// What a `visavis:` link asked to join before the interface was there: a room ID or an invite link.
    pub link: Option<String>,
    /// Of the app.
    pub version: String,
    /// There is a tray that the app can stay in.
    pub tray_available: bool,
}

/// A network interface with all its addresses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct NetworkInterface {
    /// What the system calls it.
    pub name: String,
    /// Best first.
    pub addresses: Vec<String>,
    /// It leads to other programs or far networks rather than to the people around.
    pub r#virtual: bool,
}

/// Something that does not keep the app from working, and that the person should know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Notice {
    /// The settings could not be read: the defaults are used.
    SettingsSetAside {
        /// The name of the file, in the data folder, that the old ones are kept in.
        file: String,
    },
    /// The settings are used, and will be forgotten when the app ends: the disk refused.
    SettingsNotSaved,
    /// Another program has the port of the settings.
    PortTaken {
        /// The one of the settings.
        port: u16,
        /// The one that serves instead.
        used: u16,
    },
    /// The chosen interface has no address now: all are used.
    InterfaceMissing {
        /// What the system called it.
        name: String,
    },
    /// There is no network at all: only this machine can join.
    NoNetwork,
    /// Somebody stands between this machine and an app that wants to join a room here.
    Intercepted,
    /// Somebody is trying out room IDs on this machine.
    GuessedAt,
}

/// What happens outside the interface and concerns it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum ShellEvent {
    /// A `visavis:` link asks to join a room.
    Link {
        /// A room ID or an invite link.
        link: String,
    },
    /// The window should close while a room is open: the person is to be asked, and the shell to be told that
    /// the question is there.
    CloseAsked {
        /// Rooms of this machine end with the app.
        ends_rooms: bool,
    },
    /// `Leave` in the tray.
    Leave,
    /// A tray has come or gone.
    TrayChanged {
        /// There is one.
        available: bool,
    },
    /// The notices are these now.
    Notices {
        /// All of them.
        notices: Vec<Notice>,
    },
}

/// What the tray shows, in the person's language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct TrayContent {
    /// The room and who is in it, one line each.
    pub lines: Vec<String>,
    /// What brings the window up.
    pub open: String,
    /// What leaves the room; absent while there is none to leave.
    pub leave: Option<String>,
    /// What ends the app.
    pub quit: String,
}
