//! An adaptive jitter buffer over Opus's own decoding, forward error correction and concealment.
//!
//! Everything is reckoned in one delay: how long after the arrival of the fastest packet its sound is played.
//! [`Arrivals`] tells which delay is needed; the playout brings its own there by playing a little faster or
//! slower, one period of the voice at a time.

mod arrivals;
mod decoder;
mod delays;
mod packets;
mod pitch;
mod stats;
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

/// A gap up to 120 ms is filled in; across a longer one the playout goes on with what it has.
const MAX_FILLED: i64 = 5_760;

/// So many late packets in a row mean that the sender's clock was set back, or began anew.
const LATE_BEFORE_RESTART: u32 = 8;

/// More than 300 ms too much delay is left out at once: played faster, it would last for seconds.
const MAX_EXCESS: i64 = 14_400;

/// How far the delay may be off its target before it is corrected: a correction takes up to 15 ms.
const EXCESS_ALLOWED: i64 = 960;
const SHORTAGE_ALLOWED: i64 = 240;

/// An excess from 60 ms on is taken back quickly.
const EXCESS_URGENT: i64 = 2_880;

/// Blocks between two corrections: 200 ms where nobody should notice, 30 ms where the delay hurts more.
const CALM_PACE: u32 = 20;
const URGENT_PACE: u32 = 3;

/// How alike two periods must be (1 is identical) for one of them to be left out or repeated.
const CALM_LIKENESS: f64 = 0.85;
const URGENT_LIKENESS: f64 = 0.5;

/// What is made up for sound that does not come fades from 100 ms on, and is silence after 300 ms.
const FADE_FROM: i64 = 4_800;
const SILENT_FROM: i64 = 14_400;

/// A made-up sample is silent below this: comfort noise.
const SILENT: u16 = 16;

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

    /// After a stall, of the network or of the listener, old sound is left out.
    fn leave_out_excess(&mut self, now: i64) {
        let target = self.arrivals.target();
        if self.delays.smallest().is_none_or(|delay| delay - target <= MAX_EXCESS) {
            return;
        }
        while self.packets.second().is_some_and(|timestamp| self.delay(timestamp, now) >= target) {
            self.packets.take_first();
            self.stats.packets_discarded += 1;
        }
        if let Some((timestamp, _)) = self.packets.first() {
            self.next = Some(timestamp);
            self.starved = 0;
            self.delays.clear();
        }
    }

    /// Decodes or makes up sound until so much of it lies ahead.
    fn refill(&mut self, now: i64, wanted: usize) {
        while self.tape.ahead() < wanted {
            match self.step(now) {
                Step::Wait => return,
                Step::Starve => self.starve(),
                Step::Conceal(samples) => self.conceal(samples),
                Step::Recover => self.recover(),
                Step::GoOn(timestamp) => {
                    self.next = Some(timestamp);
                    self.starved = 0;
                }
                Step::Decode => self.decode(now),
            }
        }
    }

    fn step(&self, now: i64) -> Step {
        let Some((timestamp, packet)) = self.packets.first() else {
            return if self.next.is_some() { Step::Starve } else { Step::Wait };
        };
        let due = self.delay(timestamp, now) >= self.arrivals.target();
        let Some(next) = self.next else {
            return if due { Step::GoOn(timestamp) } else { Step::Wait };
        };
        let gap = timestamp - next;
        let duration = packet.duration as i64;
        if gap == 0 {
            Step::Decode
        } else if self.starved > 0 || gap > MAX_FILLED {
            // What was made up meanwhile stands for what was lost.
            if due { Step::GoOn(timestamp) } else { Step::Starve }
        } else if gap < decoder::CONCEALMENT_STEP as i64 {
            Step::GoOn(timestamp)
        } else if gap == duration && self.follows_a_loss(packet) {
            Step::Recover
        } else {
            let before_copy = if gap > duration { gap - duration } else { gap };
            let whole = before_copy.min(BLOCK as i64) / decoder::CONCEALMENT_STEP as i64;
            Step::Conceal((whole.max(1) as usize) * decoder::CONCEALMENT_STEP)
        }
    }

    /// Whether a packet between the last and this one was lost whose copy this one carries. A sender that was
    /// silent leaves a gap too, but no number out.
    fn follows_a_loss(&self, packet: &Waiting) -> bool {
        self.sequence.is_some_and(|last| packet.sequence != last.wrapping_add(1))
            && decoder::carries_copy(&packet.payload)
    }

    fn decode(&mut self, now: i64) {
        let Some((timestamp, packet)) = self.packets.take_first() else { return };
        let waited = now - packet.arrived + self.tape.ahead() as i64;
        self.next = Some(timestamp + packet.duration as i64);
        self.sequence = Some(packet.sequence);
        self.starved = 0;
        match self.decoder.decode(&packet.payload, packet.duration) {
            Some(samples) => {
                self.tape.push(samples);
                self.concealing = false;
                self.stats.emitted(packet.duration, waited, self.arrivals.target());
            }
            None => {
                self.stats.packets_discarded += 1;
                self.make_up(packet.duration);
            }
        }
    }

    fn recover(&mut self) {
        let (Some((timestamp, packet)), Some(_)) = (self.packets.first(), self.next) else { return };
        self.tape.push(self.decoder.recover(&packet.payload, packet.duration));
        self.next = Some(timestamp);
        self.concealing = false;
        self.stats.packets_recovered += 1;
    }

    /// Fills a gap in time that has passed for the sender.
    fn conceal(&mut self, samples: usize) {
        self.make_up(samples);
        self.next = self.next.map(|next| next + samples as i64);
    }

    /// Fills time until the next packet comes; it will be played from its beginning.
    fn starve(&mut self) {
        self.make_up(BLOCK);
        self.starved += BLOCK as i64;
    }

    fn make_up(&mut self, samples: usize) {
        if self.starved >= SILENT_FROM {
            self.tape.push(&[0; BLOCK]);
            self.stats.silent_concealed_samples += BLOCK as u64;
        } else {
            let mut sound = self.decoder.conceal(samples).to_vec();
            fade(&mut sound, self.starved);
            if sound.iter().all(|sample| sample.unsigned_abs() < SILENT) {
                self.stats.silent_concealed_samples += samples as u64;
            }
            self.tape.push(&sound);
        }
        self.stats.concealed_samples += samples as u64;
        if !self.concealing {
            self.stats.concealment_events += 1;
            self.concealing = true;
        }
    }

    /// Brings the delay nearer to its target by leaving out or repeating one period.
    fn correct(&mut self, now: i64) {
        let Some(delay) = self.delays.smallest().filter(|_| self.starved == 0) else { return };
        let excess = delay - self.arrivals.target();
        let urgent = excess > EXCESS_URGENT;
        let (pace, alike) = if urgent { (URGENT_PACE, URGENT_LIKENESS) } else { (CALM_PACE, CALM_LIKENESS) };
        if self.blocks_since_correction < pace {
            return;
        }
        if excess > EXCESS_ALLOWED {
            self.shorten(now, alike);
        } else if excess < -SHORTAGE_ALLOWED {
            self.lengthen(alike);
        }
    }

    fn shorten(&mut self, now: i64, alike: f64) {
        while self.tape.ahead() < tape::AHEAD_TO_SHORTEN && matches!(self.step(now), Step::Decode) {
            self.decode(now);
        }
        if let Some(samples) = self.tape.shorten(alike) {
            self.stats.removed_samples_for_acceleration += samples as u64;
            self.corrected(-(samples as i64));
        }
    }

    fn lengthen(&mut self, alike: f64) {
        if let Some(samples) = self.tape.lengthen(alike) {
            self.stats.inserted_samples_for_deceleration += samples as u64;
            self.corrected(samples as i64);
        }
    }

    fn corrected(&mut self, samples: i64) {
        self.delays.shift(samples);
        self.blocks_since_correction = 0;
    }
}

/// What comes next on the tape.
enum Step {
    /// Nothing: the first packet's time has not come.
    Wait,
    Decode,
    /// Sound of a lost packet comes with the packet after it.
    Recover,
    Conceal(usize),
    /// No packet is there.
    Starve,
    /// Goes on with the packet of this timestamp.
    GoOn(i64),
}

/// Fades what is made up by how long it has been made up.
fn fade(samples: &mut [i16], starved: i64) {
    if starved < FADE_FROM {
        return;
    }
    for (sample, made_up) in samples.iter_mut().zip(starved..) {
        let left = (SILENT_FROM - made_up).max(0);
        *sample = (i64::from(*sample) * left / (SILENT_FROM - FADE_FROM)) as i16;
    }
}
