import { SAMPLE_RATE } from '../wire';
import workletUrl from '../worklet/index.ts?worker&url';
import type { Heard } from '../worklet/microphone';
import { MICROPHONE, PLAYOUT } from '../worklet/names';
import { recordedSound } from './recorded-sound';

/** Mono, whatever comes. */
const MONO: AudioNodeOptions = { channelCount: 1, channelCountMode: 'explicit' };

/** The page's one way of sound in and out: what is recorded and what is played go by the same clock. */
export class Sound {
  #context: AudioContext | null = null;
  #played: GainNode | null = null;
  #loaded: Promise<void> = Promise.resolve();

  /** Plays what comes through the port into the track. */
  play(stream: number): { track: MediaStreamTrack; port: MessagePort; stop: () => void } {
    const { context, played } = this.#begin();
    const destination = new MediaStreamAudioDestinationNode(context, MONO);
    const [track] = destination.stream.getAudioTracks();
    if (!track) throw new Error('a destination gives no track');
    const { port, stop } = this.#node(
      PLAYOUT,
      stream,
      { numberOfInputs: 0, outputChannelCount: [1] },
      (node) => {
        node.connect(destination);
        node.connect(played);
      },
    );
    return { track, port, stop };
  }

  /** Gives what the track records, with what is played meanwhile, through the port. */
  record(stream: number, track: MediaStreamTrack): { port: MessagePort; stop: () => void } {
    const { context, played } = this.#begin();
    let recorded: ReturnType<typeof recordedSound> | null = null;
    // A node that leads nowhere is not run: it leads to a loudspeaker that is silent.
    const silent = new GainNode(context, { gain: 0 });
    const { port, stop } = this.#node(MICROPHONE, stream, { numberOfInputs: 2, ...MONO }, (node) => {
      // No sooner than it is listened to: what gathers before would be heard late for good.
      const sound = (recorded = recordedSound(context, track));
      node.port.onmessage = ({ data }: MessageEvent<Heard>) => sound.heard(data);
      sound.node.connect(node, 0, 0);
      played.connect(node, 0, 1);
      node.connect(silent).connect(context.destination);
    });
    return {
      port,
      stop: () => {
        stop();
        recorded?.end();
        silent.disconnect();
      },
    };
  }

  /** A node of the worklet, once that is loaded, and the way to it. */
  #node(
    name: string,
    stream: number,
    options: AudioWorkletNodeOptions,
    connect: (node: AudioWorkletNode) => void,
  ): { port: MessagePort; stop: () => void } {
    const { context, played } = this.#begin();
    const way = new MessageChannel();
    let node: AudioWorkletNode | null = null;
    let stopped = false;
    const start = () => {
      if (stopped) return;
      node = new AudioWorkletNode(context, name, { ...options, processorOptions: { stream } });
      node.port.postMessage(way.port2, [way.port2]);
      connect(node);
    };
    // Without the worklet there is no sound; pictures go on.
    void this.#loaded.then(start).catch(() => {});
    const stop = () => {
      stopped = true;
      if (!node) return;
      node.disconnect();
      if (name === MICROPHONE) played.disconnect(node);
      node.port.postMessage(null);
    };
    return { port: way.port1, stop };
  }

  #begin(): { context: AudioContext; played: GainNode } {
    if (this.#context && this.#played) return { context: this.#context, played: this.#played };
    const context = new AudioContext({ sampleRate: SAMPLE_RATE });
    const played = new GainNode(context, MONO);
    [this.#context, this.#played] = [context, played];
    this.#loaded = context.audioWorklet.addModule(workletUrl);
    // Before the person has done something in the page, and after the system was asleep, it stands still.
    const resume = () => {
      if (context.state !== 'running') context.resume().catch(() => {});
    };
    resume();
    context.addEventListener('statechange', resume);
    for (const gesture of ['pointerdown', 'keydown']) window.addEventListener(gesture, resume);
    return { context, played };
  }
}
