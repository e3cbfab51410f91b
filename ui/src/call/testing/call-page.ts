import { vi } from 'vitest';
import type { Participant, ServerMessage, Signal, Welcome } from '../../protocol/messages';
import type { AudioSink } from '../audio-sink';
import { Call, type Entry } from '../call';
import { Devices, type MediaSource } from '../devices';
import type { Ending } from '../signaling';
import { FakeConnection } from './fake-connection';
import { ScreenShare, type ScreenSource } from '../share';
import { FakeMediaSource, FakeScreen, FakeStream } from './fake-media';
import { scriptedServer, welcomeTo } from './scripted-server';

/** Puts fakes where the call looks; returns the connections that it makes from now on. */
export function fakeRtc(): FakeConnection[] {
  const connections: FakeConnection[] = [];
  vi.stubGlobal('navigator', {});
  vi.stubGlobal('MediaStream', FakeStream);
  vi.stubGlobal('RTCPeerConnection', function (configuration: RTCConfiguration) {
    const connection = new FakeConnection(undefined, configuration);
    connections.push(connection);
    return connection;
  });
  return connections;
}

export const OFFER: Signal = {
  description: { type: 'offer', sdp: '{"id":1000,"kinds":["audio","video"],"restart":false}' },
};

/** Somebody with a seat. */
export function someone(id: number, change: Partial<Participant> = {}): Participant {
  return {
    id,
    session: 1,
    name: `P${id}`,
    capabilities: [],
    state: { microphone: true, camera: true },
    presence: 'here',
    ...change,
  };
}

/** A call in this room, as its page and its server see it. With `token` the page is no guest. */
export async function enter(welcome: Partial<Welcome>, token?: string) {
  const page = await entering({ role: welcome.role ?? 'participant' }, token);
  page.server.last().events.opened();
  page.server.last().say(welcomeTo(welcome));
  await vi.advanceTimersByTimeAsync(100);
  return page;
}

/** On the way into it. */
export async function entering(entry: Partial<Entry>, token?: string) {
  const server = scriptedServer();
  const heard: string[] = [];
  const overs: Ending[] = [];
  const devices = new Devices(
    { microphone: true, camera: true },
    new FakeMediaSource('granted', 'NotFoundError') as unknown as MediaSource,
    true,
  );
  await devices.ask();
  const screen = new FakeScreen();
  const share = new ScreenShare(screen as unknown as ScreenSource, {
    say: (key) => heard.push(key),
    problem: (key) => heard.push(key),
  });
  const sink = { set: () => {}, remove: () => {} } as unknown as AudioSink;
  const call = new Call(
    { url: 'ws://127.0.0.1:1/ws', ...(token && { token }) },
    { room: '482193775', name: 'Ada', role: 'participant', own: false, ...entry },
    devices,
    share,
    sink,
    {
      entered: () => {},
      say: (key, values) => heard.push(values ? `${key} ${values.name}` : key),
      over: (ending) => overs.push(ending),
    },
    { open: server.open, random: () => 0, onWake: () => {} },
  );
  let seq = 0;
  return {
    call,
    devices,
    screen,
    share,
    heard,
    overs,
    server,
    hears: (message: ServerMessage) => server.last().say(message, ++seq),
    tiles: () => call.state.get()?.tiles.map(({ id, name, presence }) => `${id} ${name} ${presence}`),
    signals: () =>
      server
        .last()
        .said('signal')
        .map(({ to, session, signal }) => [to, session, Object.keys(signal)[0]]),
  };
}
