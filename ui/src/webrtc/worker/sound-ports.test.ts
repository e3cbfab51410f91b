import { expect, test } from 'vitest';
import { SoundPorts } from './sound-ports';

test('sound that comes late is not the first of a stream that has no line any more', () => {
  const { port1, port2 } = new MessageChannel();
  const ports = new SoundPorts(() => {});
  const play = () => ports.play(1, new ArrayBuffer(16));
  ports.open(1, port1);
  expect(play()).toBe(false);
  ports.receive(1, true);
  expect([play(), play()]).toEqual([true, false]);
  ports.receive(1, false);
  expect(play()).toBe(false);
  ports.receive(1, true);
  expect(play()).toBe(true);
  ports.close(1);
  port2.close();
});
