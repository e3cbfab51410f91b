use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::Bytes;

use crate::audio::SourceStats;
use crate::wire::{Codec, PageMessage};

/// What a connection's task is told. More than this many wait only if it hangs.
pub const COMMANDS: usize = 1024;

/// What a connection's task is told.
pub enum Command {
    /// A message of the page that names this connection.
    Message(PageMessage),
    /// A picture that the page sends.
    Picture {
        /// The number of `send`.
        stream: u32,
        /// How it is encoded.
        codec: Codec,
        /// Nothing before it is needed.
        key_frame: bool,
        /// In microseconds.
        time: u64,
        /// The frame.
        data: Bytes,
    },
    /// A packet of sound of a source.
    Sound {
        /// The number of `source`.
        stream: u32,
        /// Encoded.
        packet: Arc<[u8]>,
        /// In samples, one packet after the other.
        time: u64,
        /// In microseconds of the page's clock.
        recorded: u64,
        /// How the source does.
        source: SourceStats,
    },
    /// The page is about to play.
    SoundWanted {
        /// The number of `receive`.
        stream: u32,
        /// So many.
        blocks: usize,
        /// In microseconds.
        buffered: u32,
    },
    /// A message for a data channel.
    Data {
        /// Which.
        channel: u32,
        /// Bytes rather than text.
        binary: bool,
        /// The message.
        data: Bytes,
    },
    /// The addresses of the STUN servers are known.
    StunServers(Vec<SocketAddr>),
}

/// Where a connection's task is told.
pub type Commands = mpsc::Sender<Command>;

/// What share of the sound that a connection sent was lost on its way, in percent: told by the connection's task, and
/// read by the sources that it sends.
#[derive(Clone, Default)]
pub struct Loss(Arc<AtomicU8>);

impl Loss {
    /// What the other side reported last.
    pub fn set(&self, percent: u8) {
        self.0.store(percent, Ordering::Relaxed);
    }

    /// In percent.
    pub fn get(&self) -> u8 {
        self.0.load(Ordering::Relaxed)
    }
}

/// How a connection's task is reached.
#[derive(Clone)]
pub struct Reach {
    /// Where it is told.
    pub commands: Commands,
    /// What it tells.
    pub loss: Loss,
}
