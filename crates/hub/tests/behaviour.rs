//! The promises of `docs/protocol.md`, one by one.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "tests may fail loudly")]

#[path = "behaviour/admission.rs"]
mod admission;
#[path = "behaviour/client.rs"]
mod client;
#[allow(dead_code, reason = "each test takes what it needs")]
mod common;
#[path = "behaviour/entering.rs"]
mod entering;
#[path = "behaviour/frames.rs"]
mod frames;
#[path = "behaviour/host.rs"]
mod host;
#[path = "behaviour/presence.rs"]
mod presence;
#[path = "behaviour/sessions.rs"]
mod sessions;
#[path = "behaviour/signaling.rs"]
mod signaling;
#[path = "behaviour/throttling.rs"]
mod throttling;
