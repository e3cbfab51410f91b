//! A sound in two bands: up to 8 kHz, where voices are, at a third of the rate, and what is above.

use std::f32::consts::PI;

use super::BLOCK;

/// What the lower band's rate is divided by.
const RATIO: usize = 3;

/// Samples of the lower band in 10 ms, 16 kHz.
pub(super) const LOW_BLOCK: usize = BLOCK / RATIO;

/// Ten milliseconds of the lower band; 1 is full scale.
pub(super) type LowBlock = [f32; LOW_BLOCK];

/// Ten milliseconds of the whole band; 1 is full scale.
pub(super) type FullBlock = [f32; BLOCK];

/// Length of the filter between the bands, which is symmetric: more makes the border narrower, and the sound later.
const TAPS: usize = 97;

/// By how many samples of the whole band splitting and joining makes a sound later: 2 ms.
pub(super) const DELAY: usize = TAPS - 1;

/// Where the lower band ends, in cycles for each sample at 48 kHz: at 7.2 kHz, and by 8 kHz all is gone.
const BORDER: f32 = 7_200.0 / 48_000.0;

/// Taps that meet the lower band's own samples, of which each has the most: one more than there are blocks of others.
const REACH: usize = TAPS.div_ceil(RATIO);

/// So many samples of the lower band before a block are still needed.
const BEFORE: usize = REACH - 1;

/// A block of the lower band's rate, and what the taps reach back to.
type Stretch = [f32; BEFORE + LOW_BLOCK];

/// The filter: a low pass, windowed as Hamming's; its sum is 1.
fn low_pass() -> [f32; TAPS] {
    let mut taps = std::array::from_fn(|tap| {
        let from_middle = tap as f32 - (TAPS / 2) as f32;
        let turn = 2.0 * PI * BORDER * from_middle;
        let sinc = if from_middle == 0.0 { 2.0 * BORDER } else { turn.sin() / (PI * from_middle) };
        sinc * (0.54 - 0.46 * (2.0 * PI * tap as f32 / (TAPS - 1) as f32).cos())
    });
    let sum: f32 = taps.iter().sum();
    taps.iter_mut().for_each(|tap| *tap /= sum);
    taps
}

/// The taps, dealt out to every third sample, each with its place: a sample and the two after it have none in common.
fn dealt() -> [[f32; REACH]; RATIO] {
    let taps = low_pass();
    std::array::from_fn(|phase| {
        std::array::from_fn(|at| taps.get(at * RATIO + phase).copied().unwrap_or(0.0))
    })
}

/// Takes the lower band out of a sound.
pub(super) struct Splitter {
    taps: [[f32; REACH]; RATIO],
    /// Every third sample, from the first, the second and the third on.
    sound: [Stretch; RATIO],
}

impl Splitter {
    pub(super) fn new() -> Self {
        Self { taps: dealt(), sound: [[0.0; _]; RATIO] }
    }

    /// The lower band of the next 10 ms.
    pub(super) fn split(&mut self, block: &FullBlock) -> LowBlock {
        let mut low = [0.0; LOW_BLOCK];
        for (phase, (sound, taps)) in self.sound.iter_mut().zip(&self.taps).enumerate() {
            let thirds = block.iter().skip(phase).step_by(RATIO);
            append(sound, thirds);
            for (at, tap) in taps.iter().enumerate() {
                add(&mut low, *tap, &sound[at..]);
            }
        }
        low
    }
}

/// Brings a lower band back to the whole rate.
pub(super) struct Joiner {
    taps: [[f32; REACH]; RATIO],
    sound: Stretch,
}

impl Joiner {
    pub(super) fn new() -> Self {
        // The samples in between are new: those that are there stand for all.
        Self { taps: dealt().map(|taps| taps.map(|tap| tap * RATIO as f32)), sound: [0.0; _] }
    }

    /// The next 10 ms of the lower band, at the whole rate.
    pub(super) fn join(&mut self, block: &LowBlock) -> FullBlock {
        append(&mut self.sound, block.iter());
        let mut joined = [0.0; BLOCK];
        for (phase, taps) in self.taps.iter().enumerate() {
            let mut third = [0.0; LOW_BLOCK];
            for (at, tap) in taps.iter().enumerate() {
                add(&mut third, *tap, &self.sound[BEFORE - at..]);
            }
            for (sample, third) in joined.iter_mut().skip(phase).step_by(RATIO).zip(third) {
                *sample = third;
            }
        }
        joined
    }
}

/// Puts a block behind what is still needed of those before it.
fn append<'a>(sound: &mut Stretch, block: impl Iterator<Item = &'a f32>) {
    sound.copy_within(LOW_BLOCK.., 0);
    for (place, sample) in sound[BEFORE..].iter_mut().zip(block) {
        *place = *sample;
    }
}

/// Adds what is multiplied: all samples by one tap, which processors do several at a time.
fn add(sum: &mut LowBlock, tap: f32, sound: &[f32]) {
    for (sum, sample) in sum.iter_mut().zip(sound) {
        *sum += tap * sample;
    }
}

/// Makes a sound later by some samples.
pub(super) struct Delay(Vec<f32>);

impl Delay {
    pub(super) fn new(samples: usize) -> Self {
        Self(vec![0.0; samples])
    }

    /// The block that is due as this one comes.
    pub(super) fn pass<const N: usize>(&mut self, block: &[f32; N]) -> [f32; N] {
        self.0.extend(block);
        let mut due = [0.0; N];
        due.copy_from_slice(&self.0[..N]);
        self.0.drain(..N);
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn power(block: &FullBlock) -> f32 {
        block.iter().map(|sample| sample * sample).sum()
    }

    /// The share of a tone's power that the lower band has.
    fn share(hertz: f32) -> f32 {
        let (mut splitter, mut joiner) = (Splitter::new(), Joiner::new());
        let (mut whole, mut low) = (0.0, 0.0);
        for block in 0..20 {
            let tone: FullBlock =
                std::array::from_fn(|at| (2.0 * PI * hertz * ((block * BLOCK + at) as f32 / 48_000.0)).sin());
            let joined = joiner.join(&splitter.split(&tone));
            if block > 1 {
                whole += power(&tone);
                low += power(&joined);
            }
        }
        low / whole
    }

    #[test]
    fn voices_are_in_the_lower_band_and_nothing_above_8_khz_is() {
        for hertz in [100.0, 1_000.0, 3_400.0, 6_000.0] {
            assert!((share(hertz) - 1.0).abs() < 0.02, "{hertz} Hz: {}", share(hertz));
        }
        for hertz in [8_500.0, 12_000.0, 20_000.0] {
            assert!(share(hertz) < 1e-4, "{hertz} Hz: {}", share(hertz));
        }
    }

    #[test]
    fn a_band_that_was_split_and_joined_is_later_by_the_delay_and_else_the_same() {
        let (mut splitter, mut joiner, mut delay) = (Splitter::new(), Joiner::new(), Delay::new(DELAY));
        for block in 0..10 {
            let tone: FullBlock =
                std::array::from_fn(|at| (2.0 * PI * 440.0 * ((block * BLOCK + at) as f32 / 48_000.0)).sin());
            let (due, joined) = (delay.pass(&tone), joiner.join(&splitter.split(&tone)));
            for (due, joined) in due.iter().zip(joined).filter(|_| block > 0) {
                assert!((due - joined).abs() < 0.01, "{due} {joined}");
            }
        }
    }
}
