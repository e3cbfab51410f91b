//! Sound: the microphone against a synthetic room, the playout against a synthetic network.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "tests may fail loudly, and tell figures"
)]

mod call;
mod cost;
mod hostile;
mod microphone;
mod playout;
mod speech;

#[test]
fn both_ends_may_move_between_threads() {
    fn moves<T: Send>() {}
    moves::<visavis_peer::audio::Microphone>();
    moves::<visavis_peer::audio::Playout>();
}
