/** The W3C's interface for making tracks in workers; TypeScript does not know it yet. */
interface VideoTrackGenerator {
  readonly writable: WritableStream<VideoFrame>;
  readonly track: MediaStreamTrack;
}

declare const VideoTrackGenerator: (new () => VideoTrackGenerator) | undefined;

/** The page gets a track at once when it needs one: as many as a call of a few people begins with. */
const SPARE = 4;

/** The way into a track. WebKitGTK ends the web process if the generator of a track in use is collected. */
export interface WayIn {
  generator: VideoTrackGenerator;
  writer: WritableStreamDefaultWriter<VideoFrame>;
}

/** Tracks made ahead, each with the way into it. */
export class SpareTracks {
  readonly #ways = new Map<number, WayIn>();
  readonly #give: (spare: number, track: MediaStreamTrack) => void;
  #last = 0;

  constructor(give: (spare: number, track: MediaStreamTrack) => void) {
    this.#give = give;
    for (let count = 0; count < SPARE; count++) this.#make();
  }

  /** The way into a track that is in use from now on. */
  use(spare: number): WayIn | null {
    const way = this.#ways.get(spare) ?? null;
    if (this.#ways.delete(spare)) this.#make();
    return way;
  }

  #make(): void {
    if (typeof VideoTrackGenerator !== 'function') return;
    const generator = new VideoTrackGenerator();
    const spare = ++this.#last;
    this.#ways.set(spare, { generator, writer: generator.writable.getWriter() });
    this.#give(spare, generator.track);
  }
}
