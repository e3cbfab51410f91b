import { beforeEach, expect, test, vi } from 'vitest';
import { FrameKind, newFrame, readHeader } from '../frame';
import { BLOCK_SAMPLES, HEADER_BYTES, PACKET_SAMPLES } from '../wire';

/** Samples that the browser hands over at once. */
const QUANTUM = 128;

class Port {
  onmessage: ((event: { data: unknown }) => void) | null = null;
  readonly posted: ArrayBuffer[] = [];
  closed = false;

  close(): void {
    this.closed = true;
  }

  postMessage(frame: ArrayBuffer): void {
    this.posted.push(frame);
  }
}

const context = { currentFrame: 0 };

beforeEach(() => {
  context.currentFrame = 40 * QUANTUM;
  class AudioWorkletProcessor {
    readonly port = new Port();
  }
  vi.stubGlobal('AudioWorkletProcessor', AudioWorkletProcessor);
  Object.defineProperty(globalThis, 'currentFrame', { get: () => context.currentFrame, configurable: true });
});

/** A processor of this stream, and the port on which it sends frames. */
async function processor(name: 'Microphone' | 'Playout') {
  vi.resetModules();
  const made =
    name === 'Microphone'
      ? new (await import('./microphone')).Microphone({ processorOptions: { stream: 7 } })
      : new (await import('./playout')).Playout({ processorOptions: { stream: 7 } });
  const way = new Port();
  const say = (data: Port | null) => (made.port as unknown as Port).onmessage?.({ data });
  say(way);
  return { made, way, stop: () => say(null) };
}

function constant(value: number): Float32Array {
  return new Float32Array(QUANTUM).fill(value);
}

const samples = (frame: ArrayBuffer) => new Int16Array(frame, HEADER_BYTES);

test('the microphone hands over frames that begin at multiples of their length and tell when', async () => {
  const { made, way } = await processor('Microphone');
  for (let quantum = 0; quantum < 80; quantum++) {
    made.process([[constant(0.5)], [constant(-0.25)]], []);
    context.currentFrame += QUANTUM;
  }
  const headers = way.posted.map((frame) => readHeader(frame));
  // From sample 5,120 on: the frame that began before is silent up to there.
  expect(headers.slice(0, 3).map((header) => header?.value)).toEqual([100_000, 120_000, 140_000]);
  expect(samples(way.posted[0] as ArrayBuffer)[0]).toBe(0);
  const [second] = way.posted.slice(1);
  expect(new Set(samples(second as ArrayBuffer).subarray(0, PACKET_SAMPLES))).toEqual(new Set([16_384]));
  expect(new Set(samples(second as ArrayBuffer).subarray(PACKET_SAMPLES))).toEqual(new Set([-8192]));
});

test('what was recorded before a hole is not heard after it', async () => {
  const { made, way } = await processor('Microphone');
  made.process([[constant(1)], []], []);
  context.currentFrame += 10 * PACKET_SAMPLES + QUANTUM;
  while (way.posted.length === 0) {
    made.process([[constant(0)], []], []);
    context.currentFrame += QUANTUM;
  }
  expect(samples(way.posted[0] as ArrayBuffer).every((sample) => sample === 0)).toBe(true);
});

test('sound is asked for when the microphone hands over, and as much as is missing', async () => {
  const microphone = await processor('Microphone');
  const playout = await processor('Playout');
  let asked = 0;
  for (let quantum = 0; quantum < 100; quantum++) {
    const before = [microphone.way.posted.length, playout.way.posted.length];
    microphone.made.process([[constant(0.5)], []], []);
    playout.made.process([], [[new Float32Array(QUANTUM)]]);
    const now = [microphone.way.posted.length, playout.way.posted.length];
    if (now[1] !== before[1]) {
      expect(now[0]).toBe((before[0] ?? 0) + 1);
      const header = readHeader(playout.way.posted.at(-1) as ArrayBuffer);
      expect(header?.kind).toBe(FrameKind.soundWanted);
      const blocks = header?.value ?? 0;
      expect(blocks).toBe(asked === 0 ? 4 : 2);
      asked += 1;
      const answer = newFrame({ kind: FrameKind.sound, stream: 7 }, 2 * blocks * BLOCK_SAMPLES);
      playout.way.onmessage?.({ data: answer });
    }
    context.currentFrame += QUANTUM;
  }
  expect(asked).toBeGreaterThan(10);
});

test.each(['Microphone', 'Playout'] as const)(
  'a stopped %s does nothing more and is let go of',
  async (name) => {
    const { made, way, stop } = await processor(name);
    const runs = () => {
      context.currentFrame += QUANTUM;
      return made.process([[constant(0.5)], []], [[new Float32Array(QUANTUM)]]);
    };
    while (way.posted.length === 0) expect(runs()).toBe(true);
    stop();
    const ran = Array.from({ length: 40 }, runs);
    expect(new Set(ran)).toEqual(new Set([false]));
    expect([way.posted.length, way.closed]).toEqual([1, true]);
  },
);
