import { toCodec } from '../jsep/codecs';
import type { Transceiver } from '../jsep/transceiver';
import { checkArguments, toEnum, toSequence } from '../webidl/convert';
import { granted } from '../webidl/interface';
import type { RTCRtpReceiver } from './rtp-receiver';
import type { RTCRtpSender } from './rtp-sender';

const DIRECTIONS = ['sendrecv', 'sendonly', 'recvonly', 'inactive', 'stopped'] as const;

export const toDirection = toEnum<RTCRtpTransceiverDirection>(DIRECTIONS);

export class RTCRtpTransceiver {
  readonly #core: Transceiver;

  constructor(...args: unknown[]) {
    this.#core = granted(args);
  }

  get mid(): string | null {
    return this.#core.mid;
  }

  get sender(): RTCRtpSender {
    return this.#core.sender.facade;
  }

  get receiver(): RTCRtpReceiver {
    return this.#core.receiver.facade;
  }

  get direction(): RTCRtpTransceiverDirection {
    return this.#core.shownDirection;
  }

  /** A value that is none is ignored, as WebIDL has it for attributes. */
  set direction(value: unknown) {
    const core = this.#core;
    const text = `${value as string}`;
    if ((DIRECTIONS as readonly string[]).includes(text)) core.setDirection(toDirection(text, 'direction'));
  }

  get currentDirection(): RTCRtpTransceiverDirection | null {
    return this.#core.shownCurrentDirection;
  }

  stop(): void {
    this.#core.stop();
  }

  setCodecPreferences(codecs: unknown): void {
    const core = this.#core;
    checkArguments(arguments.length, 1, 'setCodecPreferences');
    core.setCodecPreferences(toSequence(toCodec)(codecs, 'codecs'));
  }
}
