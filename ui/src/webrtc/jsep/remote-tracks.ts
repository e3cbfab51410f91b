// What a description changes in the tracks and streams that come from the other side, and the events that tell
// (W3C webrtc-pc, section 5.1.1).

import { RTCTrackEvent } from '../interfaces/events';
import type { Peer } from './peer';
import type { Receiver } from './receiver';
import { receives } from '../sdp/section';
import type { Transceiver } from './transceiver';

interface Change {
  stream: MediaStream;
  track: MediaStreamTrack;
}

/** Gathers the changes while a description is applied; nothing is told before all of it is. */
export class RemoteTracks {
  readonly #peer: Peer;
  readonly #added: Change[] = [];
  readonly #removed: Change[] = [];
  readonly #begun: Transceiver[] = [];
  readonly #ended: Transceiver[] = [];

  constructor(peer: Peer) {
    this.#peer = peer;
  }

  /** The other side sends on this line, in these streams. */
  begin(transceiver: Transceiver, streams: string[], alreadyTold: boolean): void {
    const before = this.#added.length;
    this.setStreams(
      transceiver.receiver,
      streams.map((id) => this.#peer.remoteStream(id)),
    );
    if (this.#added.length > before || !alreadyTold) this.#begun.push(transceiver);
  }

  /** The other side no longer sends on this line. */
  end(transceiver: Transceiver): void {
    this.setStreams(transceiver.receiver, []);
    this.#ended.push(transceiver);
  }

  /** A description was taken back: the track is in these streams again, and may be received again. */
  restore(transceiver: Transceiver, streams: MediaStream[], received: boolean): void {
    const before = this.#added.length;
    this.setStreams(transceiver.receiver, streams);
    const again = received && !receives(transceiver.firedDirection);
    if (this.#added.length > before || again) this.#begun.push(transceiver);
  }

  setStreams(receiver: Receiver, streams: MediaStream[]): void {
    const { track } = receiver;
    const gone = receiver.streams.filter((stream) => !streams.includes(stream));
    const fresh = streams.filter((stream) => !receiver.streams.includes(stream));
    this.#removed.push(...gone.map((stream) => ({ stream, track })));
    this.#added.push(...fresh.map((stream) => ({ stream, track })));
    receiver.streams = streams;
  }

  tell(): void {
    for (const transceiver of this.#ended) transceiver.stopReceiving();
    for (const { stream, track } of this.#removed) {
      if (!stream.getTracks().includes(track)) continue;
      stream.removeTrack(track);
      stream.dispatchEvent(trackEvent('removetrack', track));
    }
    for (const { stream, track } of this.#added) {
      if (stream.getTracks().includes(track)) continue;
      stream.addTrack(track);
      stream.dispatchEvent(trackEvent('addtrack', track));
    }
    for (const { facade, receiver } of this.#begun) {
      const { track, streams } = receiver;
      this.#peer.dispatch(
        new RTCTrackEvent('track', { receiver: receiver.facade, track, streams, transceiver: facade }),
      );
    }
  }
}

function trackEvent(type: string, track: MediaStreamTrack): Event {
  if (typeof MediaStreamTrackEvent === 'function') return new MediaStreamTrackEvent(type, { track });
  return Object.assign(new Event(type), { track });
}
