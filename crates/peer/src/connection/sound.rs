//! Incoming sound of one line, and when what is heard of it was recorded.

use std::time::{Duration, Instant, SystemTime};

use str0m::media::MediaData;
use str0m::rtp::rtcp::SenderInfo;

use crate::audio::{AudioError, Playout};
use crate::wire::limits::{BLOCK_SAMPLES, SAMPLE_RATE};
use crate::wire::{BLOCK_BYTES, PlayoutStats};

use super::lip_sync::Heard;

/// Sound counts as heard for so long after the page asked for it last. The page asks every 10 to 100 ms.
const FRESH: Duration = Duration::from_secs(1);

/// What the page is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sound {
    /// When the first sample was recorded, in microseconds of the sender's clock.
    pub time: u64,
    /// Samples of 16 bits, little endian.
    pub samples: Vec<u8>,
}

/// One stream that arrives.
pub struct SoundIn {
    playout: Playout,
    sender: Option<SenderInfo>,
    /// The RTP timestamp that arrived last, with the bits that are not sent.
    last: u64,
    heard: Option<(Heard, Instant)>,
    delivered: Option<(u32, Instant)>,
}

impl SoundIn {
    /// A stream of which nothing has arrived.
    pub fn new() -> Result<Self, AudioError> {
        Ok(Self { playout: Playout::new()?, sender: None, last: 0, heard: None, delivered: None })
    }

    /// Takes in a packet.
    pub fn insert(&mut self, data: &MediaData) {
        self.sender = data.last_sender_info.or(self.sender);
        self.last = data.time.numer();
        // Both are sent without their upper bits.
        let (sequence, timestamp) = (**data.seq_range.start() as u16, data.time.numer() as u32);
        self.playout.insert(&data.data, sequence, timestamp, data.network_time);
    }

    /// Gives out the next blocks, while `buffered` waits in the page.
    pub fn pull(&mut self, blocks: usize, buffered: Duration, now: Instant) -> Sound {
        let mut samples = Vec::with_capacity(blocks * BLOCK_BYTES);
        let mut first = None;
        for _ in 0..blocks {
            let block = self.playout.pull(now);
            first = first.or_else(|| self.playout.playing());
            samples.extend(block.iter().flat_map(|sample| sample.to_le_bytes()));
        }
        debug_assert_eq!(samples.len(), blocks * BLOCK_SAMPLES * 2);
        self.delivered = first.map(|timestamp| (timestamp, now)).or(self.delivered);
        let time = first.map(|timestamp| self.extend(timestamp));
        self.heard = time.and_then(|time| {
            let recorded = recorded(&self.sender?, time as f64 / f64::from(SAMPLE_RATE))?;
            Some((Heard::new(recorded, buffered, now), now))
        });
        let micros = |time: u64| u128::from(time) * 1_000_000 / u128::from(SAMPLE_RATE);
        Sound { time: time.map_or(0, |time| micros(time) as u64), samples }
    }

    /// What is heard, if anything is.
    pub fn heard(&self, now: Instant) -> Option<Heard> {
        self.heard.filter(|(_, at)| now.saturating_duration_since(*at) < FRESH).map(|(heard, _)| heard)
    }

    /// The RTP timestamp of what the page was given last, and when.
    pub fn delivered(&self) -> Option<(u32, Instant)> {
        self.delivered
    }

    /// How the playing does.
    pub fn stats(&self) -> PlayoutStats {
        let stats = self.playout.stats();
        PlayoutStats {
            total_samples_received: stats.total_samples_received,
            concealed_samples: stats.concealed_samples,
            silent_concealed_samples: stats.silent_concealed_samples,
            concealment_events: stats.concealment_events,
            inserted_samples_for_deceleration: stats.inserted_samples_for_deceleration,
            removed_samples_for_acceleration: stats.removed_samples_for_acceleration,
            packets_discarded: stats.packets_discarded,
            jitter_buffer_delay: stats.jitter_buffer_delay,
            jitter_buffer_target_delay: stats.jitter_buffer_target_delay,
            jitter_buffer_emitted_count: stats.jitter_buffer_emitted_count,
            total_audio_energy: stats.total_audio_energy,
            total_samples_duration: stats.total_samples_duration,
            audio_level: stats.audio_level,
        }
    }

    /// The RTP time near the last packet that has these lower bits.
    fn extend(&self, timestamp: u32) -> u64 {
        let difference = timestamp.wrapping_sub(self.last as u32) as i32;
        self.last.saturating_add_signed(i64::from(difference))
    }
}

/// When, on the sender's clock, what has this RTP time in seconds was recorded.
pub fn recorded(sender: &SenderInfo, seconds: f64) -> Option<SystemTime> {
    let since = seconds - sender.rtp_time.as_seconds();
    let apart = Duration::try_from_secs_f64(since.abs()).ok()?;
    if since < 0.0 { sender.ntp_time.checked_sub(apart) } else { sender.ntp_time.checked_add(apart) }
}
