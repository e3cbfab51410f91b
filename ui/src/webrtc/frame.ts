// Binary frames of the loopback WebSocket (docs/native-peer.md): a header of 16 bytes, little endian, then the payload.

import { BLOCK_SAMPLES, HEADER_BYTES, PACKET_SAMPLES } from './wire';

export const FrameKind = { picture: 1, sound: 2, soundWanted: 3, message: 4 } as const;

export const PictureFlag = { key: 1, contiguous: 2 } as const;
export const MessageFlag = { binary: 1 } as const;
export const Codec = { vp8: 1, h264: 2 } as const;
export type CodecName = keyof typeof Codec;

/** Of 16 bits a sample. */
export const BLOCK_BYTES = 2 * BLOCK_SAMPLES;
export const PACKET_BYTES = 2 * PACKET_SAMPLES;

export interface Header {
  kind: number;
  flags: number;
  codec: number;
  /** A stream, or the number of a data channel. */
  stream: number;
  /** A time in µs, a number of blocks, or a connection. Below 2^53. */
  value: number;
}

const VALUE_AT = 8;
const HIGH_WORD = 2 ** 32;

/** A frame with room for so many bytes of payload. */
export function newFrame(
  header: Partial<Header> & Pick<Header, 'kind' | 'stream'>,
  bytes: number,
): ArrayBuffer {
  const frame = new ArrayBuffer(HEADER_BYTES + bytes);
  const view = new DataView(frame);
  view.setUint8(0, header.kind);
  view.setUint8(1, header.flags ?? 0);
  view.setUint8(2, header.codec ?? 0);
  view.setUint32(4, header.stream, true);
  setValue(frame, header.value ?? 0);
  return frame;
}

export function setValue(frame: ArrayBuffer, value: number): void {
  const view = new DataView(frame);
  const whole = Math.max(0, Math.round(value));
  view.setUint32(VALUE_AT, whole % HIGH_WORD, true);
  view.setUint32(VALUE_AT + 4, Math.floor(whole / HIGH_WORD), true);
}

/** Null if it is too short to be one. */
export function readHeader(frame: ArrayBuffer): Header | null {
  if (frame.byteLength < HEADER_BYTES) return null;
  const view = new DataView(frame);
  return {
    kind: view.getUint8(0),
    flags: view.getUint8(1),
    codec: view.getUint8(2),
    stream: view.getUint32(4, true),
    value: view.getUint32(VALUE_AT, true) + view.getUint32(VALUE_AT + 4, true) * HIGH_WORD,
  };
}
