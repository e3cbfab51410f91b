/** Takes a track's frames one after the other, for a worker that cannot take the track. */
export class FramePump {
  readonly #video = document.createElement('video');
  #ended = false;
  #copying = false;

  constructor(track: MediaStreamTrack, give: (frame: VideoFrame) => void) {
    const video = this.#video;
    video.muted = true;
    video.srcObject = new MediaStream([track]);
    const next = () => {
      if (this.#ended) return;
      video.requestVideoFrameCallback(next);
      // A machine that is too slow for each frame leaves some out.
      if (!this.#copying) void this.#copy(give);
    };
    video.requestVideoFrameCallback(next);
    video.play().catch(() => {});
  }

  async #copy(give: (frame: VideoFrame) => void): Promise<void> {
    this.#copying = true;
    try {
      const frame = await copyOf(this.#video);
      if (this.#ended) frame.close();
      else give(frame);
    } catch {
      // A frame that cannot be read is left out.
    }
    this.#copying = false;
  }

  end(): void {
    this.#ended = true;
    this.#video.srcObject = null;
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
