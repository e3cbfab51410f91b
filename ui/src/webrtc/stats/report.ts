// The W3C shape of the engine's figures (W3C webrtc-stats). Ids are made of what they belong to, so that they stay
// the same from one report to the next.

import type { EngineStats } from '../engine';
import { RTCStatsReport, type Stats } from '../interfaces/stats-report';
import type { Peer } from '../jsep/peer';
import type { Receiver } from '../jsep/receiver';
import type { Sender } from '../jsep/sender';
import type { Transceiver } from '../jsep/transceiver';
import { make } from '../webidl/interface';
import type { StatsReport } from '../wire';
import { mediaSources, ssrcsOf, streams } from './media';
import { PEER_CONNECTION, transports } from './transport';

/** The ids of one report are members that end so. */
const REFERENCE = /(?:^id|Id)$/u;

/** `transceivers`: those that were not stopped when the figures were asked for. `of`: only what belongs to it, and what that refers to. */
export function reportOf(
  peer: Peer,
  transceivers: Transceiver[],
  engine: EngineStats | null,
  of: { sender?: Sender; receiver?: Receiver },
): RTCStatsReport {
  const figures = figuresOf(engine);
  const timestamp = engine?.timestamp ?? performance.timeOrigin + performance.now();
  const { opened, closedCount } = peer.channels;
  const all: Omit<Stats, 'timestamp'>[] = [
    {
      id: PEER_CONNECTION,
      type: 'peer-connection',
      dataChannelsOpened: opened,
      dataChannelsClosed: closedCount,
    },
    ...transports(peer, figures),
    ...channels(peer),
    ...mediaSources(peer, figures),
    ...streams(peer, transceivers, figures),
  ];
  const stats = new Map<string, Stats>();
  for (const one of all) stats.set(one.id as string, clean({ timestamp, ...one } as Stats));
  return make(RTCStatsReport, selected(stats, of));
}

/** Where what arrives on the line of this transceiver comes from; null: nothing does. */
export function sourceOf(
  peer: Peer,
  { mid }: Transceiver,
  engine: EngineStats | null,
): RTCRtpSynchronizationSource | null {
  const inbound = figuresOf(engine)?.inbound.find((one) => one.mid === mid);
  const { ssrc } = mid === null ? {} : ssrcsOf(peer.descriptions.currentRemote, mid);
  if (!inbound?.delivered || ssrc === undefined) return null;
  const level = inbound.playout ? { audioLevel: inbound.playout.audioLevel } : {};
  return { ...inbound.delivered, source: ssrc, ...level };
}

/** What an engine that cannot be reached does not tell is null. */
function figuresOf(engine: EngineStats | null): StatsReport | null {
  return engine && 'transport' in engine ? (engine as unknown as StatsReport) : null;
}

function channels(peer: Peer): Omit<Stats, 'timestamp'>[] {
  return [...peer.channels.all].map((channel) => ({
    id: `D${channel.number}`,
    type: 'data-channel',
    label: channel.init.label,
    protocol: channel.init.protocol,
    dataChannelIdentifier: channel.id ?? undefined,
    state: channel.readyState,
    messagesSent: channel.messagesSent,
    bytesSent: channel.bytesSent,
    messagesReceived: channel.messagesReceived,
    bytesReceived: channel.bytesReceived,
  }));
}

/** What is not known is left out. */
function clean(stats: Stats): Stats {
  return Object.fromEntries(Object.entries(stats).filter(([, value]) => value !== undefined)) as Stats;
}

function selected(
  stats: Map<string, Stats>,
  { sender, receiver }: { sender?: Sender; receiver?: Receiver },
): Map<string, Stats> {
  if (!sender && !receiver) return stats;
  const mid = sender ? sender.mid : (receiver?.mid ?? null);
  const type = sender ? 'outbound-rtp' : 'inbound-rtp';
  const wanted = [...stats.values()].filter((one) => one.type === type && mid !== null && one.mid === mid);
  const found = new Map<string, Stats>();
  for (let next = wanted.pop(); next; next = wanted.pop()) {
    if (found.has(next.id)) continue;
    found.set(next.id, next);
    for (const [name, value] of Object.entries(next)) {
      const referred = REFERENCE.test(name) ? stats.get(`${value as string}`) : undefined;
      if (referred) wanted.push(referred);
    }
  }
  return found;
}
