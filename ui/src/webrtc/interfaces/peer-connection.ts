import { addIceCandidate } from '../jsep/candidates';
import { generateCertificate } from '../jsep/certificates';
import { createAnswer, createOffer } from '../jsep/create-description';
import { initialEncodings, toEncodings } from '../jsep/encodings';
import { engineInUse } from '../jsep/engine-in-use';
import { offerToReceive } from '../jsep/legacy';
import { Peer } from '../jsep/peer';
import { setLocalDescription, setRemoteDescription } from '../jsep/set-description';
import type { Direction } from '../sdp/section';
import {
  checkArguments,
  dictionary,
  enforcedShort,
  member,
  nullable,
  toBoolean,
  toDomString,
  toSequence,
  toStream,
  toTrack,
  toUsvString,
} from '../webidl/convert';
import { closedError, invalidAccess } from '../webidl/errors';
import { addHandlers, promised } from '../webidl/interface';
import type { RTCCertificate } from './certificate';
import type { RTCDataChannel } from './data-channel';
import { toCandidateInit } from './ice-candidate';
import type { RTCRtpReceiver } from './rtp-receiver';
import { senderOf, type RTCRtpSender } from './rtp-sender';
import { toDirection, type RTCRtpTransceiver } from './rtp-transceiver';
import {
  toDescriptionInit,
  toLocalDescriptionInit,
  type DescriptionInit,
  type RTCSessionDescription,
} from './session-description';
import type { RTCStatsReport } from './stats-report';
import type { RTCSctpTransport } from './transports';
import { withCallbacks } from '../webidl/callbacks';

const EVENTS = [
  'negotiationneeded',
  'icecandidate',
  'icecandidateerror',
  'signalingstatechange',
  'iceconnectionstatechange',
  'icegatheringstatechange',
  'connectionstatechange',
  'track',
  'datachannel',
];

export class RTCPeerConnection extends EventTarget {
  readonly #peer: Peer;

  constructor(configuration: unknown = {}) {
    super();
    this.#peer = new Peer(this, engineInUse(), configuration);
  }

  static generateCertificate(keygenAlgorithm: unknown): Promise<RTCCertificate> {
    return promised(() => {
      checkArguments(arguments.length, 1, 'generateCertificate');
      return generateCertificate(engineInUse(), keygenAlgorithm);
    });
  }

  createOffer(...args: unknown[]): Promise<DescriptionInit | undefined> {
    return promised(() => {
      const peer = this.#peer;
      const { callbacks, first } = withCallbacks(args, 0);
      const options = dictionary(first, 'options');
      const restart = member(options, 'iceRestart', toBoolean) ?? false;
      if (peer.closed) return callbacks(Promise.reject(closedError()));
      offerToReceive(peer, options);
      return callbacks(peer.operations.chain(() => createOffer(peer, restart)));
    });
  }

  createAnswer(...args: unknown[]): Promise<DescriptionInit | undefined> {
    return promised(() => {
      const peer = this.#peer;
      const { callbacks, first } = withCallbacks(args, 0);
      dictionary(first, 'options');
      return callbacks(peer.operations.chain(() => createAnswer(peer)));
    });
  }

  setLocalDescription(...args: unknown[]): Promise<void> {
    return promised(() => {
      const peer = this.#peer;
      const { callbacks, first } = withCallbacks(args, 1);
      const init = toLocalDescriptionInit(first);
      return callbacks(peer.operations.chain(() => setLocalDescription(peer, init)));
    });
  }

  get localDescription(): RTCSessionDescription | null {
    return this.#peer.descriptions.local?.facade ?? null;
  }

  get currentLocalDescription(): RTCSessionDescription | null {
    return this.#peer.descriptions.currentLocal?.facade ?? null;
  }

  get pendingLocalDescription(): RTCSessionDescription | null {
    return this.#peer.descriptions.pendingLocal?.facade ?? null;
  }

  setRemoteDescription(description: unknown, ...more: unknown[]): Promise<void> {
    return promised(() => {
      const peer = this.#peer;
      checkArguments(arguments.length, 1, 'setRemoteDescription');
      const { callbacks, first } = withCallbacks([description, ...more], 1);
      const init = toDescriptionInit(first);
      return callbacks(peer.operations.chain(() => setRemoteDescription(peer, init)));
    });
  }

  get remoteDescription(): RTCSessionDescription | null {
    return this.#peer.descriptions.remote?.facade ?? null;
  }

  get currentRemoteDescription(): RTCSessionDescription | null {
    return this.#peer.descriptions.currentRemote?.facade ?? null;
  }

  get pendingRemoteDescription(): RTCSessionDescription | null {
    return this.#peer.descriptions.pendingRemote?.facade ?? null;
  }

  addIceCandidate(...args: unknown[]): Promise<void> {
    return promised(() => {
      const peer = this.#peer;
      const { callbacks, first } = withCallbacks(args, 1);
      const init = toCandidateInit(first);
      if (init.candidate !== '' && init.sdpMid === null && init.sdpMLineIndex === null) {
        throw new TypeError('sdpMid and sdpMLineIndex are both null');
      }
      return callbacks(peer.operations.chain(() => addIceCandidate(peer, init)));
    });
  }

  get signalingState(): RTCSignalingState {
    return this.#peer.signalingState;
  }

  get iceGatheringState(): RTCIceGatheringState {
    return this.#peer.transport.gathering.state;
  }

  get iceConnectionState(): RTCIceConnectionState {
    return this.#peer.transport.iceConnectionState;
  }

  get connectionState(): RTCPeerConnectionState {
    return this.#peer.transport.connectionState;
  }

  get canTrickleIceCandidates(): boolean | null {
    return this.#peer.descriptions.remote?.sdp.trickles ?? null;
  }

  restartIce(): void {
    this.#peer.restartIce();
  }

  getConfiguration(): unknown {
    return this.#peer.configuration.settings;
  }

  setConfiguration(configuration: unknown = {}): void {
    this.#peer.setConfiguration(configuration);
  }

  close(): void {
    this.#peer.close();
  }

  getSenders(): RTCRtpSender[] {
    return this.#peer.transceivers.map(({ sender }) => sender.facade);
  }

  getReceivers(): RTCRtpReceiver[] {
    return this.#peer.transceivers.map(({ receiver }) => receiver.facade);
  }

  getTransceivers(): RTCRtpTransceiver[] {
    return this.#peer.transceivers.map(({ facade }) => facade);
  }

  addTrack(track: unknown, ...streams: unknown[]): RTCRtpSender {
    const peer = this.#peer;
    checkArguments(arguments.length, 1, 'addTrack');
    const given = streams.map((stream) => toStream(stream, 'streams'));
    return peer.addTrack(toTrack(track, 'track'), given).facade;
  }

  removeTrack(sender: unknown): void {
    const peer = this.#peer;
    checkArguments(arguments.length, 1, 'removeTrack');
    peer.removeTrack(senderOf(sender));
  }

  addTransceiver(trackOrKind: unknown, init: unknown = {}): RTCRtpTransceiver {
    const peer = this.#peer;
    checkArguments(arguments.length, 1, 'addTransceiver');
    const track = trackOrKind instanceof MediaStreamTrack ? trackOrKind : null;
    const kind = track ? track.kind : toDomString(trackOrKind);
    const from = dictionary(init, 'init');
    const direction = member(from, 'direction', toDirection) ?? 'sendrecv';
    const wished = member(from, 'sendEncodings', toEncodings) ?? [];
    const streams = member(from, 'streams', toSequence(toStream)) ?? [];
    if (kind !== 'audio' && kind !== 'video') throw new TypeError("The kind is neither 'audio' nor 'video'");
    if (direction === 'stopped') throw new TypeError("The direction cannot be 'stopped'");
    const encodings = initialEncodings(kind, wished);
    if (peer.closed) throw closedError();
    const made = peer.addTransceiver(kind, direction as Direction, false, { track, streams, encodings });
    peer.negotiation.update();
    return made.facade;
  }

  get sctp(): RTCSctpTransport | null {
    return this.#peer.sctp;
  }

  createDataChannel(label: unknown, dataChannelDict: unknown = {}): RTCDataChannel {
    const peer = this.#peer;
    checkArguments(arguments.length, 1, 'createDataChannel');
    const name = toUsvString(label);
    const from = dictionary(dataChannelDict, 'dataChannelDict');
    return peer.channels.create({
      label: name,
      id: member(from, 'id', enforcedShort) ?? null,
      maxPacketLifeTime: member(from, 'maxPacketLifeTime', enforcedShort) ?? null,
      maxRetransmits: member(from, 'maxRetransmits', enforcedShort) ?? null,
      negotiated: member(from, 'negotiated', toBoolean) ?? false,
      ordered: member(from, 'ordered', toBoolean) ?? true,
      protocol: member(from, 'protocol', toUsvString) ?? '',
    }).facade;
  }

  getStats(...args: unknown[]): Promise<RTCStatsReport> {
    return promised(() => {
      const peer = this.#peer;
      const track = nullable(toTrack)(args[0], 'selector');
      if (!track) return peer.getStats();
      const sending = peer.transceivers.filter(({ sender }) => sender.track === track);
      const receiving = peer.transceivers.filter(({ receiver }) => receiver.track === track);
      if (sending.length + receiving.length !== 1) throw invalidAccess('Not exactly one sender or receiver');
      const [from] = sending;
      const [to] = receiving;
      return peer.getStats(from ? { sender: from.sender } : to ? { receiver: to.receiver } : {});
    });
  }

  static {
    addHandlers(this, (self: RTCPeerConnection) => self.#peer, EVENTS);
  }
}
