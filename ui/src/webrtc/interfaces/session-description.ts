import {
  checkArguments,
  dictionary,
  member,
  requiredMember,
  toDomString,
  toEnum,
  type Dictionary,
} from '../webidl/convert';

export interface DescriptionInit {
  type: RTCSdpType;
  sdp: string;
}

const toType = toEnum<RTCSdpType>(['offer', 'pranswer', 'answer', 'rollback']);

export function toDescriptionInit(value: unknown): DescriptionInit {
  const from: Dictionary = dictionary(value, 'The description');
  const sdp = member(from, 'sdp', toDomString) ?? '';
  return { type: requiredMember(from, 'type', toType), sdp };
}

/** For one's own descriptions, whose type may be left to the connection. */
export function toLocalDescriptionInit(value: unknown): { type: RTCSdpType | undefined; sdp: string } {
  const from = dictionary(value, 'The description');
  const sdp = member(from, 'sdp', toDomString) ?? '';
  return { type: member(from, 'type', toType), sdp };
}

export class RTCSessionDescription {
  readonly #init: DescriptionInit;

  constructor(descriptionInitDict: unknown) {
    checkArguments(arguments.length, 1, 'RTCSessionDescription');
    this.#init = toDescriptionInit(descriptionInitDict);
  }

  get type(): RTCSdpType {
    return this.#init.type;
  }

  get sdp(): string {
    return this.#init.sdp;
  }

  toJSON(): DescriptionInit {
    const { type, sdp } = this.#init;
    return { type, sdp };
  }
}
