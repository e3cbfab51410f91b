import { beforeAll, describe, expect, test } from 'vitest';
import { effortFor } from '../call/effort';
import { PeerLink } from '../call/peer-link';
import type { Signal } from '../protocol/messages';
import type { EngineDouble } from './testing/engine-double';
import { TrackDouble } from './testing/media-double';
import { queueTask } from './webidl/tasks';
import { event, exchangeCandidates, installDouble, offerAndAnswer } from './testing/page';

let engine: EngineDouble;
beforeAll(() => void (engine = installDouble()));

const track = (kind: 'audio' | 'video') => new TrackDouble(kind) as unknown as MediaStreamTrack;

describe('a call', () => {
  test('is connected, and tracks of both sides arrive', async () => {
    const [one, other] = [new RTCPeerConnection(), new RTCPeerConnection()];
    exchangeCandidates(one, other);
    const stream = new MediaStream();
    for (const kind of ['audio', 'video'] as const) one.addTrack(track(kind), stream);
    const arrived: RTCTrackEvent[] = [];
    other.ontrack = (found) => arrived.push(found);
    const connected = event(one, 'connectionstatechange', () => one.connectionState === 'connected');
    await offerAndAnswer(one, other);
    await connected;
    expect(arrived.map(({ track: { kind }, streams }) => [kind, streams.map(({ id }) => id)])).toEqual([
      ['audio', [stream.id]],
      ['video', [stream.id]],
    ]);
    expect(one.getTransceivers().map(({ currentDirection }) => currentDirection)).toEqual([
      'sendonly',
      'sendonly',
    ]);
    expect(arrived.map(({ track: { muted } }) => muted)).toEqual([false, false]);
    const back = event<RTCTrackEvent>(one, 'track');
    other.addTrack(track('video'));
    await offerAndAnswer(other, one);
    expect((await back).streams).toEqual([]);
    expect(other.getTransceivers().map(({ currentDirection }) => currentDirection)).toEqual([
      'recvonly',
      'sendrecv',
    ]);
  });

  test('that is dropped says what the other side did', async () => {
    for (const [code, detail] of [
      ['hostile', 'dtls-failure'],
      ['no-keys', 'dtls-failure'],
      ['untrusted', 'fingerprint-failure'],
    ]) {
      const [one, other] = [new RTCPeerConnection(), new RTCPeerConnection()];
      exchangeCandidates(one, other);
      const connected = event(one, 'connectionstatechange', () => one.connectionState === 'connected');
      const sender = one.addTrack(track('audio'));
      await offerAndAnswer(one, other);
      await connected;
      const failed = event(one, 'connectionstatechange', () => one.connectionState === 'failed');
      const error = event<RTCErrorEvent>(sender.transport as RTCDtlsTransport, 'error');
      const ufrag = /a=ice-ufrag:(\S+)/u.exec(one.localDescription?.sdp ?? '')?.[1] ?? '';
      engine.reachable.get(ufrag)?.tell({ type: 'ended', code: code as string, message: 'Why.' });
      const { errorDetail, message } = (await error).error;
      expect([errorDetail, message]).toEqual([detail, 'Why.']);
      await failed;
    }
  });

  test('has data channels', async () => {
    const [one, other] = [new RTCPeerConnection(), new RTCPeerConnection()];
    exchangeCandidates(one, other);
    const channel = one.createDataChannel('files', { protocol: 'bytes' });
    const there = event<RTCDataChannelEvent>(other, 'datachannel');
    const open = event(channel, 'open');
    await offerAndAnswer(one, other);
    const { channel: theirs } = await there;
    await open;
    expect([theirs.label, theirs.protocol, theirs.id]).toEqual(['files', 'bytes', channel.id]);
    const message = event<MessageEvent>(channel, 'message');
    theirs.send('hello');
    expect((await message).data).toBe('hello');
    expect(() => theirs.send('')).toThrow(expect.objectContaining({ name: 'NotSupportedError' }));
    const closed = event(theirs, 'close');
    channel.close();
    await closed;
  });
});

test('the call code finds all that it relies on', async () => {
  const tracks = { audio: track('audio'), video: track('video') };
  const links: PeerLink[] = [];
  for (const index of [0, 1]) {
    const send = (signal: Signal) => queueTask(() => links[1 - index]?.receive(signal));
    const options = {
      polite: index === 0,
      offers: index === 0,
      iceServers: [],
      tracks,
      effort: effortFor(1),
      send,
    };
    links.push(new PeerLink(options));
  }
  const connected = (link: PeerLink) =>
    new Promise<void>((resolve) => link.media.subscribe((media) => media === 'connected' && resolve()));
  await Promise.all(links.map(connected));
  for (const { stream } of links) {
    expect(
      stream
        .get()
        ?.getTracks()
        .map(({ kind, muted }) => [kind, muted]),
    ).toEqual([
      ['audio', false],
      ['video', false],
    ]);
  }
  links[0]?.setTracks({ audio: null, video: tracks.video });
  links[1]?.setEffort(effortFor(8));
  links[0]?.restart();
  for (const link of links) link.end();
});
