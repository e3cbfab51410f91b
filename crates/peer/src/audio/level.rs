use super::{BLOCK, Block, SAMPLE_RATE};

/// Blocks that the level is taken over: 100 ms, so that a reader who looks a few times a second meets syllables,
/// not the gaps between them.
const WINDOW: usize = 10;

/// How loud a sound is, in the terms of W3C's statistics.
#[derive(Debug, Default)]
pub(super) struct Level {
    /// Mean squares of the last blocks, full scale = 1.
    recent: [f64; WINDOW],
    blocks: u64,
    energy: f64,
}

impl Level {
    pub(super) fn measure(&mut self, block: &Block) {
        let squares: f64 = block.iter().map(|&sample| f64::from(sample).powi(2)).sum();
        let mean = squares / BLOCK as f64 / f64::from(i16::MAX).powi(2);
        self.recent[(self.blocks % WINDOW as u64) as usize] = mean;
        self.blocks += 1;
        self.energy += mean * block_seconds();
    }

    /// `audioLevel`: linear, 1 is full scale.
    pub(super) fn level(&self) -> f64 {
        (self.recent.iter().sum::<f64>() / WINDOW as f64).sqrt().min(1.0)
    }

    /// `totalAudioEnergy`.
    pub(super) fn energy(&self) -> f64 {
        self.energy
    }

    /// `totalSamplesDuration`, in seconds.
    pub(super) fn duration(&self) -> f64 {
        self.blocks as f64 * block_seconds()
    }
}

fn block_seconds() -> f64 {
    BLOCK as f64 / f64::from(SAMPLE_RATE)
}
