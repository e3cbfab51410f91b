//! Where the sound comes from that goes on the tape: packets, their copies, and concealment.

use super::super::BLOCK;
use super::packets::Waiting;
use super::{Playout, decoder};

/// A gap up to 120 ms is filled in; across a longer one the playout goes on with what it has.
const MAX_FILLED: i64 = 5_760;

/// What is made up for sound that does not come fades from 100 ms on, and is silence after 300 ms.
const FADE_FROM: i64 = 4_800;
const SILENT_FROM: i64 = 14_400;

/// A made-up sample is silent below this: comfort noise.
const SILENT: u16 = 16;

/// What comes next on the tape.
pub(super) enum Step {
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

impl Playout {
    /// Decodes or makes up sound until so much of it lies ahead.
    pub(super) fn refill(&mut self, now: i64, wanted: usize) {
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

    pub(super) fn step(&self, now: i64) -> Step {
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

    pub(super) fn decode(&mut self, now: i64) {
        let Some((timestamp, packet)) = self.packets.take_first() else { return };
        let waited = now - packet.arrived + self.tape.ahead() as i64;
        let awaited = self.follows_a_loss(&packet);
        self.arrivals.played(packet.duration, awaited);
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
            self.tape.push(&vec![0; samples]);
            self.stats.silent_concealed_samples += samples as u64;
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
