type FakeDevice = Pick<MediaDeviceInfo, 'kind' | 'deviceId' | 'label'> & { groupId?: string };

/** A track as far as the call looks at it. */
export class FakeTrack extends EventTarget {
  enabled = true;
  contentHint = '';
  stopped = false;
  readonly label: string;

  constructor(
    readonly kind: 'audio' | 'video',
    readonly device?: FakeDevice,
  ) {
    super();
    this.label = device?.label ?? '';
  }

  getSettings(): MediaTrackSettings {
    const { deviceId, groupId } = this.device ?? {};
    return { ...(deviceId && { deviceId }), ...(groupId && { groupId }) };
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
  plugged: FakeDevice[] = [];
  /** IDs of those that another program has: who asks for one gets none. */
  readonly taken = new Set<string>();
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
    const tracks = kinds.map((kind) => new FakeTrack(kind, this.#pick(kind, constraints[kind])));
    this.given.push(...tracks);
    return new FakeStream(tracks) as unknown as MediaStream;
  }

  /** Takes one away, as who pulls its plug. `ends`: its tracks, as every browser does but WebKitGTK. */
  unplug(id: string, ends = true): void {
    this.plugged = this.plugged.filter(({ deviceId }) => deviceId !== id);
    for (const track of this.given) {
      if (ends && track.device?.deviceId === id && !track.stopped) track.dispatchEvent(new Event('ended'));
    }
    this.dispatchEvent(new Event('devicechange'));
  }

  plug(device: FakeDevice): void {
    this.plugged = [device, ...this.plugged];
    this.dispatchEvent(new Event('devicechange'));
  }

  /** The one that is wished for, or the first. Where none is listed, one that says nothing of itself. */
  #pick(kind: 'audio' | 'video', wish: MediaStreamConstraints['audio']): FakeDevice | undefined {
    if (this.plugged.length === 0) return undefined;
    const ofKind = this.plugged.filter((device) => device.kind === `${kind}input`);
    const { ideal, exact } = ((wish as MediaTrackConstraints).deviceId ?? {}) as ConstrainDOMStringParameters;
    const found =
      exact === undefined
        ? (ofKind.find(({ deviceId }) => deviceId === ideal) ?? ofKind[0])
        : ofKind.find(({ deviceId }) => deviceId === exact);
    if (!found) throw new DOMException('', 'NotFoundError');
    if (this.taken.has(found.deviceId)) throw new DOMException('', 'NotReadableError');
    return found;
  }

  enumerateDevices(): Promise<MediaDeviceInfo[]> {
    return Promise.resolve(this.plugged as MediaDeviceInfo[]);
  }
}
