// The candidates in use. The engine tells them with its figures only, so they are looked up when the way changes.

import { RTCIceCandidate } from '../interfaces/ice-candidate';
import { RTCIceCandidatePair } from '../interfaces/transports';
import { make } from '../webidl/interface';
import { nextTask } from '../webidl/tasks';
import type { CandidateStats, StatsReport } from '../wire';
import type { Peer } from './peer';

/** For candidates that only the engine knows: those of the other side that were found by its checks. */
const UNKNOWN_FOUNDATION = '0';

export class SelectedPair {
  readonly #peer: Peer;

  constructor(peer: Peer) {
    this.#peer = peer;
  }

  /** Resolves in a task, also if they cannot be had. */
  async look(): Promise<void> {
    const stats = await this.#peer.connection.stats().catch(() => null);
    await nextTask();
    if (stats && !this.#peer.closed) this.#found((stats as unknown as StatsReport).pair);
  }

  #found(pair: StatsReport['pair']): void {
    const { ice } = this.#peer.transport;
    if (!ice || !pair) return;
    const local = candidateOf(ice.localCandidates, pair.local);
    const remote = candidateOf(ice.remoteCandidates, pair.remote);
    const before = ice.selectedPair;
    if (before?.local.candidate === local.candidate && before.remote.candidate === remote.candidate) return;
    ice.selectedPair = make(RTCIceCandidatePair, { local, remote });
    ice.facade.dispatchEvent(new Event('selectedcandidatepairchange'));
  }
}

function candidateOf(
  known: RTCIceCandidate[],
  { address, port, candidateType }: CandidateStats,
): RTCIceCandidate {
  const found = known.find((one) => one.address === address && one.port === port);
  const candidate = `candidate:${UNKNOWN_FOUNDATION} 1 udp 1 ${address} ${port} typ ${candidateType}`;
  return found ?? new RTCIceCandidate({ candidate, sdpMLineIndex: 0 });
}
