// Figures of the one transport and of the way that it uses.

import type { Stats } from '../interfaces/stats-report';
import type { RTCIceCandidate } from '../interfaces/ice-candidate';
import type { Peer } from '../jsep/peer';
import type { CandidateStats, CertificateStats, StatsReport } from '../wire';

export const PEER_CONNECTION = 'P';
export const TRANSPORT = 'T';
const PAIR = 'CP';
const CERTIFICATES = { local: 'CFL', remote: 'CFR' };

type Untimed = Omit<Stats, 'timestamp'>;

export function transports(peer: Peer, figures: StatsReport | null): Untimed[] {
  const { ice } = peer.transport;
  if (!ice) return [];
  const { transport, pair } = figures ?? {};
  const state = peer.transport.dtls().state;
  const local = pair && candidate('local', pair.local, ice.localCandidates);
  const remote = pair && candidate('remote', pair.remote, ice.remoteCandidates);
  const { localCertificate, remoteCertificate } = transport ?? {};
  const gathered = ice.localCandidates.map((one) => known('local', one));
  return [
    {
      id: TRANSPORT,
      type: 'transport',
      bytesSent: transport?.bytesSent ?? 0,
      bytesReceived: transport?.bytesReceived ?? 0,
      packetsSent: transport?.packetsSent ?? 0,
      packetsReceived: transport?.packetsReceived ?? 0,
      dtlsState: state,
      dtlsRole: peer.transport.dtlsRole,
      iceRole: ice.role,
      iceState: ice.state,
      iceLocalUsernameFragment: ice.parameters('local')?.usernameFragment,
      selectedCandidatePairId: pair && PAIR,
      selectedCandidatePairChanges: transport?.selectedPairChanges ?? 0,
      tlsVersion: transport?.tlsVersion,
      srtpCipher: transport?.srtpCipher,
      localCertificateId: localCertificate && CERTIFICATES.local,
      remoteCertificateId: remoteCertificate && CERTIFICATES.remote,
    },
    ...(localCertificate ? [certificate(CERTIFICATES.local, localCertificate)] : []),
    ...(remoteCertificate ? [certificate(CERTIFICATES.remote, remoteCertificate)] : []),
    ...gathered,
    ...(pair && local && remote
      ? [
          local,
          remote,
          {
            id: PAIR,
            type: 'candidate-pair',
            transportId: TRANSPORT,
            localCandidateId: local.id,
            remoteCandidateId: remote.id,
            state: 'succeeded',
            nominated: true,
            bytesSent: transport?.bytesSent ?? 0,
            bytesReceived: transport?.bytesReceived ?? 0,
            packetsSent: transport?.packetsSent ?? 0,
            packetsReceived: transport?.packetsReceived ?? 0,
            totalRoundTripTime: pair.totalRoundTripTime,
            currentRoundTripTime: pair.currentRoundTripTime,
            responsesReceived: pair.responsesReceived,
            requestsSent: pair.requestsSent,
            requestsReceived: pair.requestsReceived,
            responsesSent: pair.responsesSent,
            lastPacketSentTimestamp: pair.lastPacketSentTimestamp,
            lastPacketReceivedTimestamp: pair.lastPacketReceivedTimestamp,
            availableOutgoingBitrate: pair.availableOutgoingBitrate,
          },
        ]
      : []),
  ];
}

function certificate(id: string, { fingerprint, fingerprintAlgorithm, der }: CertificateStats): Untimed {
  const bytes = der.match(/../gu)?.map((byte) => Number.parseInt(byte, 16)) ?? [];
  const base64Certificate = btoa(String.fromCharCode(...bytes));
  return { id, type: 'certificate', fingerprint, fingerprintAlgorithm, base64Certificate };
}

/** The address of one that the page has not heard of is not told: it is what the other side did not want to tell. */
function candidate(side: 'local' | 'remote', stats: CandidateStats, all: RTCIceCandidate[]): Untimed {
  const { port, candidateType } = stats;
  const found = all.find((one) => one.address === stats.address && one.port === port);
  const address = found || side === 'local' ? stats.address : null;
  return {
    ...(found ? known(side, found) : {}),
    id: idOf(side, address, port),
    type: `${side}-candidate`,
    transportId: TRANSPORT,
    address,
    port,
    protocol: 'udp',
    candidateType,
  };
}

const idOf = (side: string, address: string | null, port: number | null) =>
  `I${side === 'local' ? 'L' : 'R'}${address ?? ''}_${port ?? 0}`;

function known(side: 'local' | 'remote', one: RTCIceCandidate): Untimed {
  const { address, port, protocol, type, priority, foundation, usernameFragment } = one;
  return {
    id: idOf(side, address, port),
    type: `${side}-candidate`,
    transportId: TRANSPORT,
    address,
    port,
    protocol,
    candidateType: type,
    priority,
    foundation,
    usernameFragment: usernameFragment ?? undefined,
  };
}
