use std::net::SocketAddr;
use std::time::Duration;

use str0m::format::PayloadParams;
use str0m::stats::PeerStats;

use crate::wire::{
    CandidateStats, CandidateType, CodecStats, IceState, InboundStats, Kind, OutboundStats, PairStats,
    RemoteInboundStats, RemoteOutboundStats, StatsReport, TransportStats,
};

use super::Connection;
use super::line::LineState;
use super::sound::SoundIn;

/// Figures of the connection as a whole.
#[derive(Default)]
pub struct Figures {
    pub packets_sent: u64,
    pub packets_received: u64,
    pub bytes_sent: u64,
    pub bytes_received: u64,
    /// Where the last packet came to, and from where.
    pub heard: Option<(SocketAddr, SocketAddr)>,
    peer: Option<PeerStats>,
    pair: Option<(SocketAddr, SocketAddr)>,
    pair_changes: u32,
}

impl Figures {
    pub fn note_peer(&mut self, stats: PeerStats) {
        let pair = stats.selected_candidate_pair.as_ref().map(|pair| (pair.local.addr, pair.remote.addr));
        if pair.is_some() && pair != self.pair {
            self.pair = pair;
            self.pair_changes += 1;
        }
        self.peer = Some(stats);
    }
}

impl Connection {
    /// All figures. `timestamp`: Unix time in milliseconds.
    pub fn stats(&mut self, timestamp: f64) -> StatsReport {
        let (channels_opened, channels_closed) = self.channels.totals();
        StatsReport {
            timestamp,
            transport: self.transport_stats(),
            pair: self.pair_stats(),
            inbound: self.lines.values().filter_map(inbound).collect(),
            outbound: self.lines.values().filter_map(outbound).collect(),
            channels: self.channels.stats(),
            channels_opened,
            channels_closed,
        }
    }

    fn transport_stats(&self) -> TransportStats {
        TransportStats {
            bytes_sent: self.figures.bytes_sent,
            bytes_received: self.figures.bytes_received,
            packets_sent: self.figures.packets_sent,
            packets_received: self.figures.packets_received,
            ice_state: self.ice.state(),
            dtls_state: self.dtls,
            ice_local_username_fragment: self.negotiation.candidate_ufrag().to_owned(),
            selected_pair_changes: self.figures.pair_changes,
        }
    }

    fn pair_stats(&self) -> Option<PairStats> {
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
        Some(PairStats {
            local: candidate(local, self.local_type(local)),
            remote: candidate(remote, self.remote_type(remote)),
            current_round_trip_time: pair.and_then(|pair| pair.current_round_trip_time).map(seconds),
            total_round_trip_time: pair.map_or(0.0, |pair| seconds(pair.total_round_trip_time)),
            responses_received: pair.map_or(0, |pair| pair.responses_received),
            available_outgoing_bitrate: peer
                .and_then(|peer| peer.bwe_tx)
                .map(|bitrate| bitrate.as_u64() as f64),
        })
    }
}

fn inbound(line: &LineState) -> Option<InboundStats> {
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
        remote: ingress
            .remote
            .as_ref()
            .map(|remote| RemoteOutboundStats { packets_sent: remote.packets, bytes_sent: remote.bytes }),
        playout: line.sound.as_ref().map(SoundIn::stats),
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
            fraction_lost: egress.loss.map(f64::from),
        }),
    })
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

fn seconds(duration: Duration) -> f64 {
    duration.as_secs_f64()
}
