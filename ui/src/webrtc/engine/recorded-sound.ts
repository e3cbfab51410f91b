import type { Heard } from '../worklet/microphone';

/** So often its sound is taken anew, in ms. Of a microphone a queue gains some 3 ms meanwhile. */
const RENEW_MS = 20_000;
/**
 * How soon after a beginning or a pause, in ms: a machine that begins a call is busy, and the queue gains most. Each time
 * twice as long.
 */
const SOON_MS = 1000;
/** Until what was begun gives sound without gaps, in ms. */
const SETTLE_MS = 500;
/** How long one gives way to the other, in ms: a step would be heard as a click. */
const FADE_MS = 20;

/** One way to the sound of a track. */
export interface Take {
  /** Begins anew; resolves when it gives sound. */
  begin(): Promise<void>;
  /** Is heard from now on, or no longer, within so many ms. */
  fade(to: 0 | 1, ms: number): void;
  end(): void;
}

/** Keeps one of two takes of the same sound at work, and lets the other take its place before it is late. */
export class Relay {
  #current: Take;
  #other: Take;
  #timer: ReturnType<typeof setTimeout> | null = null;
  /** When the next begins. */
  #next = SOON_MS;
  #renewing = false;
  #ended = false;

  constructor(first: Take, second: Take) {
    [this.#current, this.#other] = [first, second];
    first.fade(1, 0);
    first.begin().catch(() => {});
    void this.#warm(second).then(() => this.#wait());
  }

  /** What is recorded or who listens to it stood still for a while. */
  paused(): void {
    if (this.#next === SOON_MS) return;
    this.#next = SOON_MS;
    if (!this.#renewing) this.#wait();
  }

  end(): void {
    this.#ended = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#current.end();
    this.#other.end();
  }

  /** The first time that one begins takes the page 30 to 130 ms, and all sound waits for the page. After that it takes 5. */
  async #warm(take: Take): Promise<void> {
    await take.begin().catch(() => {});
    take.end();
  }

  #wait(): void {
    this.#renewing = false;
    this.#after(this.#next, () => this.#renew());
  }

  #renew(): void {
    this.#renewing = true;
    this.#next = Math.min(2 * this.#next, RENEW_MS);
    this.#other.begin().then(
      () => this.#after(SETTLE_MS, () => this.#swap()),
      () => this.#wait(),
    );
  }

  #swap(): void {
    [this.#current, this.#other] = [this.#other, this.#current];
    this.#current.fade(1, FADE_MS);
    this.#other.fade(0, FADE_MS);
    this.#after(2 * FADE_MS, () => {
      this.#other.end();
      this.#wait();
    });
  }

  #after(ms: number, then: () => void): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (!this.#ended) this.#timer = setTimeout(then, ms);
  }
}

/**
 * The sound of a track. WebKitGTK keeps it in a queue on its way to WebAudio. When it cannot read that because it is just
 * written, it repeats what it read before, and when nothing is there it gives silence: the queue is longer from then on,
 * and all that follows later, for good. So a fresh queue takes its place again and again. It is that of a media element,
 * which goes with its `srcObject`: that of a MediaStreamAudioSourceNode grows on until its context is closed.
 */
export function recordedSound(
  context: AudioContext,
  track: MediaStreamTrack,
): { node: AudioNode; heard: (what: Heard) => void; end: () => void } {
  const node = new GainNode(context);
  const relay = new Relay(new Player(node, track), new Player(node, track));
  const resumed = () => {
    if (context.state === 'running') relay.paused();
  };
  context.addEventListener('statechange', resumed);
  let off = false;
  return {
    node,
    heard: (what) => {
      if (what === 'silence') off = !track.enabled || track.muted;
      else if (off) relay.paused();
    },
    end: () => {
      context.removeEventListener('statechange', resumed);
      relay.end();
      node.disconnect();
    },
  };
}

class Player implements Take {
  readonly #element = Object.assign(new Audio(), { muted: true });
  readonly #gain: GainNode;
  readonly #track: MediaStreamTrack;

  constructor(into: AudioNode, track: MediaStreamTrack) {
    const context = into.context as AudioContext;
    this.#track = track;
    this.#gain = new GainNode(context, { gain: 0 });
    new MediaElementAudioSourceNode(context, { mediaElement: this.#element })
      .connect(this.#gain)
      .connect(into);
  }

  begin(): Promise<void> {
    this.#element.srcObject = new MediaStream([this.#track]);
    return this.#element.play();
  }

  fade(to: 0 | 1, ms: number): void {
    const { gain, context } = this.#gain;
    gain.setValueAtTime(1 - to, context.currentTime);
    gain.linearRampToValueAtTime(to, context.currentTime + ms / 1000);
  }

  end(): void {
    this.#element.srcObject = null;
  }
}
