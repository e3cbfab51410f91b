//! Every kind of message has an example in `golden/`; Rust reads and writes each unchanged, and so
//! does the interface (`ui/src/protocol/golden.test.ts`).

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::Value;
use visavis_protocol::{ClientFrame, ClientMessage, ServerFrame, decode_client_frame};

fn examples(prefix: &str) -> Vec<(PathBuf, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
        .into_iter()
        .filter(|path| path.file_name().unwrap().to_string_lossy().starts_with(prefix))
        .map(|path| {
            let value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
            (path, value)
        })
        .collect()
}

fn kinds(examples: &[(PathBuf, Value)]) -> BTreeSet<String> {
    examples.iter().map(|(_, value)| value["message"]["type"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn client_messages_are_read_and_written_unchanged() {
    let examples = examples("client-");
    for (path, value) in &examples {
        let frame = decode_client_frame(&value.to_string()).unwrap_or_else(|e| panic!("{path:?}: {e:?}"));
        assert_eq!(&serde_json::to_value(frame).unwrap(), value, "{path:?}");
    }
    let wanted = ["create", "hand", "hello", "join", "leave", "pong", "react", "signal", "state", "vouch"];
    assert_eq!(kinds(&examples), wanted.map(String::from).into());
}

#[test]
fn server_messages_are_read_and_written_unchanged() {
    let examples = examples("server-");
    for (path, value) in &examples {
        let frame: ServerFrame =
            serde_json::from_value(value.clone()).unwrap_or_else(|e| panic!("{path:?}: {e}"));
        assert_eq!(&serde_json::to_value(frame).unwrap(), value, "{path:?}");
    }
    let wanted = [
        "changed",
        "ended",
        "error",
        "hand",
        "hello",
        "invite",
        "joined",
        "left",
        "ping",
        "reaction",
        "reconnecting",
        "resumed",
        "signal",
        "welcome",
    ];
    assert_eq!(kinds(&examples), wanted.map(String::from).into());
}

#[test]
fn a_message_of_a_newer_server_is_tolerated() {
    let frame: ServerFrame =
        serde_json::from_str(r#"{"seq":3,"ack":0,"message":{"type":"confetti","colour":7}}"#).unwrap();
    assert_eq!(frame.seq, Some(3));
}

#[test]
fn a_colour_of_a_newer_page_is_none() {
    for colour in [r#""ultraviolet""#, "7", "null", r#"{"red":1}"#] {
        let text =
            format!(r#"{{"message":{{"type":"join","room":"482193775","name":"Ada","colour":{colour}}}}}"#);
        let frame: ClientFrame = serde_json::from_str(&text).unwrap();
        let ClientMessage::Join { entrant, .. } = frame.message else { panic!("{text}") };
        assert_eq!(entrant.colour, None, "{text}");
    }
}
