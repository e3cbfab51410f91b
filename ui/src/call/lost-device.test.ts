import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Devices, TAKEN_RETRY_MS, type MediaSource } from './devices';
import { FakeMediaSource, FakeStream, type FakeTrack } from './testing/fake-media';

const HEADSET = { kind: 'audioinput', deviceId: 'headset', groupId: 'usb', label: 'Headset' } as const;
const BUILT_IN = { kind: 'audioinput', deviceId: 'built-in', groupId: 'pci', label: 'Built-in' } as const;
const WEBCAM = { kind: 'videoinput', deviceId: 'webcam', label: 'Webcam' } as const;
const SECOND = { kind: 'videoinput', deviceId: 'second', label: 'Second' } as const;

let source: FakeMediaSource;
let devices: Devices;

beforeEach(async () => {
  vi.useFakeTimers();
  vi.stubGlobal('MediaStream', FakeStream);
  source = new FakeMediaSource('granted', 'granted');
  source.plugged = [HEADSET, BUILT_IN, WEBCAM, SECOND];
  devices = new Devices({ microphone: true, camera: true }, source as unknown as MediaSource, true);
  await devices.ask();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const settled = () => vi.advanceTimersByTimeAsync(0);
const used = (kind: 'audio' | 'video') =>
  (devices.tracks.get()[kind] as unknown as FakeTrack | null)?.device?.deviceId;
const camera = () => devices.state.get().camera;
const microphone = () => devices.state.get().microphone;
const open = () => source.given.filter(({ stopped }) => !stopped).map(({ label }) => label);

/** Another program takes it from the call. */
function takeAway(id: string) {
  source.taken.add(id);
  source.given
    .filter(({ device }) => device?.deviceId === id)
    .forEach((track) => track.dispatchEvent(new Event('ended')));
}

test('in place of a headset that is unplugged comes the next best, until it is back', async () => {
  source.unplug('headset');
  await settled();
  expect(used('audio')).toBe('built-in');
  expect(microphone()).toEqual({
    on: true,
    status: 'ready',
    problem: null,
    lost: { label: 'Headset', why: 'unplugged', instead: 'Built-in' },
  });
  source.plug(HEADSET);
  await settled();
  expect(used('audio')).toBe('headset');
  expect(microphone().lost).toBeNull();
  expect(open()).toEqual(['Webcam', 'Headset']);
});

test('where there is no other, what is missing is said, and it is used again when it is back', async () => {
  source.plugged = [HEADSET, WEBCAM];
  source.unplug('webcam');
  await settled();
  expect(devices.mediaState).toEqual({ microphone: true, camera: false });
  expect(camera()).toMatchObject({
    status: 'missing',
    problem: 'not-found',
    lost: { label: 'Webcam', why: 'unplugged', instead: null },
  });
  source.plug(WEBCAM);
  await settled();
  expect(devices.mediaState.camera).toBe(true);
  expect(camera()).toMatchObject({ status: 'ready', problem: null, lost: null });
});

test('that it is gone is noticed where its track does not end', async () => {
  source.unplug('headset', false);
  await settled();
  expect(used('audio')).toBe('built-in');
  expect(microphone().lost).toEqual({ label: 'Headset', why: 'unplugged', instead: 'Built-in' });
  source.unplug('built-in', false);
  await settled();
  expect(devices.mediaState.microphone).toBe(false);
  expect(microphone()).toMatchObject({ status: 'missing', problem: 'not-found', lost: { label: 'Headset' } });
  source.plug(HEADSET);
  await settled();
  expect([used('audio'), microphone().lost]).toEqual(['headset', null]);
  expect(open()).toEqual(['Webcam', 'Headset']);
});

test('nothing is concluded where the browser does not say what is plugged in', async () => {
  const { plugged } = source;
  const says = vi.spyOn(source, 'enumerateDevices').mockRejectedValueOnce(new DOMException('', 'AbortError'));
  const changes = async () => {
    source.dispatchEvent(new Event('devicechange'));
    await settled();
  };
  await changes();
  source.plugged = plugged.map((device) => ({ ...device, deviceId: '', label: '' }));
  await changes();
  expect(says).toHaveBeenCalledTimes(4);
  expect([used('audio'), used('video'), open()]).toEqual(['headset', 'webcam', ['Headset', 'Webcam']]);
  expect([microphone().lost, camera().lost]).toEqual([null, null]);
  source.plugged = plugged;
  source.unplug('headset', false);
  await settled();
  expect(used('audio')).toBe('built-in');
});

test('what is plugged in beside it changes nothing', async () => {
  source.plug({ ...BUILT_IN, deviceId: 'third', label: 'Third' });
  await settled();
  expect([used('audio'), microphone().lost]).toEqual(['headset', null]);
  expect(source.given).toHaveLength(2);
});

test('any other that is plugged in is better than none', async () => {
  source.plugged = [HEADSET, WEBCAM];
  source.unplug('webcam');
  await settled();
  source.plug(SECOND);
  await settled();
  expect(used('video')).toBe('second');
  expect(camera().lost).toEqual({ label: 'Webcam', why: 'unplugged', instead: 'Second' });
  source.plug(WEBCAM);
  await settled();
  expect(used('video')).toBe('webcam');
});

test('what takes its place may go away too: the first is waited for', async () => {
  source.unplug('webcam');
  await settled();
  source.unplug('second');
  await settled();
  expect(camera()).toMatchObject({ status: 'missing', lost: { label: 'Webcam' } });
  source.plug(WEBCAM);
  await settled();
  expect([used('video'), camera().lost]).toEqual(['webcam', null]);
});

test('a headset that the system had chosen is known again by what it is a part of', async () => {
  const choice = { ...HEADSET, deviceId: 'default', label: 'Default - Headset' };
  source.plugged = [choice, HEADSET, BUILT_IN];
  devices.choose({ microphone: 'default', camera: null });
  await settled();
  source.plugged = [
    choice,
    { ...BUILT_IN, deviceId: 'default', groupId: 'pci', label: 'Default - Built-in' },
    BUILT_IN,
  ];
  source.unplug('default');
  await settled();
  expect(microphone().lost).toEqual({ label: 'Headset', why: 'unplugged', instead: 'Built-in' });
  source.plug(HEADSET);
  await settled();
  expect([used('audio'), microphone().lost]).toEqual(['headset', null]);
});

describe('a camera that another program takes', () => {
  test('is replaced by one that nobody has, and tried until it is free', async () => {
    takeAway('webcam');
    await settled();
    expect(used('video')).toBe('second');
    expect(camera().lost).toEqual({ label: 'Webcam', why: 'taken', instead: 'Second' });
    await vi.advanceTimersByTimeAsync(2 * TAKEN_RETRY_MS);
    expect([used('video'), camera().status]).toEqual(['second', 'ready']);
    source.taken.clear();
    await vi.advanceTimersByTimeAsync(TAKEN_RETRY_MS);
    expect([used('video'), camera().lost]).toEqual(['webcam', null]);
    const asked = source.asked.length;
    await vi.advanceTimersByTimeAsync(3 * TAKEN_RETRY_MS);
    expect(source.asked).toHaveLength(asked);
  });

  test('and is the only one is missing until it is free; the button does not flicker', async () => {
    source.plugged = [HEADSET, WEBCAM];
    takeAway('webcam');
    await settled();
    expect(camera()).toMatchObject({ status: 'missing', problem: 'busy', lost: { why: 'taken' } });
    const seen = new Set<string>();
    devices.state.subscribe(({ camera }) => seen.add(camera.status));
    await vi.advanceTimersByTimeAsync(2 * TAKEN_RETRY_MS);
    expect([...seen]).toEqual(['missing']);
    source.taken.clear();
    await vi.advanceTimersByTimeAsync(TAKEN_RETRY_MS);
    expect(camera()).toMatchObject({ status: 'ready', problem: null, lost: null });
  });

  test('is not waited for once the person has decided otherwise', async () => {
    takeAway('webcam');
    await settled();
    await devices.setCamera(false);
    source.taken.clear();
    await vi.advanceTimersByTimeAsync(3 * TAKEN_RETRY_MS);
    expect([used('video'), camera().lost]).toEqual([undefined, null]);
    await devices.setCamera(true);
    takeAway('webcam');
    await settled();
    devices.choose({ microphone: null, camera: 'second' });
    source.taken.clear();
    await vi.advanceTimersByTimeAsync(3 * TAKEN_RETRY_MS);
    expect([used('video'), camera().lost]).toEqual(['second', null]);
  });
});

test('a microphone that is silenced from outside is said to be, until it goes on', async () => {
  const track = devices.tracks.get().audio as unknown as FakeTrack;
  track.dispatchEvent(new Event('mute'));
  expect(microphone().lost).toEqual({ label: 'Headset', why: 'paused', instead: null });
  expect(devices.tracks.get().audio).toBe(track);
  track.dispatchEvent(new Event('unmute'));
  expect(microphone().lost).toBeNull();
});

test('after the call nothing is waited for', async () => {
  takeAway('webcam');
  await settled();
  devices.release();
  const asked = source.asked.length;
  source.taken.clear();
  source.plug({ ...SECOND, deviceId: 'third' });
  await vi.advanceTimersByTimeAsync(3 * TAKEN_RETRY_MS);
  expect(source.asked).toHaveLength(asked);
  expect(open()).toEqual([]);
});
