// The codecs that the app's peer knows, and what a page may say of them.

import type { Section, SdpCodec } from '../sdp/section';
import {
  dictionary,
  member,
  requiredMember,
  toDomString,
  toUnsignedLong,
  toUnsignedShort,
} from '../webidl/convert';
import { invalidModification } from '../webidl/errors';

export interface Codec {
  mimeType: string;
  clockRate: number;
  channels?: number;
  sdpFmtpLine?: string;
}

export interface Capabilities {
  codecs: Codec[];
  headerExtensions: { uri: string }[];
}

const H264 = 'level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f';
const CODECS: Record<string, Codec[]> = {
  audio: [
    { mimeType: 'audio/opus', clockRate: 48000, channels: 2, sdpFmtpLine: 'minptime=10;useinbandfec=1' },
  ],
  video: [
    { mimeType: 'video/VP8', clockRate: 90000 },
    { mimeType: 'video/rtx', clockRate: 90000 },
    { mimeType: 'video/H264', clockRate: 90000, sdpFmtpLine: H264 },
  ],
};
const EXTENSIONS: Record<string, string[]> = {
  audio: [
    'urn:ietf:params:rtp-hdrext:ssrc-audio-level',
    'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
    'urn:ietf:params:rtp-hdrext:sdes:mid',
  ],
  video: [
    'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time',
    'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
    'urn:ietf:params:rtp-hdrext:sdes:mid',
  ],
};
/** Not media by themselves: they need another codec beside them. */
const HELPERS = ['rtx', 'red', 'ulpfec', 'flexfec-03', 'cn', 'telephone-event'];

export function capabilities(kind: string): Capabilities | null {
  const codecs = CODECS[kind];
  if (!codecs) return null;
  return {
    codecs: codecs.map((codec) => ({ ...codec })),
    headerExtensions: (EXTENSIONS[kind] ?? []).map((uri) => ({ uri })),
  };
}

export function toCodec(value: unknown): Codec {
  const from = dictionary(value, 'The codec');
  const channels = member(from, 'channels', toUnsignedShort);
  const clockRate = requiredMember(from, 'clockRate', toUnsignedLong);
  const mimeType = requiredMember(from, 'mimeType', toDomString);
  const sdpFmtpLine = member(from, 'sdpFmtpLine', toDomString);
  return {
    mimeType,
    clockRate,
    ...(channels === undefined ? {} : { channels }),
    ...(sdpFmtpLine === undefined ? {} : { sdpFmtpLine }),
  };
}

const parameters = (line: string | undefined) =>
  (line ?? '')
    .split(';')
    .map((part) => part.trim())
    .sort()
    .join(';');

const sameKind = (one: Codec, other: Codec) =>
  one.mimeType.toLowerCase() === other.mimeType.toLowerCase() && one.clockRate === other.clockRate;

export const sameCodec = (one: Codec, other: Codec): boolean =>
  sameKind(one, other) &&
  one.channels === other.channels &&
  parameters(one.sdpFmtpLine) === parameters(other.sdpFmtpLine);

const isRtx = ({ mimeType }: Codec) => mimeType.toLowerCase().endsWith('/rtx');

/**
 * Whether they are one codec, whatever else the parameters say. Those of H.264 tell what a decoder must be able to do:
 * profile, without the level, and way of packing (RFC 6184, section 8.1).
 */
export function isSameCodec(one: Codec, other: Codec): boolean {
  if (!sameKind(one, other) || one.channels !== other.channels) return false;
  return one.mimeType.toLowerCase() !== 'video/h264' || h264Demands(one) === h264Demands(other);
}

function h264Demands({ sdpFmtpLine = '' }: Codec): string {
  const profile = /profile-level-id=([\da-f]{4})/iu.exec(sdpFmtpLine)?.[1]?.toLowerCase() ?? '';
  return `${profile} ${/packetization-mode=(\d)/u.exec(sdpFmtpLine)?.[1] ?? '0'}`;
}

/** Those that this side can send, with what repairs them. */
export function sendable(kind: string, codecs: SdpCodec[]): SdpCodec[] {
  const known = CODECS[kind] ?? [];
  const media = codecs.filter(
    (codec) => !isHelper(codec) && known.some((other) => isSameCodec(codec, other)),
  );
  const repairs = (helper: SdpCodec) =>
    isRtx(helper) && media.some(({ payloadType }) => helper.sdpFmtpLine === `apt=${payloadType}`);
  return codecs.filter((codec) => media.includes(codec) || repairs(codec));
}

const isHelper = ({ mimeType }: Codec) => HELPERS.includes(mimeType.toLowerCase().split('/')[1] ?? '');

/** The preferences without duplicates, if all of them are codecs of ours and not only helpers. */
export function checkedPreferences(kind: string, codecs: Codec[]): Codec[] {
  const known = CODECS[kind] ?? [];
  const wanted = codecs.filter(
    (codec, index) => codecs.findIndex((other) => sameCodec(codec, other)) === index,
  );
  if (!wanted.every((codec) => known.some((other) => sameCodec(codec, other)))) {
    throw invalidModification('A codec is not among the capabilities');
  }
  if (wanted.length > 0 && wanted.every(isHelper)) throw invalidModification('No codec for media is left');
  return wanted;
}

/** Brings the formats of a line into the preferred order and drops the others; all remain if none would be left. */
export function applyPreferences(section: Section, preferences: Codec[]): void {
  if (preferences.length === 0) return;
  const present = section.codecs;
  const rank = (codec: Codec) => preferences.findIndex((preferred) => sameKind(preferred, codec));
  const media = present
    .filter((codec) => !isHelper(codec) && rank(codec) >= 0)
    .sort((one, other) => rank(one) - rank(other));
  if (media.length === 0) return;
  const repaired = preferences.some(isRtx);
  const helps = (helper: SdpCodec, { payloadType }: SdpCodec) =>
    repaired && isRtx(helper) && helper.sdpFmtpLine === `apt=${payloadType}`;
  const kept = media.flatMap((codec) => [codec, ...present.filter((helper) => helps(helper, codec))]);
  keepFormats(
    section,
    kept.map(({ payloadType }) => `${payloadType}`),
  );
}

function keepFormats(section: Section, formats: string[]): void {
  const start = (section.lines[0] ?? '').split(' ').slice(0, 3);
  section.lines[0] = [...start, ...formats].join(' ');
  const formatOf = (line: string) => /^a=(?:rtpmap|fmtp|rtcp-fb):(\d+) /u.exec(line)?.[1];
  const ordered = formats.flatMap((format) => section.lines.filter((line) => formatOf(line) === format));
  section.replace((line) => formatOf(line) !== undefined, ordered);
}
