use super::super::SAMPLE_RATE;

/// How the playing of a stream does, in the terms of W3C's `inbound-rtp` statistics for sound.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct PlayoutStats {
    /// Seconds that all emitted samples waited, summed.
    pub jitter_buffer_delay: f64,
    /// The same sum for the delay that was aimed at.
    pub jitter_buffer_target_delay: f64,
    /// Decoded samples that left the buffer.
    pub jitter_buffer_emitted_count: u64,
    /// All samples given out since the first packet.
    pub total_samples_received: u64,
    /// Samples made up for packets that were lost or late.
    pub concealed_samples: u64,
    /// Those of them that are silence.
    pub silent_concealed_samples: u64,
    /// How often concealing began.
    pub concealment_events: u64,
    /// Samples added to play slower.
    pub inserted_samples_for_deceleration: u64,
    /// Samples left out to play faster.
    pub removed_samples_for_acceleration: u64,
    /// Packets that came too late, too early, or are no sound.
    pub packets_discarded: u64,
    /// Lost packets whose sound came with the packet after them.
    pub packets_recovered: u64,
    /// Loudness: linear, 1 is full scale.
    pub audio_level: f64,
    /// Sum of the squared level over time.
    pub total_audio_energy: f64,
    /// Seconds given out.
    pub total_samples_duration: f64,
}

impl PlayoutStats {
    /// Notes that `samples` leave the buffer after waiting so long, all in samples.
    pub(super) fn emitted(&mut self, samples: usize, waited: i64, target: i64) {
        let count = samples as f64;
        self.jitter_buffer_emitted_count += samples as u64;
        self.jitter_buffer_delay += seconds(waited.max(0)) * count;
        self.jitter_buffer_target_delay += seconds(target) * count;
    }
}

fn seconds(samples: i64) -> f64 {
    samples as f64 / f64::from(SAMPLE_RATE)
}
