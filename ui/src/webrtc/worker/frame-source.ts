/** Chromium's interface of the same name, as WebKit has it in workers only; TypeScript knows neither. */
declare const MediaStreamTrackProcessor:
  (new (init: { track: MediaStreamTrack }) => { readable: ReadableStream<VideoFrame> }) | undefined;

/** Whether this worker can read a track. */
export function takesTracks(): boolean {
  return typeof MediaStreamTrackProcessor === 'function';
}

/** Reads a track's frames until it ends or `stop`. Who takes a frame closes it. */
export class FrameSource {
  readonly #track: MediaStreamTrack;
  #reader: ReadableStreamDefaultReader<VideoFrame> | null = null;

  constructor(track: MediaStreamTrack, take: (frame: VideoFrame) => void) {
    this.#track = track;
    if (typeof MediaStreamTrackProcessor !== 'function') return;
    const reader = new MediaStreamTrackProcessor({ track }).readable.getReader();
    this.#reader = reader;
    void this.#read(reader, take);
  }

  stop(): void {
    const reader = this.#reader;
    this.#reader = null;
    reader?.cancel().catch(() => {});
    this.#track.stop();
  }

  async #read(
    reader: ReadableStreamDefaultReader<VideoFrame>,
    take: (frame: VideoFrame) => void,
  ): Promise<void> {
    try {
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return;
        if (this.#reader === reader) take(value);
        else value.close();
      }
    } catch {
      // The track has failed: like one that has ended, it has no frames.
    }
  }
}
