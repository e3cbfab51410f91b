//! A signal like speech: pulses of a voice and noise through formants, in syllables.

use std::f64::consts::PI;

use rand::{RngExt, SeedableRng, rngs::StdRng};

pub const RATE: usize = 48_000;

/// Formants of five vowels, in Hz.
const VOWELS: [[f64; 3]; 5] = [
    [730.0, 1090.0, 2440.0],
    [270.0, 2290.0, 3010.0],
    [300.0, 870.0, 2240.0],
    [530.0, 1840.0, 2480.0],
    [570.0, 840.0, 2410.0],
];

/// Root mean square of the speech, while it lasts: an ordinary voice at an ordinary microphone (-22 dB).
const LOUDNESS: f64 = 2_600.0;

/// `seconds` of a voice of this pitch in Hz; another seed says something else.
pub fn speech(seconds: usize, pitch: f64, seed: u64) -> Vec<i16> {
    let mut random = StdRng::seed_from_u64(seed);
    let mut voice = Voice { pitch, phase: 0.0, resonators: [Resonator::default(); 3] };
    let mut samples = Vec::with_capacity(seconds * RATE);
    while samples.len() < seconds * RATE {
        let length = random.random_range(RATE / 8..RATE / 3);
        let vowel = VOWELS[random.random_range(0..VOWELS.len())];
        let voiced = random.random_bool(0.8);
        let bend = random.random_range(0.85..1.2);
        let pause = if random.random_bool(0.25) { random.random_range(RATE / 20..RATE / 4) } else { 0 };
        for i in 0..length {
            let along = i as f64 / length as f64;
            let envelope = (PI * along).sin().powf(0.7);
            let bent = 1.0 + (bend - 1.0) * along;
            samples.push(voice.next(vowel, voiced, bent, &mut random) * envelope);
        }
        samples.extend(std::iter::repeat_n(0.0, pause));
    }
    samples.truncate(seconds * RATE);
    let loudness = (samples.iter().map(|s| s * s).sum::<f64>() / samples.len() as f64).sqrt();
    samples.iter().map(|s| (s * LOUDNESS / loudness).clamp(-32_000.0, 32_000.0) as i16).collect()
}

struct Voice {
    pitch: f64,
    phase: f64,
    resonators: [Resonator; 3],
}

impl Voice {
    fn next(&mut self, vowel: [f64; 3], voiced: bool, bend: f64, random: &mut StdRng) -> f64 {
        self.phase += self.pitch * bend / RATE as f64;
        let breath = random.random_range(-1.0..1.0);
        let source = if !voiced {
            breath * 0.8
        } else if self.phase >= 1.0 {
            self.phase -= 1.0;
            16.0
        } else {
            breath * 0.1
        };
        let strengths = [1.0, 0.5, 0.3];
        self.resonators.iter_mut().zip(vowel).zip(strengths).map(|((r, f), s)| r.next(source, f) * s).sum()
    }
}

#[derive(Clone, Copy, Default)]
struct Resonator(f64, f64);

impl Resonator {
    fn next(&mut self, input: f64, frequency: f64) -> f64 {
        let radius = (-PI * 90.0 / RATE as f64).exp();
        let turn = 2.0 * radius * (2.0 * PI * frequency / RATE as f64).cos();
        let output = input * (1.0 - radius) + turn * self.0 - radius * radius * self.1;
        (self.1, self.0) = (self.0, output);
        output
    }
}
