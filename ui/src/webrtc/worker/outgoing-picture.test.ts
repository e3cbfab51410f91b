import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { OutgoingPicture } from './outgoing-picture';

/** What the encoders were told to make, in order. */
const configured: string[] = [];
/** When what they encoded was taken, in µs, and whether it had to be a key frame. */
const encoded: { timestamp: number; keyFrame: boolean | undefined }[] = [];
let closed = 0;
/** Frames that are open. */
const open = new Set<FrameDouble>();

class EncoderDouble {
  encodeQueueSize = 0;
  state = 'configured';

  configure({ codec }: VideoEncoderConfig): void {
    configured.push(codec);
  }

  encode({ timestamp }: VideoFrame, options?: VideoEncoderEncodeOptions): void {
    encoded.push({ timestamp, keyFrame: options?.keyFrame });
  }

  close(): void {
    closed += 1;
  }
}

class FrameDouble {
  displayWidth = 320;
  displayHeight = 240;
  timestamp = 0;

  constructor(_of?: unknown, init?: { timestamp: number }) {
    this.timestamp = init?.timestamp ?? 0;
    open.add(this);
  }

  clone(): FrameDouble {
    return new FrameDouble();
  }

  close(): void {
    open.delete(this);
  }
}

beforeEach(() => {
  configured.length = encoded.length = closed = asked = 0;
  open.clear();
  vi.useFakeTimers();
  vi.stubGlobal('VideoEncoder', EncoderDouble);
  vi.stubGlobal('VideoFrame', FrameDouble);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const LINE = { connection: 1, mid: '0', codec: 'vp8' } as const;
let asked = 0;
const newPicture = () =>
  new OutgoingPicture(1, {
    congested: () => false,
    send: () => {},
    askForFrame: () => void (asked += 1),
    wishChanged: () => {},
  });
const newFrame = () => new FrameDouble() as unknown as VideoFrame;
/** How many frames are encoded within so many ms. */
function encodedWithin(ms: number): number {
  const before = encoded.length;
  vi.advanceTimersByTime(ms);
  return encoded.length - before;
}

test('a picture is encoded as its encoding says, and else as the line does', () => {
  const picture = newPicture();
  const take = () => picture.take(newFrame());
  picture.sendOn(LINE);
  take();
  picture.setEncoding({ active: true, codec: 'h264' });
  take();
  take();
  picture.setEncoding({ active: true });
  take();
  expect(configured).toEqual(['vp8', 'avc1.42E01F', 'vp8']);
  expect(closed).toBe(2);
});

test('what stands still is sent again each second, and soon to who needs a key frame', () => {
  const picture = newPicture();
  picture.take(newFrame());
  expect(encodedWithin(5000), 'there is no line').toBe(0);
  picture.sendOn(LINE);
  expect(encodedWithin(400)).toBe(1);
  expect(encoded.at(-1)?.keyFrame).toBe(true);
  expect(encodedWithin(10_000)).toBeGreaterThanOrEqual(8);
  picture.wantKeyFrame();
  expect(encodedWithin(400)).toBe(1);
  expect(encoded.at(-1)?.keyFrame).toBe(true);
  const times = encoded.map(({ timestamp }) => timestamp);
  expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
  picture.end();
  expect(open.size).toBe(0);
});

test('what moves is not sent twice, and what is dark or of another track not again', () => {
  const picture = newPicture();
  picture.sendOn(LINE);
  for (let frame = 0; frame < 30; frame++) {
    picture.take(newFrame());
    vi.advanceTimersByTime(33);
  }
  expect(encoded).toHaveLength(30);
  expect(open.size, 'the last only').toBe(1);
  picture.setEncoding({ active: false });
  expect(encodedWithin(5000)).toBe(0);
  picture.setEncoding({ active: true });
  picture.setTrack(null, null);
  expect(encodedWithin(5000)).toBe(0);
  expect(open.size).toBe(0);
});

test('what another has of the same source is shown only where no frame comes', () => {
  const [one, moving, still] = [newPicture(), newPicture(), newPicture()];
  for (const each of [moving, still]) each.sendOn(LINE);
  one.setTrack(null, 'screen');
  one.take(newFrame());
  for (const each of [moving, still]) each.setTrack(null, 'screen', one.frame());
  moving.take(newFrame());
  expect(encoded).toHaveLength(1);
  expect(encodedWithin(400)).toBe(1);
  for (const each of [one, moving, still]) each.end();
  expect(open.size).toBe(0);
});

test('a page that gives frame by frame is asked for as many as can be used', () => {
  const picture = newPicture();
  const inASecond = () => {
    asked = 0;
    vi.advanceTimersByTime(1000);
    return asked;
  };
  picture.setTrack(null, 'screen');
  expect(inASecond(), 'nobody to send it to').toBe(0);
  picture.sendOn(LINE);
  expect(inASecond()).toBeGreaterThan(28);
  picture.setDark(true);
  expect(inASecond(), 'black').toBe(0);
  picture.setDark(false);
  expect(inASecond()).toBeGreaterThan(28);
  picture.setTrack(null, null);
  expect(inASecond(), 'nothing to show').toBe(0);
  picture.setTrack(null, 'another');
  picture.end();
  expect(inASecond(), 'over').toBe(0);
});
