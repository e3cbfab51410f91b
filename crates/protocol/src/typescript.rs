//! Writes the types for the interface. `UPDATE=1 cargo test -p visavis-protocol` renews the file.

use std::path::Path;

use ts_rs::{Config, TS};

use crate::*;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../ui/src/protocol/messages.ts");

fn typescript() -> String {
    let config = Config::new().with_large_int("number");
    let mut text = String::from(
        "// Generated from crates/protocol by `UPDATE=1 cargo test -p visavis-protocol`. Do not edit.\n",
    );
    let limits = Limits::default();
    text += &format!("\nexport const VERSION = {};\n", limits::VERSION);
    text += &format!("export const MESSAGE_BYTES = {};\n", limits.message_bytes);
    text += &format!("export const NAME_CHARS = {};\n", limits.name_chars);
    text += &format!("export const DEFAULT_CAPACITY = {};\n", limits::DEFAULT_CAPACITY);
    text += &format!("export const ACKNOWLEDGE_EVERY = {};\n", limits::ACKNOWLEDGE_EVERY);
    text += &format!("export const REACTION_BURST = {};\n", limits::REACTION_BURST);
    macro_rules! declare {
        ($($type:ty),* $(,)?) => { $(
            text += &format!("\nexport {}\n", <$type>::decl(&config));
        )* };
    }
    declare!(
        ClientFrame,
        ClientMessage,
        Entrant,
        Resume,
        ServerFrame,
        ServerMessage,
        Welcome,
        Tried,
        IceServer,
        Invite,
        Limits,
        Participant,
        ParticipantId,
        DisplayName,
        Colour,
        MediaState,
        Hand,
        Reaction,
        Presence,
        Role,
        Signal,
        Description,
        DescriptionKind,
        Candidate,
        Sdp,
        CandidateLine,
        AccessToken,
        SingleUseCode,
        ResumeToken,
        LeaveReason,
        EndReason,
        ErrorCode,
    );
    text
}

#[test]
fn the_interface_has_these_types() {
    let wanted = typescript();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::create_dir_all(Path::new(FILE).parent().unwrap()).unwrap();
        std::fs::write(FILE, &wanted).unwrap();
    }
    let found = std::fs::read_to_string(FILE).unwrap_or_default();
    assert!(
        found == wanted,
        "ui/src/protocol/messages.ts is not current: UPDATE=1 cargo test -p visavis-protocol"
    );
}
