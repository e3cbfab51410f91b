//! Sound: from a microphone to Opus packets, and from Opus packets to what is played.
//!
//! [`Microphone`] is one per source of sound: it takes out echo and noise, evens the level, and encodes once
//! for all who hear it. [`Playout`] is one per incoming stream: an adaptive jitter buffer with decoding and
//! concealment. Neither has a clock: time is an argument.

mod bands;
mod cleaning;
mod error;
mod level;
mod microphone;
mod noise_floor;
mod playout;

pub use error::AudioError;
pub use microphone::{Microphone, Packet, Processing, SourceStats};
pub use playout::{Playout, PlayoutStats};

/// Samples in a second, everywhere: the rate of Opus in WebRTC, and of the page's audio graph.
pub const SAMPLE_RATE: u32 = 48_000;

/// Samples in a block of 10 ms, the step in which sound is handed over.
pub const BLOCK: usize = 480;

/// Ten milliseconds of sound, mono, 48 kHz.
pub type Block = [i16; BLOCK];

/// Samples in a packet: 20 ms, what WebRTC sends.
pub const PACKET: usize = 2 * BLOCK;

/// Twenty milliseconds of sound, mono, 48 kHz.
pub type PacketSamples = [i16; PACKET];
