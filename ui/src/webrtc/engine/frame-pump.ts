/**
 * Takes a track's frames, for a worker that cannot take the track. The worker says when, for a hidden window's own
 * clocks and callbacks rest: what is shared is most often looked at with this window minimized.
 */
export class FramePump {
  readonly #video = document.createElement('video');
  readonly #give: (frame: VideoFrame) => void;
  #ended = false;
  #copying = false;
  /** How many frames there had been when one was taken last. */
  #seen = 0;

  constructor(track: MediaStreamTrack, give: (frame: VideoFrame) => void) {
    this.#give = give;
    this.#video.muted = true;
    this.#video.srcObject = new MediaStream([track]);
    // WebKit pauses what nobody hears when the window is hidden.
    this.#video.addEventListener('pause', () => this.#play());
    this.#play();
  }

  /** Gives the latest frame, unless it was given already. */
  next(): void {
    const frames = this.#video.getVideoPlaybackQuality().totalVideoFrames;
    // A machine that is too slow for each frame leaves some out.
    if (this.#copying || frames === this.#seen) return;
    this.#seen = frames;
    void this.#copy();
  }

  end(): void {
    this.#ended = true;
    this.#video.srcObject = null;
  }

  #play(): void {
    if (!this.#ended) this.#video.play().catch(() => {});
  }

  async #copy(): Promise<void> {
    this.#copying = true;
    try {
      const frame = await copyOf(this.#video);
      if (this.#ended) frame.close();
      else this.#give(frame);
    } catch {
      // A frame that cannot be read is left out.
    }
    this.#copying = false;
  }
}

/** WebKitGTK's encoders refuse frames that are on the graphics card: the copy is in memory. */
async function copyOf(video: HTMLVideoElement): Promise<VideoFrame> {
  const shown = new VideoFrame(video, { timestamp: Math.round(performance.now() * 1000) });
  try {
    const { codedWidth, codedHeight, timestamp } = shown;
    const format = shown.format ?? 'RGBX';
    const pixels = new Uint8Array(shown.allocationSize());
    const layout = await shown.copyTo(pixels);
    return new VideoFrame(pixels, { format, codedWidth, codedHeight, timestamp, layout });
  } finally {
    shown.close();
  }
}
