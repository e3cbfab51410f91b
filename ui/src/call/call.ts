import type { Invite, MediaState, Participant, ParticipantId, Signal, Welcome } from '../protocol/messages';
import type { OwnServer } from '../platform/platform';
import type { AudioSink } from './audio-sink';
import type { Devices } from './devices';
import { EffortKeeper } from './effort-keeper';
import { Gauges } from './gauges';
import { Gestures } from './gestures';
import { addressOf } from './invite';
import type { LinkState } from './link-state';
import { connectedOf, haveAllFailed, isConnected, outOfReach, type Member } from './members';
import { PeerLink } from './peer-link';
import { Scope } from './scope';
import { mediaStateOf, playScreen, screenKey, sharesOrNot } from './screens';
import type { ScreenShare } from './share';
import type { AnnouncementKey } from './sentences';
import {
  browserDeps,
  Signaling,
  type Ending,
  type Entrance,
  type RoomMessage,
  type SignalingDeps,
} from './signaling';
import type { CallState, Entering } from './state';
import { Store } from './store';
import { cameraKey, ownTiles, tilesOf } from './tiles';
import { Vouching } from './vouching';
import { keepAwake } from './wake-lock';

/**
 * How long a guest's link may be lost, in ms, until the guest is told how to come back: most losses are shorter, and
 * media that depends on signaling has not failed yet.
 */
export const GUEST_PATIENCE_MS = 5000;

/**
 * How long entering a room may take, in ms, until it is said that its host is looked for: one that is found at once
 * needs no words.
 */
export const SEARCH_UNSAID_MS = 1000;

/** How the room is entered. */
export interface Entry extends Omit<Entrance, 'state' | 'capabilities'> {
  /** This page creates the room, or has created it. */
  own: boolean;
}

export interface CallEvents {
  /** In the room, with a new session: `welcome.resume` is for coming back. */
  entered(welcome: Welcome): void;
  say(key: AnnouncementKey, values?: Record<string, string>): void;
  /** Once, and not after `leave`; the call has let go of everything by then. */
  over(ending: Ending): void;
}

/** One stay in a room: keeps the mesh of peer links as the signaling says who is there. */
export class Call {
  /** Null until the room has been entered. */
  readonly state = new Store<CallState | null>(null);
  /** What is waited for until then. */
  readonly entering = new Store<Entering>('entering');

  #signalingOver = () => {};
  /** Done when the server knows that the person is gone, or cannot be told: soon after `leave` in any case. */
  readonly over = new Promise<void>((resolve) => (this.#signalingOver = resolve));

  readonly #scope = new Scope();
  readonly #devices: Devices;
  readonly #share: ScreenShare;
  readonly #sink: AudioSink;
  readonly #events: CallEvents;
  readonly #signaling: Signaling;
  readonly #vouching = new Vouching(this.#scope, (participant) =>
    this.#signaling.remark({ type: 'vouch', participant }),
  );
  /** One's own, and those of the others. */
  readonly gestures = new Gestures(this.#scope, {
    hand: (message) => this.#signaling.send(message),
    reaction: (message) => this.#signaling.remark(message),
    say: (key, values) => this.#events.say(key, values),
    changed: () => this.#show(),
  });
  readonly #gauges = new Gauges(
    this.#scope,
    () => connectedOf(this.#members),
    () => this.#show(),
  );
  /** Came in by the host's own page, and only that leads back. */
  readonly #guest: boolean;
  readonly #own: boolean;

  #welcome: Welcome | null = null;
  #invite: Invite | null = null;
  /** Where the host was last reached by others. */
  #address: string | null = null;
  #link: LinkState = 'up';
  #hasMoved = false;
  #cancelMoved = () => {};
  #cancelSearchSaid = () => {};
  readonly #members = new Map<ParticipantId, Member>();
  readonly #effort = new EffortKeeper(this.#scope, this.#members, {
    say: (key) => this.#events.say(key),
    changed: () => this.#show(),
  });
  /** What the others were last told about one's own devices. */
  #told: MediaState = { microphone: false, camera: false };

  constructor(
    server: OwnServer,
    { own, ...entrance }: Entry,
    devices: Devices,
    share: ScreenShare,
    sink: AudioSink,
    events: CallEvents,
    deps: SignalingDeps = browserDeps,
  ) {
    this.#devices = devices;
    this.#share = share;
    this.#sink = sink;
    this.#events = events;
    this.#guest = server.token === undefined;
    this.#own = own;
    this.#scope.add(() => this.#removeAll());
    this.#signaling = new Signaling(
      server,
      {
        ...entrance,
        capabilities: ['audio', 'video'],
        state: () => (this.#told = mediaStateOf(devices, share)),
      },
      {
        welcome: (welcome) => this.#welcomed(welcome),
        message: (message) => this.#message(message),
        link: (state) => this.#linkChanged(state),
        over: (ending) => this.#over(ending),
      },
      deps,
    );
    const isElsewhere = !this.#guest && !own && entrance.room !== null;
    if (isElsewhere)
      this.#cancelSearchSaid = this.#scope.timeout(() => this.#waitsFor('searching'), SEARCH_UNSAID_MS);
    this.#scope.add(devices.tracks.subscribe((tracks) => this.#eachLink((link) => link.setTracks(tracks))));
    this.#scope.add(devices.state.subscribe(() => this.#devicesChanged()));
    this.#scope.add(
      share.state.subscribe(() => {
        this.#balance();
        this.#devicesChanged();
      }),
    );
  }

  /** Leaves at once as far as the person is concerned; the server is told behind the scenes. */
  leave(): void {
    this.#scope.end();
    this.#signaling.leave();
  }

  #over(ending: Ending): void {
    this.#signalingOver();
    if (this.#scope.ended) return;
    this.#scope.end();
    this.#events.over(ending);
  }

  #welcomed(welcome: Welcome): void {
    if (this.#scope.ended) return;
    const first = this.#welcome === null;
    this.#cancelSearchSaid();
    this.#welcome = welcome;
    if (!welcome.continued) {
      this.#removeAll();
      for (const participant of welcome.participants) {
        this.gestures.seen(participant, participant.id === welcome.you);
        if (participant.id !== welcome.you) this.#add(participant, false);
        // What was said of the devices since the join is void with the session before.
        else this.#told = participant.state;
      }
    }
    const hasNewAddress = this.#invited(welcome.invite);
    this.#eachLink((link) => {
      // The host's own has moved with it.
      link.setIceServers(welcome.iceServers);
      // The network may be another one now, and a link that was waiting for a better time has found it.
      if (hasNewAddress || !isConnected(link)) link.restart();
    });
    this.#devicesChanged();
    this.#show();
    this.#events.entered(welcome);
    if (!first) return;
    this.#events.say('say.entered');
    if (welcome.role === 'participant') keepAwake(this.#scope);
  }

  #message(message: RoomMessage): void {
    if (this.#scope.ended) return;
    switch (message.type) {
      case 'joined':
        this.#joined(message.participant);
        break;
      case 'left':
        this.#say(message.reason === 'left' ? 'say.left' : 'say.lost', message.participant);
        this.#remove(message.participant);
        break;
      case 'reconnecting':
        this.#change(message.participant, { presence: 'reconnecting' });
        this.#say('say.reconnecting', message.participant);
        break;
      case 'resumed':
        this.#change(message.participant, { presence: 'here' });
        this.#say('say.back', message.participant);
        break;
      case 'changed':
        this.#stateChanged(message.participant, message.state);
        break;
      case 'hand':
      case 'reaction':
        this.gestures.hear(message, this.#members.get(message.participant)?.participant.name);
        break;
      case 'signal':
        this.#signalFrom(message.from, message.session, message.signal);
        break;
      case 'invite':
        if (this.#invited(message.invite)) this.#eachLink((link) => link.restart());
        break;
    }
    this.#show();
  }

  #joined(participant: Participant): void {
    const known = this.#members.get(participant.id);
    if (participant.id === this.#welcome?.you) return;
    if (known?.participant.session === participant.session) return this.#change(participant.id, participant);
    this.#remove(participant.id);
    this.#add(participant, true);
    this.gestures.seen(participant, false);
    this.#say(known ? 'say.back' : 'say.joined', participant.id);
  }

  /** What belongs to an earlier session of the sender is void. */
  #signalFrom(from: ParticipantId, session: number, signal: Signal): void {
    const member = this.#members.get(from);
    if (member?.participant.session === session) member.link?.receive(signal);
  }

  /**
   * `offers`: this page was here first, and makes the first offer. It learns of the newcomer when that is welcomed,
   * so the offer arrives right after the welcome: a round trip less than if the newcomer made it.
   */
  #add(participant: Participant, offers: boolean): void {
    const { id, session } = participant;
    const welcome = this.#welcome;
    if (!welcome) return;
    const link =
      welcome.role === 'observer'
        ? null
        : new PeerLink({
            // The higher ID gives way: the same for both sides.
            polite: welcome.you > id,
            offers,
            iceServers: welcome.iceServers,
            tracks: this.#devices.tracks.get(),
            effort: this.#effort.forOneMore(),
            screen: this.#share.outgoing(this.#members.size + 1),
            send: (signal) => this.#signaling.send({ type: 'signal', to: id, session, signal }),
          });
    this.#members.set(id, { participant, link });
    this.#balance();
    link?.media.subscribe((media) => {
      if (media === 'dropped' || media === 'untrusted') this.#say(`say.${media}`, id);
      this.#show();
      if (media === 'failed' && this.#link === 'up' && haveAllFailed(this.#members.values()))
        this.#signaling.beginAnew();
    });
    link?.stream.subscribe((stream) => {
      if (stream) this.#sink.set(id, stream);
      this.#show();
    });
    link?.screen.subscribe(() => this.#screenChanged(id));
  }

  #remove(id: ParticipantId): void {
    this.#members.get(id)?.link?.end();
    this.#members.delete(id);
    this.#sink.remove(id);
    this.#sink.remove(screenKey(id));
    this.#balance();
  }

  /** The more there are, the less is done for each. */
  #balance(): void {
    this.#effort.balance();
    const screen = this.#share.outgoing(this.#members.size);
    this.#eachLink((link) => link.setScreen(screen));
  }

  #removeAll(): void {
    for (const id of [...this.#members.keys()]) this.#remove(id);
  }

  #change(id: ParticipantId, change: Partial<Participant>): void {
    const member = this.#members.get(id);
    if (member) member.participant = { ...member.participant, ...change };
  }

  #stateChanged(id: ParticipantId, state: MediaState): void {
    const shares = sharesOrNot(this.#members.get(id)?.participant.state, state);
    if (shares) this.#say(shares, id);
    this.#change(id, { state });
    this.#screenChanged(id);
  }

  #screenChanged(id: ParticipantId): void {
    playScreen(this.#sink, id, this.#members.get(id));
    this.#show();
  }

  #say(key: AnnouncementKey, id: ParticipantId): void {
    const name = this.#members.get(id)?.participant.name;
    if (name !== undefined) this.#events.say(key, { name });
  }

  #eachLink(run: (link: PeerLink) => void): void {
    for (const { link } of this.#members.values()) if (link) run(link);
  }

  #linkChanged(state: LinkState): void {
    if (this.#scope.ended) return;
    if (!this.#welcome) return this.#waitsFor(state);
    const before = this.#link;
    this.#link = state;
    if (state === 'up') {
      this.#cancelMoved();
      this.#hasMoved = false;
      if (before !== 'up') this.#events.say('say.link-back');
    } else if (before === 'up' && this.#guest) {
      this.#cancelMoved = this.#scope.timeout(() => {
        this.#hasMoved = true;
        this.#show();
      }, GUEST_PATIENCE_MS);
    }
    this.#show();
  }

  /** The way to a room in which one is not yet, or not yet again. */
  #waitsFor(state: LinkState): void {
    if (state !== 'searching' && state !== 'reconnecting' && state !== 'intercepted') return;
    this.#cancelSearchSaid();
    if (state === this.entering.get()) return;
    this.entering.set(state);
    this.#events.say(`joining.${state}`);
  }

  /** Whether the host has another address than before: then media may need other ways too. */
  #invited(invite: Invite | null): boolean {
    this.#invite = invite;
    const before = this.#address;
    this.#address = addressOf(invite) ?? before;
    return before !== null && this.#address !== before;
  }

  #devicesChanged(): void {
    const now = mediaStateOf(this.#devices, this.#share);
    const news = (['microphone', 'camera', 'screen'] as const).some((kind) => now[kind] !== this.#told[kind]);
    if (this.#welcome?.role === 'participant' && news) {
      this.#told = now;
      this.#signaling.send({ type: 'state', ...now });
    }
    this.#show();
  }

  #show(): void {
    const welcome = this.#welcome;
    if (!welcome || this.#scope.ended) return;
    const { room, host, capacity, you, participants } = welcome;
    this.#vouching.setFor(this.#link === 'up' ? outOfReach(this.#members.values()) : []);
    const self = participants.find(({ id }) => id === you);
    const others = [...this.#members.values()].sort((a, b) => a.participant.id - b.participant.id);
    const gestures = this.gestures.shown([
      ...(self ? [self] : []),
      ...others.map(({ participant }) => participant),
    ]);
    const look = { gauges: this.#gauges, hands: gestures.hands };
    this.state.set({
      room,
      host,
      capacity,
      own: this.#own,
      invite: this.#invite,
      ...gestures,
      link: this.#hasMoved ? 'moved' : this.#link,
      ...this.#effort.told(others.length + (self ? 1 : 0), capacity),
      tiles: this.#effort.asSeen([
        ...(self ? ownTiles(self, this.#devices.state.get(), this.#share.state.get(), look) : []),
        ...others.flatMap((member) => tilesOf(member, look)),
      ]),
      speaker: this.#gauges.speaker === null ? null : cameraKey(this.#gauges.speaker),
    });
  }
}
