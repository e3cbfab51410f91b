// `offerToReceiveAudio` and `offerToReceiveVideo` (W3C webrtc-pc, section 4.4.3.2).

import { receives, sends, type Direction } from '../sdp/section';
import { member, toBoolean, type Dictionary } from '../webidl/convert';
import type { Peer } from './peer';

export function offerToReceive(peer: Peer, options: Dictionary): void {
  const wishes = [
    ['audio', member(options, 'offerToReceiveAudio', toBoolean)],
    ['video', member(options, 'offerToReceiveVideo', toBoolean)],
  ] as const;
  for (const [kind, wish] of wishes) {
    const present = peer.transceivers.filter((one) => one.kind === kind && !one.stopping);
    const receiving = present.filter(({ direction }) => receives(direction));
    if (wish === false) {
      for (const one of receiving) one.setDirection(sends(one.direction) ? 'sendonly' : 'inactive');
    } else if (wish === true && receiving.length === 0) {
      const sending = present.find(({ direction }) => sends(direction));
      const [first] = present;
      const direction: Direction = sending ? 'sendrecv' : 'recvonly';
      if (sending ?? first) (sending ?? first)?.setDirection(direction);
      else peer.addTransceiver(kind, 'recvonly', false);
      peer.negotiation.update();
    }
  }
}
