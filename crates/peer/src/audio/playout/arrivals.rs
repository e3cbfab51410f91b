//! How regularly packets arrive, and how much delay that asks for.

use super::super::BLOCK;

/// How long the fastest packet stays the measure of the others: the clocks of both sides drift apart by half a
/// millisecond at most in that time.
const SLOT: i64 = 12_000;
const SLOTS: usize = 8;

/// Lateness is counted in steps of 5 ms.
const STEP: i64 = 240;
const STEPS: usize = 100;

/// What one more packet leaves of the weight of those before: half a minute after a rough time it is forgotten.
const MEMORY: f64 = 0.998;

/// The share of packets that the delay must be enough for; the rest is concealed.
const SHARE_IN_TIME: f64 = 0.99;

/// Packets that come within 5 ms after one that was later are of the same event: a stall delivers a burst.
const BURST: i64 = 240;

/// Where the delay begins, before anything is known: 25 ms late is what a Wi-Fi network does in passing.
const FIRST_GUESS: usize = 4;

/// Delay is never below 20 ms: sound cards' clocks alone need that.
const MIN_TARGET: i64 = 960;

/// Where one packet of a hundred carries a copy of a lost one, it is worth waiting for.
const COPIES_WORTH_WAITING: f64 = 0.01;

/// What was measured of a stream's arrivals. All times are in samples.
pub(super) struct Arrivals {
    fastest: [Slot; SLOTS],
    newest_slot: i64,
    last: Option<(i64, i64)>,
    lateness: [f64; STEPS],
    counted: u32,
    /// The share of packets of late that carried a copy of a lost one.
    copies: f64,
    packet: i64,
    target: i64,
}

#[derive(Clone, Copy)]
struct Slot {
    number: i64,
    transit: i64,
}

impl Arrivals {
    pub(super) fn new() -> Self {
        let mut lateness = [0.0; STEPS];
        lateness[FIRST_GUESS] = 1.0;
        let mut arrivals = Self {
            fastest: [Slot { number: i64::MIN, transit: 0 }; SLOTS],
            newest_slot: i64::MIN,
            last: None,
            lateness,
            counted: 0,
            copies: 0.0,
            packet: 0,
            target: 0,
        };
        arrivals.target = arrivals.needed();
        arrivals
    }

    /// Notes that what was said at `timestamp` arrived at `arrived`.
    pub(super) fn note(&mut self, timestamp: i64, arrived: i64) {
        let transit = arrived - timestamp;
        let number = arrived.div_euclid(SLOT);
        self.newest_slot = self.newest_slot.max(number);
        let slot = &mut self.fastest[number.rem_euclid(SLOTS as i64) as usize];
        if slot.number < number || (slot.number == number && transit < slot.transit) {
            *slot = Slot { number, transit };
        }
        let late = transit - self.base().unwrap_or(transit);
        let same_event = self.last.is_some_and(|(last, lateness)| arrived - last < BURST && late < lateness);
        self.last = Some((arrived, late));
        if !same_event {
            self.count(late / STEP);
        }
    }

    /// A stall of half a second and more is no jitter: no delay that people can talk with would cover it.
    fn count(&mut self, steps_late: i64) {
        let Some(step) = usize::try_from(steps_late).ok().filter(|&step| step < STEPS) else { return };
        self.counted = self.counted.saturating_add(1);
        // The first packets weigh as much as a mean needs, so that a guess gives way quickly.
        let memory = MEMORY.min(1.0 - 1.0 / f64::from(self.counted + 1));
        for weight in &mut self.lateness {
            *weight *= memory;
        }
        self.lateness[step] += 1.0 - memory;
        self.target = self.needed();
    }

    /// Notes that a packet of this duration is played, and whether it had a copy of a lost one.
    pub(super) fn played(&mut self, duration: usize, had_copy: bool) {
        self.packet = duration as i64;
        self.copies = self.copies * MEMORY + if had_copy { 1.0 - MEMORY } else { 0.0 };
    }

    /// The arrival of the fastest packet of late, relative to its timestamp.
    pub(super) fn base(&self) -> Option<i64> {
        let oldest = self.newest_slot.saturating_sub(SLOTS as i64 - 1);
        self.fastest.iter().filter(|slot| slot.number >= oldest.max(0)).map(|slot| slot.transit).min()
    }

    /// How long after the fastest packet's arrival its sound should be played.
    pub(super) fn target(&self) -> i64 {
        self.target
    }

    /// A block may reach into the next packet: hence one block more than the lateness. The copy of a lost packet
    /// comes a packet later.
    fn needed(&self) -> i64 {
        let mut share = 0.0;
        let steps = self.lateness.iter().position(|weight| {
            share += weight;
            share >= SHARE_IN_TIME
        });
        let lateness = (steps.unwrap_or(STEPS - 1) as i64 + 1) * STEP;
        let copy = if self.copies > COPIES_WORTH_WAITING { self.packet } else { 0 };
        (lateness + BLOCK as i64 + copy).max(MIN_TARGET)
    }
}
