//! Writes the types for the interface. `UPDATE=1 cargo test -p visavis-app` renews the file.

use ts_rs::{Config, TS};

use crate::desktop::{Desktop, NetworkInterface, Notice, ShellEvent, TrayContent};
use crate::settings::{Colour, ConfiguredIceServer, LogLevel, Settings, Theme};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../ui/src/platform/shell-types.ts");

fn typescript() -> String {
    let config = Config::new();
    let mut text =
        String::from("// Generated from crates/app by `UPDATE=1 cargo test -p visavis-app`. Do not edit.\n");
    macro_rules! declare {
        ($($type:ty),* $(,)?) => { $(
            text += &format!("\nexport {}\n", <$type>::decl(&config));
        )* };
    }
    declare!(
        Settings,
        Colour,
        Theme,
        LogLevel,
        ConfiguredIceServer,
        Desktop,
        NetworkInterface,
        Notice,
        ShellEvent,
        TrayContent,
    );
    text
}

#[test]
fn the_interface_has_these_types() {
    let wanted = typescript();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(FILE, &wanted).unwrap();
    }
    let found = std::fs::read_to_string(FILE).unwrap_or_default();
    assert!(
        found == wanted,
        "ui/src/platform/shell-types.ts is not current: UPDATE=1 cargo test -p visavis-app"
    );
}
