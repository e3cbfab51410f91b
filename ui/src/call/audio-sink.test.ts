import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AudioSink, choosesSpeaker } from './audio-sink';
import { Scope } from './scope';
import { FakeStream } from './testing/fake-media';

/** An element that plays, on the device that it was told. */
class Player {
  srcObject: unknown = null;
  sink = '';
  play = () => Promise.resolve();
  pause = () => {};
}

let players: Player[];
beforeEach(() => {
  players = [];
  vi.stubGlobal('window', new EventTarget());
  vi.stubGlobal('MediaStream', FakeStream);
  vi.stubGlobal('Audio', function () {
    players.push(new Player());
    return players.at(-1);
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  Reflect.deleteProperty(Player.prototype, 'setSinkId');
});

const stream = () => Object.assign(new FakeStream(), { getAudioTracks: () => [] }) as unknown as MediaStream;

function browserThatDirects(setSinkId: (this: Player, id: string) => Promise<void>): void {
  vi.stubGlobal('HTMLMediaElement', Player);
  Object.assign(Player.prototype, { setSinkId });
}

test('all play on the chosen speaker, also those who come later, until it is the system’s choice again', () => {
  browserThatDirects(function (id) {
    this.sink = id;
    return Promise.resolve();
  });
  expect(choosesSpeaker()).toBe(true);
  const sink = new AudioSink(new Scope());
  sink.set(1, stream());
  sink.setSpeaker('headset');
  sink.set(2, stream());
  expect(players.map(({ sink }) => sink)).toEqual(['headset', 'headset']);
  sink.setSpeaker(null);
  expect(players.map(({ sink }) => sink)).toEqual(['', '']);
});

test('a speaker that is not there costs nobody the sound', async () => {
  browserThatDirects(() => Promise.reject(new DOMException('', 'NotFoundError')));
  const sink = new AudioSink(new Scope());
  sink.setSpeaker('gone');
  sink.set(1, stream());
  await Promise.resolve();
  expect(sink.state.get()).toBe('playing');
});

test('where the browser plays as the system says, a choice changes nothing', () => {
  vi.stubGlobal('HTMLMediaElement', class {});
  expect(choosesSpeaker()).toBe(false);
  const sink = new AudioSink(new Scope());
  sink.setSpeaker('headset');
  sink.set(1, stream());
  expect(players).toHaveLength(1);
});
