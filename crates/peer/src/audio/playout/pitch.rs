//! The period after which a piece of sound repeats itself.

/// The highest voices repeat after 2.5 ms.
pub(super) const MIN_PERIOD: usize = 120;

/// The lowest voices repeat after 15 ms.
pub(super) const MAX_PERIOD: usize = 720;

/// How much sound is compared: 10 ms.
pub(super) const WINDOW: usize = 480;

/// The search compares every sixth sample first: 8 kHz hold the pitch of a voice.
const COARSE: usize = 6;

/// Mean square below which sound is silence (-60 dB of full scale): any period does.
const SILENCE: f64 = 1_000.0;

/// The period at which `there(period)` looks most like `here`; `None` if it is less `alike` than asked for
/// (a normalized correlation: 1 is identical).
pub(super) fn period<'a>(here: &[i16], there: impl Fn(usize) -> &'a [i16], alike: f64) -> Option<usize> {
    if energy(here) < SILENCE && energy(there(MAX_PERIOD)) < SILENCE {
        return Some(MAX_PERIOD);
    }
    let coarse = (MIN_PERIOD..=MAX_PERIOD)
        .step_by(COARSE)
        .max_by(|&a, &b| likeness(here, there(a), COARSE).total_cmp(&likeness(here, there(b), COARSE)))?;
    let around = coarse.saturating_sub(COARSE).max(MIN_PERIOD)..=(coarse + COARSE).min(MAX_PERIOD);
    let (period, best) = around
        .map(|period| (period, likeness(here, there(period), 1)))
        .max_by(|(_, a), (_, b)| a.total_cmp(b))?;
    (best >= alike).then_some(period)
}

fn likeness(here: &[i16], there: &[i16], step: usize) -> f64 {
    let (mut product, mut here_energy, mut there_energy) = (0i64, 1i64, 1i64);
    for (&a, &b) in here[..WINDOW].iter().zip(&there[..WINDOW]).step_by(step) {
        let (a, b) = (i64::from(a), i64::from(b));
        product += a * b;
        here_energy += a * a;
        there_energy += b * b;
    }
    product as f64 / (here_energy as f64 * there_energy as f64).sqrt()
}

fn energy(samples: &[i16]) -> f64 {
    samples[..WINDOW].iter().map(|&sample| f64::from(sample).powi(2)).sum::<f64>() / WINDOW as f64
}
