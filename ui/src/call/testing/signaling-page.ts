import type { Scope } from '../scope';
import { Signaling, type Ending, type Entrance, type RoomMessage } from '../signaling';
import type { OpenTransport } from '../transport';
import { scriptedServer, welcomeTo } from './scripted-server';

const SERVER = { url: 'ws://127.0.0.1:1/ws', token: 'token' };
export const ENTRANCE: Entrance = {
  room: '482193775',
  name: 'Ada',
  role: 'participant',
  capabilities: ['audio', 'video'],
  state: () => ({ microphone: true, camera: false }),
};

/** Begins to enter; says what the page hears of it. */
export function enter(open: OpenTransport, entrance = ENTRANCE, random = () => 0) {
  const seen = {
    messages: [] as RoomMessage[],
    links: [] as string[],
    welcomes: [] as boolean[],
    ids: [] as number[],
    overs: [] as Ending[],
  };
  let wake = () => {};
  const signaling = new Signaling(
    SERVER,
    entrance,
    {
      welcome: ({ continued, you }) => {
        seen.welcomes.push(continued);
        seen.ids.push(you);
      },
      message: (message) => seen.messages.push(message),
      link: (state) => seen.links.push(state),
      over: (ending) => seen.overs.push(ending),
    },
    { open, random, onWake: (_scope: Scope, run: () => void) => void (wake = run) },
  );
  return { ...seen, signaling, wake: () => wake() };
}

/** In the room over a first connection. */
export function entered() {
  const server = scriptedServer();
  const page = enter(server.open);
  server.last().events.opened();
  server.last().say({ type: 'hello', version: 1, mayCreate: true });
  server.last().say(welcomeTo());
  return { server, ...page };
}
