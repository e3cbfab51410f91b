// Figures of the tracks that are sent and received.

import type { Stats } from '../interfaces/stats-report';
import type { Peer } from '../jsep/peer';
import type { Transceiver } from '../jsep/transceiver';
import type { CodecStats, InboundStats, OutboundStats, StatsReport } from '../wire';
import { TRANSPORT } from './transport';

type Untimed = Omit<Stats, 'timestamp'>;

/** What the media engine of the page adds to the app's figures, if it does. */
type Decoded = Partial<
  Record<'framesDecoded' | 'framesEncoded' | 'frameWidth' | 'frameHeight' | 'framesPerSecond', number>
>;

const sourceId = (transceiver: Transceiver) => `S${transceiver.number}`;

export function mediaSources(peer: Peer): Untimed[] {
  return peer.transceivers.flatMap((transceiver) => {
    const { track } = transceiver.sender;
    if (!track) return [];
    const source = {
      id: sourceId(transceiver),
      type: 'media-source',
      kind: track.kind,
      trackIdentifier: track.id,
    };
    if (track.kind === 'audio') return [source];
    const { width, height, frameRate } = track.getSettings();
    return [{ ...source, width, height, framesPerSecond: frameRate }];
  });
}

export function streams(peer: Peer, figures: StatsReport | null): Untimed[] {
  if (!figures) return [];
  return [
    ...figures.inbound.flatMap((one) => inbound(peer, one)),
    ...figures.outbound.flatMap((one) => outbound(peer, one)),
  ];
}

function codec(way: 'I' | 'O', stats: CodecStats | undefined): Untimed[] {
  if (!stats) return [];
  return [{ id: `C${way}${stats.payloadType}`, type: 'codec', transportId: TRANSPORT, ...stats }];
}

function inbound(peer: Peer, figures: InboundStats): Untimed[] {
  const transceiver = peer.transceiverOf(figures.mid);
  if (!transceiver || transceiver.stopping || figures.ssrc === undefined) return [];
  const { mid, kind, ssrc, remote, playout, codec: used, keyFramesReceived, ...counted } = figures;
  const id = `I${mid}`;
  const remoteId = `RO${mid}`;
  const usedCodec = codec('I', used);
  const decoded = figures as InboundStats & Decoded;
  const stream = { kind, ssrc, transportId: TRANSPORT, codecId: usedCodec[0]?.id };
  const picture = {
    framesReceived: counted.framesReceived,
    framesDropped: counted.framesDropped,
    framesDecoded: decoded.framesDecoded ?? counted.framesReceived - counted.framesDropped,
    keyFramesDecoded: keyFramesReceived,
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

function outbound(peer: Peer, figures: OutboundStats): Untimed[] {
  const transceiver = peer.transceiverOf(figures.mid);
  if (!transceiver || transceiver.stopping || figures.ssrc === undefined) return [];
  const { mid, kind, ssrc, remote, codec: used, framesSent, keyFramesSent, ...counted } = figures;
  const id = `O${mid}`;
  const remoteId = `RI${mid}`;
  const usedCodec = codec('O', used);
  const encoded = figures as OutboundStats & Decoded;
  const stream = { kind, ssrc, transportId: TRANSPORT, codecId: usedCodec[0]?.id };
  const { firCount, pliCount, ...common } = counted;
  const picture = {
    firCount,
    pliCount,
    framesSent,
    framesEncoded: encoded.framesEncoded ?? framesSent,
    keyFramesEncoded: keyFramesSent,
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
