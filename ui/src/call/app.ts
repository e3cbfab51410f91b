import type { MediaState, Welcome } from '../protocol/messages';
import type { Memory, OwnServer, Platform } from '../platform/platform';
import { AudioSink } from './audio-sink';
import { Call } from './call';
import { Devices } from './devices';
import { introduce } from './introduction';
import { LevelMeter } from './meter';
import { cleanName } from './names';
import { parseRoomInput } from './room-input';
import { Scope } from './scope';
import { sentence, type AnnouncementKey, type SentenceKey } from './sentences';
import type { Ending, Entrance } from './signaling';
import type { AppState, Device, LocalMedia, Sentence } from './state';
import { Store } from './store';
import { openWebSocket } from './transport';

/** How long a join waits for the answer to the question for the camera, in ms. Who gives none is not kept out. */
const DEVICE_PATIENCE_MS = 5000;

/** What a page that is loaded again has to know to take its seat again. */
interface Seat {
  room: string;
  token: string;
  role: Entrance['role'];
}

/** How a room is entered: what the person asked for. */
type Wish = Pick<Entrance, 'room' | 'role' | 'resume'> & {
  /** Where the room is if it is not here. */
  elsewhere?: string;
};

/** The whole page as a model: the lobby, then the call. Nothing here knows how it is shown. */
export class App {
  readonly state: Store<AppState>;
  /** The microphone's level in the lobby, 0 to 1. */
  readonly level: Store<number>;
  readonly sound: Store<'playing' | 'blocked'>;

  readonly #platform: Platform;
  readonly #nobody: string;
  readonly #scope = new Scope();
  readonly #devices: Devices;
  readonly #meter = new LevelMeter();
  readonly #sink = new AudioSink(this.#scope);
  #server: Promise<OwnServer | null> | null = null;
  #asked: Promise<void> = Promise.resolve();
  #call: Call | null = null;
  /** Counts entries and departures: what an entry still waits for is void once another began. */
  #entry = 0;

  /** `nobody`: the name of who types none. */
  constructor(platform: Platform, nobody: string) {
    this.#platform = platform;
    this.#nobody = nobody;
    this.#devices = new Devices(wantedDevices(platform.memory), navigator.mediaDevices, isSecureContext);
    this.level = this.#meter.level;
    this.sound = this.#sink.state;
    this.state = new Store<AppState>({
      stage: 'lobby',
      lobby: {
        name: platform.memory.readLasting('name') ?? '',
        room: platform.requestedRoom ?? '',
        canCreate: false,
        canCall: typeof RTCPeerConnection === 'function',
        canOpenBrowser: platform.openCall !== undefined,
        offerToCreate: false,
      },
      media: this.#devices.state.get(),
      call: null,
      problem: null,
      announcement: null,
    });
    this.#devices.state.subscribe((media) => this.#mediaChanged(media));
    this.state.subscribe((state) => this.#watchLevel(state));
  }

  /** Asks for the devices and the server; comes back to the call if this page was in one before it was loaded. */
  async start(): Promise<void> {
    const { canCall, canOpenBrowser } = this.state.get().lobby;
    if (!canCall && !canOpenBrowser) this.#problem('problem.no-webrtc');
    this.#platform.onOtherLink?.((room) => this.#makeWayFor(room));
    this.#asked = this.#devices.ask();
    this.#server = this.#introduce();
    const seat = this.#seat();
    if (seat) await this.#enter({ room: seat.room, role: seat.role, resume: seat.token });
    else await this.#server;
  }

  setName(text: string): void {
    this.#lobby({ name: text });
    this.#platform.memory.writeLasting('name', cleanName(text, ''));
  }

  setRoom(text: string): void {
    this.#lobby({ room: text, offerToCreate: false });
  }

  createRoom(): void {
    void this.#enter({ room: null, role: this.#role() });
  }

  join(): void {
    const input = parseRoomInput(this.state.get().lobby.room);
    if (input.kind === 'empty') return this.#problem('problem.room-missing');
    if (input.kind === 'invalid') return this.#problem('problem.link-invalid');
    const wish: Wish = { room: input.room, role: this.#role() };
    if (input.kind === 'link' && input.origin !== location.origin) {
      const elsewhere = `${input.origin}/#${input.room}`;
      if (!this.state.get().lobby.canCreate) return this.#goTo(elsewhere);
      // To the person at the host's machine their own invite leads elsewhere too: the room is looked for here first.
      wish.elsewhere = elsewhere;
    }
    void this.#enter(wish);
  }

  /** Leaves the room, or gives up on entering it. */
  leave(): void {
    const entered = this.state.get().call !== null;
    this.#endCall();
    this.#keepSeat(null);
    if (entered) this.#devices.release();
    this.#set({ stage: entered ? 'ended' : 'lobby', problem: null });
  }

  /** Leaves for another room, before the page goes. A link to the room that one is in keeps the seat. */
  async #makeWayFor(room: string | null): Promise<void> {
    const call = this.#call;
    if (!call || room === null || room === call.state.get()?.room) return;
    this.leave();
    await call.over;
  }

  /** Once more after the end: with the camera again, which had been let go. */
  backToLobby(): void {
    this.#set({ stage: 'lobby', problem: null });
    this.retryDevices();
  }

  toggleMicrophone(): void {
    this.#toggle('microphone', (on) => this.#devices.setMicrophone(on));
  }

  toggleCamera(): void {
    this.#toggle('camera', (on) => this.#devices.setCamera(on));
  }

  retryDevices(): void {
    this.#asked = this.#devices.ask();
  }

  /** Hands the call over to the default browser: of the room that is observed, or that was typed. */
  openInBrowser(): void {
    const room = this.state.get().call?.room;
    if (!room) return this.join();
    if (this.#platform.openCall) this.#handOver(this.#platform.openCall(room));
  }

  dismissProblem(): void {
    this.#set({ problem: null });
    this.#lobby({ offerToCreate: false });
  }

  /** From within a click: plays what the browser had refused to play. */
  playSound(): void {
    this.#sink.play();
  }

  /** In a webview without WebRTC the window observes, and a browser takes the seat. */
  #role(): Entrance['role'] {
    return this.state.get().lobby.canCall ? 'participant' : 'observer';
  }

  async #enter(wish: Wish): Promise<void> {
    const { canCall, canOpenBrowser, name } = this.state.get().lobby;
    if (!canCall && !canOpenBrowser) return this.#problem('problem.no-webrtc');
    const entry = this.#endCall();
    this.#set({ stage: 'joining', problem: null });
    this.#lobby({ offerToCreate: false });
    // Before the first RTCPeerConnection, which would otherwise bring up a question of its own (macOS).
    if (wish.role === 'participant') await Promise.race([this.#asked, waited(DEVICE_PATIENCE_MS)]);
    const server = await (this.#server ??= this.#introduce());
    if (entry !== this.#entry) return;
    if (!server) return this.#over({ reason: 'unreachable' }, wish);

    const { room, role, resume } = wish;
    const seat = resume ? { resume } : {};
    const call = new Call(
      server,
      { name: cleanName(name, this.#nobody), room, role, ...seat },
      this.#devices,
      this.#sink,
      {
        entered: (welcome) => this.#entered(welcome, wish),
        say: (key, values) => this.#say(key, values),
        over: (ending) => this.#over(ending, wish),
      },
    );
    this.#call = call;
    call.state.subscribe((state) => this.#call === call && this.#set({ call: state }));
  }

  #entered({ room, resume, role }: Welcome, wish: Wish): void {
    this.#keepSeat({ room, token: resume, role });
    if (this.state.get().stage !== 'joining') return;
    this.#set({ stage: role === 'observer' ? 'observing' : 'call' });
    if (role === 'participant') return;
    // The browser needs the camera, and here it has nothing to show any more.
    this.#devices.release();
    if (wish.room !== null && !wish.resume) this.openInBrowser();
  }

  #over(ending: Ending, wish: Wish): void {
    const entered = this.state.get().call !== null;
    const refusal = ending.reason === 'refused' ? ending.code : null;
    this.#endCall();
    this.#keepSeat(null);
    if (refusal === 'wrong-token') this.#forgetToken();
    if (!entered && refusal === 'unknown-room' && wish.elsewhere) {
      this.#set({ stage: 'lobby', problem: null });
      return this.#goTo(wish.elsewhere);
    }
    if (entered) this.#devices.release();
    this.#set({
      stage: entered ? 'ended' : 'lobby',
      problem: problemOf(ending, entered || wish.resume !== undefined),
    });
    this.#lobby({ offerToCreate: refusal === 'unknown-room' && this.state.get().lobby.canCreate });
  }

  /** Returns the number of the entry that may begin now. */
  #endCall(): number {
    this.#call?.leave();
    this.#call = null;
    this.#set({ call: null });
    this.#entry += 1;
    return this.#entry;
  }

  /** Learns what this page may do. Null: there is no server. */
  async #introduce(): Promise<OwnServer | null> {
    let server: OwnServer;
    try {
      server = await this.#platform.server();
    } catch {
      this.#server = null;
      this.#problem('problem.server-unreachable');
      return null;
    }
    if (!server.token && !server.code) return server;

    const introduction = await introduce(server, openWebSocket);
    const { url, token } = server;
    if (introduction === 'unreachable') {
      // Asked again with the next attempt; until then what the page was given counts.
      this.#server = null;
      this.#lobby({ canCreate: token !== undefined });
      this.#problem('problem.server-unreachable');
      return null;
    }
    if ('refused' in introduction) {
      if (introduction.refused === 'wrong-token') this.#platform.memory.writeForTab('token', null);
      this.#problem(`error.${introduction.refused}`);
      return { url };
    }
    this.#lobby({ canCreate: introduction.mayCreate });
    // For whoever measures how long that took (W3C User Timing).
    if (introduction.mayCreate) performance.mark('lobby-usable');
    if (introduction.token) this.#platform.memory.writeForTab('token', introduction.token);
    const known = introduction.token ?? token;
    return { url, ...(known ? { token: known } : {}) };
  }

  /** The server was started anew: this page is a guest until it is opened from the app again. */
  #forgetToken(): void {
    this.#platform.memory.writeForTab('token', null);
    this.#server = null;
    this.#lobby({ canCreate: false });
  }

  #seat(): Seat | null {
    const kept = this.#platform.memory.readForTab('resume');
    const requested = this.#platform.requestedRoom;
    if (kept === null) return null;
    try {
      const { room, token, role } = JSON.parse(kept) as Partial<Seat>;
      const whole =
        typeof room === 'string' &&
        typeof token === 'string' &&
        (role === 'participant' || role === 'observer');
      if (whole && (requested ?? room) === room) return { room, token, role };
      // A link to another room was opened in this tab.
      this.#keepSeat(null);
      return null;
    } catch {
      return null;
    }
  }

  #keepSeat(seat: Seat | null): void {
    this.#platform.memory.writeForTab('resume', seat && JSON.stringify(seat));
  }

  #goTo(link: string): void {
    this.#handOver(this.#platform.openLink(link));
  }

  #handOver(opening: Promise<void>): void {
    opening.catch(() => this.#problem('problem.browser-failed'));
  }

  #toggle(kind: 'microphone' | 'camera', turn: (on: boolean) => Promise<void>): void {
    const on = !seemsOn(this.state.get().media[kind]);
    this.#asked = turn(on).then(() => {
      const { problem } = this.state.get().media[kind];
      if (this.#devices.mediaState[kind] === on) this.#say(`say.${kind}-${on ? 'on' : 'off'}`);
      // The lobby says it beside the preview.
      else if (problem && this.state.get().stage === 'call') this.#problem(`device.${kind}.${problem}`);
    });
    this.#keepWanted();
  }

  /** What was said of a device is void once it works, is off or is tried again. */
  #mediaChanged(media: LocalMedia): void {
    const shown = this.state.get().problem?.key;
    const solved = (['microphone', 'camera'] as const).some(
      (kind) => media[kind].problem === null && shown?.startsWith(`device.${kind}.`),
    );
    this.#set(solved ? { media, problem: null } : { media });
  }

  /** Who was muted is still muted when the page is loaded again. */
  #keepWanted(): void {
    const { microphone, camera } = this.#devices.state.get();
    const wanted: MediaState = { microphone: microphone.on, camera: camera.on };
    this.#platform.memory.writeForTab('devices', JSON.stringify(wanted));
  }

  /** Shown in the lobby only: during a call it would cost a sound thread for nothing. */
  #watchLevel({ stage, media }: AppState): void {
    const shown = stage === 'lobby' && media.microphone.on;
    this.#meter.watch(shown ? this.#devices.tracks.get().audio : null);
  }

  #set(change: Partial<AppState>): void {
    this.state.update((state) => ({ ...state, ...change }));
  }

  #lobby(change: Partial<AppState['lobby']>): void {
    this.state.update((state) => ({ ...state, lobby: { ...state.lobby, ...change } }));
  }

  #problem(key: SentenceKey): void {
    this.#set({ problem: sentence(key) });
  }

  #say(key: AnnouncementKey, values?: Record<string, string>): void {
    const number = (this.state.get().announcement?.number ?? 0) + 1;
    this.#set({ announcement: { ...sentence(key, values), number } });
  }
}

/** What was on in this tab before it was loaded again; at first both are. */
function wantedDevices(memory: Memory): MediaState {
  try {
    const { microphone, camera } = JSON.parse(memory.readForTab('devices') ?? '{}') as Partial<MediaState>;
    return { microphone: microphone !== false, camera: camera !== false };
  } catch {
    return { microphone: true, camera: true };
  }
}

/** As a button shows it: on while the answer to the question for the device is awaited. */
function seemsOn(device: Device): boolean {
  return device.on && device.status !== 'missing';
}

/** `entered`: the person was in the room before. */
function problemOf(ending: Ending, entered: boolean): Sentence | null {
  switch (ending.reason) {
    case 'left':
      return null;
    case 'unreachable':
      return sentence('problem.server-unreachable');
    case 'ended':
      return sentence(ending.why === 'host-stopped' ? 'problem.host-stopped' : 'problem.room-ended');
    case 'refused':
      if (ending.code === 'unknown-room' && entered) return sentence('problem.room-ended');
      if (ending.code !== 'try-later') return sentence(`error.${ending.code}`);
      return sentence('error.try-later', { seconds: Math.ceil((ending.retryAfterMs ?? 1000) / 1000) });
  }
}

function waited(milliseconds: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, milliseconds));
}
