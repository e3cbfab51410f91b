//! An adaptive jitter buffer over Opus's own decoding, forward error correction and concealment.
//!
//! Everything is reckoned in one delay: how long after the arrival of the fastest packet its sound is played.
//! [`Arrivals`] tells which delay is needed; the playout brings its own there by playing a little faster or
//! slower, one period of the voice at a time.

mod arrivals;
mod decoder;
mod delays;
mod pace;
mod packets;
mod pitch;
mod stats;
mod supply;
mod tape;

use std::time::Instant;

use self::arrivals::Arrivals;
use self::decoder::Decoder;
use self::delays::Delays;
use self::packets::{Packets, Put, Waiting};
pub use self::stats::PlayoutStats;
use self::tape::Tape;
use super::level::Level;
use super::{AudioError, BLOCK, Block, SAMPLE_RATE};

/// So many late packets in a row mean that the sender's clock was set back, or began anew.
const LATE_BEFORE_RESTART: u32 = 8;

/// Plays one incoming stream. Packets go in as they arrive, and every 10 ms of the listener's clock a block is
/// taken out. Time is an argument of both.
pub struct Playout {
    epoch: Option<Instant>,
    arrivals: Arrivals,
    packets: Packets,
    decoder: Decoder,
    tape: Tape,
    delays: Delays,
    /// The timestamp seen last, unwrapped.
    last_seen: Option<i64>,
    /// The timestamp that is to be decoded next; `None` before the first packet's time has come.
    next: Option<i64>,
    /// The sequence number decoded last.
    sequence: Option<u16>,
    /// Samples made up since packets ran out.
    starved: i64,
    late_in_a_row: u32,
    blocks_since_correction: u32,
    concealing: bool,
    playing: Option<i64>,
    level: Level,
    stats: PlayoutStats,
}

impl Playout {
    /// A playout that waits for its first packet.
    pub fn new() -> Result<Self, AudioError> {
        Ok(Self {
            epoch: None,
            arrivals: Arrivals::new(),
            packets: Packets::default(),
            decoder: Decoder::new()?,
            tape: Tape::default(),
            delays: Delays::default(),
            last_seen: None,
            next: None,
            sequence: None,
            starved: 0,
            late_in_a_row: 0,
            blocks_since_correction: 0,
            concealing: false,
            playing: None,
            level: Level::default(),
            stats: PlayoutStats::default(),
        })
    }

    /// Takes in the payload of an RTP packet with its sequence number and timestamp, in any order.
    pub fn insert(&mut self, payload: &[u8], sequence: u16, timestamp: u32, arrived: Instant) {
        let arrived = self.samples_since_epoch(arrived);
        let Some(duration) = decoder::duration(payload) else {
            self.stats.packets_discarded += 1;
            return;
        };
        let timestamp = self.unwrap(timestamp);
        self.arrivals.note(timestamp, arrived);
        if self.next.is_some_and(|next| timestamp < next) {
            self.discard_late();
            if self.late_in_a_row < LATE_BEFORE_RESTART {
                return;
            }
            self.restart(timestamp, arrived);
        }
        self.late_in_a_row = 0;
        let packet = Waiting { sequence, duration, arrived, payload: payload.to_vec() };
        if matches!(self.packets.put(timestamp, packet), Put::TooLong | Put::Displaced) {
            self.stats.packets_discarded += 1;
        }
    }

    /// Gives out the next 10 ms.
    pub fn pull(&mut self, now: Instant) -> Block {
        let now = self.samples_since_epoch(now);
        self.blocks_since_correction = self.blocks_since_correction.saturating_add(1);
        self.note_delay(now);
        self.leave_out_excess(now);
        self.refill(now, BLOCK);
        self.correct(now);
        self.playing = self.position();
        let block = self.tape.take();
        if self.next.is_some() {
            self.stats.total_samples_received += BLOCK as u64;
        }
        self.level.measure(&block);
        block
    }

    /// The RTP timestamp of the first sample of the block given out last.
    pub fn playing(&self) -> Option<u32> {
        // An RTP timestamp is this number without its upper bits.
        self.playing.map(|timestamp| timestamp as u32)
    }

    /// How the playing does.
    pub fn stats(&self) -> PlayoutStats {
        PlayoutStats {
            audio_level: self.level.level(),
            total_audio_energy: self.level.energy(),
            total_samples_duration: self.level.duration(),
            ..self.stats
        }
    }

    fn samples_since_epoch(&mut self, at: Instant) -> i64 {
        let epoch = *self.epoch.get_or_insert(at);
        let samples =
            at.saturating_duration_since(epoch).as_nanos() * u128::from(SAMPLE_RATE) / 1_000_000_000;
        i64::try_from(samples).unwrap_or(i64::MAX / 2)
    }

    /// The timestamp with the rounds it has made: that nearest to the one seen last.
    fn unwrap(&mut self, timestamp: u32) -> i64 {
        let unwrapped = match self.last_seen {
            Some(last) => last + i64::from(timestamp.wrapping_sub(last as u32).cast_signed()),
            None => i64::from(timestamp),
        };
        self.last_seen = Some(unwrapped);
        unwrapped
    }

    fn discard_late(&mut self) {
        self.stats.packets_discarded += 1;
        self.late_in_a_row += 1;
    }

    fn restart(&mut self, timestamp: i64, arrived: i64) {
        self.packets.clear();
        self.delays.clear();
        self.arrivals = Arrivals::new();
        self.arrivals.note(timestamp, arrived);
        self.next = None;
        self.starved = 0;
    }

    /// The timestamp of the next sample on the tape.
    fn position(&self) -> Option<i64> {
        self.next.map(|next| next - self.tape.ahead() as i64)
    }

    /// How long after the fastest packet's arrival the sound of `timestamp` is, or would be, played.
    fn delay(&self, timestamp: i64, now: i64) -> i64 {
        now - timestamp - self.arrivals.base().unwrap_or(0)
    }

    fn note_delay(&mut self, now: i64) {
        if let Some(position) = self.position() {
            self.delays.note(now, self.delay(position, now));
        }
    }
}
