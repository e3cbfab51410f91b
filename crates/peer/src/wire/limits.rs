//! Every limit of the loopback WebSocket. What is larger is refused, never truncated.

use std::time::Duration;

/// Longest frame in bytes that is read; a longer one closes the socket. A key frame of a shared 4K screen has
/// less than 2 MB; more would let a page make the app hold more.
pub const READ_BYTES: usize = 4 * 1024 * 1024;

/// Longest text frame in bytes: a session description with 32 lines has 60 kB, and escaping doubles it at most.
pub const TEXT_BYTES: usize = 512 * 1024;

/// Longest session description in bytes.
pub const SDP_BYTES: usize = 256 * 1024;

/// Most media lines in a session description of the other side. Each costs state for as long as the
/// connection lives.
pub const SDP_LINES: usize = 64;

/// Longest candidate line in bytes (lines of RFC 8839 are below 300).
pub const CANDIDATE_BYTES: usize = 2 * 1024;

/// Most candidates of the other side that one connection takes between ICE restarts. Each is tried with each
/// candidate of ours.
pub const REMOTE_CANDIDATES: usize = 64;

/// Longest mid in bytes: str0m keeps no more.
pub const MID_BYTES: usize = 16;

/// Connections open at once in one page. A room has 128 participants at most, and a page may replace a
/// connection before it closes the old one.
pub const CONNECTIONS: usize = 256;

/// Pages connected at once. There is one window; a reload may overlap with the page before.
pub const PAGES: usize = 16;

/// Sources of sound at once in one page: a microphone, the sound of a shared screen, and a few to spare.
pub const SOURCES: usize = 16;

/// Data channels of one connection, both sides' together.
pub const CHANNELS: usize = 256;

/// Longest label or protocol of a data channel in bytes (W3C webrtc-pc, section 6.1).
pub const CHANNEL_TEXT_BYTES: usize = 65_535;

/// Longest data channel message in bytes, which descriptions announce as `max-message-size`.
pub const MESSAGE_BYTES: usize = 256 * 1024;

/// Most bytes that one channel keeps for sending; beyond, it is closed. The page's `bufferedAmount` tells it in
/// time; browsers close at 16 MiB.
pub const CHANNEL_BUFFER_BYTES: usize = 16 * 1024 * 1024;

/// Channels that the other side opens have numbers from here up; the page's are below.
pub const REMOTE_CHANNELS_FROM: u32 = 0x8000_0000;

/// ICE servers of one connection, and URLs of each. Every start of a call asks all of them.
pub const ICE_SERVERS: usize = 8;

/// Most blocks of sound in one answer: 100 ms.
pub const SOUND_BLOCKS: u64 = 10;

/// Samples in a block of sound: 10 ms at [`SAMPLE_RATE`].
pub const BLOCK_SAMPLES: usize = 480;

/// Samples of a source in one frame: 20 ms, what a packet of Opus has. Half as many would wake the app twice as often
/// and send nothing sooner.
pub const PACKET_SAMPLES: usize = 2 * BLOCK_SAMPLES;

/// Samples a second.
pub const SAMPLE_RATE: u32 = 48_000;

/// How long the page has for its `hello`.
pub const HELLO_TIME: Duration = Duration::from_secs(5);

/// Most bytes of messages that wait for the page; beyond, the socket is closed. A page that is merely busy
/// for some seconds stays far below.
pub const CONTROL_QUEUE_BYTES: usize = 1024 * 1024;

/// Most bytes of sound that wait for the page; beyond, the socket is closed. Ten seconds of six voices.
pub const SOUND_QUEUE_BYTES: usize = 6 * 1024 * 1024;

/// Most data channel bytes that wait for the page; beyond, the socket is closed. From a quarter of it on the
/// other side is slowed down by SCTP, so that only its messages on the way come on top.
pub const DATA_QUEUE_BYTES: usize = 32 * 1024 * 1024;

/// Most video bytes that wait for the page before frames are dropped up to the next key frame.
pub const VIDEO_QUEUE_BYTES: usize = 4 * 1024 * 1024;
