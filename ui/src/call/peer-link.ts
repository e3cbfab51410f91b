import type { IceServer, Signal } from '../protocol/messages';
import type { LocalTracks } from './devices';
import { isSameEffort, type CameraEffort } from './effort';
import { Scope } from './scope';
import { ScreenLines, type OutgoingScreen } from './screen-lines';
import type { Tile } from './state';
import { Store } from './store';

export interface PeerLinkOptions {
  /**
   * Gives way when both make an offer at once (W3C webrtc-pc, section 10.7, perfect negotiation). Exactly one
   * side of a link does.
   */
  polite: boolean;
  /** Makes the first offer: the side that was there first. The other only answers, so the two never begin at once. */
  offers: boolean;
  iceServers: IceServer[];
  tracks: LocalTracks;
  effort: CameraEffort;
  screen?: OutgoingScreen | null;
  send: (signal: Signal) => void;
}

/** What the browser makes; a webview without WebRTC gets the same from `ui/src/webrtc`. */
export interface Rtc {
  connection(configuration: RTCConfiguration): RTCPeerConnection;
  stream(tracks: MediaStreamTrack[]): MediaStream;
}

/** Sound and picture over one path: half the candidates, connected sooner. */
const CONFIGURATION: RTCConfiguration = { bundlePolicy: 'max-bundle' };

const KINDS = ['audio', 'video'] as const;

/** A connection that comes back by itself within this time, in ms, is left alone: a roaming phone does. */
const DISCONNECTED_PATIENCE_MS = 2500;
/** How much longer the polite side waits, in ms, so that not both sides restart at once. */
const POLITE_WAIT_MS = 3000;
/** A browser learns of its machine's new address up to so much later, in ms; what it gathered before leads nowhere. */
const SECOND_RESTART_MS = 2000;
/** Waits between restarts, in ms: a restart itself needs a few seconds to succeed. */
const RESTART_DELAYS = [4000, 6000, 10_000, 15_000] as const;
/** Restarts after which the tile says that it does not work. They go on. */
const RESTARTS_UNTIL_FAILED = 3;
/** Candidates kept until the description comes: several times what a machine with many interfaces has. */
const KEPT_CANDIDATES = 256;

/** The media link to one other participant: owns exactly one RTCPeerConnection, from its making to its end. */
export class PeerLink {
  /** What comes from the other; the object stays the same. Null until the media is negotiated. */
  readonly stream = new Store<MediaStream | null>(null);
  /** The other's screen, as `stream`; null while none is shared. */
  readonly screen: Store<MediaStream | null>;
  readonly media = new Store<Tile['media']>('connecting');

  readonly #scope = new Scope();
  readonly #options: PeerLinkOptions;
  readonly #rtc: Rtc;
  readonly #connection: RTCPeerConnection;
  readonly #senders = new Map<'audio' | 'video', RTCRtpSender>();
  readonly #screenLines: ScreenLines;
  #tracks: LocalTracks;
  #screen: OutgoingScreen | null;
  #effort: CameraEffort;

  #makingOffer = false;
  /** What came from the other is dealt with one after the other. */
  #queue: Promise<void> = Promise.resolve();
  #earlyCandidates: RTCIceCandidateInit[] = [];
  #watched: RTCDtlsTransport | null = null;
  #wasConnected = false;
  #restarts = 0;
  #cancelRepair: (() => void) | null = null;
  #cancelSecond = () => {};

  constructor(options: PeerLinkOptions, rtc = browserRtc) {
    this.#options = options;
    this.#tracks = options.tracks;
    this.#effort = options.effort;
    this.#screen = options.screen ?? null;
    this.#rtc = rtc;
    this.#connection = withTaken(rtc, options.iceServers, (iceServers) =>
      rtc.connection({ ...CONFIGURATION, iceServers }),
    );
    const connection = this.#connection;
    this.#screenLines = new ScreenLines(connection, rtc);
    this.screen = this.#screenLines.stream;
    this.#scope.add(() => connection.close());
    this.#scope.listen(connection, 'negotiationneeded', () => void this.#offer());
    this.#scope.listen(connection, 'icecandidate', (event) =>
      this.#sendCandidate((event as RTCPeerConnectionIceEvent).candidate),
    );
    this.#scope.listen(connection, 'connectionstatechange', () => this.#connectionChanged());
    if (options.offers) {
      // Both kinds, whatever devices there are: a camera that comes later then needs no new negotiation.
      for (const kind of KINDS) {
        this.#use(kind, connection.addTransceiver(kind, { direction: 'sendrecv' }));
      }
    }
  }

  /** A description or candidate from the other side, in the order in which they were said. */
  receive(signal: Signal): void {
    this.#queue = this.#queue
      .then(() =>
        'description' in signal ? this.#description(signal.description) : this.#candidate(signal.candidate),
      )
      // What the other side said cannot be used: the link stays as it is, and its state tells.
      .catch(() => {});
  }

  /** Sends these from now on. */
  setTracks(tracks: LocalTracks): void {
    this.#tracks = tracks;
    for (const kind of KINDS) this.#sendTrack(kind);
  }

  /** Shares this from now on; null: nothing. */
  setScreen(screen: OutgoingScreen | null): void {
    this.#screen = screen;
    this.#sendScreen();
  }

  /** Encodes the picture like this from now on. */
  setEffort(effort: CameraEffort): void {
    if (isSameEffort(effort, this.#effort)) return;
    this.#effort = effort;
    this.#applyEffort();
  }

  /** Asks these for ways to the other side, from the next restart on. */
  setIceServers(servers: IceServer[]): void {
    if (this.#scope.ended) return;
    try {
      withTaken(this.#rtc, servers, (iceServers) =>
        this.#connection.setConfiguration({ ...CONFIGURATION, iceServers }),
      );
    } catch {
      // A browser that cannot change them keeps those of before.
    }
  }

  /** The ways between the two have changed: new ones are looked for at once. Before the first negotiation: nothing. */
  restart(): void {
    if (this.#scope.ended || this.#isOver() || !this.#connection.remoteDescription) return;
    this.#connection.restartIce();
    this.#cancelSecond();
    this.#cancelSecond = this.#scope.timeout(() => this.#connection.restartIce(), SECOND_RESTART_MS);
    if (!this.#cancelRepair) return;
    // What was planned would come in its way.
    this.#cancelRepair();
    this.#cancelRepair = null;
    this.#restarts = 0;
    if (this.media.get() === 'failed') this.#waits();
    this.#repairIn(RESTART_DELAYS[0]);
  }

  /** Whether it has been connected. */
  get hasWorked(): boolean {
    return this.#wasConnected;
  }

  /** What the connection counts (W3C webrtc-stats). */
  async statistics(): Promise<Iterable<object>> {
    const report = await this.#connection.getStats();
    return (report as ReadonlyMap<string, object>).values();
  }

  end(): void {
    this.#scope.end();
  }

  async #offer(): Promise<void> {
    this.#makingOffer = true;
    try {
      await this.#connection.setLocalDescription();
      this.#sendDescription();
    } catch {
      // Closed, or the other side's offer came first; the event comes again if it is still needed.
    } finally {
      this.#makingOffer = false;
    }
  }

  async #description(description: RTCSessionDescriptionInit): Promise<void> {
    const connection = this.#connection;
    const ready = !this.#makingOffer && connection.signalingState === 'stable';
    if (description.type === 'offer' && !ready && !this.#options.polite) return;
    await connection.setRemoteDescription(description);
    await this.#addEarlyCandidates();
    if (description.type === 'offer') this.#adoptTransceivers();
    this.#takeStream();
    if (description.type === 'offer') {
      await connection.setLocalDescription();
      this.#sendDescription();
    }
    this.#screenLines.negotiated([...this.#senders.values()]);
  }

  async #candidate(candidate: RTCIceCandidateInit): Promise<void> {
    if (!this.#connection.remoteDescription) {
      if (this.#earlyCandidates.length < KEPT_CANDIDATES) this.#earlyCandidates.push(candidate);
      return;
    }
    await this.#addCandidate(candidate);
  }

  async #addEarlyCandidates(): Promise<void> {
    for (const candidate of this.#earlyCandidates.splice(0)) await this.#addCandidate(candidate);
  }

  async #addCandidate(candidate: RTCIceCandidateInit): Promise<void> {
    try {
      await this.#connection.addIceCandidate(candidate);
    } catch {
      // Of an offer that was ignored, or a name or protocol that this browser does not know: others remain.
    }
  }

  #sendDescription(): void {
    const description = this.#connection.localDescription;
    if (this.#scope.ended || !description) return;
    if (description.type !== 'offer' && description.type !== 'answer') return;
    this.#options.send({ description: { type: description.type, sdp: description.sdp } });
  }

  #sendCandidate(candidate: RTCIceCandidate | null): void {
    if (!candidate) return;
    const { candidate: line, sdpMid, sdpMLineIndex, usernameFragment } = candidate;
    this.#options.send({ candidate: { candidate: line, sdpMid, sdpMLineIndex, usernameFragment } });
  }

  /** The answering side sends over the media lines that the offer made. */
  #adoptTransceivers(): void {
    for (const transceiver of this.#connection.getTransceivers()) {
      const kind = transceiver.receiver.track.kind as 'audio' | 'video';
      if (transceiver.mid === null || this.#senders.has(kind)) continue;
      transceiver.direction = 'sendrecv';
      this.#use(kind, transceiver);
    }
  }

  #use(kind: 'audio' | 'video', { sender }: RTCRtpTransceiver): void {
    this.#senders.set(kind, sender);
    // Sound and picture of one stream are played in step (RFC 8830).
    sender.setStreams?.(this.#outgoing());
    this.#sendTrack(kind);
    this.#applyEffort();
    this.#sendScreen();
  }

  /** Over further lines than the first two, which have to be there. */
  #sendScreen(): void {
    if (this.#senders.size === KINDS.length && !this.#scope.ended) this.#screenLines.send(this.#screen);
  }

  #outgoing(): MediaStream {
    this.#outgoingStream ??= this.#rtc.stream([]);
    return this.#outgoingStream;
  }
  #outgoingStream: MediaStream | null = null;

  #sendTrack(kind: 'audio' | 'video'): void {
    const sender = this.#senders.get(kind);
    const track = this.#tracks[kind];
    if (!sender || this.#scope.ended) return;
    // Refused only if the link has ended meanwhile.
    sender.replaceTrack(track).catch(() => {});
  }

  #applyEffort(): void {
    const sender = this.#senders.get('video');
    if (!sender || this.#scope.ended) return;
    const parameters = sender.getParameters();
    for (const encoding of parameters.encodings) Object.assign(encoding, this.#effort);
    // Refused while another change is on its way; applied again when the link is connected.
    sender.setParameters(parameters).catch(() => {});
  }

  #takeStream(): void {
    const cameras = [...this.#senders.values()];
    const tracks = this.#connection
      .getTransceivers()
      .flatMap(({ mid, sender, receiver }) =>
        mid !== null && cameras.includes(sender) ? [receiver.track] : [],
      );
    const stream = this.stream.get();
    if (!stream && tracks.length > 0) this.stream.set(this.#rtc.stream(tracks));
    else tracks.forEach((track) => stream?.addTrack(track));
  }

  /** Keys that were not the invited one's, or faults of the other side, end the link: it is not tried again. */
  #watchTransport(): void {
    const [sender] = this.#senders.values();
    const transport = sender?.transport;
    if (!transport || this.#watched) return;
    this.#watched = transport;
    this.#scope.listen(transport, 'error', (event) => {
      const { errorDetail } = (event as RTCErrorEvent).error;
      this.#cancelRepair?.();
      this.media.set(errorDetail === 'fingerprint-failure' ? 'untrusted' : 'dropped');
    });
  }

  #isOver(): boolean {
    return this.media.get() === 'dropped' || this.media.get() === 'untrusted';
  }

  #connectionChanged(): void {
    this.#watchTransport();
    if (this.#isOver()) return;
    switch (this.#connection.connectionState) {
      case 'connected':
        this.#wasConnected = true;
        this.#restarts = 0;
        this.#cancelRepair?.();
        this.#cancelRepair = null;
        this.#cancelSecond();
        this.#applyEffort();
        return this.media.set('connected');
      case 'disconnected':
        this.media.set('reconnecting');
        return this.#repairIn(DISCONNECTED_PATIENCE_MS);
      case 'failed':
        if (this.#restarts >= RESTARTS_UNTIL_FAILED) this.media.set('failed');
        else this.#waits();
        return this.#repairIn(0);
    }
  }

  #waits(): void {
    this.media.set(this.#wasConnected ? 'reconnecting' : 'connecting');
  }

  /** One side first, then, if that has not helped, the other too. */
  #repairIn(milliseconds: number): void {
    if (this.#cancelRepair) return;
    const wait = milliseconds + (this.#options.polite ? POLITE_WAIT_MS : 0);
    this.#cancelRepair = this.#scope.timeout(() => this.#repair(), wait);
  }

  #repair(): void {
    this.#cancelRepair = null;
    const { connectionState, signalingState } = this.#connection;
    if (connectionState === 'connected') return;
    if (connectionState === 'failed' || connectionState === 'disconnected') {
      this.#restarts += 1;
      // A connection that cannot be repaired may never change its state again.
      if (this.#restarts >= RESTARTS_UNTIL_FAILED) this.media.set('failed');
      if (signalingState === 'stable') this.#connection.restartIce();
    }
    this.#repairIn(RESTART_DELAYS[Math.min(this.#restarts, RESTART_DELAYS.length) - 1] ?? RESTART_DELAYS[0]);
  }
}

/** The browser's own. */
export const browserRtc: Rtc = {
  connection: (configuration) => new RTCPeerConnection(configuration),
  stream: (tracks) => new MediaStream(tracks),
};

/** One server in the list that a browser does not take makes it refuse all: without it the others still help. */
function withTaken<T>(rtc: Rtc, servers: IceServer[], use: (servers: IceServer[]) => T): T {
  try {
    return use(servers);
  } catch {
    return use(servers.filter((server) => isTaken(rtc, server)));
  }
}

function isTaken(rtc: Rtc, server: IceServer): boolean {
  try {
    rtc.connection({ iceServers: [server] }).close();
    return true;
  } catch {
    return false;
  }
}
