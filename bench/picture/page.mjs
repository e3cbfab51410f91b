// What runs in the pages: a picture that says when it was drawn, sent over an RTCPeerConnection and read at the other end.

/** The picture's size and pace: what a laptop's camera gives. */
export const PICTURE = { width: 640, height: 480, framesPerSecond: 30 };

/** Black and white fields, in a row and in a column: large enough to come through any encoder. */
export const FIELDS = { across: 8, down: 6 };

/**
 * Installs `globalThis.bench` in a page. Evaluated there: it may use nothing from outside.
 *
 * @param {typeof PICTURE} picture
 * @param {typeof FIELDS} fields
 */
export function installBench(picture, fields) {
  const BITS = 24; // of the time in ms: it comes again after four and a half hours
  const now = () => performance.timeOrigin + performance.now();
  const connection = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
  /** @type {object[]} */
  const candidates = [];
  connection.onicecandidate = ({ candidate }) => candidate && candidates.push(candidate.toJSON());
  /** @type {{ at: number, latency: number }[]} */
  let seen = [];
  let last = -1;
  /** @type {MediaStream | null} */
  let sent = null;

  /** @param {CanvasRenderingContext2D} context @param {number} value */
  const draw = (context, value) => {
    const [width, height] = [picture.width / fields.across, picture.height / fields.down];
    for (let field = 0; field < fields.across * fields.down; field++) {
      // Each bit twice, the second time inverted: a picture of half an old and half a new frame is told.
      const bit = ((value >> (field % BITS)) & 1) ^ (field >= BITS ? 1 : 0);
      context.fillStyle = bit ? '#fff' : '#000';
      const [column, row] = [field % fields.across, Math.floor(field / fields.across)];
      context.fillRect(column * width, row * height, width, height);
    }
  };

  /** @param {Uint8ClampedArray} pixels one for each field @returns {number | null} null if it cannot be told */
  const read = (pixels) => {
    let value = 0;
    for (let bit = 0; bit < BITS; bit++) {
      const [one, other] = [bit, bit + BITS].map((field) => (pixels[field * 4] ?? 0) > 127);
      if (one === other) return null;
      if (one) value |= 1 << bit;
    }
    return value;
  };

  const watch = async (/** @type {MediaStreamTrack} */ track) => {
    const video = Object.assign(document.createElement('video'), { muted: true, playsInline: true });
    video.srcObject = new MediaStream([track]);
    video.width = picture.width;
    document.body.append(video);
    const canvas = Object.assign(document.createElement('canvas'), {
      width: fields.across,
      height: fields.down,
    });
    const context = canvas.getContext('2d', { willReadFrequently: true });
    if (!context) throw new Error('no canvas');
    context.imageSmoothingEnabled = false;
    const look = () => {
      video.requestVideoFrameCallback(look);
      context.drawImage(video, 0, 0, fields.across, fields.down);
      const value = read(context.getImageData(0, 0, fields.across, fields.down).data);
      if (value === null || value === last) return;
      last = value;
      const at = now();
      seen.push({ at, latency: (Math.floor(at) - value) & (2 ** BITS - 1) });
    };
    video.requestVideoFrameCallback(look);
    await video.play();
  };
  connection.ontrack = ({ track }) => void (track.kind === 'video' && watch(track));

  return {
    connection,
    /** Sends the picture. */
    send() {
      const canvas = Object.assign(document.createElement('canvas'), picture);
      // Drawn in memory, where a camera's picture is too. Otherwise WebKitGTK, without a real graphics card, gives it back
      // 15 times a second in some runs and 30 in others.
      const context = canvas.getContext('2d', { willReadFrequently: true });
      if (!context) throw new Error('no canvas');
      // Each picture is taken when it is drawn: with a rate of its own, WebKitGTK takes some and late.
      const stream = canvas.captureStream(0);
      const [track] = /** @type {CanvasCaptureMediaStreamTrack[]} */ (stream.getVideoTracks());
      const step = () => {
        draw(context, Math.floor(now()) & (2 ** BITS - 1));
        track?.requestFrame();
      };
      step();
      setInterval(step, 1000 / picture.framesPerSecond);
      if (track) connection.addTrack(track, stream);
      sent = stream;
    },
    /** What the picture is sent in. */
    stream: () => sent,
    async describe() {
      await connection.setLocalDescription();
      return connection.localDescription?.toJSON();
    },
    /** @param {RTCSessionDescriptionInit} description */
    hear: (description) => connection.setRemoteDescription(description),
    candidates: () => candidates.splice(0),
    /** @param {RTCIceCandidateInit[]} found */
    async reach(found) {
      for (const candidate of found) await connection.addIceCandidate(candidate).catch(() => {});
    },
    /** What was seen since the last time. */
    seen: () => seen.splice(0),
    /** The connection's own figures (W3C webrtc-stats). */
    async stats() {
      return [...(await connection.getStats()).values()].filter(({ type }) =>
        ['inbound-rtp', 'outbound-rtp', 'candidate-pair'].includes(type),
      );
    },
  };
}
