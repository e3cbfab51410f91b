import { directTo, playerOf, silence } from './audio-sink';
import { Scope } from './scope';
import { Store } from './store';

/** C5, E5, G5 in Hz: a chord, one note after the other, that nobody takes for a fault. */
const NOTES_HZ = [523.25, 659.25, 783.99];
/** From one note to the next, in s. */
const STEP_S = 0.18;
/** How long a note takes to fade, in s. */
const FADE_S = 0.6;
/** Full scale is 1; the notes overlap, and nobody shall be startled. */
const LOUDNESS = 0.2;
/** What is faded to: an exponential never comes to 0. */
const SILENCE = 0.0001;
/** After this, in ms, it is over even where nothing could be played: a little longer than it takes. */
const PATIENCE_MS = 2500;

/** What a person plays to hear whether the speaker is the right one. */
export class TestSound {
  readonly playing = new Store(false);

  /** On this device, where the browser can; null: where the system says. To be called from within a click. */
  async play(speaker: string | null): Promise<void> {
    if (this.playing.get() || typeof AudioContext !== 'function') return;
    this.playing.set(true);
    const scope = new Scope();
    // A machine without any speaker plays nothing, and that is what is heard.
    await ring(speaker, scope).catch(() => {});
    scope.end();
    this.playing.set(false);
  }
}

async function ring(speaker: string | null, scope: Scope): Promise<void> {
  const context = new AudioContext();
  scope.add(() => void context.close());
  const output = new MediaStreamAudioDestinationNode(context);
  const element = playerOf(output.stream);
  scope.add(() => silence(element));
  await directTo(element, speaker);
  await Promise.all([context.resume(), element.play()]);
  const notes = NOTES_HZ.map((frequency, index) =>
    note(context, output, frequency, context.currentTime + index * STEP_S),
  );
  await new Promise<void>((resolve) => {
    notes.at(-1)?.addEventListener('ended', () => resolve());
    scope.timeout(resolve, PATIENCE_MS);
  });
}

function note(context: AudioContext, output: AudioNode, frequency: number, begin: number): OscillatorNode {
  const gain = new GainNode(context, { gain: 0 });
  gain.gain.setValueAtTime(LOUDNESS, begin);
  gain.gain.exponentialRampToValueAtTime(SILENCE, begin + FADE_S);
  gain.connect(output);
  const oscillator = new OscillatorNode(context, { type: 'sine', frequency });
  oscillator.connect(gain);
  oscillator.start(begin);
  oscillator.stop(begin + FADE_S);
  return oscillator;
}
