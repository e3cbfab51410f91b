// Tones. The app's peer never negotiates `telephone-event`, so there is no connection on which they could be sent: the
// W3C text (section 7.2) has InvalidStateError for that.

import type { Sender } from '../jsep/sender';
import { checkArguments, dictionary, member, toDomString, toUnsignedLong } from '../webidl/convert';
import { invalidState } from '../webidl/errors';
import { addHandlers, granted } from '../webidl/interface';

export class RTCDTMFSender extends EventTarget {
  readonly #sender: Sender;

  constructor(...args: unknown[]) {
    super();
    this.#sender = granted(args);
  }

  insertDTMF(tones: unknown, duration: unknown = 100, interToneGap: unknown = 70): void {
    void this.#sender;
    checkArguments(arguments.length, 1, 'insertDTMF');
    void [toDomString(tones), toUnsignedLong(duration), toUnsignedLong(interToneGap)];
    throw invalidState('Tones were not negotiated');
  }

  get canInsertDTMF(): boolean {
    void this.#sender;
    return false;
  }

  get toneBuffer(): string {
    void this.#sender;
    return '';
  }

  static {
    addHandlers(this, (self: RTCDTMFSender) => self.#sender, ['tonechange']);
  }
}

export class RTCDTMFToneChangeEvent extends Event {
  readonly #tone: string;

  constructor(type: string, eventInitDict: unknown = {}) {
    checkArguments(arguments.length, 1, 'RTCDTMFToneChangeEvent');
    const from = dictionary(eventInitDict, 'eventInitDict');
    super(type, from);
    this.#tone = member(from, 'tone', toDomString) ?? '';
  }

  get tone(): string {
    return this.#tone;
  }
}
