//! Prepares what the window carries inside: the interface, what it may ask for, icons.

use std::{error::Error, fs, path::Path};

use tauri_build::{AppManifest, Attributes};

/// Which commands the interface may use.
const COMMANDS: &str = "src-tauri/commands.toml";

/// The built interface.
const INTERFACE: &str = "ui/dist";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={COMMANDS}");
    println!("cargo::rerun-if-changed={INTERFACE}");
    if !Path::new(INTERFACE).join("index.html").exists() {
        // Without the folder the build of the window fails far from the cause.
        fs::create_dir_all(INTERFACE)?;
        println!("cargo::warning=The window will be empty: {INTERFACE} is not built. Run `make ui` first.");
    }
    let commands = AppManifest::new().permissions_path_pattern(COMMANDS);
    tauri_build::try_build(Attributes::new().app_manifest(commands))?;
    Ok(())
}
