// What a page finds around it that this machine has not, or not when it is wanted: functions that run in the page before
// its own scripts.

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
