import type { Effort } from './effort';
import { Scope } from './scope';
import type { OutgoingScreen } from './screen-lines';
import { screenEffort } from './screen-effort';
import type { AnnouncementKey, SentenceKey } from './sentences';
import { Store } from './store';

/** What is shown: films and games in all their frames, or texts and pictures in all their pixels. */
export type ScreenContent = 'text' | 'motion';

export interface ShareState {
  /** `asking`: the browser asks the person what to share. */
  status: 'off' | 'asking' | 'on';
  content: ScreenContent;
  /** Whether its sound is shared too. */
  sound: boolean;
  /** For one's own tile. */
  stream: MediaStream | null;
}

export interface ShareEvents {
  say(key: AnnouncementKey): void;
  problem(key: SentenceKey): void;
}

/** The part of `navigator.mediaDevices` that is used; a phone has none. */
export type ScreenSource = Partial<Pick<MediaDevices, 'getDisplayMedia' | 'getSupportedConstraints'>>;

/** Frames a second that are taken from the screen: what `Motion` sends. */
const FRAME_RATE = 30;

/** Constraints and options that TypeScript does not know yet (W3C Screen Capture, sections 5.4 and 6). */
interface ScreenOptions extends DisplayMediaStreamOptions {
  audio: MediaTrackConstraints & { restrictOwnAudio?: boolean; suppressLocalAudioPlayback?: boolean };
  selfBrowserSurface: 'exclude';
  surfaceSwitching: 'include';
  systemAudio: 'include' | 'exclude';
  windowAudio: 'window' | 'exclude';
}

/** What one shares of one's screen, with its sound where the platform has it. */
export class ScreenShare {
  readonly state: Store<ShareState>;
  /** Whether this browser can share at all. */
  readonly possible: boolean;

  readonly #source: ScreenSource | undefined;
  readonly #events: ShareEvents;
  #scope = new Scope();

  constructor(source: ScreenSource | undefined, events: ShareEvents) {
    this.#source = source;
    this.#events = events;
    this.possible = typeof source?.getDisplayMedia === 'function';
    this.state = new Store<ShareState>({ status: 'off', content: 'text', sound: false, stream: null });
  }

  /** Asks the person what to share, from within a click. */
  async start(): Promise<void> {
    if (this.state.get().status !== 'off') return;
    const scope = this.#scope;
    this.#change({ status: 'asking' });
    try {
      const stream = await this.#source?.getDisplayMedia?.(optionsFor(this.#source));
      const video = stream?.getVideoTracks()[0];
      if (scope.ended || !stream || !video) return stream?.getTracks().forEach((track) => track.stop());
      this.#take(stream, video);
    } catch (error) {
      if (scope.ended) return;
      this.#change({ status: 'off' });
      // Who is asked and shares nothing knows it.
      if (!(error instanceof Error && error.name === 'NotAllowedError')) {
        this.#events.problem('problem.share-failed');
      }
    }
  }

  /** Shares, or ends it. */
  toggle(): void {
    if (this.state.get().status === 'on') this.stop();
    else if (this.possible) void this.start();
  }

  stop(): void {
    const { status, stream } = this.state.get();
    this.#scope.end();
    this.#scope = new Scope();
    stream?.getTracks().forEach((track) => track.stop());
    this.#change({ status: 'off', sound: false, stream: null });
    if (status === 'on') this.#events.say('say.share-off');
  }

  /** At once, while it is shared too. */
  setContent(content: ScreenContent): void {
    this.#change({ content });
    const video = this.state.get().stream?.getVideoTracks()[0];
    if (video) hint(video, content);
  }

  /** What each of so many others is sent. */
  outgoing(others: number): OutgoingScreen | null {
    const { stream, content } = this.state.get();
    const video = stream?.getVideoTracks()[0];
    const effort: Effort = screenEffort(content, others);
    return video ? { video, audio: stream?.getAudioTracks()[0] ?? null, effort } : null;
  }

  #take(stream: MediaStream, video: MediaStreamTrack): void {
    hint(video, this.state.get().content);
    // Stopped in the browser, or the window that was shared is closed.
    this.#scope.listen(video, 'ended', () => this.stop());
    this.#change({ status: 'on', sound: stream.getAudioTracks().length > 0, stream });
    this.#events.say('say.share-on');
  }

  #change(change: Partial<ShareState>): void {
    this.state.update((state) => ({ ...state, ...change }));
  }
}

/** Encoders keep what matters: the pixels, or the frames (W3C mst-content-hint). */
function hint(video: MediaStreamTrack, content: ScreenContent): void {
  video.contentHint = content === 'text' ? 'detail' : 'motion';
}

/**
 * The others must not hear themselves: where the browser cannot take this page's sound out of the system's, only the
 * sound of another tab is shared, and this page's tab is not offered.
 */
function optionsFor(source: ScreenSource): ScreenOptions {
  const supported = source.getSupportedConstraints?.() as Record<string, boolean> | undefined;
  const takesOwnOut = supported?.['restrictOwnAudio'] === true;
  return {
    video: { frameRate: { ideal: FRAME_RATE } },
    // Music as it is: what cleans speech would spoil it.
    audio: {
      echoCancellation: false,
      noiseSuppression: false,
      autoGainControl: false,
      restrictOwnAudio: true,
      suppressLocalAudioPlayback: false,
    },
    selfBrowserSurface: 'exclude',
    surfaceSwitching: 'include',
    systemAudio: takesOwnOut ? 'include' : 'exclude',
    windowAudio: takesOwnOut ? 'window' : 'exclude',
  };
}
