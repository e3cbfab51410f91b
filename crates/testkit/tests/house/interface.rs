//! Which part of the interface may import which, and who plays streams.

use crate::{Source, assert_kept, sources};

/// Where a module comes from.
enum Origin<'a> {
    /// One of our files, by its path below `ui/src`, without its extension.
    Ours(String),
    /// A package.
    Package(&'a str),
}

impl Origin<'_> {
    fn name(&self) -> &str {
        match self {
            Self::Ours(path) => path,
            Self::Package(name) => name,
        }
    }
}

/// The modules that a file imports, type imports included.
fn imports(file: &Source) -> Vec<Origin<'_>> {
    let code = file.text.lines().filter(|line| !line.trim_start().starts_with("//"));
    let quoted = code.filter_map(|line| {
        let after = ["from ", "import(", "import "]
            .iter()
            .find_map(|word| Some(line.split_once(word)?.1).filter(|after| after.starts_with(['\'', '"'])))?;
        after.strip_prefix(['\'', '"'])?.split(['\'', '"']).next()
    });
    quoted
        .map(|name| {
            if name.starts_with('.') {
                Origin::Ours(resolve(&file.path, name))
            } else {
                Origin::Package(name)
            }
        })
        .collect()
}

/// `../call/app` as imported by `ui/src/view/App.svelte`: `call/app`.
fn resolve(importer: &str, name: &str) -> String {
    let mut path: Vec<&str> = importer.trim_start_matches("ui/src/").split('/').collect();
    path.pop();
    for part in name.split('/') {
        match part {
            "." => {}
            ".." => drop(path.pop()),
            part => path.push(part),
        }
    }
    path.join("/").trim_end_matches(".ts").to_owned()
}

/// Why `file` may not import `origin`.
fn objection(file: &str, origin: &Origin<'_>) -> Option<&'static str> {
    let place = file.trim_start_matches("ui/src/");
    let in_view = place.starts_with("view/");
    match origin {
        Origin::Package(name) if name.contains("svelte") && !in_view => Some("only ui/src/view knows Svelte"),
        Origin::Package(name) if name.starts_with("@tauri-apps") && place != "platform/desktop.ts" => {
            Some("only ui/src/platform/desktop.ts knows the window")
        }
        Origin::Ours(path) if path.starts_with("view/") && !in_view && place != "main.ts" => {
            Some("the view stands on everything else")
        }
        Origin::Ours(path)
            if path.starts_with("platform/") && path != "platform/platform" && place.starts_with("call/") =>
        {
            Some("the call knows a platform only by its interface")
        }
        Origin::Ours(path) if place.starts_with("protocol/") && !path.starts_with("protocol/") => {
            Some("the protocol stands on nothing of ours")
        }
        _ => None,
    }
}

/// The two that give a stream to an element. Each writing restarts the playing, so they guard it. The others show and play
/// nothing: they take frames and sound from an element.
const PLAYERS: [&str; 4] = [
    "ui/src/view/VideoTile.svelte",
    "ui/src/call/audio-sink.ts",
    "ui/src/webrtc/engine/frame-pump.ts",
    "ui/src/webrtc/engine/recorded-sound.ts",
];

fn writes_src_object(text: &str) -> bool {
    text.split("srcObject").skip(1).any(|after| {
        let after = after.trim_start_matches([']', '\'', '"', '}']).trim_start();
        after.starts_with('=') && !after.starts_with("==")
    })
}

fn violations(files: &[Source]) -> Vec<String> {
    let mut found = Vec::new();
    // Tests may join what the program keeps apart.
    for file in files.iter().filter(|file| !file.path.ends_with(".test.ts")) {
        found.extend(imports(file).iter().filter_map(|origin| {
            let reason = objection(&file.path, origin)?;
            Some(format!("{} imports {}: {reason}", file.path, origin.name()))
        }));
        if writes_src_object(&file.text) && !PLAYERS.contains(&file.path.as_str()) {
            found.push(format!("{} writes srcObject: only the players do", file.path));
        }
    }
    found
}

#[test]
fn each_part_of_the_interface_imports_only_what_it_may() {
    assert_kept(&violations(&sources(&["ui/src"], &[".ts", ".svelte"])));
}

#[test]
fn each_broken_rule_is_found() {
    for (path, text) in [
        ("ui/src/call/app.ts", "import { writable } from 'svelte/store';"),
        ("ui/src/call/app.ts", "import Tile from '../view/VideoTile.svelte';"),
        ("ui/src/call/links/app.ts", "import {\n  memory,\n} from '../../platform/browser';"),
        ("ui/src/call/app.ts", "const api = await import('@tauri-apps/api/core');"),
        ("ui/src/view/App.svelte", "import { invoke } from \"@tauri-apps/api/core\";"),
        ("ui/src/protocol/decode.ts", "export { App } from '../call/app';"),
        ("ui/src/platform/browser.ts", "import '../view/fonts.ts';"),
        ("ui/src/view/Lobby.svelte", "<video srcObject={stream}></video>"),
        ("ui/src/call/peer.ts", "element.srcObject = stream;"),
        ("ui/src/call/peer.ts", "element['srcObject']= stream;"),
    ] {
        assert_eq!(violations(&[Source::new(path, text)]).len(), 1, "{path}: {text}");
    }
    for (path, text) in [
        ("ui/src/call/app.ts", "import type { Platform } from '../platform/platform';"),
        (
            "ui/src/view/App.svelte",
            "import { flip } from 'svelte/animate';\nimport { App } from '../call/app';",
        ),
        ("ui/src/call/app.ts", "if (video.srcObject === stream) return;"),
    ] {
        assert_kept(&violations(&[Source::new(path, text)]));
    }
}
