// The sound system of a desk, with microphones that are plugged in and pulled: real ones to all who record.

import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterwards } from './afterwards.mjs';
import { end, start } from './programs.mjs';
import { until } from './until.mjs';

/** @typedef {import('./desk.mjs').Desk} Desk */

/** What is spoken into the microphones, in Hz, s and full scale: words of a deep voice, long enough for any test. */
const VOICE = { rate: 8000, length: 240, pitch: 180, word: 0.5, every: 0.9, loud: 0.3 };
/** What a mouth makes of a pitch: its overtones, and how loud each is. */
const OVERTONES = /** @type {const} */ ([
  [1, 0.6],
  [2, 0.3],
  [5, 0.1],
]);
/** How often a voice gets louder and weaker in a second. */
const SYLLABLES = 3;

export class SoundSystem {
  /** @param {import('node:test').TestContext} test @param {Desk} desk @param {string} voice a file */
  constructor(test, desk, voice) {
    this.test = test;
    this.desk = desk;
    this.voice = voice;
    /** The modules of those that are plugged in, by their names. @type {Map<string, string>} */
    this.plugged = new Map();
  }

  /**
   * Starts the sound system that the desk's programs look for, and ends it after the test. It has a loudspeaker that
   * nobody hears.
   *
   * @param {import('node:test').TestContext} test
   * @param {Desk} desk
   */
  static async start(test, desk) {
    const modules = [
      `module-native-protocol-unix auth-anonymous=1 socket=${desk.soundSocket}`,
      'module-null-sink sink_name=loudspeaker',
    ];
    const options = ['-n', '--daemonize=no', '--exit-idle-time=-1', '--use-pid-file=no'];
    const env = desk.environment;
    const server = start('pulseaudio', [...options, ...modules.flatMap((module) => ['-L', module])], { env });
    afterwards(test, () => end(server));
    const voice = path.join(desk.home, 'voice.raw');
    writeFileSync(voice, spoken());
    const system = new SoundSystem(test, desk, voice);
    await until(`the sound system runs: ${server.errors}`, () => system.#ask('info').status === 0);
    return system;
  }

  /** Plugs a microphone in, into which somebody speaks. @param {string} name */
  plugIn(name) {
    const mouth = `mouth-of-${name}`;
    if (!this.#ask('list', 'short', 'sinks').stdout.includes(mouth)) {
      this.#load('module-null-sink', `sink_name=${mouth}`);
      const format = ['--raw', `--rate=${VOICE.rate}`, '--channels=1', '--format=s16le'];
      const speaker = start('paplay', [`--device=${mouth}`, ...format, this.voice], {
        env: this.desk.environment,
      });
      afterwards(this.test, () => end(speaker));
    }
    const properties = `source_properties=device.description=${name}`;
    const module = this.#load(
      'module-remap-source',
      `master=${mouth}.monitor`,
      `source_name=${name}`,
      properties,
    );
    this.plugged.set(name, module);
  }

  /** Pulls the plug of a microphone. @param {string} name */
  pull(name) {
    this.#ask('unload-module', this.plugged.get(name) ?? '');
    this.plugged.delete(name);
  }

  /** The microphones that are recorded now. @returns {string[]} */
  get recorded() {
    const sources = this.#ask('list', 'short', 'sources').stdout.split('\n');
    const numbers = this.#ask('list', 'short', 'source-outputs').stdout.split('\n');
    const used = new Set(numbers.map((line) => line.split('\t')[1]));
    return sources
      .map((line) => line.split('\t'))
      .filter(([number, name]) => used.has(number) && name !== undefined && this.plugged.has(name))
      .map(([, name]) => name ?? '');
  }

  /** @param {...string} module its name and arguments @returns {string} its number */
  #load(...module) {
    const { stdout, stderr, status } = this.#ask('load-module', ...module);
    if (status !== 0) throw new Error(`${module}: ${stderr}`);
    return stdout.trim();
  }

  /** @param {...string} args */
  #ask(...args) {
    return spawnSync('pactl', args, { encoding: 'utf8', env: this.desk.environment });
  }
}

/** Words, as 16 bits of one channel. */
function spoken() {
  const { rate, length, pitch, word, every, loud } = VOICE;
  const samples = Int16Array.from({ length: rate * length }, (_, index) => {
    const at = index / rate;
    if (at % every > word) return 0;
    const swell = 0.5 + 0.5 * Math.sin(2 * Math.PI * SYLLABLES * at);
    const sound = OVERTONES.reduce(
      (sum, [times, share]) => sum + share * Math.sin(2 * Math.PI * pitch * times * at),
      0,
    );
    return 0x7fff * loud * swell * sound;
  });
  return Buffer.from(samples.buffer);
}
