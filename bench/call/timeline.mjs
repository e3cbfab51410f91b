// What happens in a page between the press and the first picture, seen from inside.

/** Runs in the page before its own scripts: notes when each step of a call happens, in `globalThis.timeline`. */
export function keepTimeline() {
  const page = /** @type {any} */ (globalThis);
  /** @type {[number, string][]} */
  const steps = (page.timeline = []);
  const note = (/** @type {string} */ step) => void steps.push([performance.now(), step]);

  page.WebSocket = new Proxy(WebSocket, {
    construct(target, args, newTarget) {
      const socket = /** @type {WebSocket} */ (Reflect.construct(target, args, newTarget));
      note('WebSocket made');
      socket.addEventListener('open', () => note('WebSocket open'));
      socket.addEventListener('message', ({ data }) => note(`< ${kind(data)}`));
      const send = socket.send.bind(socket);
      socket.send = (data) => {
        note(`> ${kind(data)}`);
        send(data);
      };
      return socket;
    },
  });

  page.RTCPeerConnection = new Proxy(RTCPeerConnection, {
    construct(target, args, newTarget) {
      const connection = /** @type {RTCPeerConnection} */ (Reflect.construct(target, args, newTarget));
      note('RTCPeerConnection made');
      const watched = new Set();
      const watch = () => {
        for (const { transport } of connection.getSenders()) {
          if (!transport || watched.has(transport)) continue;
          watched.add(transport);
          transport.addEventListener('statechange', () => note(`DTLS ${transport.state}`));
        }
      };
      connection.addEventListener('signalingstatechange', () => {
        note(`signaling ${connection.signalingState}`);
        watch();
      });
      connection.addEventListener('iceconnectionstatechange', () => {
        watch();
        note(`ICE ${connection.iceConnectionState}`);
      });
      connection.addEventListener('connectionstatechange', () =>
        note(`connection ${connection.connectionState}`),
      );
      connection.addEventListener('icecandidate', ({ candidate }) => {
        if (candidate?.candidate) note(`candidate ${candidate.type} ${candidate.protocol}`);
      });
      page.lastConnection = connection;
      return connection;
    },
  });

  /** @param {unknown} data */
  function kind(data) {
    try {
      const frame = JSON.parse(String(data));
      const message = frame.message ?? frame;
      const signal = message.signal ?? {};
      const what = signal.description?.type ?? (signal.candidate ? 'candidate' : '');
      return `${message.type} ${what}`.trim();
    } catch {
      return 'something';
    }
  }
}

/** Runs in the page: which side began DTLS, in which version. */
export async function readTransport() {
  const connection = /** @type {any} */ (globalThis).lastConnection;
  if (!connection) return {};
  const stats = [...(await connection.getStats()).values()];
  const transport = stats.find((entry) => entry.type === 'transport') ?? {};
  const pair = stats.find((entry) => entry.id === transport.selectedCandidatePairId) ?? {};
  const { dtlsRole, tlsVersion, dtlsCipher, iceRole, selectedCandidatePairChanges } = transport;
  const rtt = pair.currentRoundTripTime;
  return { dtlsRole, tlsVersion, dtlsCipher, iceRole, selectedCandidatePairChanges, rtt };
}
