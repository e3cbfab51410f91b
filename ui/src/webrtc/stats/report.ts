// The W3C shape of the engine's figures (W3C webrtc-stats).

import type { EngineStats } from '../engine';
import { RTCStatsReport, type Stats } from '../interfaces/stats-report';
import type { Peer } from '../jsep/peer';
import type { Receiver } from '../jsep/receiver';
import type { Sender } from '../jsep/sender';
import { make } from '../webidl/interface';

export function reportOf(
  peer: Peer,
  engine: EngineStats | null,
  of: { sender?: Sender; receiver?: Receiver },
): RTCStatsReport {
  void of;
  const timestamp = engine?.timestamp ?? Date.now();
  const { channels } = peer;
  const stats: Stats[] = [
    {
      id: 'P',
      type: 'peer-connection',
      timestamp,
      dataChannelsOpened: channels.opened,
      dataChannelsClosed: channels.closedCount,
    },
  ];
  return make(RTCStatsReport, new Map(stats.map((one) => [one.id, one])));
}
