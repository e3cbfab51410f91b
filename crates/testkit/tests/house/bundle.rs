//! What Windows and macOS ask of a bundle. Without some of these keys an app there fails without a word, and the
//! tests of the whole run on Linux only.

use std::{fs, io::Cursor};

use plist::{Dictionary, Value as Property};
use serde_json::Value;

use crate::{assert_kept, root};

/// Texts with which macOS asks the person. Without one, it refuses without asking.
const USAGES: [&str; 3] =
    ["NSCameraUsageDescription", "NSLocalNetworkUsageDescription", "NSMicrophoneUsageDescription"];

/// How hosts are found on the network. macOS lets an app browse only what it names.
const BONJOUR_SERVICE: &str = "_visavis._tcp";

/// What the hardened runtime and the sandbox of macOS keep from an app that does not name it.
const ENTITLEMENTS: [&str; 4] = [
    "com.apple.security.device.audio-input",
    "com.apple.security.device.camera",
    "com.apple.security.network.client",
    "com.apple.security.network.server",
];

/// The parts of tauri.conf.json that a bundle cannot be without.
const SETTINGS: [(&str, &str); 9] = [
    ("/bundle/macOS/entitlements", r#""packaging/macos/entitlements.plist""#),
    ("/bundle/macOS/hardenedRuntime", "true"),
    ("/bundle/macOS/minimumSystemVersion", r#""12.0""#),
    ("/bundle/windows/nsis/installMode", r#""both""#),
    ("/bundle/windows/nsis/installerHooks", r#""packaging/windows/firewall.nsh""#),
    ("/bundle/windows/nsis/languages", r#"["English","SimpChinese"]"#),
    // No network is asked for anything, not even by the installer.
    ("/bundle/windows/webviewInstallMode/type", r#""offlineInstaller""#),
    // The bundler registers these links on every system.
    ("/plugins/deep-link/desktop/schemes", r#"["visavis"]"#),
    ("/productName", r#""Visavis""#),
];

/// The steps at which the installer for Windows opens the firewall and closes it again.
const HOOKS: [&str; 2] = ["NSIS_HOOK_POSTINSTALL", "NSIS_HOOK_PREUNINSTALL"];

fn read(file: &str) -> String {
    fs::read_to_string(root().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

fn dictionary(text: &str) -> Dictionary {
    Property::from_reader(Cursor::new(text)).unwrap().into_dictionary().unwrap()
}

fn missing_settings(config: &Value) -> Vec<String> {
    let set = |path: &str| config.pointer(path).map(Value::to_string).unwrap_or_default();
    SETTINGS.iter().filter(|(path, value)| set(path) != *value).map(|(path, _)| path.to_string()).collect()
}

fn missing_in_info(info: &Dictionary) -> Vec<String> {
    let says = |key: &str| info.get(key).and_then(Property::as_string).is_some_and(|text| !text.is_empty());
    let services = info.get("NSBonjourServices").and_then(Property::as_array);
    let finds = services.is_some_and(|names| names.contains(&BONJOUR_SERVICE.into()));
    let unsaid = USAGES.iter().filter(|key| !says(key)).map(ToString::to_string);
    unsaid.chain((!finds).then(|| BONJOUR_SERVICE.to_owned())).collect()
}

fn missing_entitlements(granted: &Dictionary) -> Vec<String> {
    let grants = |key: &str| granted.get(key) == Some(&true.into());
    ENTITLEMENTS.iter().filter(|key| !grants(key)).map(ToString::to_string).collect()
}

fn missing_hooks(installer: &str) -> Vec<String> {
    let defined: Vec<&str> = installer.lines().filter_map(|line| line.strip_prefix("!macro ")).collect();
    HOOKS.iter().filter(|hook| !defined.contains(hook)).map(ToString::to_string).collect()
}

#[test]
fn the_bundles_for_windows_and_macos_carry_their_keys() {
    assert_kept(&missing_settings(&serde_json::from_str(&read("tauri.conf.json")).unwrap()));
    assert_kept(&missing_in_info(&dictionary(&read("Info.plist"))));
    assert_kept(&missing_entitlements(&dictionary(&read("packaging/macos/entitlements.plist"))));
    let installer = read("packaging/windows/firewall.nsh");
    assert_kept(&missing_hooks(&installer));
    assert!(installer.is_ascii(), "the installer's compiler reads its files in the machine's own code page");
}

#[test]
fn each_missing_key_is_found() {
    assert_eq!(missing_settings(&Value::Null).len(), SETTINGS.len());
    assert_eq!(missing_in_info(&Dictionary::new()).len(), USAGES.len() + 1);
    assert_eq!(missing_entitlements(&Dictionary::new()).len(), ENTITLEMENTS.len());
    assert_eq!(missing_hooks("; !macro NSIS_HOOK_POSTINSTALL\n!macro OTHER").len(), HOOKS.len());

    let refused = "<plist><dict><key>com.apple.security.device.camera</key><false/></dict></plist>";
    assert_eq!(missing_entitlements(&dictionary(refused)).len(), ENTITLEMENTS.len());
    let empty = "<plist><dict><key>NSCameraUsageDescription</key><string></string></dict></plist>";
    assert_eq!(missing_in_info(&dictionary(empty)).len(), USAGES.len() + 1);
}

#[test]
fn every_icon_is_there_and_windows_and_macos_have_theirs() {
    let config: Value = serde_json::from_str(&read("tauri.conf.json")).unwrap();
    let icons: Vec<&str> =
        config["bundle"]["icon"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    for icon in &icons {
        assert!(root().join(icon).is_file(), "{icon} is there");
    }
    for kind in [".icns", ".ico", ".png"] {
        assert!(icons.iter().any(|icon| icon.ends_with(kind)), "there is one that ends with {kind}");
    }
}
