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
  expect(told + 55_000).toBeGreaterThanOrEqual(Math.floor(before));
  expect(told + 55_000).toBeLessThanOrEqual(Math.ceil(after));
});

test('sound that comes late is not the first of a stream that has no line any more', () => {
  const { port1, port2 } = new MessageChannel();
  const ports = new SoundPorts(() => {});
  const play = (value = 20_000) => ports.play({ stream: 1, value }, new ArrayBuffer(16));
  ports.open(1, port1);
  expect(play()).toBe(false);
  ports.receive(1, true);
  expect(play(0), 'nobody has recorded it').toBe(false);
  expect([play(), play()]).toEqual([true, false]);
  ports.receive(1, false);
  expect(play()).toBe(false);
  ports.receive(1, true);
  expect(play()).toBe(true);
  ports.close(1);
  port2.close();
});
