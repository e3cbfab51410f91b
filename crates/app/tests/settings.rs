//! The settings as a file.

#![allow(clippy::unwrap_used, reason = "tests may fail loudly")]

use std::fs;

use serde_json::{Value, json};
use visavis_app::settings::{Colour, Opened, SETTINGS_FILE, Settings, open, save};

fn with(change: Value) -> Value {
    let mut settings = serde_json::to_value(Settings::default()).unwrap();
    settings.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    settings
}

#[test]
fn what_was_saved_is_there_again() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    assert_eq!(open(&data).unwrap(), Opened::default());
    let settings = Settings {
        name: String::from("李明"),
        colour: Colour::Teal,
        language: String::from("zh-Hans"),
        port: 47000,
        tray: false,
        ..Settings::default()
    };
    save(&data, &serde_json::to_vec(&settings).unwrap()).unwrap();
    assert_eq!(open(&data).unwrap(), Opened { settings, ..Opened::default() });
}

#[test]
fn what_is_missing_is_the_default_and_what_is_new_is_ignored() {
    let folder = tempfile::tempdir().unwrap();
    save(folder.path(), br#"{"name":"Ada","confetti":true}"#).unwrap();
    let settings = Settings { name: String::from("Ada"), ..Settings::default() };
    assert_eq!(open(folder.path()).unwrap(), Opened { settings, ..Opened::default() });
}

#[test]
fn a_bad_file_is_kept_aside_as_a_whole() {
    let text = |value: Value| value.to_string().into_bytes();
    let server = |server: Value| text(with(json!({ "iceServers": [server] })));
    let bad: Vec<Vec<u8>> = vec![
        b"".to_vec(),
        b"{".to_vec(),
        b"[]".to_vec(),
        b"null".to_vec(),
        b"\xff\xfe{}".to_vec(),
        [b"{\"name\":\"".to_vec(), vec![b'x'; 200_000], b"\"}".to_vec()].concat(),
        text(with(json!({ "name": 7 }))),
        text(with(json!({ "name": "x".repeat(65) }))),
        text(with(json!({ "name": "A\u{202e}da" }))),
        text(with(json!({ "colour": "ultraviolet" }))),
        text(with(json!({ "language": "no language" }))),
        text(with(json!({ "theme": null }))),
        text(with(json!({ "port": -1 }))),
        text(with(json!({ "port": 80 }))),
        text(with(json!({ "port": 65536 }))),
        text(with(json!({ "camera": "" }))),
        text(with(json!({ "networkInterface": "eth\u{0}" }))),
        text(with(json!({ "logLevel": "everything" }))),
        text(with(json!({ "iceServers": vec![json!({ "urls": ["stun:192.0.2.7"] }); 9] }))),
        server(json!({ "urls": [] })),
        server(json!({ "urls": ["https://192.0.2.7"] })),
        server(json!({ "urls": ["stun:192.0.2.7/page"] })),
        server(json!({ "urls": ["stun:someone@192.0.2.7"] })),
        server(json!({ "urls": ["stun:192.0.2.7?transport=udp"] })),
        server(json!({ "urls": ["stun:192.0.2.7:"] })),
        server(json!({ "urls": ["stun:192.0.2.7 "] })),
        server(json!({ "urls": ["stun:192.0.2.7:70000"] })),
        server(json!({ "urls": ["stun:%31.2.3.4"] })),
        server(json!({ "urls": ["stun:käse.example"] })),
        server(json!({ "urls": ["stun:[2001:db8::7"] })),
        server(json!({ "urls": ["stun:"] })),
        server(json!({ "urls": ["turn:192.0.2.7"] })),
        server(json!({ "urls": ["turn:192.0.2.7"], "username": "u" })),
        server(json!({ "urls": ["turn:192.0.2.7?transport=sctp"], "username": "u", "credential": "c" })),
    ];
    for content in bad {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("settings.json.bad"), "an earlier one").unwrap();
        fs::write(folder.path().join(SETTINGS_FILE), &content).unwrap();
        let opened = open(folder.path()).unwrap();
        let shown = String::from_utf8_lossy(&content);
        assert_eq!(opened.settings, Settings::default(), "{shown:.80}");
        assert_eq!(opened.set_aside.as_deref(), Some("settings.json.bad"), "{shown:.80}");
        assert_eq!(fs::read(folder.path().join("settings.json.bad")).unwrap(), content);
        assert!(!folder.path().join(SETTINGS_FILE).exists());
        assert_eq!(open(folder.path()).unwrap().set_aside, None, "told once");
    }
}

#[test]
fn what_can_neither_be_read_nor_written_still_gives_settings_or_an_error() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join(SETTINGS_FILE)).unwrap();
    assert!(open(folder.path()).unwrap().set_aside.is_some());

    let file = folder.path().join("file");
    fs::write(&file, "no folder").unwrap();
    assert!(open(&file).is_err());
    assert!(save(&file, b"{}").is_err());
}

#[test]
fn servers_for_finding_a_path_are_accepted_as_browsers_accept_them() {
    for (urls, account) in [
        (json!(["stun:192.0.2.7"]), false),
        (json!(["stun:192.0.2.7:3478", "stuns:stun.example:5349"]), false),
        (json!(["turn:[2001:db8::7]:3478?transport=udp", "turns:turn.example?transport=tcp"]), true),
    ] {
        let account = if account { json!("text") } else { Value::Null };
        let server = json!({ "urls": urls, "username": account, "credential": account });
        let settings: Settings = serde_json::from_value(with(json!({ "iceServers": [server] }))).unwrap();
        settings.check().unwrap();
    }
}
