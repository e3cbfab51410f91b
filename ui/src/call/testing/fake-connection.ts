// An RTCPeerConnection as far as negotiation goes (W3C webrtc-pc, sections 4.3.1 and 4.4.1.5): the signaling
// states, implicit rollback, media lines, and when `negotiationneeded` comes. No media; the test says how ICE is.

interface FakeSdp {
  id: number;
  kinds: string[];
  /** Of each line; as it was first where absent. */
  directions?: RTCRtpTransceiverDirection[];
  restart: boolean;
}

export class FakeTransceiver {
  mid: string | null = null;
  changed: () => unknown = () => {};
  #direction: RTCRtpTransceiverDirection = 'recvonly';
  currentDirection: RTCRtpTransceiverDirection | null = null;
  readonly receiver: { track: { kind: string; origin: FakeTransceiver } };
  readonly sender = {
    track: null as unknown,
    transport: new EventTarget(),
    parameters: { encodings: [{}] } as RTCRtpSendParameters,
    getParameters: () => structuredClone(this.sender.parameters),
    setParameters: (parameters: RTCRtpSendParameters) => {
      this.sender.parameters = parameters;
      return Promise.resolve();
    },
    replaceTrack: (track: unknown) => {
      this.sender.track = track;
      return Promise.resolve();
    },
  };

  constructor(kind: string) {
    this.receiver = { track: { kind, origin: this } };
  }

  get direction(): RTCRtpTransceiverDirection {
    return this.#direction;
  }

  set direction(direction: RTCRtpTransceiverDirection) {
    if (direction === this.#direction) return;
    this.#direction = direction;
    this.changed();
  }
}

const SENDS = ['sendrecv', 'sendonly'];
const RECEIVES = ['sendrecv', 'recvonly'];

/** What goes over a line of which each side wants this. */
function flow(
  own: RTCRtpTransceiverDirection,
  other: RTCRtpTransceiverDirection,
): RTCRtpTransceiverDirection {
  const sends = SENDS.includes(own) && RECEIVES.includes(other);
  const receives = RECEIVES.includes(own) && SENDS.includes(other);
  if (sends) return receives ? 'sendrecv' : 'sendonly';
  return receives ? 'recvonly' : 'inactive';
}

let lastId = 0;

/** What it was asked for, unless a server in it is none that it takes. */
function checked(configuration: RTCConfiguration): RTCConfiguration {
  const urls = (configuration.iceServers ?? []).flatMap((server) => server.urls);
  if (urls.some((url) => !/^(?:stun|turn):/u.test(url))) throw new SyntaxError();
  return configuration;
}

export class FakeConnection extends EventTarget {
  signalingState: RTCSignalingState = 'stable';
  connectionState: RTCPeerConnectionState = 'new';
  localDescription: RTCSessionDescriptionInit | null = null;
  remoteDescription: RTCSessionDescriptionInit | null = null;
  readonly candidates: RTCIceCandidateInit[] = [];
  /** The offer that both sides last agreed on, as this side knows it. */
  agreed = 0;
  restarts = 0;
  configuration: RTCConfiguration;
  /** How often one's own offer gave way. */
  rollbacks = 0;

  #transceivers: FakeTransceiver[] = [];
  #needed = false;
  #telling = false;
  #restart = false;
  #offered = 0;
  /** How many media lines there are. */
  #lines = 0;
  #theirs: FakeSdp['directions'];
  /** What is asked for is done one after the other, and takes its time. */
  #chain: Promise<unknown> = Promise.resolve();
  #doing = 0;
  readonly #takes: () => number;

  constructor(takes: () => number = () => 1, configuration: RTCConfiguration = {}) {
    super();
    this.#takes = takes;
    this.configuration = checked(configuration);
  }

  /** Of what it was made with, only the servers may change (W3C webrtc-pc, section 4.4.1.6). */
  setConfiguration(configuration: RTCConfiguration): void {
    if (this.signalingState === 'closed') throw new Error('InvalidStateError');
    if (configuration.bundlePolicy !== this.configuration.bundlePolicy)
      throw new Error('InvalidModificationError');
    this.configuration = checked(configuration);
  }

  getTransceivers(): FakeTransceiver[] {
    return this.#transceivers;
  }

  addTransceiver(
    trackOrKind: string | { kind: string },
    { direction }: { direction: RTCRtpTransceiverDirection },
  ): FakeTransceiver {
    const isKind = typeof trackOrKind === 'string';
    const transceiver = this.#add(isKind ? trackOrKind : trackOrKind.kind, direction);
    if (!isKind) transceiver.sender.track = trackOrKind;
    this.#need();
    return transceiver;
  }

  restartIce(): void {
    this.#restart = true;
    this.restarts += 1;
    this.#need();
  }

  setLocalDescription(): Promise<void> {
    return this.#do(() => {
      if (this.signalingState === 'have-remote-offer') return this.#answer();
      this.#offered = ++lastId;
      for (const transceiver of this.#transceivers) transceiver.mid ??= `${this.#lines++}`;
      this.localDescription = this.#describe('offer', this.#offered);
      this.signalingState = 'have-local-offer';
      this.#needed = false;
    });
  }

  setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
    return this.#do(() => {
      const { id, kinds, directions } = JSON.parse(description.sdp ?? '') as FakeSdp;
      if (description.type === 'answer') {
        if (this.signalingState !== 'have-local-offer' || id !== this.#offered)
          throw new Error('InvalidStateError');
        this.#agree(id, directions);
        this.#restart = false;
      } else {
        // Rolls one's own offer back; it is still needed then.
        if (this.signalingState === 'have-local-offer') {
          this.#needed = true;
          this.rollbacks += 1;
        }
        this.signalingState = 'have-remote-offer';
        this.#offered = id;
        this.#theirs = directions;
        kinds.forEach((kind, index) => this.#line(kind, `${index}`));
      }
      this.remoteDescription = description;
    });
  }

  addIceCandidate(candidate: RTCIceCandidateInit): Promise<void> {
    return this.#do(() => {
      if (!this.remoteDescription) throw new Error('InvalidStateError');
      this.candidates.push(candidate);
    });
  }

  close(): void {
    this.signalingState = 'closed';
    this.connectionState = 'closed';
  }

  /** How ICE is from now on. */
  become(state: RTCPeerConnectionState): void {
    this.connectionState = state;
    this.dispatchEvent(new Event('connectionstatechange'));
  }

  #answer(): void {
    this.localDescription = this.#describe('answer', this.#offered);
    this.#agree(this.#offered, this.#theirs);
  }

  /** Media flows where one side sends and the other takes it (RFC 8829, section 5.3.1). */
  #agree(id: number, theirs: RTCRtpTransceiverDirection[] = []): void {
    this.agreed = id;
    for (const transceiver of this.#transceivers) {
      if (transceiver.mid === null) continue;
      const other = theirs[Number(transceiver.mid)] ?? transceiver.direction;
      transceiver.currentDirection = flow(transceiver.direction, other);
    }
    this.signalingState = 'stable';
  }

  #describe(type: RTCSdpType, id: number): RTCSessionDescriptionInit {
    const lines = this.#transceivers
      .filter(({ mid }) => mid !== null)
      .sort((one, other) => Number(one.mid) - Number(other.mid));
    const kinds = lines.map(({ receiver }) => receiver.track.kind);
    const directions = lines.map(({ direction }) => direction);
    return { type, sdp: JSON.stringify({ id, kinds, directions, restart: this.#restart } satisfies FakeSdp) };
  }

  #line(kind: string, mid: string): void {
    if (this.#transceivers.some((transceiver) => transceiver.mid === mid)) return;
    this.#add(kind, 'recvonly').mid = mid;
    this.#lines = Math.max(this.#lines, Number(mid) + 1);
  }

  #add(kind: string, direction: RTCRtpTransceiverDirection): FakeTransceiver {
    const transceiver = new FakeTransceiver(kind);
    transceiver.direction = direction;
    // Another direction later has to be agreed on.
    transceiver.changed = () => this.signalingState !== 'have-remote-offer' && this.#need();
    this.#transceivers.push(transceiver);
    return transceiver;
  }

  #need(): void {
    this.#needed = true;
    this.#tell();
  }

  /** Once for all that is needed, and only when nothing is being done. */
  #tell(): void {
    if (this.#telling) return;
    this.#telling = true;
    setTimeout(() => {
      this.#telling = false;
      const due = this.#needed && this.#doing === 0 && this.signalingState === 'stable';
      if (due) this.dispatchEvent(new Event('negotiationneeded'));
    });
  }

  #do(operation: () => void): Promise<void> {
    this.#doing += 1;
    const done = this.#chain
      .then(() => new Promise((resolve) => setTimeout(resolve, this.#takes())))
      .then(() => {
        if (this.signalingState === 'closed') throw new Error('InvalidStateError');
        operation();
      })
      .finally(() => {
        this.#doing -= 1;
        if (this.#needed) this.#tell();
      });
    this.#chain = done.catch(() => {});
    return done;
  }
}
