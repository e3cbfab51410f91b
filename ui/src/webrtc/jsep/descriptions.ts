// The four descriptions of a connection (W3C webrtc-pc, section 4.4.1.1).

import { RTCSessionDescription } from '../interfaces/session-description';
import { Sdp, withoutGivenNames } from '../sdp/sdp';

/** Candidates that are added to one description; machines with many interfaces have a few dozen. */
const MAX_CANDIDATES = 1024;

/** Only UDP is used. */
const UNUSABLE = /^a=candidate:\S+ \d+ tcp /iu;

export class Description {
  /** As it came, in the engine's words, and without candidates that were added since or cannot be used. */
  readonly forEngine: string;
  #facade: RTCSessionDescription | null = null;
  #text: string;
  #candidates = 0;

  constructor(
    readonly type: RTCSdpType,
    original: string,
    readonly sdp = Sdp.parse(original),
  ) {
    this.#text = original;
    this.forEngine = this.sdp.withoutCandidates(UNUSABLE).bundledIfAlone().inWordsOfEngine().toString();
  }

  get text(): string {
    return this.#text;
  }

  /** The same object for as long as nothing changes. */
  get facade(): RTCSessionDescription {
    this.#facade ??= new RTCSessionDescription({ type: this.type, sdp: this.#text });
    return this.#facade;
  }

  /** Null as the candidate: there will be no more. */
  addCandidate(candidate: string | null, index: number): void {
    const section = this.sdp.sections[index];
    const line = candidate === null ? 'a=end-of-candidates' : `a=${candidate.replace(/^a=/u, '')}`;
    if (!section || section.lines.includes(line) || this.#candidates >= MAX_CANDIDATES) return;
    this.#candidates += 1;
    section.lines.push(line);
    this.#text = withoutGivenNames(this.sdp.toString());
    this.#facade = null;
  }
}

export class Descriptions {
  currentLocal: Description | null = null;
  pendingLocal: Description | null = null;
  currentRemote: Description | null = null;
  pendingRemote: Description | null = null;

  get local(): Description | null {
    return this.pendingLocal ?? this.currentLocal;
  }

  get remote(): Description | null {
    return this.pendingRemote ?? this.currentRemote;
  }

  get(side: 'local' | 'remote'): Description | null {
    return this[side];
  }

  /** Takes the answer, and with it what it answers. */
  settle(side: 'local' | 'remote', answer: Description): void {
    this.currentLocal = side === 'local' ? answer : this.pendingLocal;
    this.currentRemote = side === 'remote' ? answer : this.pendingRemote;
    this.forgetPending();
  }

  forgetPending(): void {
    this.pendingLocal = null;
    this.pendingRemote = null;
  }
}
