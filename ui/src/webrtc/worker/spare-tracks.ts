/** The W3C's interface for making tracks in workers; TypeScript does not know it yet. */
interface VideoTrackGenerator {
  readonly writable: WritableStream<VideoFrame>;
  readonly track: MediaStreamTrack;
}

declare const VideoTrackGenerator: (new () => VideoTrackGenerator) | undefined;

/** The page gets a track at once when it needs one: as many as a call of a few people begins with. */
const SPARE = 4;

/** Tracks made ahead, each with the way into it. */
export class SpareTracks {
  readonly #ways = new Map<number, WritableStreamDefaultWriter<VideoFrame>>();
  /** WebKitGTK ends the web process when one is collected. */
  readonly #kept: VideoTrackGenerator[] = [];
  readonly #give: (spare: number, track: MediaStreamTrack) => void;
  #last = 0;

  constructor(give: (spare: number, track: MediaStreamTrack) => void) {
    this.#give = give;
    for (let count = 0; count < SPARE; count++) this.#make();
  }

  /** The way into a track that is in use from now on. */
  use(spare: number): WritableStreamDefaultWriter<VideoFrame> | null {
    const way = this.#ways.get(spare) ?? null;
    if (this.#ways.delete(spare)) this.#make();
    return way;
  }

  #make(): void {
    if (typeof VideoTrackGenerator !== 'function') return;
    const generator = new VideoTrackGenerator();
    const spare = ++this.#last;
    this.#kept.push(generator);
    this.#ways.set(spare, generator.writable.getWriter());
    this.#give(spare, generator.track);
  }
}
