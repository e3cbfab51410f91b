import { Scope } from './scope';
import { Store } from './store';

/** How often the level is taken, in ms: smooth to the eye. */
const INTERVAL_MS = 50;
/** Samples looked at each time: at 48 kHz two thirds of the interval. */
const SAMPLES = 2048;
/** The loudness shown as 0, in dB below full scale: a quiet room. Full scale is shown as 1. */
const FLOOR_DB = -60;
/** How much of its height the bar loses each time when it gets quieter: it falls slower than it rises. */
const FALL = 0.15;

/** How loud the microphone is, 0 to 1. */
export class LevelMeter {
  readonly level = new Store(0);
  #scope = new Scope();
  #track: MediaStreamTrack | null = null;

  /** Measures this track from now on; null stops. */
  watch(track: MediaStreamTrack | null): void {
    if (track === this.#track) return;
    this.#track = track;
    this.#scope.end();
    this.#scope = new Scope();
    this.level.set(0);
    if (track && typeof AudioContext === 'function') this.#measure(track, this.#scope);
  }

  #measure(track: MediaStreamTrack, scope: Scope): void {
    const context = new AudioContext();
    scope.add(() => void context.close());
    // Without a gesture of the person a browser may keep it silent: then the next gesture starts it.
    const resume = () => void context.resume().catch(() => {});
    resume();
    for (const gesture of ['pointerdown', 'keydown']) scope.listen(window, gesture, resume);

    const analyser = new AnalyserNode(context, { fftSize: SAMPLES });
    new MediaStreamAudioSourceNode(context, { mediaStream: new MediaStream([track]) }).connect(analyser);
    const samples = new Float32Array(SAMPLES);
    scope.interval(() => {
      analyser.getFloatTimeDomainData(samples);
      const loudness = loudnessOf(samples);
      this.level.update((before) => Math.max(loudness, before - FALL, 0));
    }, INTERVAL_MS);
  }
}

/** Root mean square in dB, from `FLOOR_DB` (0) to full scale (1). */
export function loudnessOf(samples: Float32Array): number {
  const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
  if (power === 0) return 0;
  return Math.min(1, Math.max(0, 1 - (10 * Math.log10(power)) / FLOOR_DB));
}
