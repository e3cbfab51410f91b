// The candidates in use. The engine tells them with its figures only, so they are looked up when the way changes.

import { peerReflexive, type RTCIceCandidate } from '../interfaces/ice-candidate';
import { RTCIceCandidatePair } from '../interfaces/transports';
import { make } from '../webidl/interface';
import { nextTask } from '../webidl/tasks';
import type { CandidateStats, StatsReport } from '../wire';
import type { Peer } from './peer';
import type { IceTransport } from './transports';

export class SelectedPair {
  readonly #peer: Peer;
  /** Which one the page knows of. */
  readonly #told = new WeakMap<IceTransport, string>();

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
    // One that only its checks have shown may be told by the other side yet.
    const ends = [pair.local, pair.remote].map(({ address, port }) => `${address} ${port}`);
    const key = [...ends, local.candidate, remote.candidate].join(' ');
    if (key === this.#told.get(ice)) return;
    this.#told.set(ice, key);
    ice.selectedPair = make(RTCIceCandidatePair, { local, remote });
    ice.facade.dispatchEvent(new Event('selectedcandidatepairchange'));
  }
}

function candidateOf(
  known: RTCIceCandidate[],
  { address, port, candidateType }: CandidateStats,
): RTCIceCandidate {
  const found = known.find((one) => one.address === address && one.port === port);
  return found ?? peerReflexive(port, candidateType);
}
