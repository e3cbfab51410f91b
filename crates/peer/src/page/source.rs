//! Sources of sound: each is cleaned and encoded once, in a task of its own, for all connections that send it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::Bytes;

use crate::audio::{Block, Microphone, Processing, SourceStats};
use crate::wire::BLOCK_BYTES;
use crate::wire::limits::SAMPLE_RATE;

use super::command::{Command, Commands};

/// Blocks that may wait for a source: half a second. More would be heard as delay.
const WAITING: usize = 50;

/// Who is given the sound of a source: connections by their number.
#[derive(Clone, Default)]
pub struct Listeners(Arc<Mutex<BTreeMap<u32, Commands>>>);

impl Listeners {
    /// A connection sends this source.
    pub fn add(&self, connection: u32, commands: Commands) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(connection, commands);
    }

    /// A connection no longer does.
    pub fn remove(&self, connection: u32) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&connection);
    }

    fn tell(&self, stream: u32, packet: &Arc<[u8]>, time: u64, source: SourceStats) {
        for commands in self.0.lock().unwrap_or_else(PoisonError::into_inner).values() {
            // A connection that hangs loses sound and nobody else does.
            let packet = Arc::clone(packet);
            let _ = commands.try_send(Command::Sound { stream, packet, time, source });
        }
    }
}

enum Input {
    Blocks {
        /// In microseconds of the page's clock.
        time: u64,
        /// Near end, then far end.
        blocks: Bytes,
    },
    Processing(Processing),
}

/// A source of sound, until it is dropped.
pub struct Source(mpsc::Sender<Input>);

impl Source {
    /// Begins a source.
    pub fn start(stream: u32, processing: Processing, listeners: Listeners) -> Self {
        let (sender, inputs) = mpsc::channel(WAITING);
        tokio::spawn(run(stream, processing, listeners, inputs));
        Self(sender)
    }

    /// Processes otherwise from now on.
    pub fn set_processing(&self, processing: Processing) {
        let _ = self.0.try_send(Input::Processing(processing));
    }

    /// Takes 10 ms of both ends. What comes too fast is lost.
    pub fn push(&self, time: u64, blocks: Bytes) {
        let _ = self.0.try_send(Input::Blocks { time, blocks });
    }
}

async fn run(stream: u32, processing: Processing, listeners: Listeners, mut inputs: mpsc::Receiver<Input>) {
    let Ok(mut microphone) = Microphone::new(processing) else { return };
    let mut timeline = Timeline::default();
    let mut begun = None;
    while let Some(input) = inputs.recv().await {
        match input {
            Input::Processing(processing) => {
                if let Ok(fresh) = Microphone::new(processing) {
                    microphone = fresh;
                    begun = None;
                }
            }
            Input::Blocks { time, blocks } => {
                let captured = *begun.get_or_insert(time);
                let (near, far) = blocks.split_at(BLOCK_BYTES.min(blocks.len()));
                if let Ok(Some(packet)) = microphone.push(&samples(near), &samples(far)) {
                    let time = timeline.place(captured);
                    listeners.tell(stream, &packet.payload.into(), time, microphone.stats());
                    begun = None;
                }
            }
        }
    }
}

/// Samples in a packet.
const PACKET_SAMPLES: u64 = 960;

/// How far the times of the page may be from what was counted before they are followed: clocks that are read
/// while a page is busy are wrong by less.
const SLACK_SAMPLES: u64 = 2 * PACKET_SAMPLES;

/// Gives packets their RTP times: without gaps while sound flows, and on the page's clock, so that a source
/// that follows another on a line goes on where that one left off, and pauses stay pauses.
#[derive(Default)]
struct Timeline {
    next: Option<u64>,
}

impl Timeline {
    /// The time of a packet, in samples, that was captured at this time in microseconds.
    fn place(&mut self, captured: u64) -> u64 {
        let captured = (u128::from(captured) * u128::from(SAMPLE_RATE) / 1_000_000) as u64;
        let time = match self.next {
            Some(next) if captured <= next.saturating_add(SLACK_SAMPLES) => next,
            _ => captured,
        };
        self.next = Some(time.saturating_add(PACKET_SAMPLES));
        time
    }
}

fn samples(bytes: &[u8]) -> Block {
    let mut block = [0; crate::audio::BLOCK];
    for (sample, bytes) in block.iter_mut().zip(bytes.chunks_exact(2)) {
        *sample = i16::from_le_bytes([bytes[0], bytes[1]]);
    }
    block
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packets_follow_each_other_and_the_clock() {
        let mut timeline = Timeline::default();
        assert_eq!(timeline.place(1_000_000), 48_000);
        assert_eq!(timeline.place(1_027_000), 48_960, "late by 7 ms, as a busy page is");
        assert_eq!(timeline.place(1_031_000), 49_920, "and early for that");
        assert_eq!(timeline.place(3_000_000), 144_000, "after a pause");
        assert_eq!(timeline.place(0), 144_960, "time never goes back");
        timeline.place(u64::MAX);
        timeline.place(u64::MAX);
    }
}
