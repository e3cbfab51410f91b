// What the engine is asked for, and what the descriptions that it makes still lack: it does not know directions as
// the page sees them, nor all streams of a track, nor preferred codecs.

import type { AnswerLine, NewLine, OfferWish } from '../engine';
import { Sdp } from '../sdp/sdp';
import { intersection, reversed, sends, type Direction, type Section } from '../sdp/section';
import { applyPreferences } from './codecs';
import type { Peer } from './peer';
import type { Transceiver } from './transceiver';

/** For tracks that belong to no stream (RFC 8830). */
const NO_STREAM = '-';

const FINGERPRINT = 'a=fingerprint:';

export interface OfferPlan {
  wish: OfferWish;
  /** Whose lines `wish.media` are. */
  fresh: Transceiver[];
  /** Changes with whatever would change the offer. */
  key: string;
}

export function planOffer(peer: Peer, restart: boolean): OfferPlan {
  const fresh = peer.transceivers.filter(({ committed, stopping }) => !committed && !stopping);
  const old = peer.transceivers.filter(({ committed }) => committed);
  const wish: OfferWish = {
    media: fresh.map(({ kind, direction, sender }) => ({ kind, direction, ...identity(sender) })),
    directions: old.flatMap(({ mid, direction, stopping }) =>
      mid === null || stopping ? [] : [{ mid, direction }],
    ),
    stopped: old.flatMap(({ mid, stopping }) => (stopping && mid !== null ? [mid] : [])),
    dataChannels: peer.channels.hadAny || peer.hasDataLine,
    iceRestart: restart,
  };
  return { wish, fresh, key: JSON.stringify([wish, peer.transceivers.map(signature)]) };
}

export interface AnswerPlan {
  lines: AnswerLine[];
  key: string;
}

export function planAnswer(peer: Peer, offer: Sdp): AnswerPlan {
  const lines = offer.sections.flatMap((section) => {
    const transceiver = peer.transceiverOf(section.mid);
    if (!transceiver || section.isRejected || section.mid === null) return [];
    const direction = answered(transceiver, section);
    return [{ mid: section.mid, direction, ...identity(transceiver.sender) }];
  });
  return { lines, key: JSON.stringify([lines, peer.transceivers.map(signature)]) };
}

function answered({ direction, stopping }: Transceiver, offered: Section): Direction {
  return stopping ? 'inactive' : intersection(direction, reversed(offered.direction));
}

function identity({
  streamIds,
  trackId,
}: Transceiver['sender']): Required<Pick<NewLine, 'stream' | 'track'>> {
  return { stream: streamIds[0] ?? NO_STREAM, track: trackId };
}

const signature = ({ number, direction, stopping, sender, preferences }: Transceiver) => [
  number,
  direction,
  stopping,
  sender.streamIds,
  preferences,
];

/** The engine's offer, as it is to be given to the page. `lines`: whose line is which. */
export function completeOffer(text: string, lines: Map<string, Transceiver>, peer: Peer): string {
  const sdp = Sdp.parse(text);
  for (const section of sdp.sections) {
    const transceiver = lines.get(section.mid ?? '');
    if (!transceiver || section.isRejected) continue;
    complete(section, transceiver, transceiver.stopping ? 'inactive' : transceiver.direction);
  }
  return finish(sdp, peer);
}

/** The engine's answer to this offer, as it is to be given to the page. */
export function completeAnswer(text: string, offer: Sdp, peer: Peer): string {
  const sdp = Sdp.parse(text);
  offer.sections.forEach((offered, index) => {
    const section = sdp.sections[index]?.as(offered);
    if (!section) return;
    sdp.sections[index] = section;
    const transceiver = peer.transceiverOf(section.mid);
    if (transceiver && !section.isRejected) complete(section, transceiver, answered(transceiver, offered));
  });
  // What the engine was told is no part of the offer (RFC 9143, section 7.3).
  return finish(offer.bundledIfAlone() === offer ? sdp : sdp.withoutBundle(), peer);
}

function complete(section: Section, transceiver: Transceiver, direction: Direction): void {
  section.setDirection(direction);
  const { streamIds, trackId } = transceiver.sender;
  const streams = streamIds.length > 0 ? streamIds : [NO_STREAM];
  const told = streams.map((stream) => `a=msid:${stream} ${trackId}`);
  // By what is wished, not by what was agreed: else the wish counts as not told, and is told again for ever.
  const wished = transceiver.stopping ? 'inactive' : transceiver.direction;
  section.replace((line) => line.startsWith('a=msid:'), sends(wished) ? told : []);
  // Says the same once more, in a form that is older than several streams a track.
  section.replace((line) => /^a=ssrc:\d+ msid:/u.test(line), []);
  applyPreferences(section, transceiver.preferences);
}

/** What holds for the whole description; the engine leaves out candidates, also those told before. */
function finish(sdp: Sdp, peer: Peer): string {
  const at = sdp.head.findIndex((line) => line.startsWith('a=msid-semantic:'));
  if (at >= 0) sdp.head[at] = 'a=msid-semantic: WMS *';
  if (!sdp.trickles) sdp.head.push('a=ice-options:trickle');
  // Whoever reads it may meet any of them (RFC 8829, section 5.2.1), though the connection shows the first only.
  const others = peer.configuration.certificates.slice(1);
  for (const section of sdp.sections) {
    const [own] = section.values('fingerprint');
    const named = [own, ...others.map(({ fingerprint }) => `sha-256 ${fingerprint}`)];
    if (own !== undefined)
      section.replace(
        (line) => line.startsWith(FINGERPRINT),
        named.map((one) => `${FINGERPRINT}${one}`),
      );
  }
  const first = sdp.sections.find(({ isRejected }) => !isRejected);
  first?.lines.push(...peer.transport.candidatesOf(first.ufrag));
  return sdp.toString();
}
