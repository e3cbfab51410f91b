use std::fmt;

use serde::{Deserialize, Serialize};

use super::app::{DtlsState, IceState};
use super::page::Kind;

/// The figures of one connection, counted since it began. Times are in seconds, sizes in bytes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct StatsReport {
    /// Unix time in milliseconds.
    pub timestamp: f64,
    /// The one transport that all lines share.
    pub transport: TransportStats,
    /// The pair of addresses in use; absent before there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub pair: Option<PairStats>,
    /// Each line that receives or did.
    pub inbound: Vec<InboundStats>,
    /// Each line that sends or did.
    pub outbound: Vec<OutboundStats>,
    /// Each data channel that is not closed.
    pub channels: Vec<ChannelStats>,
    /// Data channels that were ever open.
    pub channels_opened: u32,
    /// Data channels that were open and are closed.
    pub channels_closed: u32,
}

/// See `RTCTransportStats`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct TransportStats {
    /// Without the headers of UDP and below.
    pub bytes_sent: u64,
    /// As `bytes_sent`.
    pub bytes_received: u64,
    /// Datagrams.
    pub packets_sent: u64,
    /// Datagrams.
    pub packets_received: u64,
    /// As told by `ice-state`.
    pub ice_state: IceState,
    /// As told by `dtls-state`; absent before it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub dtls_state: Option<DtlsState>,
    /// `RTCIceTransport`'s user name fragment of this side.
    pub ice_local_username_fragment: String,
    /// How often the pair in use changed.
    pub selected_pair_changes: u32,
    /// Four hexadecimal digits, as they are sent (W3C webrtc-stats); absent before there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub tls_version: Option<String>,
    /// As IANA names it; absent before there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub srtp_cipher: Option<String>,
    /// This side's.
    pub local_certificate: CertificateStats,
    /// The other side's, if it is the one of its description.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub remote_certificate: Option<CertificateStats>,
}

/// See `RTCCertificateStats`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct CertificateStats {
    /// As descriptions have it.
    pub fingerprint: String,
    /// As `sha-256`.
    pub fingerprint_algorithm: String,
    /// DER, in hexadecimal digits.
    pub der: String,
}

/// See `RTCIceCandidatePairStats`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct PairStats {
    /// This side's.
    pub local: CandidateStats,
    /// The other side's.
    pub remote: CandidateStats,
    /// Of the last check.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub current_round_trip_time: Option<f64>,
    /// Of all checks together.
    pub total_round_trip_time: f64,
    /// Checks that were answered.
    pub responses_received: u64,
    /// Checks.
    pub requests_sent: u64,
    /// The other side's checks.
    pub requests_received: u64,
    /// Answers to the other side's checks.
    pub responses_sent: u64,
    /// Unix time in milliseconds; checks do not count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub last_packet_sent_timestamp: Option<f64>,
    /// As `last_packet_sent_timestamp`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub last_packet_received_timestamp: Option<f64>,
    /// Estimate of what can be sent, in bits per second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub available_outgoing_bitrate: Option<f64>,
}

/// See `RTCIceCandidateStats`.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct CandidateStats {
    /// IP address.
    pub address: String,
    /// UDP port.
    pub port: u16,
    /// How the address was found.
    pub candidate_type: CandidateType,
}

impl fmt::Debug for CandidateStats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CandidateStats({:?})", self.candidate_type)
    }
}

/// `RTCIceCandidateType`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum CandidateType {
    /// An interface's own.
    Host,
    /// As a STUN server saw it.
    Srflx,
    /// As the other side saw it.
    Prflx,
    /// A TURN server's.
    Relay,
}

/// The codec in use on a line: `RTCCodecStats`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct CodecStats {
    /// As negotiated.
    pub payload_type: u8,
    /// As `video/VP8`.
    pub mime_type: String,
    /// Ticks a second of its RTP timestamps.
    pub clock_rate: u32,
    /// Of sound.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub channels: Option<u8>,
    /// The value of its `a=fmtp`; absent if empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub sdp_fmtp_line: Option<String>,
}

/// See `RTCInboundRtpStreamStats`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct InboundStats {
    /// Which line.
    pub mid: String,
    /// Sound or picture.
    pub kind: Kind,
    /// Absent before anything arrived.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub codec: Option<CodecStats>,
    /// RTP packets.
    pub packets_received: u64,
    /// RTP payload.
    pub bytes_received: u64,
    /// RTP packets that never came; negative if some came twice.
    pub packets_lost: i64,
    /// Between arrivals, in seconds.
    pub jitter: f64,
    /// Asked again for.
    pub nack_count: u64,
    /// Asked for a key frame.
    pub pli_count: u64,
    /// As `pli_count`, the stern way.
    pub fir_count: u64,
    /// Frames of a picture that arrived in full.
    pub frames_received: u64,
    /// Frames of a picture that were kept from the page, because it was slow or what they build on was missing.
    pub frames_dropped: u64,
    /// Key frames among those that were received.
    pub key_frames_received: u64,
    /// What the sender says that it sent; absent before it says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub remote: Option<RemoteOutboundStats>,
    /// Of sound.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub playout: Option<PlayoutStats>,
    /// What the page was given last; absent before it was given anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub delivered: Option<DeliveredStats>,
}

/// See `RTCRtpSynchronizationSource` (W3C webrtc-pc, section 5.3).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct DeliveredStats {
    /// Of the frame, as RTP has it.
    pub rtp_timestamp: u32,
    /// When, as Unix time in milliseconds.
    pub timestamp: f64,
}

/// See `RTCRemoteOutboundRtpStreamStats`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct RemoteOutboundStats {
    /// RTP packets.
    pub packets_sent: u64,
    /// RTP payload.
    pub bytes_sent: u64,
    /// When it said so, by its own clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub remote_timestamp: Option<f64>,
}

/// How sound is played: the names of `RTCInboundRtpStreamStats`. Samples are of 48 kHz.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct PlayoutStats {
    /// Given to the page.
    pub total_samples_received: u64,
    /// Made up, because nothing was there.
    pub concealed_samples: u64,
    /// Those of them that are silence.
    pub silent_concealed_samples: u64,
    /// Times that something had to be made up.
    pub concealment_events: u64,
    /// Added, to slow down.
    pub inserted_samples_for_deceleration: u64,
    /// Left out, to catch up.
    pub removed_samples_for_acceleration: u64,
    /// Packets that came too late.
    pub packets_discarded: u64,
    /// Sum over `jitter_buffer_emitted_count` samples of how long each waited.
    pub jitter_buffer_delay: f64,
    /// As `jitter_buffer_delay`, of how long the buffer meant them to wait.
    pub jitter_buffer_target_delay: f64,
    /// Samples that have left the buffer.
    pub jitter_buffer_emitted_count: u64,
    /// Sum of the squares of the samples, each from 0 to 1, times its duration.
    pub total_audio_energy: f64,
    /// How long sound was played.
    pub total_samples_duration: f64,
    /// The loudest sample of late, from 0 to 1.
    pub audio_level: f64,
}

/// See `RTCOutboundRtpStreamStats`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct OutboundStats {
    /// Which line.
    pub mid: String,
    /// Sound or picture.
    pub kind: Kind,
    /// Absent before anything was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub codec: Option<CodecStats>,
    /// RTP packets, those sent again included.
    pub packets_sent: u64,
    /// RTP payload, that sent again included.
    pub bytes_sent: u64,
    /// Times that packets were asked for again.
    pub nack_count: u64,
    /// Times that a key frame was asked for.
    pub pli_count: u64,
    /// As `pli_count`, the stern way.
    pub fir_count: u64,
    /// Frames of a picture, or packets of sound.
    pub frames_sent: u64,
    /// Key frames among them.
    pub key_frames_sent: u64,
    /// Of sound; absent before any was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub source: Option<AudioSourceStats>,
    /// What the receiver says; absent before it says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub remote: Option<RemoteInboundStats>,
}

/// See `RTCAudioSourceStats`: the sound as it is sent, without its echo.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct AudioSourceStats {
    /// Of late, from 0 to 1.
    pub audio_level: f64,
    /// Sum of the squares of the samples, each from 0 to 1, times its duration.
    pub total_audio_energy: f64,
    /// How long sound was recorded.
    pub total_samples_duration: f64,
    /// Of the canceller, in dB; absent without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub echo_return_loss: Option<f64>,
    /// As `echo_return_loss`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub echo_return_loss_enhancement: Option<f64>,
}

/// See `RTCRemoteInboundRtpStreamStats`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct RemoteInboundStats {
    /// RTP packets that never came there.
    pub packets_lost: u64,
    /// Between arrivals there, in seconds.
    pub jitter: f64,
    /// From RTCP.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub round_trip_time: Option<f64>,
    /// Of late, from 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub fraction_lost: Option<f64>,
}

/// See `RTCDataChannelStats`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct ChannelStats {
    /// Its number.
    pub channel: u32,
    /// Messages.
    pub messages_sent: u64,
    /// Payload.
    pub bytes_sent: u64,
    /// Messages.
    pub messages_received: u64,
    /// Payload.
    pub bytes_received: u64,
}
