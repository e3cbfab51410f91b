// The events of a connection and of its channels.

import {
  checkArguments,
  dictionary,
  member,
  nullable,
  requiredMember,
  toSequence,
  toStream,
  toTrack,
  toUnsignedShort,
  toUsvString,
} from '../webidl/convert';
import { RTCDataChannel } from './data-channel';
import { RTCIceCandidate } from './ice-candidate';
import { RTCError } from './rtc-error';
import { RTCRtpReceiver } from './rtp-receiver';
import { RTCRtpTransceiver } from './rtp-transceiver';

/** An object of an interface of this layer. */
const own =
  <T>(Interface: new (...args: never[]) => T) =>
  (value: unknown, name: string): T => {
    if (value instanceof Interface) return value;
    throw new TypeError(`${name} is not a ${Interface.name}`);
  };

const eventInit = (value: unknown): EventInit => dictionary(value, 'eventInitDict');

export class RTCPeerConnectionIceEvent extends Event {
  readonly #candidate: RTCIceCandidate | null;
  readonly #url: string | null;

  constructor(type: string, eventInitDict: unknown = {}) {
    checkArguments(arguments.length, 1, 'RTCPeerConnectionIceEvent');
    const from = dictionary(eventInitDict, 'eventInitDict');
    super(type, eventInit(eventInitDict));
    this.#candidate = member(from, 'candidate', nullable(own(RTCIceCandidate))) ?? null;
    this.#url = member(from, 'url', nullable(toUsvString)) ?? null;
  }

  get candidate(): RTCIceCandidate | null {
    return this.#candidate;
  }

  get url(): string | null {
    return this.#url;
  }
}

export class RTCPeerConnectionIceErrorEvent extends Event {
  readonly #address: string | null;
  readonly #port: number | null;
  readonly #url: string;
  readonly #errorCode: number;
  readonly #errorText: string;

  constructor(type: string, eventInitDict: unknown) {
    checkArguments(arguments.length, 2, 'RTCPeerConnectionIceErrorEvent');
    const from = dictionary(eventInitDict, 'eventInitDict');
    super(type, eventInit(eventInitDict));
    this.#address = member(from, 'address', nullable(toUsvString)) ?? null;
    this.#errorCode = requiredMember(from, 'errorCode', toUnsignedShort);
    this.#errorText = member(from, 'errorText', toUsvString) ?? '';
    this.#port = member(from, 'port', nullable(toUnsignedShort)) ?? null;
    this.#url = member(from, 'url', toUsvString) ?? '';
  }

  get address(): string | null {
    return this.#address;
  }

  get port(): number | null {
    return this.#port;
  }

  get url(): string {
    return this.#url;
  }

  get errorCode(): number {
    return this.#errorCode;
  }

  get errorText(): string {
    return this.#errorText;
  }
}

export class RTCTrackEvent extends Event {
  readonly #receiver: RTCRtpReceiver;
  readonly #track: MediaStreamTrack;
  readonly #streams: readonly MediaStream[];
  readonly #transceiver: RTCRtpTransceiver;

  constructor(type: string, eventInitDict: unknown) {
    checkArguments(arguments.length, 2, 'RTCTrackEvent');
    const from = dictionary(eventInitDict, 'eventInitDict');
    super(type, eventInit(eventInitDict));
    this.#receiver = requiredMember(from, 'receiver', own(RTCRtpReceiver));
    this.#streams = Object.freeze(member(from, 'streams', toSequence(toStream)) ?? []);
    this.#track = requiredMember(from, 'track', toTrack);
    this.#transceiver = requiredMember(from, 'transceiver', own(RTCRtpTransceiver));
  }

  get receiver(): RTCRtpReceiver {
    return this.#receiver;
  }

  get track(): MediaStreamTrack {
    return this.#track;
  }

  get streams(): readonly MediaStream[] {
    return this.#streams;
  }

  get transceiver(): RTCRtpTransceiver {
    return this.#transceiver;
  }
}

export class RTCDataChannelEvent extends Event {
  readonly #channel: RTCDataChannel;

  constructor(type: string, eventInitDict: unknown) {
    checkArguments(arguments.length, 2, 'RTCDataChannelEvent');
    const from = dictionary(eventInitDict, 'eventInitDict');
    super(type, eventInit(eventInitDict));
    this.#channel = requiredMember(from, 'channel', own(RTCDataChannel));
  }

  get channel(): RTCDataChannel {
    return this.#channel;
  }
}

export class RTCErrorEvent extends Event {
  readonly #error: RTCError;

  constructor(type: string, eventInitDict: unknown) {
    checkArguments(arguments.length, 2, 'RTCErrorEvent');
    const from = dictionary(eventInitDict, 'eventInitDict');
    super(type, eventInit(eventInitDict));
    this.#error = requiredMember(from, 'error', own(RTCError));
  }

  get error(): RTCError {
    return this.#error;
  }
}
