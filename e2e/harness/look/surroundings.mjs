// What a page finds around it that this machine has not, or not when it is wanted: functions that run in the page before
// its own scripts.

/**
 * A person in front of the camera, drawn, since the browser's own made-up camera shows none. The number tells people apart.
 *
 * @param {number} person
 */
export function sitsInFront(person) {
  const WALLS = ['#d9c7a8', '#a9c3c9', '#c9b3c4', '#b7c4a2', '#e0b99a', '#b4b8cf'];
  const SHIRTS = ['#2f5d62', '#b5533c', '#3c4f76', '#7a4b6a', '#44633f', '#8a6a2f'];
  const SKINS = ['#e8b998', '#a9714b', '#f1cdb0', '#8a5a3c', '#d9a077', '#c68d63'];
  const HAIRS = ['#3a2a20', '#1c1817', '#8d5a2b', '#241c1a', '#6b6460', '#4a2f22'];
  /** Pictures per second: somebody who sits still. */
  const RATE = 4;
  /** @param {string[]} colours */
  const own = (colours) => colours[person % colours.length] ?? '';
  /** @param {CanvasRenderingContext2D} pen @param {string} colour @param {number} x @param {number} y @param {number} wide @param {number} high */
  const oval = (pen, colour, x, y, wide, high) => {
    pen.fillStyle = colour;
    pen.beginPath();
    pen.ellipse(x, y, wide, high, 0, 0, 2 * Math.PI);
    pen.fill();
  };
  /** @param {CanvasRenderingContext2D} pen @param {number} sway */
  const draw = (pen, sway) => {
    pen.fillStyle = own(WALLS);
    pen.fillRect(0, 0, 640, 480);
    pen.fillStyle = '#f7f3e6';
    pen.fillRect(person % 2 ? 60 : 470, 50, 120, 170);
    pen.fillStyle = '#8fb7c4';
    pen.fillRect(person % 2 ? 70 : 480, 60, 100, 150);
    const x = 320 + sway;
    if (person % 3 === 1) oval(pen, own(HAIRS), x, 235, 112, 150);
    oval(pen, own(SHIRTS), 320, 500, 190, 145);
    oval(pen, own(SKINS), 320, 365, 46, 60);
    oval(pen, own(HAIRS), x, 185, 98, 105);
    oval(pen, own(SKINS), x, 225, 84, 108);
    pen.fillStyle = own(HAIRS);
    pen.beginPath();
    pen.ellipse(x, 175, 90, 62, 0, Math.PI, 2 * Math.PI);
    pen.fill();
    for (const side of [-34, 34]) oval(pen, '#2a211d', x + side, 222, 8, 9);
    pen.strokeStyle = '#7a4436';
    pen.lineWidth = 6;
    pen.lineCap = 'round';
    pen.beginPath();
    pen.arc(x, 262, 30, 0.2 * Math.PI, 0.8 * Math.PI);
    pen.stroke();
  };
  const picture = () => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 480 });
    const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
    let turn = 0;
    draw(pen, 0);
    setInterval(() => draw(pen, 6 * Math.sin(turn++ / RATE)), 1000 / RATE);
    return canvas.captureStream(RATE).getVideoTracks();
  };
  /** It is the same camera, as far as the page sees. @param {MediaStreamTrack} drawn @param {MediaStreamTrack} real */
  const passesFor = (drawn, real) => {
    const { deviceId, groupId } = real.getSettings();
    Object.defineProperty(drawn, 'label', { value: real.label });
    drawn.getSettings = () => ({ deviceId, groupId });
  };
  // Not where the page may not ask.
  if (!navigator.mediaDevices) return;
  const get = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wish) => {
    const stream = await get(wish);
    const [real] = stream.getVideoTracks();
    if (!real) return stream;
    const drawn = picture();
    for (const track of drawn) passesFor(track, real);
    real.stop();
    return new MediaStream([...stream.getAudioTracks(), ...drawn]);
  };
}

/** A page of a talk, for who shares a screen: the real one would be this very page, and that in it again. */
export function hasSlides() {
  const canvas = Object.assign(document.createElement('canvas'), { width: 1280, height: 720 });
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  const draw = () => {
    pen.fillStyle = '#fbfaf5';
    pen.fillRect(0, 0, 1280, 720);
    pen.fillStyle = '#0b6b61';
    pen.fillRect(96, 96, 420, 44);
    pen.fillStyle = '#c9c4b5';
    for (const [line, width] of [560, 480, 520, 380].entries()) pen.fillRect(96, 200 + 56 * line, width, 22);
    for (const [bar, height] of [150, 260, 210, 330].entries()) {
      pen.fillStyle = ['#6bd5c3', '#e3c04f', '#8db4f2', '#0b6b61'][bar] ?? '';
      pen.fillRect(760 + 110 * bar, 600 - height, 80, height);
    }
  };
  draw();
  setInterval(draw, 500);
  navigator.mediaDevices.getDisplayMedia = () => Promise.resolve(canvas.captureStream(4));
}

/** While `globalThis.speaks` is set, the person does, loudly. */
export function maySpeak() {
  const listen = AnalyserNode.prototype.getFloatTimeDomainData;
  AnalyserNode.prototype.getFloatTimeDomainData = function (samples) {
    if (/** @type {any} */ (globalThis).speaks) samples.fill(0.5);
    else listen.call(this, samples);
  };
}

/**
 * What is shown for a moment only stays, from `globalThis.linger(true)` to `globalThis.linger(false)`.
 *
 * @param {number} moment how long it is shown, in ms
 */
export function mayLinger(moment) {
  const later = globalThis.setTimeout;
  /** @type {(() => void)[]} */
  const ends = [];
  let lingers = false;
  Object.assign(globalThis, {
    setTimeout: (/** @type {() => void} */ run, /** @type {number} */ delay) =>
      lingers && delay === moment ? ends.push(run) && 0 : later(run, delay),
    linger: (/** @type {boolean} */ is) => {
      lingers = is;
      for (const end of is ? [] : ends.splice(0)) end();
    },
  });
}

/** A machine for so few people. @param {number} people */
export function isWeak(people) {
  // What a page may learn of a machine; two are for six people (`crowd.ts`).
  Object.defineProperty(navigator, 'hardwareConcurrency', { value: people / 3 });
}

/** A machine that is busy until the page says these words; from then on nothing changes. @param {string} words */
export function isBusyUntil(words) {
  let reached = false;
  // The one that the test runs on may be busy itself.
  Object.defineProperty(navigator, 'hardwareConcurrency', { value: 64 });
  const read = RTCPeerConnection.prototype.getStats;
  RTCPeerConnection.prototype.getStats = async function () {
    reached ||= document.body.innerText.includes(words);
    if (reached) return new Promise(() => {});
    const told = [...(await read.call(this))].map(([id, entry]) => [
      id,
      entry.kind === 'video' && entry.type === 'outbound-rtp'
        ? { ...entry, qualityLimitationReason: 'cpu' }
        : entry,
    ]);
    return /** @type {any} */ (new Map(/** @type {any} */ (told)));
  };
}

/** The person is asked for the camera and has not answered yet. */
export function asksForDevices() {
  navigator.mediaDevices.getUserMedia = () => new Promise(() => {});
}

/** The person has said no. */
export function deniesDevices() {
  navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotAllowedError'));
}

/** There is none. */
export function hasNoDevices() {
  navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotFoundError'));
  navigator.mediaDevices.enumerateDevices = () => Promise.resolve([]);
}

/** Another program has the camera. */
export function hasBusyCamera() {
  const get = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = (wish) =>
    wish?.video ? Promise.reject(new DOMException('', 'NotReadableError')) : get(wish);
}

/** A page that did not come over TLS, or by an address that counts as such. */
export function isInsecure() {
  Object.defineProperty(navigator, 'mediaDevices', { value: undefined });
  Object.defineProperty(globalThis, 'isSecureContext', { value: false });
}

/** A browser of long ago. */
export function isTooOld() {
  Reflect.deleteProperty(globalThis, 'RTCPeerConnection');
}

/** Who was here before, and was called so. @param {string} name */
export function isKnown(name) {
  localStorage.setItem('visavis.name', name);
}

/**
 * The desktop app around the page, as far as a page can see it (src-tauri/interface.rs). `carriesCalls`: its webview
 * has WebRTC.
 *
 * @param {{ server: { url: string, token: string }, desktop: object, carriesCalls: boolean }} app
 */
export function isInTheApp({ server, desktop, carriesCalls }) {
  if (!carriesCalls) Reflect.deleteProperty(globalThis, 'RTCPeerConnection');
  /** @type {Map<number, (message: { index: number, message: object }) => void>} */
  const callbacks = new Map();
  /** @type {number | undefined} */
  let channel;
  let told = 0;
  /** @type {Record<string, (given: any) => unknown>} */
  const commands = {
    own_server: () => server,
    attach: ({ events }) => {
      channel = events.id;
      return desktop;
    },
    refresh: () => desktop,
    change_settings: ({ settings }) => Object.assign(desktop, { settings }),
    report: ({ page }) => page,
  };
  Object.assign(globalThis, {
    visavisDesktop: desktop,
    /** What the app tells the page. @param {object} event */
    appTells: (event) => callbacks.get(channel ?? -1)?.({ index: told++, message: event }),
    __TAURI_INTERNALS__: {
      invoke: async (/** @type {string} */ command, /** @type {object} */ given) =>
        commands[command]?.(given),
      transformCallback: (/** @type {() => void} */ callback) => {
        callbacks.set(callbacks.size, callback);
        return callbacks.size - 1;
      },
      unregisterCallback: () => {},
    },
  });
}

/** What the app knows of a machine with two networks. */
export const DESKTOP = {
  settings: {
    name: 'Ada',
    colour: 'automatic',
    camera: null,
    microphone: null,
    speaker: null,
    language: 'system',
    theme: 'system',
    networkInterface: null,
    port: 7443,
    visible: false,
    tray: true,
    iceServers: [{ urls: ['turn:192.0.2.7:3478'], username: 'ada', credential: 'secret' }],
    logLevel: 'info',
  },
  notices: [],
  interfaces: [
    { name: 'wlan0', addresses: ['192.0.2.10'], virtual: false },
    { name: 'docker0', addresses: ['198.51.100.1'], virtual: true },
  ],
  link: null,
  version: '0.1.0',
  trayAvailable: true,
};

/** Two cameras that say to which side they look, as on a phone. */
export function hasTwoCameras() {
  const devices = navigator.mediaDevices;
  const { getUserMedia, enumerateDevices } = devices;
  devices.getUserMedia = async (constraints = {}) => {
    const stream = await getUserMedia.call(devices, constraints);
    const wish = /** @type {any} */ (constraints.video)?.facingMode;
    for (const track of stream.getVideoTracks()) {
      const settings = { ...track.getSettings(), facingMode: wish?.ideal ?? 'user' };
      track.getSettings = () => settings;
    }
    return stream;
  };
  devices.enumerateDevices = async () => {
    const found = await enumerateDevices.call(devices);
    const back = { kind: 'videoinput', deviceId: 'back', groupId: '', label: 'Back camera' };
    return [...found, /** @type {MediaDeviceInfo} */ (back)];
  };
}
