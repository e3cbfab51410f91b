import type { CodecName } from '../frame';

/** What pictures are sent as on each line, by its mid: VP8, and H.264 where the other side's description has no VP8. */
export function codecsOf(sdp: string): Map<string, CodecName> {
  const codecs = new Map<string, CodecName>();
  for (const section of sdp.split(/^m=/m).slice(1)) {
    const mid = /^a=mid:(\S+)/m.exec(section)?.[1];
    if (mid !== undefined && section.startsWith('video')) {
      codecs.set(mid, /^a=rtpmap:\d+ VP8\//im.test(section) ? 'vp8' : 'h264');
    }
  }
  return codecs;
}
