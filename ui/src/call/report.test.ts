import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FakePage, FakeShell, join, participant } from './testing/fake-page';

const ROOM = '482193775';

/** Everything in this world that names a person, a machine, a device or a room, or lets one in. */
const PRIVATE = [
  'Ada',
  'Bob',
  'Guest',
  '482',
  '193',
  '775',
  '192.0.2',
  '127.0.0.1',
  'https:',
  'ws:',
  'ada-laptop',
  'Webcam',
  'camera-id',
  'Headset',
  'microphone-id',
  'token',
  'candidate',
  'v=0',
];

let page: FakePage;
beforeEach(() => void (page = new FakePage()));
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('a report tells how things are, and nothing private', async () => {
  page.server.rooms = [ROOM];
  page.server.participants = [participant(1, 'Ada'), participant(2, 'Bob')];
  page.source.plugged = [
    { kind: 'videoinput', deviceId: 'camera-id', label: 'Webcam of Ada' },
    { kind: 'audioinput', deviceId: 'microphone-id', label: 'Headset of Ada' },
  ];
  page.source.camera = 'NotReadableError';
  const app = await page.start({ name: 'Ada' });
  await join(app, `https://192.0.2.7:8443/#${ROOM}`);
  app.toggleCamera();
  await vi.advanceTimersByTimeAsync(0);
  const fault = new TypeError(`Ada at 192.0.2.7 cannot enter ${ROOM}`);
  window.dispatchEvent(Object.assign(new Event('error'), { error: fault }));
  const named = Object.assign(new Error(''), { name: 'Ada at 192.0.2.7' });
  window.dispatchEvent(Object.assign(new Event('unhandledrejection'), { reason: named }));
  await vi.advanceTimersByTimeAsync(90_000);

  const report = await app.report();
  expect(report.split('\n')).toEqual([
    'Page: browser, protocol 1, secure, calls here',
    'Webview: Mozilla/5.0 (X11; Linux x86_64)',
    'Stage: call',
    expect.stringMatching(/^Room: 2 of 6 people, signaling (up|reconnecting|lost)$/),
    'Links: 1 connecting',
    'Microphone: on, ready',
    'Camera: on, busy',
    'Devices: cameras 1, microphones 1, speakers not told',
    'Last errors:',
    '  device.camera.busy, 1 min ago',
    '  fault.TypeError, 1 min ago',
    '  fault.unknown, 1 min ago',
  ]);
  for (const text of PRIVATE) expect(report).not.toContain(text);
});

test('only the latest errors are in it', async () => {
  const app = await page.start();
  for (let count = 0; count < 30; count++) app.join();
  const report = await app.report();
  expect(report.match(/problem\.room-missing/g)).toHaveLength(10);
});

test('on the desktop the app’s part comes first; without it the page’s is there', async () => {
  const shell = new FakeShell();
  const app = await page.start({}, shell);
  expect(await app.report()).toMatch(/^App\nPage: desktop/);
  shell.report = () => Promise.reject(new Error('no answer'));
  expect(await app.report()).toMatch(/^Page: desktop/);
});
