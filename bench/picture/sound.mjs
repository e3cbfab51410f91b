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
  const { bench } = /** @type {any} */ (globalThis);
  const now = () => performance.timeOrigin + performance.now();
  const context = new AudioContext({ sampleRate: 48_000 });
  void context.resume();
  /** When tones began here, in ms. @type {number[]} */
  const begun = [];

  const hear = (/** @type {MediaStreamTrack} */ track) => {
    const stream = new MediaStream([track]);
    // Chromium decodes what is played.
    const player = Object.assign(new Audio(), { srcObject: stream, muted: true });
    player.play().catch(() => {});
    const analyser = new AnalyserNode(context, { fftSize: SAMPLES });
    const listen = () => {
      const source = new MediaStreamAudioSourceNode(context, { mediaStream: stream });
      source.connect(analyser);
      return source;
    };
    let source = listen();
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
      // WebKitGTK's keeps for good what it once was too late for, and lags behind by it: the next tone has one of its own.
      source.disconnect();
      source = listen();
    }, LOOK_EVERY);
  };
  bench.connection.addEventListener('track', (/** @type {RTCTrackEvent} */ { track }) => {
    if (track.kind === 'audio') hear(track);
  });

  return {
    /** Sends tones in the stream of the picture. */
    send() {
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
