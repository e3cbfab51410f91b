import type { Welcome } from '../protocol/messages';
import type { Notice, OwnServer, Platform } from '../platform/platform';
import { AudioSink } from './audio-sink';
import { Call, type Entry } from './call';
import { Desk } from './desk';
import { destinationOf } from './destination';
import type { DeviceLists } from './device-list';
import { problemOf } from './ending';
import { Equipment } from './equipment';
import { InCall } from './in-call';
import { LayoutChoices } from './layout/choices';
import { cleanName } from './names';
import { OwnServerAccess } from './own-server';
import { Mishaps, wholeReport } from './report';
import { Scope } from './scope';
import { keepSeat, keptSeat } from './seat';
import { sentence, type AnnouncementKey, type SentenceKey } from './sentences';
import { Preferences } from './settings';
import { browserDeps, type Ending } from './signaling';
import { peopleIn, type AppState, type LocalMedia } from './state';
import { Store } from './store';
import { openWebSocket } from './transport';
import { WarmLink } from './warm-link';

/** How long a join waits for the answer to the question for the camera, in ms. Who gives none is not kept out. */
const DEVICE_PATIENCE_MS = 5000;

/** How long the camera waits for the lobby to be of use, in ms: only a server that does not answer takes longer. */
const LOBBY_FIRST_MS = 500;

/** How it is said that the page's own server does not answer. */
const UNREACHABLE = {
  browser: 'problem.server-unreachable',
  desktop: 'problem.own-server',
} as const;

/** How a room is entered: what the person asked for. */
type Wish = Omit<Entry, 'name' | 'colour'>;

/** The whole page as a model: the lobby, then the call. Nothing here knows how it is shown. */
export class App {
  readonly state: Store<AppState>;
  /** The microphone's level in the lobby, 0 to 1. */
  readonly level: Store<number>;
  readonly sound: Store<'playing' | 'blocked'>;
  /** What the person set, and how to set it. */
  readonly settings: Preferences;
  /** What one does besides being seen and heard. */
  readonly inCall: InCall;
  /** How the call is laid out. */
  readonly layout = new LayoutChoices();
  /** Which devices can be chosen. */
  readonly choices: Store<DeviceLists>;

  readonly #platform: Platform;
  readonly #nobody: () => string;
  readonly #scope = new Scope();
  readonly #sink = new AudioSink(this.#scope);
  readonly #equipment: Equipment;
  readonly #server: OwnServerAccess;
  readonly #desk: Desk;
  readonly #mishaps = new Mishaps();
  readonly #warmLink = new WarmLink(openWebSocket);
  /** Where a guest's page will connect to; null until it is known, and for the person at the host's machine. */
  #guestsServer: string | null = null;
  #call: Call | null = null;
  #leaving: Promise<void> | null = null;
  /** Counts entries and departures: what an entry still waits for is void once another began. */
  #entry = 0;

  /** `nobody`: the name of who types none, in the language of the moment. */
  constructor(platform: Platform, nobody: () => string) {
    this.#platform = platform;
    this.#nobody = nobody;
    this.settings = new Preferences(platform);
    this.#equipment = new Equipment(platform.memory, this.#sink, {
      say: (key, values) => this.#say(key, values),
      // The lobby says it beside the preview.
      problem: (key) => this.state.get().stage === 'call' && this.#problem(key),
    });
    this.choices = this.#equipment.list.state;
    this.level = this.#equipment.level;
    this.inCall = new InCall(this, platform.memory, this.#equipment.devices, {
      say: (key) => this.#say(key),
      problem: (key) => this.#problem(key),
    });
    this.#server = new OwnServerAccess(platform, {
      mayCreate: (canCreate) => this.#lobby({ canCreate }),
      reached: () => this.#solved(UNREACHABLE[platform.kind]),
      unreachable: () => this.#problem(UNREACHABLE[platform.kind]),
      refused: (code) => this.#problem(`error.${code}`),
    });
    this.#desk = new Desk(platform, {
      join: (link) => void this.#joinInstead(link),
      leave: () => this.#leaveIfIn(),
      leaving: () => this.#leaving,
    });
    this.sound = this.#sink.state;
    this.state = new Store<AppState>({
      stage: 'lobby',
      entering: 'entering',
      lobby: {
        name: platform.settings.name,
        room: platform.requestedRoom ?? '',
        canCreate: this.#server.mayCreateAtFirst,
        canCall: typeof RTCPeerConnection === 'function',
        canOpenBrowser: platform.openCall !== undefined,
        offerToCreate: false,
      },
      media: this.#equipment.devices.state.get(),
      call: null,
      problem: null,
      announcement: null,
      ...this.#desk.state.get(),
    });
    this.#equipment.devices.state.subscribe((media) => this.#mediaChanged(media));
    this.settings.watch('name', (name) => this.#lobby({ name }));
    this.settings.state.subscribe(({ settings }) => this.#equipment.choose(settings));
    this.#desk.state.subscribe((state) => this.#set(state));
    this.state.subscribe((state) => this.#equipment.watchLevel(state));
    this.state.subscribe((state) => this.inCall.talk.watch(state));
    this.state.subscribe((state) => this.#desk.show(this.#callToShow(state)));
    this.#mishaps.watch(this.#scope);
  }

  /** What the person sees and hears with. */
  get equipment(): Equipment {
    return this.#equipment;
  }

  /** Asks for the devices and the server; comes back to the call if this page was in one before it was loaded. */
  async start(): Promise<void> {
    const { canCall, canOpenBrowser } = this.state.get().lobby;
    if (!canCall && !canOpenBrowser) this.#problem('problem.no-webrtc');
    this.#platform.onOtherLink?.((room) => this.#makeWayFor(room));
    const server = this.#server.get();
    const { memory, requestedRoom } = this.#platform;
    const seat = keptSeat(memory, requestedRoom);
    this.#desk.open();
    if (!seat) {
      // Starting a camera keeps the page from everything else: first comes what it is there for.
      void Promise.race([server, waited(LOBBY_FIRST_MS)]).then(() => this.retryDevices());
      return this.#foundServer(await server);
    }
    this.retryDevices();
    const { token: resume, ...place } = seat;
    await this.#enter({ ...place, resume });
  }

  /** The person is there, and may be about to join: then nothing shall have to be opened first. */
  expectEntry(): void {
    const { stage, lobby } = this.state.get();
    if (stage === 'lobby' && lobby.canCall && this.#guestsServer) this.#warmLink.expect(this.#guestsServer);
  }

  /** As it is typed; `keepName` when that is done. */
  setName(text: string): void {
    this.#lobby({ name: text });
  }

  keepName(): void {
    this.settings.changeName(this.state.get().lobby.name);
  }

  setRoom(text: string): void {
    this.#lobby({ room: text, offerToCreate: false });
  }

  createRoom(): void {
    void this.#enter({ room: null, role: this.#role(), own: true });
  }

  join(): void {
    const { room: typed, canCreate } = this.state.get().lobby;
    const { openLink } = this.#platform;
    const { origin } = location;
    const destination = destinationOf(typed, { origin, reachesHosts: canCreate || !openLink });
    switch (destination.kind) {
      case 'nowhere':
        return this.#problem(destination.problem);
      case 'page':
        return openLink?.(destination.link);
      case 'room': {
        const { kind: _, ...place } = destination;
        return void this.#enter({ ...place, role: this.#role(), own: false });
      }
    }
  }

  /** Leaves the room, or gives up on entering it. */
  leave(): void {
    const entered = this.state.get().call !== null;
    this.#endCall();
    keepSeat(this.#platform.memory, null);
    if (entered) this.#equipment.devices.release();
    this.#set({ stage: entered ? 'ended' : 'lobby', problem: null });
  }

  /** Leaves for another room, before the page goes. A link to the room that one is in keeps the seat. */
  async #makeWayFor(room: string | null): Promise<void> {
    const call = this.#call;
    if (!call || room === null || room === call.state.get()?.room) return;
    this.leave();
    await call.over;
  }

  #leaveIfIn(): Promise<void> {
    const call = this.#call;
    if (['joining', 'call', 'observing'].includes(this.state.get().stage)) this.leave();
    return call?.over ?? Promise.resolve();
  }

  /** A link that somebody opened, and the person wants to follow. */
  async #joinInstead(link: string): Promise<void> {
    void this.#leaveIfIn();
    // What the page may do decides where a link leads.
    await this.#server.get();
    if (this.state.get().stage !== 'lobby') this.backToLobby();
    this.setRoom(link);
    this.join();
  }

  /** Once more after the end: with the camera again, which had been let go. */
  backToLobby(): void {
    this.#set({ stage: 'lobby', problem: null });
    this.retryDevices();
  }

  toggleMicrophone(): void {
    this.#equipment.toggle('microphone');
  }

  toggleCamera(): void {
    this.#equipment.toggle('camera');
  }

  retryDevices(): void {
    this.#equipment.ask();
  }

  /** The settings are being opened: what can be chosen is looked for anew. */
  prepareSettings(): void {
    this.settings.forgetRefusals();
    this.settings.refresh();
    void this.#equipment.list.look();
  }

  /** To the question that is in the state. */
  answer(yes: boolean): void {
    this.#desk.answer(yes);
  }

  dismissNotice(notice: Notice): void {
    this.#desk.dismiss(notice);
  }

  /** What is copied for those who mend the app. */
  report(): Promise<string> {
    const facts = { state: this.state.get(), choices: this.choices.get(), mishaps: this.#mishaps.latest };
    return wholeReport(this.#platform, facts);
  }

  /** Hands the call over to the default browser: of the room that is observed, or that was typed. */
  openInBrowser(): void {
    const room = this.state.get().call?.room;
    if (!room) return this.join();
    this.#platform.openCall?.(room).catch(() => this.#problem('problem.browser-failed'));
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
  #role(): Entry['role'] {
    return this.state.get().lobby.canCall ? 'participant' : 'observer';
  }

  async #enter(wish: Wish): Promise<void> {
    const { canCall, canOpenBrowser, name } = this.state.get().lobby;
    if (!canCall && !canOpenBrowser) return this.#problem('problem.no-webrtc');
    this.keepName();
    const entry = this.#endCall();
    this.#set({ stage: 'joining', entering: 'entering', problem: null });
    this.#lobby({ offerToCreate: false });
    const server = await this.#server.get();
    // Before the first RTCPeerConnection, which would otherwise bring up a question of its own (macOS).
    if (wish.role === 'participant') await Promise.race([this.#equipment.asked, waited(DEVICE_PATIENCE_MS)]);
    if (entry !== this.#entry) return;
    if (!server) return this.#over({ reason: 'unreachable' }, wish);
    const { refusal } = this.#server;
    // The seat went with the launch of the app that it was taken in.
    if (wish.resume && refusal) return this.#over({ reason: 'refused', code: refusal }, wish);

    const call = new Call(
      server,
      { ...wish, name: cleanName(name, this.#nobody()), ...this.settings.colour },
      this.#equipment.devices,
      this.inCall.share,
      this.#sink,
      {
        entered: (welcome) => this.#entered(welcome, wish),
        say: (key, values) => this.#say(key, values),
        over: (ending) => this.#over(ending, wish),
      },
      { ...browserDeps, open: this.#warmLink.open },
    );
    this.#call = call;
    this.inCall.enter(call);
    call.state.subscribe((state) => this.#call === call && this.#set({ call: state }));
    call.entering.subscribe((entering) => this.#call === call && this.#set({ entering }));
  }

  #entered({ room, resume, role }: Welcome, wish: Wish): void {
    keepSeat(this.#platform.memory, { room, token: resume, role, own: wish.own });
    if (this.state.get().stage !== 'joining') return;
    this.#set({ stage: role === 'observer' ? 'observing' : 'call' });
    if (role === 'participant') return;
    // The browser needs the camera, and here it has nothing to show any more.
    this.#equipment.devices.release();
    if (wish.room !== null && !wish.resume) this.openInBrowser();
  }

  #over(ending: Ending, wish: Wish): void {
    const entered = this.state.get().call !== null;
    const refusal = ending.reason === 'refused' ? ending.code : null;
    this.#endCall();
    keepSeat(this.#platform.memory, null);
    if (refusal === 'wrong-token') this.#server.forgetToken();
    if (entered) this.#equipment.devices.release();
    const problem = problemOf(ending, entered || wish.resume !== undefined, UNREACHABLE[this.#platform.kind]);
    if (problem) this.#mishaps.add(problem.key);
    this.#set({ stage: entered ? 'ended' : 'lobby', problem });
    this.#lobby({ offerToCreate: refusal === 'unknown-room' && this.state.get().lobby.canCreate });
  }

  #foundServer(server: OwnServer | null): void {
    if (!server || server.token) return;
    this.#guestsServer = server.url;
    this.expectEntry();
  }

  /** Returns the number of the entry that may begin now. */
  #endCall(): number {
    this.#call?.leave();
    this.inCall.leave();
    this.#leaving = this.#call?.over.then(() => void (this.#leaving = null)) ?? this.#leaving;
    this.#call = null;
    this.#set({ call: null });
    this.#entry += 1;
    return this.#entry;
  }

  /** What was said of a device is void once it works, is off or is tried again. */
  #mediaChanged(media: LocalMedia): void {
    const shown = this.state.get().problem?.key;
    const solved = (['microphone', 'camera'] as const).some(
      (kind) => media[kind].problem === null && shown?.startsWith(`device.${kind}.`),
    );
    this.#set(solved ? { media, problem: null } : { media });
  }

  #callToShow({ call }: AppState) {
    return call && { room: call.room, people: peopleIn(call.tiles).map(({ name }) => name) };
  }

  #set(change: Partial<AppState>): void {
    this.state.update((state) => ({ ...state, ...change }));
  }

  #lobby(change: Partial<AppState['lobby']>): void {
    this.state.update((state) => ({ ...state, lobby: { ...state.lobby, ...change } }));
  }

  #problem(key: SentenceKey): void {
    this.#mishaps.add(key);
    this.#set({ problem: sentence(key) });
  }

  #solved(key: SentenceKey): void {
    if (this.state.get().problem?.key === key) this.#set({ problem: null });
  }

  #say(key: AnnouncementKey, values?: Record<string, string>): void {
    const number = (this.state.get().announcement?.number ?? 0) + 1;
    this.#set({ announcement: { ...sentence(key, values), number } });
  }
}

function waited(milliseconds: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, milliseconds));
}
