import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { canTurn, facingOf, otherSide } from './camera-side';
import { Devices, type MediaSource } from './devices';
import { FakeMediaSource, FakeStream } from './testing/fake-media';

beforeEach(() => void vi.stubGlobal('MediaStream', FakeStream));
afterEach(() => void vi.unstubAllGlobals());

const BACK = { id: 'back', label: '' };
const FRONT = { id: 'front', label: '' };

function from(facingMode?: string): MediaStream {
  return { getVideoTracks: () => [{ getSettings: () => ({ facingMode }) }] } as unknown as MediaStream;
}

const lists = (camera: (typeof BACK)[]) => ({ camera, microphone: [], speaker: null });

test('a phone has a camera to turn to, a desk with two cameras has a list of them', () => {
  expect(canTurn(from('user'), lists([FRONT, BACK]))).toBe(true);
  expect(canTurn(from('user'), lists([FRONT]))).toBe(false);
  expect(canTurn(from(undefined), lists([FRONT, BACK]))).toBe(false);
  expect(canTurn(from('left'), lists([FRONT, BACK]))).toBe(false);
  expect(canTurn(null, lists([FRONT, BACK]))).toBe(false);
});

test('turning goes there and back', () => {
  expect(otherSide(facingOf(from('user')))).toBe('environment');
  expect(otherSide(facingOf(from('environment')))).toBe('user');
});

test('the camera on the other side is asked for, once the first is let go, until one is chosen by name', async () => {
  const source = new FakeMediaSource('granted', 'granted');
  const asked = vi.spyOn(source, 'getUserMedia');
  const devices = new Devices({ microphone: true, camera: true }, source as unknown as MediaSource, true);
  const wish = () => asked.mock.lastCall?.[0]?.video as MediaTrackConstraints;
  await devices.ask();
  const [, first] = source.given;
  await devices.face('environment');
  expect(first?.stopped).toBe(true);
  expect(wish().facingMode).toEqual({ ideal: 'environment' });
  expect(devices.mediaState).toEqual({ microphone: true, camera: true });

  devices.choose({ camera: 'front', microphone: null });
  expect(wish().facingMode).toBeUndefined();
  expect(wish().deviceId).toEqual({ ideal: 'front' });
});

test('turning a camera that is off does not turn it on', async () => {
  const source = new FakeMediaSource('granted', 'granted');
  const devices = new Devices({ microphone: true, camera: false }, source as unknown as MediaSource, true);
  await devices.face('environment');
  expect(source.asked).toEqual([]);
});
