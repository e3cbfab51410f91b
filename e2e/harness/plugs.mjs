// Cameras and microphones that are unplugged and plugged in: the browser's own made-up ones never go.

/** @typedef {import('./person.mjs').Person} Person */

/** Of Chromium: so many cameras. The second gives depths, which nobody shows. */
export const THREE_CAMERAS = '--use-fake-device-for-media-stream=fps=5,device-count=3';

/** Runs in the page before its own scripts: `globalThis.plugs.pull(label)` and `.push(label)`. */
export function keepPlugs() {
  const { mediaDevices } = navigator;
  if (!mediaDevices) return;
  const ask = mediaDevices.getUserMedia.bind(mediaDevices);
  const list = mediaDevices.enumerateDevices.bind(mediaDevices);
  /** Labels of those that are not there. @type {Set<string>} */
  const pulled = new Set();
  /** @type {Set<MediaStreamTrack>} */
  const tracks = new Set();
  const changed = () => mediaDevices.dispatchEvent(new Event('devicechange'));

  mediaDevices.enumerateDevices = async () => (await list()).filter(({ label }) => !pulled.has(label));

  /** As the browser does: an exact wish or none, an ideal one or any other. */
  mediaDevices.getUserMedia = async (wish = {}) => {
    const all = await list();
    /** @type {MediaStreamConstraints} */
    const led = {};
    for (const [kind, input] of /** @type {const} */ ([
      ['audio', 'audioinput'],
      ['video', 'videoinput'],
    ])) {
      const one = wish[kind];
      if (!one) continue;
      const wished = typeof one === 'object' ? one : {};
      const { exact, ideal } = /** @type {ConstrainDOMStringParameters} */ (wished.deviceId ?? {});
      const ofKind = all.filter(
        (device) => device.kind === input && device.deviceId !== 'default' && !pulled.has(device.label),
      );
      const found =
        ofKind.find(({ deviceId }) => deviceId === (exact ?? ideal)) ?? (exact ? null : ofKind[0]);
      // Before the first question the browser does not say which there are.
      const known = all.some((device) => device.kind === input && device.deviceId !== '');
      if (known && !found) throw new DOMException('Requested device not found', 'NotFoundError');
      led[kind] = known && found ? { ...wished, deviceId: { exact: found.deviceId } } : wished;
    }
    const stream = await ask(led);
    for (const track of stream.getTracks()) tracks.add(track);
    return stream;
  };

  Object.assign(globalThis, {
    plugs: {
      /** @param {string} label */
      pull(label) {
        pulled.add(label);
        for (const track of tracks) {
          if (track.label !== label || track.readyState === 'ended') continue;
          track.stop();
          track.dispatchEvent(new Event('ended'));
        }
        changed();
      },
      /** @param {string} label */
      push(label) {
        pulled.delete(label);
        changed();
      },
      /** What is in use: the labels of the tracks that are live. */
      used: () =>
        [...tracks]
          .filter(({ readyState }) => readyState === 'live')
          .map(({ label }) => label)
          .sort(),
    },
  });
}

/** Pulls the plug of a device. @param {Person} person @param {string} label */
export function unplug(person, label) {
  return person.page.evaluate((name) => /** @type {any} */ (globalThis).plugs.pull(name), label);
}

/** @param {Person} person @param {string} label */
export function plugIn(person, label) {
  return person.page.evaluate((name) => /** @type {any} */ (globalThis).plugs.push(name), label);
}

/** The names of those in use. @param {Person} person @returns {Promise<string[]>} */
export function devicesInUse(person) {
  return person.page.evaluate(() => /** @type {any} */ (globalThis).plugs.used());
}
