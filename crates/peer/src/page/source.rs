//! Sources of sound: each is cleaned and encoded once, in a task of its own, for all connections that send it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::Bytes;

use crate::audio::{Block, Microphone, Processing};
use crate::wire::BLOCK_BYTES;

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

    fn tell(&self, stream: u32, packet: &Arc<[u8]>, time: u64) {
        for commands in self.0.lock().unwrap_or_else(PoisonError::into_inner).values() {
            // A connection that hangs loses sound and nobody else does.
            let _ = commands.try_send(Command::Sound { stream, packet: Arc::clone(packet), time });
        }
    }
}

enum Input {
    /// Near end, then far end.
    Blocks(Bytes),
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
    pub fn push(&self, blocks: Bytes) {
        let _ = self.0.try_send(Input::Blocks(blocks));
    }
}

async fn run(stream: u32, processing: Processing, listeners: Listeners, mut inputs: mpsc::Receiver<Input>) {
    let Ok(mut microphone) = Microphone::new(processing) else { return };
    // Goes on where the microphone before left off, as receivers expect.
    let mut passed = 0;
    let mut time = 0;
    while let Some(input) = inputs.recv().await {
        match input {
            Input::Processing(processing) => {
                let Ok(fresh) = Microphone::new(processing) else { continue };
                microphone = fresh;
                passed = time;
            }
            Input::Blocks(blocks) => {
                let (near, far) = blocks.split_at(BLOCK_BYTES.min(blocks.len()));
                if let Ok(Some(packet)) = microphone.push(&samples(near), &samples(far)) {
                    let begins = passed + packet.time;
                    time = begins + PACKET_SAMPLES;
                    listeners.tell(stream, &packet.payload.into(), begins);
                }
            }
        }
    }
}

/// Samples in a packet.
const PACKET_SAMPLES: u64 = 960;

fn samples(bytes: &[u8]) -> Block {
    let mut block = [0; crate::audio::BLOCK];
    for (sample, bytes) in block.iter_mut().zip(bytes.chunks_exact(2)) {
        *sample = i16::from_le_bytes([bytes[0], bytes[1]]);
    }
    block
}
