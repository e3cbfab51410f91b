// Somebody at the desktop window: what a person sees and presses there, as `Person` is somebody at a browser.

import { Window } from './window.mjs';
import { until } from './until.mjs';

/** @typedef {import('./media.mjs').Received} Received */

export class AtWindow {
  /** @param {string} name as it is shown to the others @param {Window} window */
  constructor(name, window) {
    this.name = name;
    this.window = window;
  }

  /**
   * Opens the window and types the name.
   *
   * @param {import('node:test').TestContext} test
   * @param {string} name
   * @param {Parameters<typeof Window.open>[1]} [options]
   */
  static async open(test, name, options) {
    const person = new AtWindow(name, await Window.open(test, options));
    await person.window.seesOneself();
    await person.window.fill('Your name', name);
    return person;
  }

  /** Creates a room, and returns the link to it. */
  async create() {
    await this.window.press('Create a room');
    await this.isIn();
    return this.window.inviteLink();
  }

  /** @param {string} room its ID or a link to it */
  async join(room) {
    await this.window.fill('Room ID or invite link', room);
    await this.window.press('Join');
    await this.isIn();
  }

  async isIn() {
    await until('one’s own tile', async () => (await this.names()).includes('You'));
  }

  /** The names of the tiles. @returns {Promise<string[]>} */
  async names() {
    return this.window.run(
      "return [...document.querySelectorAll('figure')].map((tile) => tile.getAttribute('aria-label')).sort()",
    );
  }

  /** Waits until exactly these others have a tile. @param {...string} others */
  async sees(...others) {
    const expected = JSON.stringify(['You', ...others].sort());
    await until(`${this.name} sees ${expected}`, async () => JSON.stringify(await this.names()) === expected);
  }

  /** Waits until the tile of somebody shows, or no longer shows, that they speak. @param {string} name @param {boolean} [speaks] */
  async seesSpeak(name, speaks = true) {
    const outlined = `const tile = [...document.querySelectorAll('figure')].find(
      (one) => one.getAttribute('aria-label') === ${JSON.stringify(name)});
      return tile?.classList.contains('speaking') ?? null`;
    await until(`${name} ${speaks ? 'speaks' : 'is silent'}`, async () => {
      return (await this.window.run(outlined)) === speaks;
    });
  }

  /** Presses `Microphone` or `Camera`, and waits until it is so. @param {string} device @param {boolean} on */
  async toggle(device, on) {
    const pressed = `const name = (button) => button.getAttribute('aria-label') ?? button.innerText.trim();
      const button = [...document.querySelectorAll('button')].find((one) => name(one) === '${device}');
      return button?.getAttribute('aria-pressed')`;
    await until(`the ${device} is ready`, async () => (await this.window.run(pressed)) === String(!on));
    await this.window.press(device);
    await until(`the ${device} is switched`, async () => (await this.window.run(pressed)) === String(on));
  }

  /** What came from the others so far, by their names. @returns {Promise<Record<string, Received>>} */
  async received() {
    return this.window.evaluate(readTiles);
  }
}

/**
 * Runs in the page: what its tiles show and what their streams sound like, counted from the first look on.
 *
 * @returns {Record<string, Received>}
 */
function readTiles() {
  /** How often the sound is looked at, in ms: about what one look spans. */
  const LOOK_EVERY = 40;
  const SAMPLES = 2048;
  const scope = /** @type {any} */ (globalThis);
  /** @type {Map<string, { energy: number }>} */
  const heard = (scope.heard ??= new Map());
  scope.hearing ??= new AudioContext();
  if (scope.hearing.state !== 'running') void scope.hearing.resume();
  /** @param {MediaStreamTrack} track */
  const listen = (track) => {
    const known = heard.get(track.id);
    if (known) return known;
    const sound = { energy: 0 };
    heard.set(track.id, sound);
    const analyser = new AnalyserNode(scope.hearing, { fftSize: SAMPLES });
    new MediaStreamAudioSourceNode(scope.hearing, { mediaStream: new MediaStream([track]) }).connect(
      analyser,
    );
    const samples = new Float32Array(SAMPLES);
    setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      sound.energy += samples.reduce((sum, sample) => sum + sample * sample, 0) / SAMPLES;
    }, LOOK_EVERY);
    return sound;
  };
  /** @type {Record<string, Received>} */
  const seen = {};
  for (const tile of document.querySelectorAll('figure')) {
    const video = tile.querySelector('video');
    const stream = /** @type {MediaStream | null | undefined} */ (video?.srcObject);
    if (!video || !stream) continue;
    const frames = video.getVideoPlaybackQuality().totalVideoFrames;
    const energy = stream.getAudioTracks().reduce((sum, track) => sum + listen(track).energy, 0);
    const initials = tile.querySelector('[data-person]');
    const covered = initials !== null && getComputedStyle(initials).visibility !== 'hidden';
    const shown =
      !covered && !video.paused && video.videoWidth > 0 && video.readyState >= video.HAVE_CURRENT_DATA;
    const tracks = stream
      .getTracks()
      .map((track) => `${track.kind} ${track.muted ? 'muted' : track.readyState}`);
    const state = `${tracks.join(', ')}; ${scope.hearing.state} at ${scope.hearing.currentTime} s`;
    seen[tile.getAttribute('aria-label') ?? ''] = { connection: 0, frames, energy, shown, state };
  }
  return seen;
}
