//! Sources of sound: each is cleaned and encoded once, in a task of its own, for all connections that send it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::Bytes;

use crate::audio::{Microphone, PACKET, PacketSamples, Processing, SourceStats};
use crate::wire::PACKET_BYTES;
use crate::wire::limits::SAMPLE_RATE;

use super::command::{Command, Reach};

/// Packets that may wait for a source: half a second. More would be heard as delay.
const WAITING: usize = 25;

/// How much less loss is expected with each packet of a source, in percent, once less is reported: bursts come again,
/// and one in a second of sound is 2 %.
const RELIEF: f32 = 0.01;

/// Who is given the sound of a source: connections by their number.
#[derive(Clone, Default)]
pub struct Listeners(Arc<Mutex<BTreeMap<u32, Reach>>>);

impl Listeners {
    /// A connection sends this source.
    pub fn add(&self, connection: u32, reach: Reach) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(connection, reach);
    }

    /// A connection no longer does.
    pub fn remove(&self, connection: u32) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&connection);
    }

    fn tell(&self, stream: u32, packet: &Arc<[u8]>, (time, recorded): (u64, u64), source: SourceStats) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).retain(|_, reach| {
            let packet = Arc::clone(packet);
            let told = reach.commands.try_send(Command::Sound { stream, packet, time, recorded, source });
            // A connection that hangs loses sound and nobody else does; one that has ended listens no more.
            !matches!(told, Err(mpsc::error::TrySendError::Closed(_)))
        });
    }

    /// What the one with the worst way loses of it, in percent.
    fn loss(&self) -> u8 {
        let listeners = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        listeners.values().map(|reach| reach.loss.get()).max().unwrap_or(0)
    }
}

enum Input {
    Sound {
        /// In microseconds of the page's clock.
        time: u64,
        /// Near end, then far end.
        ends: Bytes,
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

    /// Takes 20 ms of both ends. What comes too fast is lost.
    pub fn push(&self, time: u64, ends: Bytes) {
        let _ = self.0.try_send(Input::Sound { time, ends });
    }
}

async fn run(stream: u32, processing: Processing, listeners: Listeners, mut inputs: mpsc::Receiver<Input>) {
    let Ok(mut microphone) = Microphone::new(processing) else { return };
    let mut timeline = Timeline::default();
    let mut expected_loss = 0.0;
    while let Some(input) = inputs.recv().await {
        match input {
            Input::Processing(processing) => {
                if let Ok(fresh) = Microphone::new(processing) {
                    microphone = fresh;
                }
            }
            Input::Sound { time, ends } => {
                expected_loss = f32::from(listeners.loss()).max(expected_loss - RELIEF);
                let (near, far) = ends.split_at(PACKET_BYTES.min(ends.len()));
                if microphone.set_expected_loss(expected_loss.ceil() as u8).is_ok()
                    && let Ok(packet) = microphone.push(&samples(near), &samples(far))
                {
                    let times = (timeline.place(time), time);
                    listeners.tell(stream, &packet.payload.into(), times, microphone.stats());
                }
            }
        }
    }
}

/// How far the times of the page may be from what was counted before they are followed: clocks that are read
/// while a page is busy are wrong by less.
const SLACK_SAMPLES: u64 = 2 * PACKET as u64;

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
        self.next = Some(time.saturating_add(PACKET as u64));
        time
    }
}

fn samples(bytes: &[u8]) -> PacketSamples {
    let mut samples = [0; PACKET];
    for (sample, bytes) in samples.iter_mut().zip(bytes.chunks_exact(2)) {
        *sample = i16::from_le_bytes([bytes[0], bytes[1]]);
    }
    samples
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
