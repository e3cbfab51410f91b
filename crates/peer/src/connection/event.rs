use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use str0m::net::DatagramSend;

use crate::wire::{AppFrame, ChannelOptions, Codec, DtlsState, IceState};

use super::error::End;

/// What a connection wants done.
#[derive(Debug)]
pub enum Output {
    /// Send a datagram.
    Transmit {
        /// From the socket with this address.
        local: SocketAddr,
        /// To this one.
        remote: SocketAddr,
        /// The datagram.
        contents: DatagramSend,
    },
    /// Tell the page.
    Event(Event),
    /// Nothing until then: call [`super::Connection::handle_timeout`].
    Timeout(Instant),
}

/// What a page is told of a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// `iceConnectionState` is another.
    Ice(IceState),
    /// The state of DTLS is another.
    Dtls(DtlsState),
    /// A picture to be shown.
    Picture {
        /// The line.
        mid: String,
        /// What goes before the data.
        header: AppFrame,
        /// The encoded frame.
        data: Arc<[u8]>,
    },
    /// The other side needs a key frame.
    KeyFrameWanted {
        /// On which line.
        mid: String,
    },
    /// What all pictures together may use.
    Bitrate {
        /// In bits per second.
        bps: u32,
    },
    /// The other side reports what it lost of the sound that was sent, where that has changed.
    SoundLost {
        /// Of a hundred packets, on the worst line.
        percent: u8,
    },
    /// A data channel can be used.
    ChannelOpened {
        /// Its number.
        channel: u32,
        /// Its kind.
        options: ChannelOptions,
        /// `RTCDataChannel.id`.
        id: u16,
        /// The other side opened it.
        remote: bool,
    },
    /// A message came.
    ChannelMessage {
        /// On which channel.
        channel: u32,
        /// Bytes rather than text.
        binary: bool,
        /// The message.
        data: Vec<u8>,
    },
    /// A data channel has ended.
    ChannelClosed {
        /// Which.
        channel: u32,
    },
    /// Less than was asked for waits to be sent.
    ChannelLow {
        /// On which channel.
        channel: u32,
    },
    /// So much has gone out.
    ChannelSent {
        /// On which channel.
        channel: u32,
        /// Since the last such event.
        bytes: u32,
    },
    /// The connection is dropped; there will be nothing more.
    Ended(End),
}

/// An encoded frame that the page sends.
#[derive(Clone, Copy, Debug)]
pub struct Picture<'a> {
    /// How it is encoded.
    pub codec: Codec,
    /// Nothing before it is needed.
    pub key_frame: bool,
    /// When it was taken, in microseconds of any one clock.
    pub time: u64,
    /// The frame.
    pub data: &'a [u8],
}
