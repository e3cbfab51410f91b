//! Files that fit a reader's head.

use crate::{Source, assert_kept, sources};

/// More lines than this are more than one thing.
const MAX_LINES: usize = 400;

/// Written by ts-rs from crates/protocol and crates/peer.
const GENERATED: [&str; 2] = ["ui/src/protocol/messages.ts", "ui/src/webrtc/wire.ts"];

/// One file for each language: nobody reads it from beginning to end.
const CATALOGUES: &str = "ui/src/messages/";

fn too_long(files: &[Source]) -> Vec<String> {
    files
        .iter()
        .filter(|file| !GENERATED.contains(&file.path.as_str()) && !file.path.starts_with(CATALOGUES))
        .filter(|file| file.text.lines().count() > MAX_LINES)
        .map(|file| format!("{} has more than {MAX_LINES} lines", file.path))
        .collect()
}

#[test]
fn no_file_is_too_long() {
    let folders = ["crates", "src-tauri", "ui/src", "e2e", "bench", "scripts"];
    assert_kept(&too_long(&sources(&folders, &[".rs", ".ts", ".svelte", ".css", ".mjs", ".sh"])));
}

#[test]
fn a_long_file_is_found() {
    let text = "line\n".repeat(MAX_LINES + 1);
    assert_eq!(too_long(&[Source::new("a.rs", &text), Source::new(GENERATED[0], &text)]).len(), 1);
}
