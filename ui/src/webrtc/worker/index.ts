// The worker beneath RTCPeerConnection: owns the WebSocket to the app, the encoders and the decoders.

import { FrameKind, MessageFlag, newFrame, setValue, type Header } from '../frame';
import { HEADER_BYTES, type AppMessage } from '../wire';
import { share } from './bit-budget';
import { takesTracks } from './frame-source';
import { IncomingPicture } from './incoming-picture';
import type { Figures, News, Order } from './orders';
import { OutgoingPicture } from './outgoing-picture';
import { AppSocket } from './socket';
import { SoundPorts } from './sound-ports';
import { SpareTracks } from './spare-tracks';

const outgoing = new Map<number, OutgoingPicture>();
const incoming = new Map<number, IncomingPicture>();
/** What each connection can carry, in bits per second. */
const estimates = new Map<number, number>();
/** What the app was told last. */
const wishes = new Map<number, number>();

const socket = new AppSocket({ said, binary, lost });
const sounds = new SoundPorts((frame) => socket.send(frame));
const spares = new SpareTracks((spare, track) => tell({ type: 'spare', spare, track }, [track]));

self.onmessage = ({ data: order }: MessageEvent<Order>) => obey(order);
tell({ type: 'ready', takesTracks: takesTracks() });

function tell(news: News, transfer: unknown[] = []): void {
  self.postMessage(news, { transfer: transfer as Transferable[] });
}

function obey(order: Order): void {
  switch (order.type) {
    case 'begin':
      return socket.forget();
    case 'connect':
      return socket.connect(order.url, order.token);
    case 'say':
      if (order.message.type === 'close') forget(order.message.connection);
      return socket.say(order.message);
    case 'message':
      return sendMessage(order.connection, order.channel, order.data);
    case 'picture':
      return begin(order.stream, order.track, order.source);
    case 'frame':
      return picture(order.stream).take(order.frame);
    case 'dark':
      return picture(order.stream).setDark(order.dark);
    case 'encoding':
      return picture(order.stream).setEncoding(order.encoding);
    case 'send-on':
      return picture(order.stream).sendOn(order.line);
    case 'end-picture':
      outgoing.get(order.stream)?.end();
      outgoing.delete(order.stream);
      return shareBits();
    case 'incoming':
      return void incoming.set(order.stream, newIncoming(order.stream, order.spare));
    case 'receive-on':
      sounds.receive(order.stream, order.line !== null);
      return incoming.get(order.stream)?.receiveOn(order.line);
    case 'end-incoming':
      incoming.get(order.stream)?.end();
      return void incoming.delete(order.stream);
    case 'sound':
      return sounds.open(order.stream, order.port);
    case 'end-sound':
      return sounds.close(order.stream);
    case 'figures':
      return tell({ type: 'figures', request: order.request, figures: figures() });
  }
}

function picture(stream: number): OutgoingPicture {
  let found = outgoing.get(stream);
  if (!found) {
    found = new OutgoingPicture(stream, {
      congested: () => socket.congested,
      send: (frame) => socket.send(frame),
      askForFrame: () => tell({ type: 'frame-wanted', stream }),
      wishChanged: shareBits,
    });
    outgoing.set(stream, found);
  }
  return found;
}

/** The source's last frame is taken from another who has it. */
function begin(stream: number, track: MediaStreamTrack | null, source: string | null): void {
  const same = [...outgoing.values()].find((one) => source !== null && one.source === source && one.showed);
  picture(stream).setTrack(track, source, same?.frame());
}

function newIncoming(stream: number, spare: number | null): IncomingPicture {
  const way = spare === null ? null : spares.use(spare);
  return new IncomingPicture({
    show: async (frame) => (way ? way.writer.write(frame) : tell({ type: 'shown', stream, frame }, [frame])),
    arrived: () => tell({ type: 'arrived', stream }),
    askForKeyFrame: (line) => socket.say({ type: 'key-frame', ...line }),
  });
}

function said(message: AppMessage): void {
  switch (message.type) {
    case 'key-frame-wanted':
      for (const each of outgoing.values()) {
        const { connection, mid } = each.line ?? {};
        if (connection === message.connection && mid === message.mid) each.wantKeyFrame();
      }
      return;
    case 'bitrate':
      estimates.set(message.connection, message.bps);
      return shareBits();
    case 'ended':
      forget(message.connection);
      return tell({ type: 'said', message });
    default:
      return tell({ type: 'said', message });
  }
}

/** With the way to the app all connections are gone. */
function lost(): void {
  estimates.clear();
  wishes.clear();
  tell({ type: 'lost' });
}

function binary(header: Header, frame: ArrayBuffer): void {
  switch (header.kind) {
    case FrameKind.picture:
      return incoming.get(header.stream)?.take(header, frame);
    case FrameKind.sound:
      if (sounds.play(header, frame)) tell({ type: 'arrived', stream: header.stream });
      return;
    case FrameKind.message: {
      const payload = new Uint8Array(frame, HEADER_BYTES);
      const isBinary = (header.flags & MessageFlag.binary) !== 0;
      const data = isBinary ? frame.slice(HEADER_BYTES) : new TextDecoder().decode(payload);
      return tell({ type: 'message', connection: header.value, channel: header.stream, data });
    }
  }
}

function sendMessage(connection: number, channel: number, data: string | ArrayBuffer): void {
  const isText = typeof data === 'string';
  const bytes = isText ? new TextEncoder().encode(data) : new Uint8Array(data);
  const frame = newFrame(
    { kind: FrameKind.message, flags: isText ? 0 : MessageFlag.binary, stream: channel },
    bytes.length,
  );
  setValue(frame, connection);
  new Uint8Array(frame, HEADER_BYTES).set(bytes);
  socket.send(frame);
}

function forget(connection: number): void {
  estimates.delete(connection);
  wishes.delete(connection);
}

/** Gives each picture its part of what its connection can carry, and tells the app what all could use. */
function shareBits(): void {
  const connections = new Map<number, OutgoingPicture[]>();
  for (const each of outgoing.values()) {
    if (!each.line) continue;
    const { connection } = each.line;
    connections.set(connection, [...(connections.get(connection) ?? []), each]);
  }
  for (const [connection, pictures] of connections) {
    const wanted = pictures.map(({ wish }) => wish);
    const shares = share(estimates.get(connection) ?? null, wanted);
    pictures.forEach((each, index) => each.setBitrate(shares[index] ?? 0));
    const bps = Math.round(wanted.reduce((sum, wish) => sum + wish, 0));
    if (wishes.get(connection) === bps) continue;
    wishes.set(connection, bps);
    socket.say({ type: 'wanted-bitrate', connection, bps });
  }
}

function figures(): Figures {
  const of = (pictures: Iterable<OutgoingPicture | IncomingPicture>) =>
    [...pictures].flatMap((each) =>
      each.line ? [{ connection: each.line.connection, mid: each.line.mid, ...each.figures() }] : [],
    );
  return { sent: of(outgoing.values()), received: of(incoming.values()) };
}
