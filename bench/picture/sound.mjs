// What runs in the pages beside the picture: a tone at known times, sent in the same stream, and heard at the other end.

/**
 * Installs `globalThis.tones` in a page that has `globalThis.bench`. Evaluated there: it may use nothing from outside.
 */
export function installTones() {
  /** So often a tone begins, how long it lasts and how far ahead it is planned, in ms. */
  const [EVERY, LENGTH, AHEAD] = [1000, 150, 100];
  const FREQUENCY = 1000;
  /** The samples that are looked at, so often in ms that none is passed over, and what is loud among them. */
  const [SAMPLES, LOOK_EVERY, LOUD] = [2048, 20, 0.05];
  /** WebAudio hands over 128 samples at a time: at this rate a hundred times a second, as a microphone does. */
  const SENT_RATE = 12_800;
  const HEARD_RATE = 48_000;
  const { bench } = /** @type {any} */ (globalThis);
  const now = () => performance.timeOrigin + performance.now();
  const start = (/** @type {number} */ sampleRate) => {
    const context = new AudioContext({ sampleRate });
    void context.resume();
    return context;
  };
  /** When tones began here, in ms. @type {number[]} */
  const begun = [];

  const hear = (/** @type {MediaStreamTrack} */ track) => {
    const context = start(HEARD_RATE);
    // WebKitGTK's way from a track to WebAudio queues for good what it once was too late for. A media element's queue goes
    // with its stream: each tone has one of its own. In Chromium neither is so, and a muted element's sound is silent.
    const queues = navigator.vendor.startsWith('Apple');
    const player = Object.assign(new Audio(), { muted: true });
    const play = () => {
      player.srcObject = new MediaStream([track]);
      player.play().catch(() => {});
    };
    play();
    const source = queues
      ? new MediaElementAudioSourceNode(context, { mediaElement: player })
      : new MediaStreamAudioSourceNode(context, { mediaStream: new MediaStream([track]) });
    const analyser = new AnalyserNode(context, { fftSize: SAMPLES });
    source.connect(analyser);
    let last = 0;
    const samples = new Float32Array(SAMPLES);
    setInterval(() => {
      const at = now();
      analyser.getFloatTimeDomainData(samples);
      const first = samples.findIndex((sample) => Math.abs(sample) > LOUD);
      if (first < 0) return;
      const began = at - ((SAMPLES - first) / context.sampleRate) * 1000;
      if (began - last < EVERY / 2) return;
      last = began;
      begun.push(began);
      if (queues) play();
    }, LOOK_EVERY);
  };
  bench.connection.addEventListener('track', (/** @type {RTCTrackEvent} */ { track }) => {
    if (track.kind === 'audio') hear(track);
  });

  return {
    /** Sends tones in the stream of the picture. */
    send() {
      const context = start(SENT_RATE);
      const destination = new MediaStreamAudioDestinationNode(context, { channelCount: 1 });
      const gain = new GainNode(context, { gain: 0 });
      const tone = new OscillatorNode(context, { frequency: FREQUENCY });
      tone.connect(gain).connect(destination);
      tone.start();
      setInterval(() => {
        const at = context.currentTime + AHEAD / 1000;
        begun.push(now() + AHEAD);
        gain.gain.setValueAtTime(1, at);
        gain.gain.setValueAtTime(0, at + LENGTH / 1000);
      }, EVERY);
      const [track] = destination.stream.getAudioTracks();
      if (track) bench.connection.addTrack(track, bench.stream());
    },
    /** When tones began, since the last time. */
    begun: () => begun.splice(0),
  };
}
