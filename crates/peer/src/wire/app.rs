use serde::{Deserialize, Serialize};
use visavis_protocol::{CandidateLine, Sdp};

use super::page::{Certificate, ChannelOptions};
use super::stats::StatsReport;

/// What the app says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum AppMessage {
    /// The answer to a `hello` with the right token.
    Welcome {
        /// [`super::VERSION`].
        version: u32,
    },
    /// The certificate that was asked for.
    Certified {
        /// The one of the question.
        request: u32,
        /// To be kept, and to be given to `open`.
        certificate: Certificate,
        /// Its SHA-256, as descriptions have it.
        fingerprint: String,
    },
    /// The offer or answer that was asked for.
    Described {
        /// The one of the question.
        request: u32,
        /// The description, without candidates.
        #[cfg_attr(test, ts(type = "string"))]
        sdp: Sdp,
        /// Of each new line of an offer, in the order of the question.
        mids: Vec<String>,
    },
    /// What was asked is done.
    Done {
        /// The one of the question.
        request: u32,
    },
    /// The figures that were asked for.
    Stats {
        /// The one of the question.
        request: u32,
        /// The figures.
        report: Box<StatsReport>,
    },
    /// What was asked could not be done.
    Refused {
        /// The one of the question.
        request: u32,
        /// Why.
        code: RefusalCode,
        /// The same for a person.
        message: String,
    },
    /// A candidate of this side.
    Candidate {
        /// Which connection.
        connection: u32,
        /// As `RTCIceCandidate.candidate`; `null`: all were told.
        #[cfg_attr(test, ts(type = "string | null"))]
        candidate: Option<CandidateLine>,
        /// The first media line.
        mid: String,
        /// Its place.
        line: u32,
        /// The ICE user name fragment that it belongs to.
        username_fragment: String,
    },
    /// `RTCPeerConnection.iceConnectionState`.
    IceState {
        /// Which connection.
        connection: u32,
        /// From now on.
        state: IceState,
    },
    /// `RTCDtlsTransport.state`.
    DtlsState {
        /// Which connection.
        connection: u32,
        /// From now on.
        state: DtlsState,
        /// With `connected`: the other side's certificate (DER), in hexadecimal digits.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        certificate: Option<String>,
    },
    /// The other side needs a key frame.
    KeyFrameWanted {
        /// Which connection.
        connection: u32,
        /// Which line.
        mid: String,
    },
    /// What all pictures of a connection may use together.
    Bitrate {
        /// Which connection.
        connection: u32,
        /// In bits per second.
        bps: u32,
    },
    /// Messages can be sent on a data channel from now on.
    ChannelOpened {
        /// Which connection.
        connection: u32,
        /// Its number; [`super::limits::REMOTE_CHANNELS_FROM`] or above if the other side opened it.
        channel: u32,
        /// Its kind.
        #[serde(flatten)]
        options: ChannelOptions,
        /// `RTCDataChannel.id`.
        id: u16,
        /// The other side opened it.
        remote: bool,
    },
    /// Nothing is sent on a data channel any more.
    ChannelClosed {
        /// Which connection.
        connection: u32,
        /// Which channel.
        channel: u32,
    },
    /// No more waits to be sent than was asked for by `low-threshold`.
    ChannelLow {
        /// Which connection.
        connection: u32,
        /// Which channel.
        channel: u32,
    },
    /// So much of what was given to a data channel has gone out since the last such message.
    ChannelSent {
        /// Which connection.
        connection: u32,
        /// Which channel.
        channel: u32,
        /// Of payload.
        bytes: u32,
    },
    /// A connection was dropped; its number means nothing any more.
    Ended {
        /// Which connection.
        connection: u32,
        /// Why.
        code: EndCode,
        /// The same for a person.
        message: String,
    },
}

/// Why something could not be done. The code is stable; the sentence may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum RefusalCode {
    /// The description cannot be read.
    SdpSyntax,
    /// The description can be read, and not used.
    NotUsable,
    /// Not now: there is no such offer pending.
    WrongState,
    /// No connection has this number.
    UnknownConnection,
    /// No line has this mid.
    UnknownMid,
    /// The candidate cannot be read.
    Candidate,
    /// A limit is reached.
    TooMany,
    /// The app cannot do this.
    NotSupported,
    /// A fault of the app.
    Fault,
}

/// Why a connection was dropped. The code is stable; the sentence may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum EndCode {
    /// The other side is not the one of the description.
    Untrusted,
    /// The two sides could not agree on how to encrypt.
    NoKeys,
    /// The other side sent what no peer sends.
    Hostile,
    /// A limit is reached.
    TooMany,
    /// A fault of the app; other connections go on.
    Fault,
}

/// `RTCIceConnectionState` of a connection that is not closed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum IceState {
    /// Nothing is known of the other side.
    #[default]
    New,
    /// Ways are tried.
    Checking,
    /// A way was found; others are tried still.
    Connected,
    /// The best way is used.
    Completed,
    /// Nothing came back for a while.
    Disconnected,
    /// There is no way, until an ICE restart.
    Failed,
}

/// `RTCDtlsTransportState`, without its first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum DtlsState {
    /// The two sides agree on keys.
    Connecting,
    /// They have.
    Connected,
    /// The other side has ended it.
    Closed,
    /// They could not.
    Failed,
}
