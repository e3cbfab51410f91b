import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { OutgoingPicture } from './outgoing-picture';

/** What the encoders were told to make, in order. */
const configured: string[] = [];
let closed = 0;

class EncoderDouble {
  encodeQueueSize = 0;
  state = 'configured';

  configure({ codec }: VideoEncoderConfig): void {
    configured.push(codec);
  }

  encode(): void {}

  close(): void {
    closed += 1;
  }
}

class FrameDouble {
  displayWidth = 320;
  displayHeight = 240;
  timestamp = 0;

  close(): void {}
}

beforeEach(() => {
  configured.length = closed = 0;
  vi.stubGlobal('VideoEncoder', EncoderDouble);
  vi.stubGlobal('VideoFrame', FrameDouble);
});
afterEach(() => vi.unstubAllGlobals());

test('a picture is encoded as its encoding says, and else as the line does', () => {
  const picture = new OutgoingPicture(1, { congested: () => false, send: () => {}, wishChanged: () => {} });
  const take = () => picture.take(new FrameDouble() as unknown as VideoFrame);
  picture.sendOn({ connection: 1, mid: '0', codec: 'vp8' });
  take();
  picture.setEncoding({ active: true, codec: 'h264' });
  take();
  take();
  picture.setEncoding({ active: true });
  take();
  expect(configured).toEqual(['vp8', 'avc1.42E01F', 'vp8']);
  expect(closed).toBe(2);
});
