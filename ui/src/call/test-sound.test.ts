import { afterEach, expect, test, vi } from 'vitest';
import { TestSound } from './test-sound';

afterEach(() => void vi.unstubAllGlobals());

/** A browser with Web Audio, whose notes end as soon as they are to. */
function browser(play = () => Promise.resolve()) {
  const closed = vi.fn();
  const sinks: string[] = [];
  const notes: number[] = [];
  class Element {
    srcObject: unknown = null;
    play = play;
    pause = () => {};
    setSinkId(id: string): Promise<void> {
      sinks.push(id);
      return Promise.resolve();
    }
  }
  class Oscillator extends EventTarget {
    constructor(_: unknown, { frequency }: { frequency: number }) {
      super();
      notes.push(frequency);
    }
    connect = () => {};
    start = () => {};
    stop = () => void queueMicrotask(() => this.dispatchEvent(new Event('ended')));
  }
  vi.stubGlobal('HTMLMediaElement', Element);
  vi.stubGlobal('Audio', Element);
  vi.stubGlobal('OscillatorNode', Oscillator);
  vi.stubGlobal('MediaStreamAudioDestinationNode', class {});
  const gain = { setValueAtTime: () => {}, exponentialRampToValueAtTime: () => {} };
  vi.stubGlobal(
    'GainNode',
    class {
      gain = gain;
      connect = () => {};
    },
  );
  vi.stubGlobal(
    'AudioContext',
    class {
      currentTime = 0;
      resume = () => Promise.resolve();
      close = () => Promise.resolve(closed());
    },
  );
  return { closed, sinks, notes };
}

test('three notes sound on the chosen speaker, and nothing stays open', async () => {
  const { closed, sinks, notes } = browser();
  const sound = new TestSound();
  const played = sound.play('headset');
  expect(sound.playing.get()).toBe(true);
  await sound.play('headset');
  await played;
  expect(sinks).toEqual(['headset']);
  expect(notes).toHaveLength(3);
  expect(sound.playing.get()).toBe(false);
  expect(closed).toHaveBeenCalledOnce();
});

test('where nothing can be played it is over at once, and can be tried again', async () => {
  const { closed, sinks } = browser(() => Promise.reject(new DOMException('', 'NotSupportedError')));
  const sound = new TestSound();
  await sound.play(null);
  expect(sound.playing.get()).toBe(false);
  await sound.play(null);
  expect(sinks).toEqual(['', '']);
  expect(closed).toHaveBeenCalledTimes(2);
});

test('a browser without Web Audio stays silent', async () => {
  const sound = new TestSound();
  await sound.play(null);
  expect(sound.playing.get()).toBe(false);
});
