import { expect, test, vi } from 'vitest';
import { DeviceList } from './device-list';
import type { MediaSource } from './devices';
import { FakeMediaSource } from './testing/fake-media';

function listOf(source: FakeMediaSource, choosesSpeaker = true) {
  return new DeviceList(source as unknown as MediaSource, choosesSpeaker);
}

test('lists what is plugged in, without the aliases and the nameless', async () => {
  const source = new FakeMediaSource('granted', 'granted');
  source.plugged = [
    { kind: 'audioinput', deviceId: 'default', label: 'Default - Headset' },
    { kind: 'audioinput', deviceId: 'a', label: 'Headset' },
    { kind: 'videoinput', deviceId: '', label: '' },
    { kind: 'audiooutput', deviceId: 'communications', label: 'Communications - Headset' },
    { kind: 'audiooutput', deviceId: 'b', label: 'Headset' },
  ];
  const list = listOf(source);
  await list.look();
  expect(list.state.get()).toEqual({
    camera: [],
    microphone: [{ id: 'a', label: 'Headset' }],
    speaker: [{ id: 'b', label: 'Headset' }],
  });
});

test('follows what is plugged in and out, from the first look on', async () => {
  const source = new FakeMediaSource('granted', 'granted');
  const list = listOf(source);
  await list.look();
  source.plugged = [{ kind: 'videoinput', deviceId: 'c', label: 'Webcam' }];
  source.dispatchEvent(new Event('devicechange'));
  await vi.waitFor(() => expect(list.state.get().camera).toEqual([{ id: 'c', label: 'Webcam' }]));
});

test('offers no speaker where the browser cannot play on it', async () => {
  const source = new FakeMediaSource('granted', 'granted');
  source.plugged = [{ kind: 'audiooutput', deviceId: 'b', label: 'Headset' }];
  const list = listOf(source, false);
  await list.look();
  expect(list.state.get().speaker).toBeNull();
});

test('is empty where there are no devices to ask for, and keeps what it knew when it is refused', async () => {
  const none = new DeviceList(undefined, false);
  await none.look();
  expect(none.state.get().camera).toEqual([]);

  const source = new FakeMediaSource('granted', 'granted');
  source.plugged = [{ kind: 'videoinput', deviceId: 'c', label: '' }];
  const list = listOf(source);
  await list.look();
  source.enumerateDevices = () => Promise.reject(new DOMException('', 'NotAllowedError'));
  await list.look();
  expect(list.state.get().camera).toEqual([{ id: 'c', label: '' }]);
});
