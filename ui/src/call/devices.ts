import type { MediaState } from '../protocol/messages';
import type { Facing } from './camera-side';
import { ALIASES, deviceOf, isSameDevice, pluggedIn, type KnownDevice } from './known-device';
import { Scope } from './scope';
import type { Device, DeviceProblem, LocalMedia, LostDevice } from './state';
import { Store } from './store';

/** What is sent to the others; null: nothing, for want of a device or because it is off. */
export interface LocalTracks {
  audio: MediaStreamTrack | null;
  video: MediaStreamTrack | null;
}

/** The part of `navigator.mediaDevices` that is used; absent where the page may not ask. */
export type MediaSource = Pick<
  MediaDevices,
  'getUserMedia' | 'enumerateDevices' | 'addEventListener' | 'removeEventListener'
>;

/** Which device the person chose, by its ID; null: the system's choice. */
export type DeviceChoices = Record<Kind, string | null>;

/** Sound for speech: the loudspeakers' sound taken out, steady noise removed, loudness evened. */
const AUDIO: MediaTrackConstraints = {
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
};

/** Wishes, not conditions: a camera that cannot do it is used as it is. In a mesh each peer encodes once per other. */
const VIDEO: MediaTrackConstraints = {
  width: { ideal: 640 },
  height: { ideal: 480 },
  frameRate: { ideal: 30 },
};

type Kind = 'microphone' | 'camera';

const KINDS = ['microphone', 'camera'] as const;

const MEDIA = {
  microphone: { constraints: AUDIO, track: 'audio', input: 'audioinput' },
  camera: { constraints: VIDEO, track: 'video', input: 'videoinput' },
} as const;

/** How often it is tried, in ms, whether another program has let a device go: nothing tells. */
export const TAKEN_RETRY_MS = 5000;

/**
 * One's own microphone and camera. Whatever is wrong with them is a `problem` in the state, never an
 * exception. The microphone is silenced when off and stays open; the camera is let go, so that its light is out.
 * One that goes away while it is on is replaced by the next best, and used again when it is back.
 */
export class Devices {
  readonly state: Store<LocalMedia>;
  readonly tracks = new Store<LocalTracks>({ audio: null, video: null });

  readonly #source: MediaSource | undefined;
  readonly #secure: boolean;
  #chosen: DeviceChoices = { microphone: null, camera: null };
  #scope = new Scope();
  /** Which request is the latest: the answer to an older one is let go. */
  #requests: Record<Kind, number> = { microphone: 0, camera: 0 };
  /** Went away while it was on, and is waited for. */
  readonly #missed: Record<Kind, KnownDevice | null> = { microphone: null, camera: null };

  /** `wanted`: what is on from the start. */
  constructor(wanted: MediaState, source: MediaSource | undefined, secure: boolean) {
    this.#source = source;
    this.#secure = secure;
    const device = (on: boolean): Device => ({
      on,
      status: on ? 'asking' : 'ready',
      problem: null,
      lost: null,
    });
    this.state = new Store<LocalMedia>({
      stream: null,
      microphone: device(wanted.microphone),
      camera: device(wanted.camera),
    });
  }

  /** What the others are told. */
  get mediaState(): MediaState {
    const { microphone, camera } = this.state.get();
    return { microphone: sends(microphone), camera: sends(camera) };
  }

  /**
   * Asks for everything that is wanted and not there: first for both at once, which is one question to the
   * person, then for each alone, so that one that is missing does not cost the other.
   */
  async ask(kinds: readonly Kind[] = KINDS): Promise<void> {
    const scope = this.#scope;
    this.#watchForNew();
    const wanted = kinds.filter((kind) => this.#wanted(kind));
    if (wanted.length > 1 && (await this.#acquire(wanted)) === null) return;
    for (const kind of wanted) {
      if (scope.ended) return;
      if (!this.#wanted(kind)) {
        this.#change(kind, { status: 'ready' });
        continue;
      }
      const problem = await this.#acquire([kind]);
      if (problem) this.#change(kind, { status: 'missing', problem });
    }
  }

  setMicrophone(on: boolean): Promise<void> {
    this.#change('microphone', { on });
    const { audio } = this.tracks.get();
    if (audio) audio.enabled = on;
    return on && !audio ? this.ask(['microphone']) : Promise.resolve();
  }

  setCamera(on: boolean): Promise<void> {
    this.#change('camera', { on });
    if (on) return this.ask(['camera']);
    this.#forget('camera');
    this.#letGo('camera');
    if (this.state.get().camera.status === 'asking') this.#change('camera', { status: 'ready' });
    return Promise.resolve();
  }

  /** Uses these from now on: one that is open makes way for the other. */
  choose(chosen: DeviceChoices): void {
    const before = this.#chosen;
    if (chosen.camera !== before.camera) this.#facing = null;
    this.#chosen = { microphone: chosen.microphone, camera: chosen.camera };
    // Before the first question, and after the call, there is nothing to exchange.
    if (this.#watched !== this.#scope) return;
    for (const kind of KINDS) {
      if (this.#chosen[kind] === before[kind]) continue;
      this.#forget(kind);
      // First, for not every browser opens two of a kind.
      this.#letGo(kind);
      if (this.state.get()[kind].on) void this.ask([kind]);
    }
  }

  /** Uses the camera that looks this way, until another one is chosen. */
  face(facing: Facing): Promise<void> {
    this.#facing = facing;
    this.#forget('camera');
    this.#letGo('camera');
    return this.state.get().camera.on ? this.ask(['camera']) : Promise.resolve();
  }
  #facing: Facing | null = null;

  /** Lets both go. `ask` gets them back. */
  release(): void {
    this.#scope.end();
    this.#scope = new Scope();
    for (const kind of KINDS) {
      this.#forget(kind);
      this.#letGo(kind);
      this.#change(kind, { status: this.state.get()[kind].on ? 'asking' : 'ready', problem: null });
    }
  }

  #wanted(kind: Kind): boolean {
    return this.state.get()[kind].on && !this.tracks.get()[MEDIA[kind].track];
  }

  /** Null: done, or no longer wanted. `only`: this device and no other. `quietly`: nothing is said of the question. */
  async #acquire(
    kinds: readonly Kind[],
    { only = null, quietly = false }: { only?: string | null; quietly?: boolean } = {},
  ): Promise<DeviceProblem | null> {
    if (!this.#source) return this.#secure ? 'unsupported' : 'insecure';
    const scope = this.#scope;
    const requests = kinds.map((kind) => {
      if (!quietly) this.#change(kind, { status: 'asking', problem: null });
      return { kind, number: ++this.#requests[kind] };
    });
    let stream: MediaStream | null = null;
    let problem: DeviceProblem | null = null;
    try {
      stream = await this.#source.getUserMedia(
        Object.assign({}, ...kinds.map((kind) => this.#constraints(kind, only))) as MediaStreamConstraints,
      );
    } catch (error) {
      problem = problemOf(error);
    }
    let asked = false;
    for (const { kind, number } of requests) {
      const track = stream?.getTracks().find(({ kind: of }) => of === MEDIA[kind].track);
      const current = !scope.ended && number === this.#requests[kind];
      if (current && track) this.#take(kind, track);
      else track?.stop();
      asked ||= current;
    }
    return asked ? problem : null;
  }

  /** The chosen device is a wish: with another one a person is still seen and heard. */
  #constraints(kind: Kind, only: string | null): MediaStreamConstraints {
    const { constraints, track } = MEDIA[kind];
    const facing = kind === 'camera' && only === null ? this.#facing : null;
    if (facing) return { [track]: { ...constraints, facingMode: { ideal: facing } } };
    const id = this.#chosen[kind];
    const wish = id === null ? {} : { deviceId: { ideal: id } };
    return { [track]: { ...constraints, ...(only === null ? wish : { deviceId: { exact: only } }) } };
  }

  #take(kind: Kind, track: MediaStreamTrack): void {
    if (kind === 'microphone') track.enabled = this.state.get().microphone.on;
    const current = () => this.tracks.get()[MEDIA[kind].track] === track;
    this.#scope.listen(track, 'ended', () => current() && void this.#replace(kind, track));
    this.#scope.listen(track, 'mute', () => current() && this.#paused(kind, track, true));
    this.#scope.listen(track, 'unmute', () => current() && this.#paused(kind, track, false));
    // What was used instead of it.
    this.tracks.get()[MEDIA[kind].track]?.stop();
    this.#setTrack(kind, track);
    this.#change(kind, { status: 'ready', problem: null, lost: this.#lossWith(kind, track) });
  }

  /** Unplugged or taken, or the browser was frozen: the next best device takes its place, if there is one. */
  async #replace(kind: Kind, track: MediaStreamTrack): Promise<void> {
    const scope = this.#scope;
    const missed = (this.#missed[kind] ??= deviceOf(track));
    this.#letGo(kind);
    if (!this.state.get()[kind].on) return this.#forget(kind);
    this.#change(kind, { status: 'asking' });
    const there = (await pluggedIn(this.#source, MEDIA[kind].input)) ?? [];
    if (scope.ended || !this.#wanted(kind) || this.#missed[kind] !== missed) return;
    const why = missed && there.some((one) => isSameDevice(one, missed)) ? 'taken' : 'unplugged';
    if (missed) this.#change(kind, { lost: { label: missed.label, why, instead: null } });
    await this.ask([kind]);
    // Not every browser passes over one that another program has.
    for (const { id } of there) {
      if (scope.ended || !this.#wanted(kind) || this.state.get()[kind].problem !== 'busy') break;
      const problem = await this.#acquire([kind], { only: id });
      if (problem) this.#change(kind, { status: 'missing', problem });
    }
    if (why === 'taken') this.#tryAgain(kind);
  }

  /** WebKitGTK does not end the track of a device that is gone: it is silent, or the system gives it another one's sound. */
  async #noticeGone(kind: Kind): Promise<void> {
    const track = this.tracks.get()[MEDIA[kind].track];
    const used = track && deviceOf(track);
    if (!used || ALIASES.includes(used.id)) return;
    const there = await pluggedIn(this.#source, MEDIA[kind].input);
    const gone = there?.every((one) => !isSameDevice(one, used));
    if (gone && this.tracks.get()[MEDIA[kind].track] === track) await this.#replace(kind, track);
  }

  /** Takes back what was missed, if it is there. What is used instead goes on until then. */
  async #reclaim(kind: Kind): Promise<void> {
    const scope = this.#scope;
    const missed = this.#missed[kind];
    const device = () => this.state.get()[kind];
    if (!missed || !device().on || device().status === 'asking' || this.#reclaiming.has(kind)) return;
    this.#reclaiming.add(kind);
    const there = await pluggedIn(this.#source, MEDIA[kind].input);
    const back = there?.find((one) => isSameDevice(one, missed));
    const waits = !scope.ended && this.#missed[kind] === missed && device().status !== 'asking';
    if (back && waits) await this.#acquire([kind], { only: back.id, quietly: true });
    this.#reclaiming.delete(kind);
  }
  readonly #reclaiming = new Set<Kind>();

  #tryAgain(kind: Kind): void {
    this.#cancelRetry[kind]();
    this.#cancelRetry[kind] = this.#scope.timeout(() => {
      if (this.#missed[kind]) void this.#reclaim(kind).then(() => this.#tryAgain(kind));
    }, TAKEN_RETRY_MS);
  }
  readonly #cancelRetry: Record<Kind, () => void> = { microphone: () => {}, camera: () => {} };

  /** What is still missed with this one in use; null: it is the one, or none was. */
  #lossWith(kind: Kind, track: MediaStreamTrack): LostDevice | null {
    const missed = this.#missed[kind];
    const used = deviceOf(track);
    if (missed && used && !isSameDevice(used, missed)) {
      const why = this.state.get()[kind].lost?.why ?? 'unplugged';
      return { label: missed.label, why, instead: used.label };
    }
    this.#missed[kind] = null;
    return null;
  }

  /** It gives nothing for a while, as another program or the system wishes, and goes on by itself. */
  #paused(kind: Kind, track: MediaStreamTrack, paused: boolean): void {
    const { lost } = this.state.get()[kind];
    if (lost !== null && lost.why !== 'paused') return;
    const label = deviceOf(track)?.label ?? '';
    this.#change(kind, { lost: paused ? { label, why: 'paused', instead: null } : null });
  }

  /** What the person decides anew is not waited for any more. */
  #forget(kind: Kind): void {
    this.#missed[kind] = null;
    this.#cancelRetry[kind]();
    this.#change(kind, { lost: null });
  }

  /** A device that was plugged in is used at once, if it or any was missed. */
  #watchForNew(): void {
    const scope = this.#scope;
    if (!this.#source || this.#watched === scope) return;
    this.#watched = scope;
    scope.listen(this.#source as EventTarget & MediaSource, 'devicechange', () => void this.#devicesCame());
  }

  async #devicesCame(): Promise<void> {
    const scope = this.#scope;
    await Promise.all(KINDS.map((kind) => this.#noticeGone(kind)));
    await Promise.all(KINDS.map((kind) => this.#reclaim(kind)));
    const { microphone, camera } = this.state.get();
    const missed = microphone.problem === 'not-found' || camera.problem === 'not-found';
    if (missed && !scope.ended) await this.ask();
  }
  #watched: Scope | null = null;

  #letGo(kind: Kind): void {
    this.#requests[kind] += 1;
    this.tracks.get()[MEDIA[kind].track]?.stop();
    this.#setTrack(kind, null);
  }

  #setTrack(kind: Kind, track: MediaStreamTrack | null): void {
    this.tracks.update((tracks) => ({ ...tracks, [MEDIA[kind].track]: track }));
    if (kind === 'camera') {
      this.state.update((state) => ({ ...state, stream: track ? new MediaStream([track]) : null }));
    }
  }

  #change(kind: Kind, change: Partial<Device>): void {
    this.state.update((state) => ({ ...state, [kind]: { ...state[kind], ...change } }));
  }
}

/** Whether the others get something from it. */
export function sends(device: Device): boolean {
  return device.on && device.status === 'ready';
}

/** W3C Media Capture and Streams, section 10.2: why getUserMedia was refused. */
export function problemOf(error: unknown): DeviceProblem {
  switch (error instanceof Error ? error.name : '') {
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'not-found';
    case 'NotReadableError':
    case 'AbortError':
      return 'busy';
    case 'NotAllowedError':
    case 'SecurityError':
      return 'denied';
    default:
      return 'failed';
  }
}
