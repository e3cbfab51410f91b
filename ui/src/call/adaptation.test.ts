import { describe, expect, test } from 'vitest';
import { Adaptation, LAST_STEP_MS, SETTLING_MS, STEP_MS } from './adaptation';
import { effortFor } from './effort';
import { PATIENCE_MS } from './ladder';
import type { LinkFigures } from './link-figures';

const LOOK_MS = 2000;
const USUAL = effortFor(1);

type Sent = NonNullable<LinkFigures['sent']>;
/** What happens on a link in each second. */
interface Second extends Partial<Omit<LinkFigures, 'at' | 'sent' | 'received'>> {
  /** Seconds that the encoder works, of each. */
  encoding?: number | null;
  limitedBy?: Sent['limitedBy'];
  offered?: number | null;
  /** Frames that come and are dropped. */
  came?: number;
  dropped?: number;
  camera?: boolean;
  /** Frames that are encoded. */
  frames?: number;
}

const CALM: Second = { encoding: 0.1, offered: 30, available: 3_000_000, loss: 0, came: 30, dropped: 0 };

class Machine {
  now = 0;
  readonly adaptation: Adaptation<number>;
  readonly #counts = new Map<number, { frames: number; encoding: number; came: number; dropped: number }>();

  constructor(cores = 2) {
    this.adaptation = new Adaptation(cores);
  }

  /** Goes on for so long, each link like this. */
  run(milliseconds: number, links: Record<number, Second>, watched = true): this {
    for (const end = this.now + milliseconds; this.now < end;) {
      this.now += LOOK_MS;
      const figures = new Map(
        Object.entries(links).map(([id, second]) => [Number(id), this.#figures(Number(id), second)]),
      );
      this.adaptation.take(figures, USUAL, this.now, watched);
    }
    return this;
  }

  #figures(id: number, second: Second): LinkFigures {
    const passed = LOOK_MS / 1000;
    const { encoding = 0, came = 0, dropped = 0, camera = true, frames = 30 } = second;
    const counts = this.#counts.get(id) ?? { frames: 0, encoding: 0, came: 0, dropped: 0 };
    counts.frames += frames * passed;
    counts.encoding += (encoding ?? 0) * passed;
    counts.came += came * passed;
    counts.dropped += dropped * passed;
    this.#counts.set(id, counts);
    const { limitedBy = null, offered = null, loss = null, available = null } = second;
    return {
      at: this.now,
      sent: camera
        ? {
            frames: counts.frames,
            encoding: encoding === null ? null : counts.encoding,
            offered,
            pixels: 640 * 480,
            limitedBy,
          }
        : null,
      received: { frames: counts.came, dropped: counts.dropped },
      loss,
      available,
    };
  }

  effort(id = 1) {
    return this.adaptation.effortFor(id, USUAL);
  }

  get held() {
    return this.adaptation.held;
  }
}

/** A machine whose links have settled. */
const settled = (links = [1], cores = 2) =>
  new Machine(cores).run(2 * SETTLING_MS, Object.fromEntries(links.map((id) => [id, CALM])));

test('fewer pixels, then fewer frames, then no picture; and all of it back, in the other order', () => {
  const machine = settled();
  const strained = { 1: { ...CALM, limitedBy: 'cpu' as const } };
  const steps: string[] = [];
  const note = () => {
    const { active, scaleResolutionDownBy, maxFramerate } = machine.effort();
    const step = `${machine.held} /${scaleResolutionDownBy} ${active ? maxFramerate : 0}`;
    if (steps.at(-1) !== step) steps.push(step);
  };
  note();
  while (machine.effort().active) {
    machine.run(LOOK_MS, strained);
    note();
  }
  const down = [
    'full /1 30',
    'machine-pixels /1.5 30',
    'machine-pixels /2 30',
    'machine-pixels /3 30',
    'machine-frames /3 15',
    'machine-frames /3 8',
    'machine-off /3 0',
  ];
  expect(steps).toEqual(down);
  steps.length = 0;
  while (machine.held !== 'full') {
    note();
    machine.run(LOOK_MS, { 1: CALM });
  }
  note();
  expect(steps).toEqual([...down].reverse());
});

test('the picture goes only after a strain that lasts much longer', () => {
  const machine = settled();
  const strained = { 1: { ...CALM, limitedBy: 'cpu' as const } };
  machine.run(5 * STEP_MS + 2 * LOOK_MS, strained);
  expect(machine.held).toBe('machine-frames');
  machine.run(LAST_STEP_MS - 3 * LOOK_MS, strained);
  expect(machine.held).toBe('machine-frames');
  machine.run(4 * LOOK_MS, strained);
  expect(machine.held).toBe('machine-off');
});

test('fewer bits go with fewer pixels and frames', () => {
  const machine = settled().run(3 * LOOK_MS, { 1: { ...CALM, limitedBy: 'cpu' } });
  expect(machine.effort().maxBitrate).toBe(Math.round(USUAL.maxBitrate / 1.5 ** 2));
});

describe('a machine does not carry it', () => {
  test.each<[string, Record<number, Second>]>([
    ['an encoder says so', { 1: { limitedBy: 'cpu' } }],
    ['an encoder is always at work, which is all that the window tells', { 1: { encoding: 0.9 } }],
    ['all encoders together take most of two cores', { 1: { encoding: 0.7 }, 2: { encoding: 0.7 } }],
    ['many frames that come are dropped', { 1: { came: 30, dropped: 15 } }],
  ])('where %s', (_what, links) => {
    const machine = settled(Object.keys(links).map(Number)).run(3 * STEP_MS, links);
    expect(machine.held).toBe('machine-pixels');
    expect(Object.keys(links).map((id) => machine.effort(Number(id)).scaleResolutionDownBy)).not.toContain(1);
  });

  test.each<[string, Record<number, Second>, number, boolean]>([
    ['there are more cores', { 1: { encoding: 0.7 }, 2: { encoding: 0.7 } }, 4, true],
    ['the page is out of sight', { 1: { came: 30, dropped: 15 } }, 2, false],
    ['hardly a frame comes', { 1: { came: 2, dropped: 2 } }, 2, true],
    ['nothing is told', { 1: { encoding: null } }, 2, true],
    ['the camera is off', { 1: { camera: false } }, 2, true],
  ])('but does where %s', (_what, links, cores, watched) => {
    const machine = settled(Object.keys(links).map(Number), cores).run(60_000, links, watched);
    expect(machine.held).toBe('full');
  });
});

describe('a network does not carry it', () => {
  test.each<[string, Second]>([
    ['less is there than a picture needs', { available: 100_000, offered: 30 }],
    ['much of what is sent is lost', { ...CALM, loss: 0.4 }],
    ['the encoder says so, and nothing else is known', { limitedBy: 'bandwidth' }],
  ])('where %s', (_what, second) => {
    const machine = settled([1, 2]).run(3 * STEP_MS, { 1: second, 2: CALM });
    expect(machine.held).toBe('network-pixels');
    expect(machine.effort(1).scaleResolutionDownBy).toBeGreaterThan(1);
    expect(machine.effort(2)).toEqual(USUAL);
  });

  test('but does where the encoder is only kept to its limit', () => {
    const machine = settled().run(60_000, { 1: { ...CALM, limitedBy: 'bandwidth' } });
    expect(machine.held).toBe('full');
  });

  test('but does where there is no camera, though an encoder is ready', () => {
    const machine = settled().run(60_000, { 1: { ...CALM, frames: 0, offered: null, available: 50_000 } });
    expect(machine.held).toBe('full');
    machine.run(3 * STEP_MS, { 1: { ...CALM, frames: 0, offered: 30, available: 50_000 } });
    expect(machine.held).toBe('network-pixels');
  });

  test('and the steps stop where what is there is enough', () => {
    const machine = settled().run(60_000, { 1: { ...CALM, available: 200_000 } });
    expect(machine.held).toBe('network-pixels');
    expect(machine.effort().scaleResolutionDownBy).toBe(1.5);
  });

  test('while a link begins that is no strain', () => {
    const machine = settled([1]).run(SETTLING_MS, { 1: CALM, 2: { available: 50_000 } });
    machine.run(PATIENCE_MS, { 1: CALM, 2: CALM });
    expect(machine.held).toBe('full');
  });

  test('until who is behind it has gone', () => {
    const machine = settled([1, 2]).run(3 * STEP_MS, { 1: { available: 1 }, 2: CALM });
    machine.run(LOOK_MS, { 2: CALM });
    expect(machine.held).toBe('full');
  });

  test('a picture that was taken away is tried again, though nothing can be told of it meanwhile', () => {
    const machine = settled().run(80_000, { 1: { ...CALM, loss: 0.5 } });
    expect([machine.held, machine.effort().active]).toEqual(['network-off', false]);
    machine.run(2 * PATIENCE_MS, { 1: { ...CALM, loss: 0.5 } });
    expect(machine.effort().active).toBe(true);
  });
});

test('the harder of the two counts, and is told', () => {
  const machine = settled([1, 2]);
  machine.run(3 * STEP_MS, { 1: { ...CALM, available: 1 }, 2: CALM });
  machine.run(STEP_MS + LOOK_MS, {
    1: { ...CALM, available: 1, limitedBy: 'cpu' },
    2: CALM,
  });
  expect(machine.held).toMatch(/^network-/);
  expect(machine.effort(2).scaleResolutionDownBy).toBe(1.5);
  expect(machine.effort(1).scaleResolutionDownBy).toBeGreaterThan(1.5);
});

test('a picture that is small already is not made tiny', () => {
  const adaptation = settled().run(3 * STEP_MS + 3 * LOOK_MS, { 1: { limitedBy: 'cpu' } }).adaptation;
  expect(adaptation.effortFor(1, effortFor(11)).scaleResolutionDownBy).toBe(4);
  expect(adaptation.effortFor(1, effortFor(60)).scaleResolutionDownBy).toBe(
    effortFor(60).scaleResolutionDownBy,
  );
});
