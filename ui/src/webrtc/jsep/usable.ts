// What a description of the other side must keep to before the engine is asked (RFC 8829, sections 5.8 and 5.11).

import type { Sdp } from '../sdp/sdp';
import { intersection, reversed, type Section } from '../sdp/section';
import { invalidAccess, operationError } from '../webidl/errors';

const UFRAG = /^[A-Za-z0-9+/]{1,256}$/u;
/** Payload types that cannot be told from RTCP once the two share a port (RFC 5761, section 4). */
const RTCP_RANGE = { from: 64, to: 95 };

export function checkUsable(sdp: Sdp): void {
  const mids = sdp.sections.map(({ mid }) => mid).filter((mid) => mid !== null);
  if (new Set(mids).size < mids.length) throw invalidAccess('Two lines have the same mid');
  if (!sdp.bundled.every((mid) => mids.includes(mid)))
    throw invalidAccess('The bundle names a line that is none');
  // One and the same track on two lines (RFC 8830, section 2).
  const tracks = sdp.sections.flatMap((section) => [...new Set(section.values('msid'))]);
  if (new Set(tracks).size < tracks.length) throw operationError('Two lines have the same msid');
  for (const section of sdp.sections) if (!section.isRejected) checkSection(section);
}

function checkSection(section: Section): void {
  const { ufrag = 'none', pwd = 'none', isMedia, formats } = section;
  if (!UFRAG.test(ufrag) || !UFRAG.test(pwd)) throw invalidAccess('The ICE credentials are malformed');
  if (!isMedia) return;
  // Lines that are only bundled leave the transport to the first (RFC 8829, section 5.2.1).
  if (!section.has('rtcp-mux') && !section.has('bundle-only'))
    throw invalidAccess('RTCP does not share the port');
  const clashes = formats.some(
    (format) => Number(format) >= RTCP_RANGE.from && Number(format) <= RTCP_RANGE.to,
  );
  if (clashes) throw invalidAccess('A payload type cannot be told from RTCP');
}

/** `offered`: the lines that the answer is for. */
export function checkAnswer(answer: Sdp, offered: Section[]): void {
  if (offered.length !== answer.sections.length)
    throw invalidAccess('The answer has another number of lines');
  answer.sections.forEach((section, index) => {
    const offer = offered[index];
    const { kind, mid, direction } = section;
    if (!offer || kind !== offer.kind || (mid !== null && mid !== offer.mid)) {
      throw invalidAccess('The lines of the answer are not those of the offer');
    }
    const allowed = intersection(direction, reversed(offer.direction));
    if (section.isMedia && !section.isRejected && allowed !== direction) {
      throw invalidAccess('A line of the answer goes where the offer does not allow');
    }
  });
}
