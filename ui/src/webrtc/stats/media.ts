// Figures of the tracks that are sent and received.

import type { Stats } from '../interfaces/stats-report';
import type { Description } from '../jsep/descriptions';
import type { Peer } from '../jsep/peer';
import { sends } from '../sdp/section';
import type { Transceiver } from '../jsep/transceiver';
import type { CodecStats, InboundStats, OutboundStats, StatsReport } from '../wire';
import type { Figures, PictureFigures } from '../worker/orders';
import { TRANSPORT } from './transport';

type Untimed = Omit<Stats, 'timestamp'>;

/** The app's figures, and those of the page's own encoders and decoders, which an engine may not have. */
export type MediaFigures = StatsReport & { pictures?: Figures };

const sourceId = (transceiver: Transceiver) => `S${transceiver.number}`;

/** Sound as it is sent, without its echo: known while a connection sends it. */
export function mediaSources(peer: Peer, figures: MediaFigures | null): Untimed[] {
  return peer.transceivers.flatMap((transceiver) => {
    const { track } = transceiver.sender;
    if (!track) return [];
    const sent = <Sent extends { mid: string }>(all: Sent[] | undefined) =>
      all?.find(({ mid }) => mid === transceiver.mid);
    const source = {
      id: sourceId(transceiver),
      type: 'media-source',
      kind: track.kind,
      trackIdentifier: track.id,
    };
    if (track.kind === 'audio') return [{ ...source, ...sent(figures?.outbound)?.source }];
    const { width, height, frameRate } = track.getSettings();
    const taken = sent(figures?.pictures?.sent);
    const frames = taken && taken.frames + taken.dropped;
    // Not every source tells how many it gives.
    return [{ ...source, width, height, frames, framesPerSecond: frameRate ?? taken?.framesPerSecond }];
  });
}

/** Of these transceivers. What is sent is told from the moment that both sides have agreed on it. */
export function streams(peer: Peer, transceivers: Transceiver[], figures: MediaFigures | null): Untimed[] {
  if (!figures) return [];
  const { sent = [], received = [] } = figures.pictures ?? {};
  const of = <One extends { mid: string }>(all: One[], mid: string) => all.find((one) => one.mid === mid);
  return transceivers.flatMap((transceiver) => {
    const { mid, kind, currentDirection } = transceiver;
    if (mid === null) return [];
    const coming = of(figures.inbound, mid);
    const going =
      of(figures.outbound, mid) ?? (sends(currentDirection) ? { mid, kind, ...NOTHING_SENT } : null);
    return [
      ...(coming ? inbound(peer, transceiver, coming, of(received, mid)) : []),
      ...(going ? outbound(peer, transceiver, going, of(sent, mid)) : []),
    ];
  });
}

const NOTHING_SENT = {
  packetsSent: 0,
  bytesSent: 0,
  nackCount: 0,
  pliCount: 0,
  firCount: 0,
  framesSent: 0,
  keyFramesSent: 0,
};

/** Nothing before there was a picture. */
function sizeOf(figures: PictureFigures | undefined) {
  if (!figures || figures.frames === 0) return {};
  const { width: frameWidth, height: frameHeight, framesPerSecond } = figures;
  return { frameWidth, frameHeight, framesPerSecond };
}

/** From one picture to the next, as the track was given them. */
function shown(figures: PictureFigures | undefined) {
  if (!figures?.shown) return {};
  const { frames, between, betweenSquared, freezes, frozen } = figures.shown;
  return {
    framesRendered: frames,
    totalInterFrameDelay: between,
    totalSquaredInterFrameDelay: betweenSquared,
    freezeCount: freezes,
    totalFreezesDuration: frozen,
  };
}

/** As the side that sends has told it. */
export function ssrcsOf(description: Description | null, mid: string): { ssrc?: number; rtxSsrc?: number } {
  const section = description?.sdp.section(mid);
  const [ssrc] = section?.values('ssrc') ?? [];
  if (ssrc === undefined) return {};
  const first = Number.parseInt(ssrc, 10);
  // What is sent again has a number of its own (RFC 4588).
  const pairs = section?.values('ssrc-group').map((group) => group.split(' ')) ?? [];
  const again = pairs.find(([kind, of]) => kind === 'FID' && Number(of) === first)?.[2];
  return again === undefined ? { ssrc: first } : { ssrc: first, rtxSsrc: Number(again) };
}

function codec(way: 'I' | 'O', stats: CodecStats | undefined): Untimed[] {
  if (!stats) return [];
  return [{ id: `C${way}${stats.payloadType}`, type: 'codec', transportId: TRANSPORT, ...stats }];
}

function inbound(
  peer: Peer,
  transceiver: Transceiver,
  figures: InboundStats,
  decoded: PictureFigures | undefined,
): Untimed[] {
  const { mid, kind, remote, playout, codec: used, keyFramesReceived, delivered, ...counted } = figures;
  const id = `I${mid}`;
  const remoteId = `RO${mid}`;
  const usedCodec = codec('I', used);
  const { ssrc, rtxSsrc } = ssrcsOf(peer.descriptions.currentRemote, mid);
  const stream = { kind, ssrc, transportId: TRANSPORT, codecId: usedCodec[0]?.id };
  const picture = {
    framesReceived: counted.framesReceived,
    framesDropped: counted.framesDropped + (decoded?.dropped ?? 0),
    framesDecoded: decoded?.frames ?? counted.framesReceived - counted.framesDropped,
    keyFramesDecoded: decoded?.keyFrames ?? keyFramesReceived,
    totalDecodeTime: decoded?.codingTime,
    rtxSsrc,
    ...shown(decoded),
    ...sizeOf(decoded),
    firCount: counted.firCount,
    pliCount: counted.pliCount,
  };
  const { framesReceived: _, framesDropped: __, firCount: ___, pliCount: ____, ...common } = counted;
  return [
    ...usedCodec,
    {
      ...stream,
      ...common,
      ...(kind === 'video' ? picture : playout),
      id,
      type: 'inbound-rtp',
      mid,
      trackIdentifier: transceiver.receiver.track.id,
      remoteId: remote && remoteId,
    },
    ...(remote ? [{ ...stream, ...remote, id: remoteId, type: 'remote-outbound-rtp', localId: id }] : []),
  ];
}

function outbound(
  peer: Peer,
  transceiver: Transceiver,
  figures: OutboundStats,
  encoded: PictureFigures | undefined,
): Untimed[] {
  const { mid, kind, remote, codec: used, framesSent, keyFramesSent, ...counted } = figures;
  const id = `O${mid}`;
  const remoteId = `RI${mid}`;
  const usedCodec = codec('O', used ?? transceiver.sender.codecAmong(transceiver.agreedCodecs));
  const { ssrc, rtxSsrc } = ssrcsOf(peer.descriptions.currentLocal, mid);
  const stream = { kind, ssrc, transportId: TRANSPORT, codecId: usedCodec[0]?.id };
  const { firCount, pliCount, ...common } = counted;
  const picture = {
    firCount,
    pliCount,
    framesSent,
    framesEncoded: encoded?.frames ?? framesSent,
    keyFramesEncoded: encoded?.keyFrames ?? keyFramesSent,
    totalEncodeTime: encoded?.codingTime,
    encodingIndex: 0,
    rtxSsrc,
    hugeFramesSent: encoded?.huge,
    targetBitrate: encoded?.bitrate,
    ...sizeOf(encoded),
  };
  return [
    ...usedCodec,
    {
      ...stream,
      ...common,
      ...(kind === 'video' ? picture : {}),
      id,
      type: 'outbound-rtp',
      mid,
      active: transceiver.sender.active,
      mediaSourceId: transceiver.sender.track ? sourceId(transceiver) : undefined,
      remoteId: remote && remoteId,
    },
    ...(remote ? [{ ...stream, ...remote, id: remoteId, type: 'remote-inbound-rtp', localId: id }] : []),
  ];
}
