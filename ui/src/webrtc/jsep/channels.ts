// The data channels of a connection (W3C webrtc-pc, section 6.1).

import type { ChannelOptions, ConnectionEvent } from '../engine';
import { RTCDataChannelEvent } from '../interfaces/events';
import { closedError, operationError } from '../webidl/errors';
import { Channel, type ChannelInit } from './channel';
import type { Peer } from './peer';

/** Label and protocol: what the opening message has room for (RFC 8832, section 5.1). */
const MAX_TEXT_BYTES = 65_535;
/** The number 65535 is reserved (RFC 8831, section 6.6). */
const MAX_ID = 65_534;

export class Channels {
  readonly #all = new Set<Channel>();
  readonly #peer: Peer;
  /** Once there was one there is a line for channels. */
  hadAny = false;
  opened = 0;
  closedCount = 0;

  constructor(peer: Peer) {
    this.#peer = peer;
  }

  get all(): Iterable<Channel> {
    return this.#all;
  }

  create(init: ChannelInit): Channel {
    if (this.#peer.closed) throw closedError();
    checkLimits(init);
    const id = init.negotiated ? init.id : null;
    if (id !== null && [...this.#all].some((channel) => channel.id === id)) {
      throw operationError('This id is in use');
    }
    const channel = new Channel(this.#peer, { ...init, id });
    this.#all.add(channel);
    channel.attach((handle) => this.#peer.connection.openChannel(optionsOf(init), handle));
    const first = !this.hadAny;
    this.hadAny = true;
    this.#number();
    if (first) this.#peer.negotiation.update();
    return channel;
  }

  /** The other side has opened one. */
  arrived({
    channel: engineChannel,
    options,
    id,
    listen,
  }: Extract<ConnectionEvent, { type: 'channel' }>): void {
    const { label, protocol, ordered, maxPacketLifeTime = null, maxRetransmits = null } = options;
    const init = { label, protocol, ordered, maxPacketLifeTime, maxRetransmits, negotiated: false, id };
    const channel = new Channel(this.#peer, init);
    channel.attach((handle) => {
      listen(handle);
      return engineChannel;
    });
    this.#peer.soon(() => {
      this.#all.add(channel);
      this.hadAny = true;
      channel.readyState = 'open';
      this.countOpened();
      this.#peer.dispatch(new RTCDataChannelEvent('datachannel', { channel: channel.facade }));
      this.#peer.soon(() => channel.announceOpen());
    });
  }

  countOpened(): void {
    this.opened += 1;
    this.#peer.transport.sctp?.become('connected');
  }

  forget(channel: Channel): void {
    if (this.#all.delete(channel)) this.closedCount += 1;
  }

  /** The numbers that the app will give once it opens them: the lowest free ones, even for the DTLS client. */
  #number(): void {
    const { dtlsRole, sctp } = this.#peer.transport;
    if (dtlsRole === 'unknown' || !sctp) return;
    const used = new Set([...this.#all].map(({ id }) => id));
    let id = dtlsRole === 'client' ? 0 : 1;
    for (const channel of this.#all) {
      if (channel.id !== null) continue;
      while (used.has(id)) id += 2;
      channel.id = id;
      used.add(id);
    }
  }

  /** Both sides may have agreed that there are to be no channels. */
  applied(): void {
    if (this.#peer.signalingState === 'stable') this.#number();
    const data = this.#peer.descriptions.currentRemote?.sdp.sections.find(({ isData }) => isData);
    if (this.#peer.signalingState === 'stable' && data?.isRejected)
      this.fail('The other side takes no channels');
  }

  fail(message: string): void {
    for (const channel of [...this.#all]) channel.fail(message);
  }

  /** Without events: the page has closed the connection and knows. */
  close(): void {
    for (const channel of this.#all) channel.readyState = 'closed';
  }
}

function checkLimits({
  label,
  protocol,
  maxPacketLifeTime,
  maxRetransmits,
  negotiated,
  id,
}: ChannelInit): void {
  const bytes = (text: string) => new TextEncoder().encode(text).length;
  if (bytes(label) > MAX_TEXT_BYTES) throw new TypeError('The label is too long');
  if (bytes(protocol) > MAX_TEXT_BYTES) throw new TypeError('The protocol is too long');
  if (maxPacketLifeTime !== null && maxRetransmits !== null) {
    throw new TypeError('maxPacketLifeTime and maxRetransmits exclude each other');
  }
  if (negotiated && id === null) throw new TypeError('A negotiated channel needs an id');
  if (negotiated && id !== null && id > MAX_ID) throw new TypeError('The id is too large');
}

function optionsOf(init: ChannelInit): ChannelOptions {
  const { label, protocol, ordered, maxPacketLifeTime, maxRetransmits, negotiated, id } = init;
  return {
    label,
    protocol,
    ordered,
    ...(maxPacketLifeTime === null ? {} : { maxPacketLifeTime }),
    ...(maxRetransmits === null ? {} : { maxRetransmits }),
    ...(negotiated && id !== null ? { negotiated: id } : {}),
  };
}
