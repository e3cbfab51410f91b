//! Echo, noise and uneven levels taken out of a voice.

use sonora::config::{
    AdaptiveDigital, EchoCanceller, GainController2, HighPassFilter, NoiseSuppression, NoiseSuppressionLevel,
};
use sonora::{AudioProcessing, AudioProcessingStats, Config, StreamConfig};

use super::bands::{DELAY, Delay, Joiner, LOW_BLOCK, LowBlock, Splitter};
use super::noise_floor::NoiseFloor;
use super::{AudioError, BLOCK, Block, Processing};

/// The rate of what is processed: the lower band's.
const LOW_RATE: u32 = 16_000;

/// Where gain control begins, in dB: an ordinary voice ends up near it. Each dB more is a dB more of the echo in the
/// first second, before the canceller knows the room.
const INITIAL_GAIN: f32 = 6.0;

/// By how many samples of the lower band the canceller makes it later, and the noise suppression.
const CANCELLER_DELAY: usize = 128;
const SUPPRESSION_DELAY: usize = 96;

/// What the upper band is multiplied with at least: -40 dB is not heard. From less it would take long to come back.
const LEAST_GAIN: f32 = 0.01;

/// By how much that rises at most in 10 ms: from the least to all of it in 40 ms, so that the end of an echo does not
/// hiss. It falls at once.
const FASTEST_RISE: f32 = 4.0;

/// Power of the lower band that is nothing: much less than one step of 16 bits in each sample.
const NOTHING: f32 = 1e-8;

/// How long a microphone that gives nothing at all, as a muted one does, is still listened to, in blocks of 10 ms: until what
/// is on its way through filters and delays is out. After that there is nothing to clean, and what is known of the room
/// is kept: a canceller that hears no echo of what is played would unlearn it.
const LISTENED_TO: u32 = 20;

/// Cleans a voice.
///
/// Echo, noise and level are found up to 8 kHz, which is where voices are and costs a third less. The sound above is
/// made louder and softer with what is just below, as WebRTC does it with its upper bands.
pub(super) struct Cleaning {
    processing: AudioProcessing,
    near: Splitter,
    far: Splitter,
    /// Under what the page plays, which is often nothing at all.
    floor: NoiseFloor,
    joiner: Joiner,
    /// Makes the lower band as late as what was processed of it.
    low_delay: Delay,
    /// Makes the whole as late as what is joined.
    full_delay: Delay,
    upper: Upper,
    /// Blocks of nothing at all, up to now.
    silent: u32,
}

impl Cleaning {
    pub(super) fn new(processing: Processing) -> Self {
        let later = delay(processing);
        Self {
            processing: audio_processing(processing),
            near: Splitter::new(),
            far: Splitter::new(),
            floor: NoiseFloor::default(),
            joiner: Joiner::new(),
            low_delay: Delay::new(later),
            full_delay: Delay::new(DELAY + later * (BLOCK / LOW_BLOCK)),
            upper: Upper::default(),
            silent: 0,
        }
    }

    /// Cleans the next 10 ms of what the microphone heard (`near`), while the page played `far`.
    pub(super) fn clean(&mut self, near: &Block, far: &Block) -> Result<Block, AudioError> {
        self.silent = if near.iter().any(|&sample| sample != 0) { 0 } else { self.silent.saturating_add(1) };
        if self.silent > LISTENED_TO {
            return Ok([0; BLOCK]);
        }
        let failed = |_| AudioError::Processing;
        let near = near.map(to_float);
        let (low_near, mut low_far) = (self.near.split(&near), self.far.split(&far.map(to_float)));
        self.floor.add(&mut low_far);
        let (mut played, mut cleaned) = ([0.0; LOW_BLOCK], [0.0; LOW_BLOCK]);
        self.processing.process_render_f32(&[&low_far], &mut [&mut played]).map_err(failed)?;
        self.processing.process_capture_f32(&[&low_near], &mut [&mut cleaned]).map_err(failed)?;

        let (near, low_near) = (self.full_delay.pass(&near), self.low_delay.pass(&low_near));
        let gain = self.upper.follow(&low_near, &cleaned);
        // The upper band is what the whole has more than the lower: to join the difference joins both.
        let low_gain = gain.along::<LOW_BLOCK>();
        let difference = std::array::from_fn(|at| cleaned[at] - low_gain[at] * low_near[at]);
        let (joined, gain) = (self.joiner.join(&difference), gain.along::<BLOCK>());
        Ok(std::array::from_fn(|at| to_sample(joined[at] + gain[at] * near[at])))
    }

    pub(super) fn stats(&self) -> &AudioProcessingStats {
        self.processing.statistics()
    }
}

/// By how many samples of the lower band it is later once it is processed.
fn delay(processing: Processing) -> usize {
    let parts =
        [(processing.echo_cancellation, CANCELLER_DELAY), (processing.noise_suppression, SUPPRESSION_DELAY)];
    parts.iter().filter(|(on, _)| *on).map(|(_, delay)| delay).sum()
}

fn to_float(sample: i16) -> f32 {
    f32::from(sample) / -f32::from(i16::MIN)
}

fn to_sample(sound: f32) -> i16 {
    let steps = sound * -f32::from(i16::MIN);
    (steps + 0.5_f32.copysign(steps)) as i16
}

fn audio_processing(processing: Processing) -> AudioProcessing {
    let mono = StreamConfig::new(LOW_RATE, 1);
    let config = Config {
        high_pass_filter: Some(HighPassFilter::default()),
        echo_canceller: processing.echo_cancellation.then(EchoCanceller::default),
        noise_suppression: processing
            .noise_suppression
            .then(|| NoiseSuppression { level: NoiseSuppressionLevel::High, ..NoiseSuppression::default() }),
        gain_controller2: processing.auto_gain_control.then(|| GainController2 {
            adaptive_digital: Some(AdaptiveDigital {
                initial_gain_db: INITIAL_GAIN,
                ..AdaptiveDigital::default()
            }),
            ..GainController2::default()
        }),
        ..Config::default()
    };
    AudioProcessing::builder().config(config).capture_config(mono).render_config(mono).build()
}

/// What the sound above the lower band is multiplied with.
struct Upper {
    gain: f32,
}

impl Default for Upper {
    fn default() -> Self {
        Self { gain: 1.0 }
    }
}

impl Upper {
    /// The way of the gain through a block whose lower band was made this.
    fn follow(&mut self, low: &LowBlock, cleaned: &LowBlock) -> Ramp {
        let (before, after) = (treble(low), treble(cleaned));
        let from = self.gain;
        if before > NOTHING {
            self.gain = (after / before).sqrt().min(from * FASTEST_RISE).max(LEAST_GAIN);
        }
        Ramp { from, to: self.gain }
    }
}

/// A gain that changes evenly in the course of a block.
#[derive(Clone, Copy)]
struct Ramp {
    from: f32,
    to: f32,
}

impl Ramp {
    /// At each sample of a block of this length.
    fn along<const N: usize>(self) -> [f32; N] {
        let step = (self.to - self.from) / N as f32;
        std::array::from_fn(|at| self.from + step * at as f32)
    }
}

/// The power of what is in the upper half of the lower band.
fn treble(block: &LowBlock) -> f32 {
    block.windows(3).map(|three| (three[0] - 2.0 * three[1] + three[2]).powi(2)).sum()
}

#[cfg(test)]
mod tests {
    use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};

    use super::*;

    /// By how many samples of the lower band the processing makes it later.
    fn lag(processing: Processing) -> usize {
        let mut random = StdRng::seed_from_u64(1);
        let mut cleaning = audio_processing(processing);
        let (mut heard, mut made) = (Vec::new(), Vec::new());
        for block in 0..100 {
            // Syllables: what is steady would be taken for noise.
            let loud = if block % 20 < 10 { 0.2 } else { 0.001 };
            let near: LowBlock = std::array::from_fn(|_| random.random_range(-loud..loud));
            let mut cleaned = [0.0; LOW_BLOCK];
            cleaning.process_render_f32(&[&[0.0; LOW_BLOCK]], &mut [&mut [0.0; LOW_BLOCK]]).unwrap();
            cleaning.process_capture_f32(&[&near], &mut [&mut cleaned]).unwrap();
            heard.extend(near);
            made.extend(cleaned);
        }
        let alike = |lag: usize| heard.iter().zip(&made[lag..]).map(|(a, b)| a * b).sum::<f32>();
        (0..400).max_by(|a, b| alike(*a).total_cmp(&alike(*b))).unwrap()
    }

    #[test]
    fn the_bands_are_together_again() {
        for echo_cancellation in [false, true] {
            for noise_suppression in [false, true] {
                for auto_gain_control in [false, true] {
                    let processing = Processing { echo_cancellation, noise_suppression, auto_gain_control };
                    assert_eq!(lag(processing), delay(processing), "{processing:?}");
                }
            }
        }
    }
}
