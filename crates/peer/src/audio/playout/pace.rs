//! Playing faster and slower, so that the delay is the one that is needed.

use super::supply::Step;
use super::{Playout, tape};

/// More than 300 ms too much delay is left out at once: played faster, it would last for seconds.
const MAX_EXCESS: i64 = 14_400;

/// How far the delay may be off its target before it is corrected: a correction takes up to 15 ms.
const EXCESS_ALLOWED: i64 = 576;
const SHORTAGE_ALLOWED: i64 = 240;

/// An excess from 60 ms on is taken back quickly.
const EXCESS_URGENT: i64 = 2_880;

/// Blocks between two corrections: 200 ms where nobody should notice, 30 ms where the delay hurts more.
const CALM_PACE: u32 = 20;
const URGENT_PACE: u32 = 3;

/// How alike two periods must be (1 is identical) for one of them to be left out or repeated.
const CALM_LIKENESS: f64 = 0.85;
const URGENT_LIKENESS: f64 = 0.5;

impl Playout {
    /// After a stall, of the network or of the listener, old sound is left out.
    pub(super) fn leave_out_excess(&mut self, now: i64) {
        let target = self.arrivals.target();
        if self.delays.smallest().is_none_or(|delay| delay - target <= MAX_EXCESS) {
            return;
        }
        while self.packets.second().is_some_and(|timestamp| self.delay(timestamp, now) >= target) {
            self.packets.take_first();
            self.stats.packets_discarded += 1;
        }
        // The first packet after a pause waits until it is due, as the first of all does.
        let first = self.packets.first().map(|(timestamp, _)| timestamp);
        if let Some(timestamp) = first.filter(|timestamp| self.delay(*timestamp, now) >= target) {
            self.next = Some(timestamp);
            self.starved = 0;
            self.delays.clear();
        }
    }

    /// Brings the delay nearer to its target by leaving out or repeating one period.
    pub(super) fn correct(&mut self, now: i64) {
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
