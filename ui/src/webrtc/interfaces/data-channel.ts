import type { Channel } from '../jsep/channel';
import { checkArguments, enforcedLong, toUsvString } from '../webidl/convert';
import { addHandlers, granted } from '../webidl/interface';

export class RTCDataChannel extends EventTarget {
  readonly #core: Channel;

  constructor(...args: unknown[]) {
    super();
    this.#core = granted(args);
  }

  get label(): string {
    return this.#core.init.label;
  }

  get ordered(): boolean {
    return this.#core.init.ordered;
  }

  get maxPacketLifeTime(): number | null {
    return this.#core.init.maxPacketLifeTime;
  }

  get maxRetransmits(): number | null {
    return this.#core.init.maxRetransmits;
  }

  get protocol(): string {
    return this.#core.init.protocol;
  }

  get negotiated(): boolean {
    return this.#core.init.negotiated;
  }

  get id(): number | null {
    return this.#core.id;
  }

  get readyState(): RTCDataChannelState {
    return this.#core.readyState;
  }

  get bufferedAmount(): number {
    return this.#core.bufferedAmount;
  }

  get bufferedAmountLowThreshold(): number {
    return this.#core.threshold;
  }

  set bufferedAmountLowThreshold(value: unknown) {
    const core = this.#core;
    core.threshold = enforcedLong(value, 'bufferedAmountLowThreshold');
  }

  get binaryType(): BinaryType {
    return this.#core.binaryType;
  }

  /** A value that is none is ignored, as WebIDL has it for attributes. */
  set binaryType(value: unknown) {
    const core = this.#core;
    const text = `${value as string}`;
    if (text === 'blob' || text === 'arraybuffer') core.binaryType = text;
  }

  close(): void {
    this.#core.close();
  }

  send(data: unknown): void {
    const core = this.#core;
    checkArguments(arguments.length, 1, 'send');
    if (data instanceof Blob) core.send(data);
    else if (data instanceof ArrayBuffer) core.send(new Uint8Array(data));
    else if (ArrayBuffer.isView(data)) {
      core.send(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    } else core.send(toUsvString(data));
  }

  static {
    const check = (self: RTCDataChannel) => self.#core;
    addHandlers(this, check, ['open', 'bufferedamountlow', 'error', 'closing', 'close', 'message']);
  }
}
