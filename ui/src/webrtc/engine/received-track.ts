/** Gives a track that is made in the page the `muted` of one that is received: true until something comes. */
export class ReceivedTrack {
  readonly track: MediaStreamTrack;
  #muted = true;

  constructor(track: MediaStreamTrack) {
    this.track = track;
    Object.defineProperty(track, 'muted', { get: () => this.#muted, configurable: true });
  }

  mute(muted: boolean): void {
    if (muted === this.#muted || this.track.readyState === 'ended') return;
    this.#muted = muted;
    this.track.dispatchEvent(new Event(muted ? 'mute' : 'unmute'));
  }

  end(): void {
    if (this.track.readyState === 'ended') return;
    this.track.stop();
    // `stop` is what a page does, and tells nobody; here it is the other side's doing.
    this.track.dispatchEvent(new Event('ended'));
  }
}
