import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Devices, type MediaSource } from './devices';
import { FakeMediaSource, FakeStream, type FakeTrack } from './testing/fake-media';

beforeEach(() => void vi.stubGlobal('MediaStream', FakeStream));
afterEach(() => void vi.unstubAllGlobals());

const BOTH = { microphone: true, camera: true };

function devicesOf(source: FakeMediaSource, wanted = BOTH) {
  return new Devices(wanted, source as unknown as MediaSource, true);
}

const track = (devices: Devices, kind: 'audio' | 'video') =>
  devices.tracks.get()[kind] as unknown as FakeTrack | null;

const summary = (devices: Devices) => {
  const { microphone, camera } = devices.state.get();
  return [microphone.problem ?? microphone.status, camera.problem ?? camera.status];
};

describe('asking', () => {
  test('is one question where both work', async () => {
    const source = new FakeMediaSource('granted', 'granted');
    const devices = devicesOf(source);
    expect(summary(devices)).toEqual(['asking', 'asking']);
    await devices.ask();
    expect(source.asked).toEqual(['audio video']);
    expect(summary(devices)).toEqual(['ready', 'ready']);
    expect(devices.mediaState).toEqual({ microphone: true, camera: true });
    expect(devices.state.get().stream?.getTracks()).toEqual([track(devices, 'video')]);
  });

  test.each([
    ['granted', 'NotFoundError', 'ready', 'not-found'],
    ['granted', 'OverconstrainedError', 'ready', 'not-found'],
    ['granted', 'NotReadableError', 'ready', 'busy'],
    ['granted', 'AbortError', 'ready', 'busy'],
    ['NotAllowedError', 'granted', 'denied', 'ready'],
    ['NotAllowedError', 'NotAllowedError', 'denied', 'denied'],
    ['SecurityError', 'NotFoundError', 'denied', 'not-found'],
    ['TypeError', 'granted', 'failed', 'ready'],
  ])('microphone %s, camera %s: %s, %s', async (microphone, camera, ...result) => {
    const devices = devicesOf(new FakeMediaSource(microphone, camera));
    await devices.ask();
    expect(summary(devices)).toEqual(result);
    expect(devices.mediaState).toEqual({ microphone: result[0] === 'ready', camera: result[1] === 'ready' });
  });

  test.each([
    [true, 'unsupported'],
    [false, 'insecure'],
  ])('is not possible at all (secure context: %s)', async (secure, problem) => {
    const devices = new Devices(BOTH, undefined, secure);
    await devices.ask();
    expect(summary(devices)).toEqual([problem, problem]);
  });

  test('again gets what was missing, and only that', async () => {
    const source = new FakeMediaSource('granted', 'NotReadableError');
    const devices = devicesOf(source);
    await devices.ask();
    const microphone = track(devices, 'audio');
    source.camera = 'granted';
    source.asked.length = 0;
    await devices.ask();
    expect(source.asked).toEqual(['video']);
    expect(summary(devices)).toEqual(['ready', 'ready']);
    expect(track(devices, 'audio')).toBe(microphone);
  });
});

describe('turning off', () => {
  test('silences the microphone and lets the camera go', async () => {
    const source = new FakeMediaSource('granted', 'granted');
    const devices = devicesOf(source);
    await devices.ask();
    const [microphone, camera] = source.given as [FakeTrack, FakeTrack];
    await devices.setMicrophone(false);
    await devices.setCamera(false);
    expect([microphone.enabled, microphone.stopped, camera.stopped]).toEqual([false, false, true]);
    expect(devices.mediaState).toEqual({ microphone: false, camera: false });
    expect(devices.state.get().stream).toBeNull();

    await devices.setMicrophone(true);
    await devices.setCamera(true);
    expect(microphone.enabled).toBe(true);
    expect(source.asked).toEqual(['audio video', 'video']);
    expect(devices.mediaState).toEqual({ microphone: true, camera: true });
  });

  test('while the question is open is kept to', async () => {
    const source = new FakeMediaSource('granted', 'granted');
    let answer = () => {};
    source.answer = new Promise((resolve) => (answer = resolve));
    const devices = devicesOf(source);
    const asked = devices.ask();
    void devices.setMicrophone(false);
    void devices.setCamera(false);
    answer();
    await asked;
    const [microphone, camera] = source.given as [FakeTrack, FakeTrack];
    expect([microphone.enabled, camera.stopped]).toEqual([false, true]);
    expect(devices.mediaState).toEqual({ microphone: false, camera: false });
  });

  test('from the start asks for nothing', async () => {
    const source = new FakeMediaSource('granted', 'granted');
    const devices = devicesOf(source, { microphone: true, camera: false });
    await devices.ask();
    expect(source.asked).toEqual(['audio']);
  });
});

test('a device that goes away during the call is missed, and taken again when it is back', async () => {
  const source = new FakeMediaSource('granted', 'granted');
  const devices = devicesOf(source);
  await devices.ask();
  source.camera = 'NotFoundError';
  track(devices, 'video')?.dispatchEvent(new Event('ended'));
  await vi.waitFor(() => expect(summary(devices)).toEqual(['ready', 'not-found']));
  expect(devices.tracks.get().video).toBeNull();
  source.camera = 'granted';
  source.dispatchEvent(new Event('devicechange'));
  await vi.waitFor(() => expect(summary(devices)).toEqual(['ready', 'ready']));
});

test('another device takes the place of one that goes away', async () => {
  const source = new FakeMediaSource('granted', 'granted');
  const devices = devicesOf(source);
  await devices.ask();
  const first = track(devices, 'video');
  first?.dispatchEvent(new Event('ended'));
  await vi.waitFor(() => expect(summary(devices)).toEqual(['ready', 'ready']));
  expect(track(devices, 'video')).not.toBe(first);
});

test('everything is let go, even what is answered later', async () => {
  const source = new FakeMediaSource('granted', 'granted');
  const devices = devicesOf(source);
  await devices.ask();
  let answer = () => {};
  source.answer = new Promise((resolve) => (answer = resolve));
  void devices.setCamera(false);
  const asked = devices.setCamera(true);
  devices.release();
  answer();
  await asked;
  expect(source.given).toHaveLength(3);
  expect(source.given.every(({ stopped }) => stopped)).toBe(true);
  expect(devices.tracks.get()).toEqual({ audio: null, video: null });
});

describe('a chosen device', () => {
  test('is wished for, not demanded', async () => {
    const source = new FakeMediaSource('granted', 'granted');
    const devices = devicesOf(source);
    devices.choose({ microphone: null, camera: 'front' });
    expect(source.asked).toEqual([]);
    await devices.ask();
    expect(source.wished).toEqual([{ audio: undefined, video: { ideal: 'front' } }]);
  });

  test('takes the place of the one in use at once, and costs the other nothing', async () => {
    const source = new FakeMediaSource('granted', 'granted');
    const devices = devicesOf(source);
    await devices.ask();
    const [microphone, camera] = source.given as [FakeTrack, FakeTrack];
    devices.choose({ microphone: null, camera: 'front' });
    await vi.waitFor(() => expect(summary(devices)).toEqual(['ready', 'ready']));
    expect(source.wished.at(-1)).toEqual({ video: { ideal: 'front' } });
    expect([camera.stopped, microphone.stopped]).toEqual([true, false]);
    expect(track(devices, 'video')).toBe(source.given.at(-1));
    expect(track(devices, 'audio')).toBe(microphone);
  });

  test('while off is used when it is turned on', async () => {
    const source = new FakeMediaSource('granted', 'granted');
    const devices = devicesOf(source);
    await devices.ask();
    await devices.setMicrophone(false);
    devices.choose({ microphone: 'headset', camera: null });
    expect(source.given[0]?.stopped).toBe(true);
    expect(source.asked).toHaveLength(1);
    await devices.setMicrophone(true);
    expect(source.wished.at(-1)).toEqual({ audio: { ideal: 'headset' } });
    expect(devices.mediaState.microphone).toBe(true);
  });

  test('while the question is open: its answer is let go for the other', async () => {
    const source = new FakeMediaSource('granted', 'granted');
    let answer = () => {};
    source.answer = new Promise((resolve) => (answer = resolve));
    const devices = devicesOf(source);
    const asked = devices.ask();
    devices.choose({ microphone: null, camera: 'front' });
    answer();
    await asked;
    await vi.waitFor(() => expect(summary(devices)).toEqual(['ready', 'ready']));
    expect(source.given.filter(({ kind, stopped }) => kind === 'video' && !stopped)).toHaveLength(1);
    expect(source.wished.at(-1)).toEqual({ video: { ideal: 'front' } });
  });

  test('after the call opens nothing', async () => {
    const source = new FakeMediaSource('granted', 'granted');
    const devices = devicesOf(source);
    await devices.ask();
    devices.release();
    devices.choose({ microphone: 'headset', camera: 'front' });
    expect(source.asked).toHaveLength(1);
  });
});
