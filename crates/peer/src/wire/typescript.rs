//! Writes the types for the interface. `UPDATE=1 cargo test -p visavis-peer` renews the file.

use ts_rs::{Config, TS};

use super::*;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../ui/src/webrtc/wire.ts");

/// Of crates/protocol, which writes it for itself only.
const ICE_SERVER: &str =
    "export type IceServer = { urls: Array<string>, username?: string, credential?: string, };";

fn typescript() -> String {
    let config = Config::new().with_large_int("number");
    let mut text = String::from(
        "// Generated from crates/peer by `UPDATE=1 cargo test -p visavis-peer`. Do not edit.\n\n",
    );
    for (name, value) in [
        ("VERSION", VERSION as usize),
        ("HEADER_BYTES", frame::HEADER_BYTES),
        ("READ_BYTES", limits::READ_BYTES),
        ("SDP_BYTES", limits::SDP_BYTES),
        ("MESSAGE_BYTES", limits::MESSAGE_BYTES),
        ("CHANNEL_BUFFER_BYTES", limits::CHANNEL_BUFFER_BYTES),
        ("REMOTE_CHANNELS_FROM", limits::REMOTE_CHANNELS_FROM as usize),
        ("SOUND_BLOCKS", limits::SOUND_BLOCKS as usize),
        ("BLOCK_SAMPLES", limits::BLOCK_SAMPLES),
        ("PACKET_SAMPLES", limits::PACKET_SAMPLES),
        ("SAMPLE_RATE", limits::SAMPLE_RATE as usize),
    ] {
        text += &format!("export const {name} = {value};\n");
    }
    text += &format!("\n{ICE_SERVER}\n");
    macro_rules! declare {
        ($($type:ty),* $(,)?) => { $(
            text += &format!("\nexport {}\n", <$type>::decl(&config));
        )* };
    }
    declare!(
        PageMessage,
        Open,
        Certificate,
        Offer,
        Answer,
        NewLine,
        LineDirection,
        AnswerLine,
        Kind,
        Direction,
        DescriptionKind,
        ChannelOptions,
        AppMessage,
        RefusalCode,
        EndCode,
        IceState,
        DtlsState,
        StatsReport,
        TransportStats,
        PairStats,
        CandidateStats,
        CertificateStats,
        CandidateType,
        CodecStats,
        InboundStats,
        RemoteOutboundStats,
        PlayoutStats,
        DeliveredStats,
        OutboundStats,
        AudioSourceStats,
        RemoteInboundStats,
        ChannelStats,
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
    assert!(found == wanted, "ui/src/webrtc/wire.ts is not current: UPDATE=1 cargo test -p visavis-peer");
}
