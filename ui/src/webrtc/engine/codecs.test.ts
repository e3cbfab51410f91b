import { expect, test } from 'vitest';
import { codecsOf } from './codecs';

test('a picture is sent as VP8, and as H.264 where there is no VP8', () => {
  const sdp = [
    'v=0',
    'm=audio 9 UDP/TLS/RTP/SAVPF 111',
    'a=mid:0',
    'a=rtpmap:111 opus/48000/2',
    'm=video 9 UDP/TLS/RTP/SAVPF 96 102',
    'a=mid:1',
    'a=rtpmap:96 VP8/90000',
    'a=rtpmap:102 H264/90000',
    'm=video 9 UDP/TLS/RTP/SAVPF 102',
    'a=mid:screen',
    'a=rtpmap:102 H264/90000',
    '',
  ].join('\r\n');
  expect([...codecsOf(sdp)]).toEqual([
    ['1', 'vp8'],
    ['screen', 'h264'],
  ]);
});
