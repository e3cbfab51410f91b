import {
  checkArguments,
  dictionary,
  member,
  requiredMember,
  toDomString,
  toEnum,
  toLong,
  toUnsignedLong,
} from '../webidl/convert';

const DETAILS = [
  'data-channel-failure',
  'dtls-failure',
  'fingerprint-failure',
  'sctp-failure',
  'sdp-syntax-error',
  'hardware-encoder-not-available',
  'hardware-encoder-error',
] as const;

type Detail = (typeof DETAILS)[number];

export class RTCError extends DOMException {
  readonly #detail: Detail;
  readonly #sdpLineNumber: number | null;
  readonly #sctpCauseCode: number | null;
  readonly #receivedAlert: number | null;
  readonly #sentAlert: number | null;

  constructor(init: unknown, message: unknown = '') {
    checkArguments(arguments.length, 1, 'RTCError');
    const from = dictionary(init, 'The error');
    super(toDomString(message), 'OperationError');
    this.#detail = requiredMember(from, 'errorDetail', toEnum(DETAILS));
    this.#receivedAlert = member(from, 'receivedAlert', toUnsignedLong) ?? null;
    this.#sctpCauseCode = member(from, 'sctpCauseCode', toLong) ?? null;
    this.#sdpLineNumber = member(from, 'sdpLineNumber', toLong) ?? null;
    this.#sentAlert = member(from, 'sentAlert', toUnsignedLong) ?? null;
  }

  get errorDetail(): Detail {
    return this.#detail;
  }

  get sdpLineNumber(): number | null {
    return this.#sdpLineNumber;
  }

  get sctpCauseCode(): number | null {
    return this.#sctpCauseCode;
  }

  get receivedAlert(): number | null {
    return this.#receivedAlert;
  }

  get sentAlert(): number | null {
    return this.#sentAlert;
  }
}
