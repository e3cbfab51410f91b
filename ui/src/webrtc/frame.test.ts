import { expect, test } from 'vitest';
import { FrameKind, newFrame, readHeader } from './frame';

test('a header is read as it was written', () => {
  const header = { kind: FrameKind.picture, flags: 3, codec: 2, stream: 0xfedcba98, value: 2 ** 52 + 12345 };
  const frame = newFrame(header, 5);
  expect(frame.byteLength).toBe(21);
  expect(readHeader(frame)).toEqual(header);
});

test('its bytes are those of the wire', () => {
  const frame = newFrame({ kind: 1, flags: 2, codec: 1, stream: 0x01020304, value: 0x1122334455 }, 0);
  expect([...new Uint8Array(frame)]).toEqual([1, 2, 1, 0, 4, 3, 2, 1, 0x55, 0x44, 0x33, 0x22, 0x11, 0, 0, 0]);
});

test('what is too short is no frame', () => {
  expect(readHeader(new ArrayBuffer(15))).toBeNull();
});
