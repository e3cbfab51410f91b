// What is counted in the page of the one who is measured.

/**
 * Of one link so far.
 *
 * @typedef {object} Counts
 * @property {Side} sent
 * @property {Side} received
 */

/** @typedef {{ frames: number, bytes: number, width: number, keys: number, asked: number, codec: string }} Side `asked`: for key frames */

/** Runs in the page. @returns {Promise<(Counts | null)[]>} in the order in which the links were made; null: not connected */
export async function readLinks() {
  const { peerConnections } = /** @type {any} */ (globalThis);
  return Promise.all(
    /** @type {RTCPeerConnection[]} */ (peerConnections).map(async (connection) => {
      if (connection.connectionState !== 'connected') return null;
      const report = await connection.getStats();
      const entries = /** @type {any[]} */ ([...report.values()]);
      const find = (/** @type {string} */ type) =>
        entries.find((entry) => entry.type === type && entry.kind === 'video') ?? {};
      const side = (/** @type {any} */ entry, /** @type {Partial<Side>} */ counted) => ({
        ...{ frames: 0, bytes: 0, keys: 0, width: entry.frameWidth ?? 0, asked: entry.pliCount ?? 0 },
        codec: /** @type {any} */ (report.get(entry.codecId))?.mimeType ?? '',
        ...counted,
      });
      const [out, into] = [find('outbound-rtp'), find('inbound-rtp')];
      return {
        sent: side(out, { frames: out.framesSent, bytes: out.bytesSent, keys: out.keyFramesEncoded }),
        received: side(into, {
          ...{ frames: into.framesDecoded, bytes: into.bytesReceived, keys: into.keyFramesDecoded },
        }),
      };
    }),
  );
}

/** Runs in the page. How its camera is to be encoded for each other. @returns {{ bitrate: number, scale: number }[]} */
export function readEfforts() {
  const { peerConnections } = /** @type {any} */ (globalThis);
  return /** @type {RTCPeerConnection[]} */ (peerConnections).flatMap((connection) => {
    const sender = connection.getSenders().find(({ track }) => track?.kind === 'video');
    const encoding = sender?.getParameters().encodings[0];
    return encoding
      ? [{ bitrate: encoding.maxBitrate ?? 0, scale: encoding.scaleResolutionDownBy ?? 1 }]
      : [];
  });
}
