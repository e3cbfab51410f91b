//! Binary frames: a header of 16 bytes, little endian, then the payload.

use thiserror::Error;

use super::limits::{BLOCK_SAMPLES, MESSAGE_BYTES, PACKET_SAMPLES, SOUND_BLOCKS};

/// Bytes before the payload.
pub const HEADER_BYTES: usize = 16;

/// Bytes of one sample of sound.
const SAMPLE_BYTES: usize = 2;

/// Bytes of 10 ms of sound.
pub const BLOCK_BYTES: usize = BLOCK_SAMPLES * SAMPLE_BYTES;

/// Bytes of 20 ms of sound.
pub const PACKET_BYTES: usize = PACKET_SAMPLES * SAMPLE_BYTES;

const PICTURE: u8 = 1;
const SOUND_IN: u8 = 2;
const SOUND_WANTED: u8 = 3;
const SOUND_OUT: u8 = 2;
const DATA: u8 = 4;

const KEY_FRAME: u8 = 1;
const CONTIGUOUS: u8 = 1 << 1;
const BINARY: u8 = 1;

/// How a picture is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Codec {
    /// Raw frames.
    Vp8 = 1,
    /// Annex B.
    H264 = 2,
}

/// What the page says in a binary frame. Unknown kinds are ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageFrame<'a> {
    /// An encoded picture.
    Picture {
        /// The number of `send`.
        stream: u32,
        /// How it is encoded.
        codec: Codec,
        /// Nothing before it is needed to decode it.
        key_frame: bool,
        /// When it was taken, in microseconds of any one clock.
        time: u64,
        /// The frame.
        data: &'a [u8],
    },
    /// 20 ms of a source of sound, and what was played meanwhile.
    Sound {
        /// The number of `source`.
        stream: u32,
        /// When it was recorded, in microseconds of any one clock.
        time: u64,
        /// [`PACKET_BYTES`] of the microphone.
        near: &'a [u8],
        /// [`PACKET_BYTES`] of the loudspeaker.
        far: &'a [u8],
    },
    /// The page is about to play.
    SoundWanted {
        /// The number of `receive`.
        stream: u32,
        /// So many blocks, from 1 to [`SOUND_BLOCKS`].
        blocks: usize,
        /// What the page holds still, in microseconds.
        buffered: u32,
    },
    /// A message for a data channel.
    Data {
        /// Which connection.
        connection: u32,
        /// Which channel.
        channel: u32,
        /// Bytes rather than text.
        binary: bool,
        /// The message.
        data: &'a [u8],
    },
    /// What only a later version knows.
    Unknown,
}

/// What is wrong with a binary frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum FrameError {
    /// It is shorter than its header.
    #[error("a binary frame has a header of 16 bytes")]
    NoHeader,
    /// Its payload does not have the length of its kind.
    #[error("the payload of a binary frame has the wrong length")]
    Length,
    /// A picture that is encoded in no way known here.
    #[error("a picture is encoded as VP8 or H.264")]
    Codec,
    /// More or less than can be asked for.
    #[error("1 to 10 blocks of sound can be asked for")]
    Blocks,
    /// The number of a connection has 32 bits.
    #[error("there is no such connection")]
    Connection,
    /// A text message that is none.
    #[error("a text message is UTF-8")]
    Text,
}

impl<'a> PageFrame<'a> {
    /// Reads a binary frame.
    ///
    /// # Errors
    /// What is wrong with it: the socket is to be closed.
    pub fn parse(frame: &'a [u8]) -> Result<Self, FrameError> {
        let (header, data) = frame.split_first_chunk::<HEADER_BYTES>().ok_or(FrameError::NoHeader)?;
        let [kind, flags, codec, _, s0, s1, s2, s3, number @ ..] = *header;
        let stream = u32::from_le_bytes([s0, s1, s2, s3]);
        let number = u64::from_le_bytes(number);
        match kind {
            PICTURE => Ok(Self::Picture {
                stream,
                codec: Codec::from_number(codec).ok_or(FrameError::Codec)?,
                key_frame: flags & KEY_FRAME != 0,
                time: number,
                data: if data.is_empty() { return Err(FrameError::Length) } else { data },
            }),
            SOUND_IN if data.len() == 2 * PACKET_BYTES => {
                let (near, far) = data.split_at(PACKET_BYTES);
                Ok(Self::Sound { stream, time: number, near, far })
            }
            SOUND_IN => Err(FrameError::Length),
            SOUND_WANTED => Ok(Self::SoundWanted {
                stream,
                blocks: if (1..=SOUND_BLOCKS).contains(&number) {
                    number as usize
                } else {
                    return Err(FrameError::Blocks);
                },
                buffered: u32::from_le_bytes(data.try_into().map_err(|_| FrameError::Length)?),
            }),
            DATA => Self::data(stream, number, flags & BINARY != 0, data),
            _ => Ok(Self::Unknown),
        }
    }

    fn data(channel: u32, connection: u64, binary: bool, data: &'a [u8]) -> Result<Self, FrameError> {
        let connection = u32::try_from(connection).map_err(|_| FrameError::Connection)?;
        if data.len() > MESSAGE_BYTES {
            return Err(FrameError::Length);
        }
        if !binary && std::str::from_utf8(data).is_err() {
            return Err(FrameError::Text);
        }
        Ok(Self::Data { connection, channel, binary, data })
    }
}

impl Codec {
    fn from_number(number: u8) -> Option<Self> {
        [Self::Vp8, Self::H264].into_iter().find(|codec| *codec as u8 == number)
    }
}

/// What the app says in a binary frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AppFrame {
    /// An encoded picture.
    Picture {
        /// The number of `receive`.
        stream: u32,
        /// How it is encoded.
        codec: Codec,
        /// Nothing before it is needed to decode it.
        key_frame: bool,
        /// Nothing is missing between it and the frame before.
        contiguous: bool,
        /// When it was taken, in microseconds of the sender's clock.
        time: u64,
    },
    /// Blocks of sound, each of [`BLOCK_SAMPLES`].
    Sound {
        /// The number of `receive`.
        stream: u32,
        /// When the first sample was recorded, in microseconds of the sender's clock.
        time: u64,
    },
    /// A message from a data channel.
    Data {
        /// Which connection.
        connection: u32,
        /// Which channel.
        channel: u32,
        /// Bytes rather than text.
        binary: bool,
    },
}

impl AppFrame {
    /// The bytes before the payload.
    pub fn header(self) -> [u8; HEADER_BYTES] {
        let (kind, flags, codec, stream, number) = match self {
            Self::Picture { stream, codec, key_frame, contiguous, time } => {
                let flags = flag(key_frame, KEY_FRAME) | flag(contiguous, CONTIGUOUS);
                (PICTURE, flags, codec as u8, stream, time)
            }
            Self::Sound { stream, time } => (SOUND_OUT, 0, 0, stream, time),
            Self::Data { connection, channel, binary } => {
                (DATA, flag(binary, BINARY), 0, channel, u64::from(connection))
            }
        };
        let mut header = [0; HEADER_BYTES];
        header[..4].copy_from_slice(&[kind, flags, codec, 0]);
        header[4..8].copy_from_slice(&stream.to_le_bytes());
        header[8..].copy_from_slice(&number.to_le_bytes());
        header
    }

    /// A whole frame.
    pub fn with_payload(self, payload: &[u8]) -> Vec<u8> {
        let mut frame = Vec::with_capacity(HEADER_BYTES + payload.len());
        frame.extend_from_slice(&self.header());
        frame.extend_from_slice(payload);
        frame
    }
}

fn flag(set: bool, bit: u8) -> u8 {
    if set { bit } else { 0 }
}
