//! Decoded sound on its way out, and how it is made shorter and longer without being cut.

use super::super::{BLOCK, Block};
use super::pitch;

/// What is kept of the sound already given out: the longest period of a voice.
const HISTORY: usize = pitch::MAX_PERIOD;

/// What must lie ahead for a period to be taken out.
pub(super) const AHEAD_TO_SHORTEN: usize = pitch::MAX_PERIOD + pitch::WINDOW;

/// Decoded sound: behind `given` what was given out, from there on what is still to come.
#[derive(Debug, Default)]
pub(super) struct Tape {
    samples: Vec<i16>,
    given: usize,
}

impl Tape {
    pub(super) fn push(&mut self, samples: &[i16]) {
        self.samples.extend_from_slice(samples);
    }

    /// How many samples are still to come.
    pub(super) fn ahead(&self) -> usize {
        self.samples.len() - self.given
    }

    /// Gives out the next block, with silence for what is not there.
    pub(super) fn take(&mut self) -> Block {
        let mut block = [0; BLOCK];
        let taken = self.ahead().min(BLOCK);
        block[..taken].copy_from_slice(&self.samples[self.given..self.given + taken]);
        self.given += taken;
        self.samples.drain(..self.given.saturating_sub(HISTORY));
        self.given = self.given.min(HISTORY);
        block
    }

    /// Takes out one period; tells how many samples that were, if the sound is `alike` enough to hide it.
    pub(super) fn shorten(&mut self, alike: f64) -> Option<usize> {
        if self.ahead() < AHEAD_TO_SHORTEN {
            return None;
        }
        let later = &self.samples[self.given..];
        let period = pitch::period(later, |period| &later[period..], alike)?;
        self.leap(self.given + period);
        Some(period)
    }

    /// Plays one period again; tells how many samples that were.
    pub(super) fn lengthen(&mut self, alike: f64) -> Option<usize> {
        if self.given < HISTORY || self.ahead() < pitch::WINDOW {
            return None;
        }
        let now = &self.samples[self.given..];
        let period = pitch::period(now, |period| &self.samples[self.given - period..], alike)?;
        self.leap(self.given - period);
        Some(period)
    }

    /// Continues at `target` instead of here: one sound fades into the other.
    fn leap(&mut self, target: usize) {
        const FADE: usize = pitch::WINDOW;
        let faded: Vec<i16> = (0..FADE)
            .map(|i| {
                let (here, there) =
                    (i32::from(self.samples[self.given + i]), i32::from(self.samples[target + i]));
                let mixed = here + (there - here) * i as i32 / FADE as i32;
                mixed.clamp(i16::MIN.into(), i16::MAX.into()) as i16
            })
            .collect();
        let continuation = self.samples[target + FADE..].to_vec();
        self.samples.truncate(self.given);
        self.samples.extend(faded);
        self.samples.extend(continuation);
    }
}
