// Session descriptions as str0m makes them, for the engine double.

import type { Kind } from '../engine';
import { Sdp } from '../sdp/sdp';
import type { Direction } from '../sdp/section';

export interface Line {
  mid: string;
  kind: Kind | 'application';
  direction: Direction;
  stopped: boolean;
  stream: string;
  track: string;
  ssrc: number;
  /** Payload types that the other side knows; null before it has said so. */
  formats: string[] | null;
}

export interface Identity {
  session: number;
  ufrag: string;
  pwd: string;
  setup: 'actpass' | 'active' | 'passive';
  fingerprint: string;
}

const CODECS: Record<Kind, [string, string[]][]> = {
  audio: [
    [
      '111',
      [
        'a=rtpmap:111 opus/48000/2',
        'a=rtcp-fb:111 transport-cc',
        'a=fmtp:111 minptime=10;useinbandfec=1;usedtx=0',
      ],
    ],
  ],
  video: [
    [
      '96',
      ['a=rtpmap:96 VP8/90000', 'a=rtcp-fb:96 transport-cc', 'a=rtcp-fb:96 nack', 'a=rtcp-fb:96 nack pli'],
    ],
    ['97', ['a=rtpmap:97 rtx/90000', 'a=fmtp:97 apt=96']],
    [
      '108',
      [
        'a=rtpmap:108 H264/90000',
        'a=rtcp-fb:108 nack pli',
        'a=fmtp:108 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f',
      ],
    ],
    ['109', ['a=rtpmap:109 rtx/90000', 'a=fmtp:109 apt=108']],
  ],
};

export const formatsOf = (kind: Kind): string[] => CODECS[kind].map(([format]) => format);

export function describe(identity: Identity, lines: Line[]): string {
  const used = lines.filter(({ stopped }) => !stopped);
  const streams = new Set(used.flatMap(({ kind, stream }) => (kind === 'application' ? [] : [stream])));
  const head = [
    'v=0',
    `o=str0m-0.25.0 ${identity.session} 2 IN IP4 0.0.0.0`,
    's=-',
    't=0 0',
    ['a=group:BUNDLE', ...used.map(({ mid }) => mid)].join(' '),
    'a=extmap-allow-mixed',
    `a=msid-semantic: WMS ${[...streams].join(' ')}`,
  ];
  const text = [...head, ...lines.flatMap((line) => medium(identity, line))];
  return text.map((line) => `${line}\r\n`).join('');
}

function medium(identity: Identity, line: Line): string[] {
  const transport = [
    `a=ice-ufrag:${identity.ufrag}`,
    `a=ice-pwd:${identity.pwd}`,
    'a=ice-options:trickle',
    `a=fingerprint:sha-256 ${identity.fingerprint}`,
    `a=setup:${identity.setup}`,
    `a=mid:${line.mid}`,
  ];
  const address = 'c=IN IP4 0.0.0.0';
  if (line.kind === 'application') {
    const port = line.stopped ? 0 : 9;
    return [
      `m=application ${port} UDP/DTLS/SCTP webrtc-datachannel`,
      address,
      ...transport,
      'a=sctp-port:5000',
      'a=max-message-size:262144',
    ];
  }
  const { kind, formats } = line;
  const codecs = CODECS[kind].filter(([format]) => formats?.includes(format) ?? true);
  const known = codecs.map(([format]) => format).join(' ') || '0';
  return [
    `m=${kind} ${line.stopped ? 0 : 9} UDP/TLS/RTP/SAVPF ${known}`,
    address,
    ...transport,
    'a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid',
    `a=${line.stopped ? 'inactive' : line.direction}`,
    ...(line.stopped ? [] : [`a=msid:${line.stream} ${line.track}`]),
    'a=rtcp-mux',
    'a=rtcp-rsize',
    ...codecs.flatMap(([, attributes]) => attributes),
    ...(line.stopped
      ? []
      : [`a=ssrc:${line.ssrc} cname:${line.track}`, `a=ssrc:${line.ssrc} msid:${line.stream} ${line.track}`]),
  ];
}

/** The transport that a description tells of. */
export function transportOf(sdp: Sdp): { ufrag: string; setup: string; fingerprint: string } | null {
  const [section] = sdp.sections;
  const fingerprint =
    section?.value('fingerprint') ??
    sdp.head.find((line) => line.startsWith('a=fingerprint:'))?.slice('a=fingerprint:'.length);
  if (!section?.ufrag || !section.pwd || !fingerprint) return null;
  return { ufrag: section.ufrag, setup: section.setup ?? 'actpass', fingerprint };
}
