import { expect, test } from 'vitest';
import { FrameKind, newFrame, PACKET_BYTES, readHeader } from '../frame';
import { SoundPorts } from './sound-ports';
import { nowInMicroseconds } from './steady-clock';

test('a frame is told to begin when its first sample was recorded, not when it is handed over', async () => {
  const { port1, port2 } = new MessageChannel();
  const [before, told, after] = await new Promise<[number, number, number]>((resolve) => {
    const begin = nowInMicroseconds();
    const ports = new SoundPorts((sent) =>
      resolve([begin, readHeader(sent)?.value ?? 0, nowInMicroseconds()]),
    );
    ports.open(7, port2);
    const frame = newFrame({ kind: FrameKind.sound, stream: 7, value: 5_000_000 }, 2 * PACKET_BYTES);
    port1.postMessage(frame, [frame]);
  });
  port1.close();
  expect(told + 40_000).toBeGreaterThanOrEqual(Math.floor(before));
  expect(told + 40_000).toBeLessThanOrEqual(Math.ceil(after));
});
