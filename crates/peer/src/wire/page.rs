use serde::{Deserialize, Serialize};
use visavis_protocol::{AccessToken, CandidateLine, IceServer, PrivateKey, Sdp};

/// What the page says. Numbers named `connection`, `stream`, `channel` and `request` are the page's choice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum PageMessage {
    /// The first frame.
    Hello {
        /// The token of this launch.
        #[cfg_attr(test, ts(type = "string"))]
        token: AccessToken,
    },
    /// Makes a certificate that connections can be opened with. Answered by `certified`.
    Certify {
        /// Comes back in the answer.
        request: u32,
    },
    /// Opens a connection; nothing is sent before descriptions are exchanged.
    Open(Open),
    /// What is used from the next `gather` on.
    SetIceServers {
        /// Which connection.
        connection: u32,
        /// `RTCConfiguration.iceServers`.
        #[cfg_attr(test, ts(type = "Array<IceServer>"))]
        ice_servers: Vec<IceServer>,
    },
    /// Makes an offer and commits nothing; it replaces the one before. Answered by `described`.
    Offer(Offer),
    /// Forgets an offer of the other side that was only checked. An own one can still be answered.
    Rollback {
        /// Which connection.
        connection: u32,
    },
    /// Asks whether the other side's description can be used; commits nothing. Answered by `done`.
    Check {
        /// Which connection.
        connection: u32,
        /// Comes back in the answer.
        request: u32,
        /// What it is.
        kind: DescriptionKind,
        /// The description.
        #[cfg_attr(test, ts(type = "string"))]
        sdp: Sdp,
    },
    /// Accepts the other side's offer and drops an own one. Answered by `described`.
    Answer(Answer),
    /// Accepts the other side's answer to the pending offer. Answered by `done`.
    Accept {
        /// Which connection.
        connection: u32,
        /// Comes back in the answer.
        request: u32,
        /// The other side's answer.
        #[cfg_attr(test, ts(type = "string"))]
        sdp: Sdp,
    },
    /// Candidates are wanted from now on, and after an ICE restart once more.
    Gather {
        /// Which connection.
        connection: u32,
        /// `RTCIceTransportPolicy` `relay`, and there is none: nothing is told, and after an ICE restart no address
        /// is used any more.
        #[serde(default)]
        #[cfg_attr(test, ts(optional, as = "Option<bool>"))]
        relay_only: bool,
    },
    /// A candidate of the other side. Answered by `done`.
    Candidate {
        /// Which connection.
        connection: u32,
        /// Comes back in the answer.
        request: u32,
        /// With or without `candidate:` before it; empty: there are no more.
        #[cfg_attr(test, ts(type = "string"))]
        candidate: CandidateLine,
        /// The media line that it was given for; all share one transport.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        mid: Option<String>,
    },
    /// What the page sends on `stream` goes out on this line from now on.
    Send {
        /// Which connection.
        connection: u32,
        /// Which line.
        mid: String,
        /// For sound, a source that several connections may share.
        stream: u32,
    },
    /// Nothing goes out on this line any more.
    StopSend {
        /// Which connection.
        connection: u32,
        /// Which line.
        mid: String,
    },
    /// What arrives on this line is given to the page under `stream` from now on; before, it is discarded.
    Receive {
        /// Which connection.
        connection: u32,
        /// Which line.
        mid: String,
        /// A number that no other line is received under.
        stream: u32,
    },
    /// What arrives on this line is discarded from now on.
    StopReceive {
        /// Which connection.
        connection: u32,
        /// Which line.
        mid: String,
    },
    /// Begins a source of sound, or changes how it is processed.
    Source {
        /// Under this number.
        stream: u32,
        /// The far end is taken out.
        echo_cancellation: bool,
        /// Noise is made softer.
        noise_suppression: bool,
        /// Speech is brought to an even level.
        auto_gain_control: bool,
    },
    /// Ends a source of sound.
    EndSource {
        /// Which one.
        stream: u32,
    },
    /// Asks the other side for a key frame.
    KeyFrame {
        /// Which connection.
        connection: u32,
        /// Which line.
        mid: String,
    },
    /// What the encoders of all pictures of a connection could use together.
    WantedBitrate {
        /// Which connection.
        connection: u32,
        /// In bits per second.
        bps: u32,
    },
    /// Opens a data channel.
    Channel {
        /// Which connection.
        connection: u32,
        /// A number below [`super::limits::REMOTE_CHANNELS_FROM`] that this connection never used before.
        channel: u32,
        /// Its kind.
        #[serde(flatten)]
        options: ChannelOptions,
        /// The id that both sides agreed on elsewhere.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        negotiated: Option<u16>,
    },
    /// Closes a data channel once what was given to it is sent. Answered by `channel-closed`, in its time.
    CloseChannel {
        /// Which connection.
        connection: u32,
        /// Which channel.
        channel: u32,
    },
    /// `channel-low` is told once no more than so much waits to be sent.
    LowThreshold {
        /// Which connection.
        connection: u32,
        /// Which channel.
        channel: u32,
        /// At most.
        bytes: u32,
    },
    /// Asks for figures. Answered by `stats`.
    Stats {
        /// Which connection.
        connection: u32,
        /// Comes back in the answer.
        request: u32,
    },
    /// Closes a connection. Nothing more is told of it.
    Close {
        /// Which connection.
        connection: u32,
    },
    /// What only a later version knows: it is ignored.
    #[serde(other)]
    #[cfg_attr(test, ts(skip))]
    Unknown,
}

/// A connection that is to be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Open {
    /// A number that was never used before.
    pub connection: u32,
    /// `RTCConfiguration.iceServers`.
    #[cfg_attr(test, ts(type = "Array<IceServer>"))]
    pub ice_servers: Vec<IceServer>,
    /// What the connection shows for itself; one of its own if this is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub certificate: Option<Certificate>,
}

/// A certificate that the page asked for. The page keeps it, so that it may be used for as long as the page wants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Certificate {
    /// DER, in hexadecimal digits.
    pub der: String,
    /// Its private key.
    #[cfg_attr(test, ts(type = "string"))]
    pub key: PrivateKey,
}

/// What an offer should be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Offer {
    /// Which connection.
    pub connection: u32,
    /// Comes back in the answer.
    pub request: u32,
    /// Lines that are new, in the order in which they follow those negotiated before.
    pub media: Vec<NewLine>,
    /// Lines negotiated before.
    pub directions: Vec<LineDirection>,
    /// The mids of lines that are stopped for good.
    pub stopped: Vec<String>,
    /// There is a line for data channels.
    pub data_channels: bool,
    /// New ICE credentials; the way is looked for again.
    pub ice_restart: bool,
}

/// An offer of the other side, and how its lines are answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Answer {
    /// Which connection.
    pub connection: u32,
    /// Comes back in the answer.
    pub request: u32,
    /// The offer.
    #[cfg_attr(test, ts(type = "string"))]
    pub sdp: Sdp,
    /// Lines that are not named are answered with what the offer allows.
    pub media: Vec<AnswerLine>,
}

/// A media line that is new in an offer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct NewLine {
    /// Sound or picture.
    pub kind: Kind,
    /// Which ways.
    pub direction: Direction,
    /// The first part of `a=msid`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub stream: Option<String>,
    /// The second part of `a=msid`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub track: Option<String>,
}

/// A line negotiated before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct LineDirection {
    /// Which line.
    pub mid: String,
    /// Which ways.
    pub direction: Direction,
}

/// How a line of an offer is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct AnswerLine {
    /// Which line.
    pub mid: String,
    /// Which ways.
    pub direction: Direction,
    /// The first part of `a=msid`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub stream: Option<String>,
    /// The second part of `a=msid`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub track: Option<String>,
}

/// Sound or picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Sound.
    Audio,
    /// Picture.
    Video,
}

/// `RTCRtpTransceiverDirection`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Both ways.
    SendRecv,
    /// From here.
    SendOnly,
    /// To here.
    RecvOnly,
    /// No way now.
    Inactive,
    /// No way for good.
    Stopped,
}

/// What a description of the other side is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum DescriptionKind {
    /// To be answered.
    Offer,
    /// To the pending offer.
    Answer,
}

/// What a data channel is like.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct ChannelOptions {
    /// What it is for.
    pub label: String,
    /// The language that is spoken on it.
    pub protocol: String,
    /// Messages arrive in the order in which they were sent.
    pub ordered: bool,
    /// A message is sent again at most so often.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub max_retransmits: Option<u16>,
    /// A message is sent again for at most so many milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub max_packet_life_time: Option<u16>,
}
