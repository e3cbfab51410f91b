/** A track as far as the call looks at it. */
export class FakeTrack extends EventTarget {
  enabled = true;
  contentHint = '';
  stopped = false;

  constructor(readonly kind: 'audio' | 'video') {
    super();
  }

  stop(): void {
    this.stopped = true;
  }
}

export class FakeStream {
  #tracks: unknown[];

  constructor(tracks: unknown[] = []) {
    this.#tracks = [...tracks];
  }

  getTracks(): unknown[] {
    return this.#tracks;
  }

  getVideoTracks(): unknown[] {
    return this.#ofKind('video');
  }

  getAudioTracks(): unknown[] {
    return this.#ofKind('audio');
  }

  #ofKind(kind: string): unknown[] {
    return this.#tracks.filter((track) => (track as { kind: string }).kind === kind);
  }

  addTrack(track: unknown): void {
    if (!this.#tracks.includes(track)) this.#tracks.push(track);
  }
}

/** What can be shared: a screen with sound, or without; or the name of the DOMException. */
export class FakeScreen {
  readonly given: FakeTrack[] = [];
  readonly asked: unknown[] = [];

  constructor(public answer: 'with-sound' | 'silent' | string = 'silent') {}

  getDisplayMedia(options: unknown): Promise<MediaStream> {
    this.asked.push(options);
    if (this.answer !== 'with-sound' && this.answer !== 'silent') {
      return Promise.reject(new DOMException('', this.answer));
    }
    const kinds = this.answer === 'silent' ? (['video'] as const) : (['video', 'audio'] as const);
    const tracks = kinds.map((kind) => new FakeTrack(kind));
    this.given.push(...tracks);
    return Promise.resolve(new FakeStream(tracks) as unknown as MediaStream);
  }
}

type Answer = 'granted' | string;

/**
 * Cameras and microphones of which some do not work: `camera` and `microphone` are `granted` or the name of the
 * DOMException. Asked for both, the browser gives both or nothing (Media Capture and Streams, section 10.2).
 */
export class FakeMediaSource extends EventTarget {
  readonly asked: string[] = [];
  readonly given: FakeTrack[] = [];
  /** The device that was wished for with each question, by kind. */
  readonly wished: Record<string, unknown>[] = [];
  /** What is plugged in, as `enumerateDevices` lists it. */
  plugged: Pick<MediaDeviceInfo, 'kind' | 'deviceId' | 'label'>[] = [];
  /** Holds every answer back until it is called. */
  answer: Promise<void> = Promise.resolve();

  constructor(
    public microphone: Answer,
    public camera: Answer,
  ) {
    super();
  }

  async getUserMedia(constraints: MediaStreamConstraints = {}): Promise<MediaStream> {
    const kinds = (['audio', 'video'] as const).filter((kind) => constraints[kind]);
    this.asked.push(kinds.join(' '));
    const wishes = kinds.map((kind) => [kind, (constraints[kind] as MediaTrackConstraints).deviceId]);
    this.wished.push(Object.fromEntries(wishes) as Record<string, unknown>);
    await this.answer;
    for (const kind of kinds) {
      const answer = kind === 'audio' ? this.microphone : this.camera;
      if (answer !== 'granted') throw new DOMException('', answer);
    }
    const tracks = kinds.map((kind) => new FakeTrack(kind));
    this.given.push(...tracks);
    return new FakeStream(tracks) as unknown as MediaStream;
  }

  enumerateDevices(): Promise<MediaDeviceInfo[]> {
    return Promise.resolve(this.plugged as MediaDeviceInfo[]);
  }
}
