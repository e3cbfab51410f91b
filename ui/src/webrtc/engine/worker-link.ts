import type { Figures, News, Order } from '../worker/orders';
import type { AppMessage, PageMessage } from '../wire';

/** Where the app's peer listens, and what shows it that this page belongs to the app. */
export interface NativePeer {
  url: string;
  token: string;
}

interface Listener {
  said(message: AppMessage): void;
  message(connection: number, channel: number, data: string | ArrayBuffer): void;
  /** The way to the app is gone, and all connections with it. */
  lost(): void;
}

/** A stream of the page, as its worker tells of it. */
export interface StreamListener {
  arrived?(): void;
  shown?(frame: VideoFrame): void;
  frameWanted?(): void;
}

/** The page's end of the way to its worker, which starts when it is first needed. */
export class WorkerLink {
  readonly #nativePeer: () => Promise<NativePeer>;
  readonly #listener: Listener;
  readonly #streams = new Map<number, StreamListener>();
  readonly #figures = new Map<number, (figures: Figures) => void>();
  readonly #spares: { spare: number; track: MediaStreamTrack }[] = [];
  #worker: Worker | null = null;
  #lastNumber = 0;
  #connected = false;
  #ready!: (takesTracks: boolean) => void;
  /** Whether the worker takes tracks, or needs one frame after the other. */
  readonly takesTracks = new Promise<boolean>((resolve) => (this.#ready = resolve));

  constructor(nativePeer: () => Promise<NativePeer>, listener: Listener) {
    this.#nativePeer = nativePeer;
    this.#listener = listener;
  }

  /** A number that nothing else in this page has: for connections, streams, channels and requests. */
  newNumber(): number {
    return ++this.#lastNumber;
  }

  /** Starts the worker, so that there are tracks when they are needed. */
  start(): Worker {
    if (this.#worker) return this.#worker;
    warmUp();
    const worker = new Worker(new URL('../worker/index.ts', import.meta.url), { type: 'module' });
    worker.onmessage = ({ data }: MessageEvent<News>) => this.#hear(data);
    return (this.#worker = worker);
  }

  /** Opens the way to the app; false if there is one. */
  connect(): boolean {
    if (this.#connected) return false;
    this.#connected = true;
    this.give({ type: 'begin' });
    this.#nativePeer().then(
      ({ url, token }) => this.give({ type: 'connect', url, token }),
      () => this.#lost(),
    );
    return true;
  }

  /** Says this to the app, once the way is open; nothing while there is none. */
  say(message: PageMessage): void {
    if (this.#connected) this.give({ type: 'say', message });
  }

  give(order: Order, transfer: Transferable[] = []): void {
    this.start().postMessage(order, transfer);
  }

  listen(stream: number, listener: StreamListener): void {
    this.#streams.set(stream, listener);
  }

  forget(stream: number): void {
    this.#streams.delete(stream);
  }

  spareTrack(): { spare: number; track: MediaStreamTrack } | null {
    return this.#spares.shift() ?? null;
  }

  figures(): Promise<Figures> {
    const request = this.newNumber();
    this.give({ type: 'figures', request });
    return new Promise((resolve) => this.#figures.set(request, resolve));
  }

  #hear(news: News): void {
    switch (news.type) {
      case 'ready':
        return this.#ready(news.takesTracks);
      case 'spare':
        return void this.#spares.push(news);
      case 'said':
        return this.#listener.said(news.message);
      case 'message':
        return this.#listener.message(news.connection, news.channel, news.data);
      case 'arrived':
        return this.#streams.get(news.stream)?.arrived?.();
      case 'frame-wanted':
        return this.#streams.get(news.stream)?.frameWanted?.();
      case 'shown': {
        const show = this.#streams.get(news.stream)?.shown;
        return show ? show(news.frame) : news.frame.close();
      }
      case 'figures':
        this.#figures.get(news.request)?.(news.figures);
        return void this.#figures.delete(news.request);
      case 'lost':
        return this.#lost();
    }
  }

  #lost(): void {
    this.#connected = false;
    this.#listener.lost();
  }
}

/** WebKitGTK's encoders end the web process if GStreamer has not begun by then: asking what can be played begins it. */
function warmUp(): void {
  document.createElement('video').canPlayType('video/webm; codecs=vp8');
}
