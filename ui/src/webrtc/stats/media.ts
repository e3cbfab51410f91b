// Figures of the tracks that are sent and received.

import type { Stats } from '../interfaces/stats-report';
import type { Description } from '../jsep/descriptions';
import type { Peer } from '../jsep/peer';
import type { Transceiver } from '../jsep/transceiver';
import type { CodecStats, InboundStats, OutboundStats, StatsReport } from '../wire';
import type { Figures, Line, PictureFigures } from '../worker/orders';
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
    return [{ ...source, width, height, frames, framesPerSecond: frameRate }];
  });
}

export function streams(peer: Peer, figures: MediaFigures | null): Untimed[] {
  if (!figures) return [];
  const { sent = [], received = [] } = figures.pictures ?? {};
  const of = (pictures: (Line & PictureFigures)[], mid: string) => pictures.find((one) => one.mid === mid);
  return [
    ...figures.inbound.flatMap((one) => inbound(peer, one, of(received, one.mid))),
    ...figures.outbound.flatMap((one) => outbound(peer, one, of(sent, one.mid))),
  ];
}

/** Nothing before there was a picture. */
function sizeOf(figures: PictureFigures | undefined) {
  if (!figures || figures.frames === 0) return {};
  const { width: frameWidth, height: frameHeight, framesPerSecond } = figures;
  return { frameWidth, frameHeight, framesPerSecond };
}

/** As the side that sends has told it. */
function ssrcOf(description: Description | null, mid: string): number | undefined {
  const [ssrc] = description?.sdp.section(mid)?.values('ssrc') ?? [];
  return ssrc === undefined ? undefined : Number.parseInt(ssrc, 10);
}

function codec(way: 'I' | 'O', stats: CodecStats | undefined): Untimed[] {
  if (!stats) return [];
  return [{ id: `C${way}${stats.payloadType}`, type: 'codec', transportId: TRANSPORT, ...stats }];
}

function inbound(peer: Peer, figures: InboundStats, decoded: PictureFigures | undefined): Untimed[] {
  const transceiver = peer.transceiverOf(figures.mid);
  if (!transceiver || transceiver.stopping) return [];
  const { mid, kind, remote, playout, codec: used, keyFramesReceived, ...counted } = figures;
  const id = `I${mid}`;
  const remoteId = `RO${mid}`;
  const usedCodec = codec('I', used);
  const ssrc = ssrcOf(peer.descriptions.currentRemote, mid);
  const stream = { kind, ssrc, transportId: TRANSPORT, codecId: usedCodec[0]?.id };
  const picture = {
    framesReceived: counted.framesReceived,
    framesDropped: counted.framesDropped + (decoded?.dropped ?? 0),
    framesDecoded: decoded?.frames ?? counted.framesReceived - counted.framesDropped,
    keyFramesDecoded: decoded?.keyFrames ?? keyFramesReceived,
    totalDecodeTime: decoded?.codingTime,
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

function outbound(peer: Peer, figures: OutboundStats, encoded: PictureFigures | undefined): Untimed[] {
  const transceiver = peer.transceiverOf(figures.mid);
  if (!transceiver || transceiver.stopping) return [];
  const { mid, kind, remote, codec: used, framesSent, keyFramesSent, ...counted } = figures;
  const id = `O${mid}`;
  const remoteId = `RI${mid}`;
  const usedCodec = codec('O', used);
  const ssrc = ssrcOf(peer.descriptions.currentLocal, mid);
  const stream = { kind, ssrc, transportId: TRANSPORT, codecId: usedCodec[0]?.id };
  const { firCount, pliCount, ...common } = counted;
  const picture = {
    firCount,
    pliCount,
    framesSent,
    framesEncoded: encoded?.frames ?? framesSent,
    keyFramesEncoded: encoded?.keyFrames ?? keyFramesSent,
    totalEncodeTime: encoded?.codingTime,
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
      encodingIndex: 0,
      active: transceiver.sender.active,
      mediaSourceId: transceiver.sender.track ? sourceId(transceiver) : undefined,
      remoteId: remote && remoteId,
    },
    ...(remote ? [{ ...stream, ...remote, id: remoteId, type: 'remote-inbound-rtp', localId: id }] : []),
  ];
}
