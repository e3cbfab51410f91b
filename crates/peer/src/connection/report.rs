use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use str0m::crypto::Fingerprint;
use str0m::crypto::dtls::ProtocolVersion;
use str0m::format::PayloadParams;
use str0m::stats::PeerStats;

use crate::hex;
use crate::wire::limits::REMOTE_CANDIDATES;
use crate::wire::{
    CandidateStats, CandidateType, CertificateStats, CodecStats, DeliveredStats, DtlsState, IceState,
    InboundStats, Kind, OutboundStats, PairStats, RemoteInboundStats, RemoteOutboundStats, StatsReport,
    TransportStats,
};

use super::Connection;
use super::line::LineState;
use super::sound::SoundIn;

/// Pairs of addresses that are counted: those of all sockets with all candidates of the other side.
const PAIRS: usize = 8 * REMOTE_CANDIDATES;

/// The address of this side and the other's.
type Pair = (SocketAddr, SocketAddr);

/// What has passed between two addresses.
#[derive(Clone, Copy, Default)]
struct Passed {
    requests_sent: u64,
    requests_received: u64,
    responses_sent: u64,
    last_sent: Option<Instant>,
    last_received: Option<Instant>,
}

/// Figures of the connection as a whole.
#[derive(Default)]
pub struct Figures {
    packets_sent: u64,
    packets_received: u64,
    bytes_sent: u64,
    bytes_received: u64,
    /// Where the last packet came to, and from where.
    heard: Option<Pair>,
    passed: BTreeMap<Pair, Passed>,
    /// How often str0m has told its figures.
    told: u64,
    peer: Option<PeerStats>,
    pair: Option<Pair>,
    pair_changes: u32,
}

impl Figures {
    pub fn note_sent(&mut self, pair: Pair, datagram: &[u8], now: Instant) {
        self.packets_sent += 1;
        self.bytes_sent += datagram.len() as u64;
        let Some(passed) = self.passed(pair) else { return };
        match stun(datagram) {
            None => passed.last_sent = Some(now),
            Some(Stun::Request) => passed.requests_sent += 1,
            Some(Stun::Response) => passed.responses_sent += 1,
            Some(Stun::Other) => {}
        }
    }

    pub fn note_received(&mut self, pair: Pair, datagram: &[u8], now: Instant) {
        self.heard = Some(pair);
        self.packets_received += 1;
        self.bytes_received += datagram.len() as u64;
        let Some(passed) = self.passed(pair) else { return };
        match stun(datagram) {
            None => passed.last_received = Some(now),
            Some(Stun::Request) => passed.requests_received += 1,
            Some(Stun::Response | Stun::Other) => {}
        }
    }

    fn passed(&mut self, pair: Pair) -> Option<&mut Passed> {
        if self.passed.len() >= PAIRS && !self.passed.contains_key(&pair) {
            return None;
        }
        Some(self.passed.entry(pair).or_default())
    }

    pub fn note_peer(&mut self, stats: PeerStats) {
        self.told += 1;
        let pair = stats.selected_candidate_pair.as_ref().map(|pair| (pair.local.addr, pair.remote.addr));
        if pair.is_some() && pair != self.pair {
            self.pair = pair;
            self.pair_changes += 1;
        }
        self.peer = Some(stats);
    }
}

impl Connection {
    /// The other side's certificate (DER) in hexadecimal digits, once it is known to be the one of its description.
    pub fn remote_certificate(&self) -> Option<String> {
        let connected = self.dtls == Some(DtlsState::Connected);
        let found =
            || self.handshake.read(|found| found.certificate.as_deref().map(|der| hex::encode(der, "")));
        connected.then(found).flatten()
    }

    /// How often str0m has told its figures, if it has not told them since something new was sent or received.
    pub fn figures_to_wait_for(&self) -> Option<u64> {
        let fresh = |line: &LineState| {
            (line.received.frames > 0 && line.ingress.is_none())
                || (line.sent.frames > 0 && line.egress.is_none())
        };
        self.lines.values().any(fresh).then_some(self.figures.told)
    }

    /// How often str0m has told its figures.
    pub fn figures_told(&self) -> u64 {
        self.figures.told
    }

    /// All figures. `timestamp`: `now` as Unix time in milliseconds.
    pub fn stats(&mut self, now: Instant, timestamp: f64) -> StatsReport {
        let (channels_opened, channels_closed) = self.channels.totals();
        StatsReport {
            timestamp,
            transport: self.transport_stats(),
            pair: self.pair_stats(now, timestamp),
            inbound: self.lines.values().filter_map(|line| inbound(line, now, timestamp)).collect(),
            outbound: self.lines.values().filter_map(outbound).collect(),
            channels: self.channels.stats(),
            channels_opened,
            channels_closed,
        }
    }

    fn transport_stats(&mut self) -> TransportStats {
        let connected = self.dtls == Some(DtlsState::Connected);
        let api = self.rtc.direct_api();
        let theirs = api.remote_dtls_fingerprint().filter(|_| connected);
        let tls_version = api.dtls_protocol_version().and_then(|version| match version {
            ProtocolVersion::DTLS1_2 => Some("FEFD".to_owned()),
            ProtocolVersion::DTLS1_3 => Some("FEFC".to_owned()),
            _ => None,
        });
        let (local_certificate, remote_certificate, srtp_cipher) = self.handshake.read(|found| {
            let theirs = theirs.and_then(|print| Some(certificate(print, found.certificate.as_ref()?)));
            (certificate(api.local_dtls_fingerprint(), &found.own), theirs, found.srtp_cipher)
        });
        TransportStats {
            bytes_sent: self.figures.bytes_sent,
            bytes_received: self.figures.bytes_received,
            packets_sent: self.figures.packets_sent,
            packets_received: self.figures.packets_received,
            ice_state: self.ice.state(),
            dtls_state: self.dtls,
            ice_local_username_fragment: self.negotiation.candidate_ufrag().to_owned(),
            selected_pair_changes: self.figures.pair_changes,
            tls_version: tls_version.filter(|_| connected),
            srtp_cipher: srtp_cipher.filter(|_| connected).map(str::to_owned),
            local_certificate,
            remote_certificate,
        }
    }

    fn pair_stats(&self, now: Instant, timestamp: f64) -> Option<PairStats> {
        let peer = self.figures.peer.as_ref();
        let pair = peer.and_then(|peer| peer.selected_candidate_pair.as_ref());
        let (local, remote) = match pair {
            Some(pair) => (pair.local.addr, pair.remote.addr),
            // str0m has not told yet: the check that made the connection came this way.
            None if matches!(self.ice.state(), IceState::Connected | IceState::Completed) => {
                self.figures.heard?
            }
            None => return None,
        };
        let candidate = |address: SocketAddr, candidate_type: CandidateType| CandidateStats {
            address: address.ip().to_string(),
            port: address.port(),
            candidate_type,
        };
        let passed = self.figures.passed.get(&(local, remote)).copied().unwrap_or_default();
        let unix = |at: Instant| timestamp - 1000.0 * seconds(now.saturating_duration_since(at));
        Some(PairStats {
            local: candidate(local, self.local_type(local)),
            remote: candidate(remote, self.remote_type(remote)),
            current_round_trip_time: pair.and_then(|pair| pair.current_round_trip_time).map(seconds),
            total_round_trip_time: pair.map_or(0.0, |pair| seconds(pair.total_round_trip_time)),
            responses_received: pair.map_or(0, |pair| pair.responses_received),
            requests_sent: passed.requests_sent,
            requests_received: passed.requests_received,
            responses_sent: passed.responses_sent,
            last_packet_sent_timestamp: passed.last_sent.map(unix),
            last_packet_received_timestamp: passed.last_received.map(unix),
            available_outgoing_bitrate: peer
                .and_then(|peer| peer.bwe_tx)
                .map(|bitrate| bitrate.as_u64() as f64),
        })
    }
}

/// `timestamp`: `now` as Unix time in milliseconds.
fn inbound(line: &LineState, now: Instant, timestamp: f64) -> Option<InboundStats> {
    let ingress = line.ingress.as_ref()?;
    let rate = line.received.codec.map_or(1, |codec| codec.spec().clock_rate.get());
    Some(InboundStats {
        mid: line.mid.to_string(),
        kind: line.kind,
        codec: line.received.codec.map(codec),
        packets_received: ingress.packets,
        bytes_received: ingress.bytes,
        packets_lost: line.received.lost,
        jitter: f64::from(ingress.jitter) / f64::from(rate),
        nack_count: ingress.nacks,
        pli_count: ingress.plis,
        fir_count: ingress.firs,
        frames_received: line.received.frames,
        frames_dropped: line.received.dropped,
        key_frames_received: line.received.key_frames,
        remote: ingress.remote.as_ref().map(|remote| RemoteOutboundStats {
            packets_sent: remote.packets,
            bytes_sent: remote.bytes,
            remote_timestamp: line.reported_at.and_then(unix_ms),
        }),
        playout: line.sound.as_ref().map(SoundIn::stats),
        delivered: line.delivered().map(|(rtp_timestamp, at)| DeliveredStats {
            rtp_timestamp,
            timestamp: timestamp - 1000.0 * seconds(now.saturating_duration_since(at)),
        }),
    })
}

fn outbound(line: &LineState) -> Option<OutboundStats> {
    let egress = line.egress.as_ref()?;
    let rate = line.sent.codec.map_or(1, |codec| codec.spec().clock_rate.get());
    Some(OutboundStats {
        mid: line.mid.to_string(),
        kind: line.kind,
        codec: line.sent.codec.map(codec),
        packets_sent: egress.packets,
        bytes_sent: egress.bytes,
        nack_count: egress.nacks,
        pli_count: egress.plis,
        fir_count: egress.firs,
        frames_sent: line.sent.frames,
        key_frames_sent: line.sent.key_frames,
        source: line.source,
        remote: egress.remote.as_ref().map(|remote| RemoteInboundStats {
            packets_lost: remote.packets_lost,
            jitter: f64::from(remote.jitter) / f64::from(rate),
            round_trip_time: egress.rtt.map(seconds),
            fraction_lost: line.reported_loss.map(f64::from),
        }),
    })
}

/// What of STUN is counted.
enum Stun {
    Request,
    Response,
    Other,
}

/// `None`: it is something else (RFC 7983); the types are those of RFC 8489, section 5.
fn stun(datagram: &[u8]) -> Option<Stun> {
    match datagram {
        [0, 1, ..] => Some(Stun::Request),
        [1, 1, ..] => Some(Stun::Response),
        [0..=3, ..] => Some(Stun::Other),
        _ => None,
    }
}

fn certificate(fingerprint: &Fingerprint, der: &[u8]) -> CertificateStats {
    CertificateStats {
        fingerprint: hex::encode(&fingerprint.bytes, ":"),
        fingerprint_algorithm: fingerprint.hash_func.clone(),
        der: hex::encode(der, ""),
    }
}

fn codec(params: PayloadParams) -> CodecStats {
    let spec = params.spec();
    let kind = if spec.codec.is_audio() { Kind::Audio } else { Kind::Video };
    let fmtp = spec.format.to_string();
    CodecStats {
        payload_type: *params.pt(),
        mime_type: match kind {
            Kind::Audio => format!("audio/{}", spec.codec),
            Kind::Video => format!("video/{}", spec.codec),
        },
        clock_rate: spec.clock_rate.get(),
        channels: spec.channels,
        sdp_fmtp_line: (!fmtp.is_empty()).then_some(fmtp),
    }
}

/// `None`: before 1970, which is no time that a clock tells.
fn unix_ms(time: SystemTime) -> Option<f64> {
    time.duration_since(UNIX_EPOCH).ok().map(|since| 1000.0 * seconds(since))
}

fn seconds(duration: Duration) -> f64 {
    duration.as_secs_f64()
}
