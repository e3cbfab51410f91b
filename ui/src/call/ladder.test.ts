import { expect, test } from 'vitest';
import { AT_THE_TOP, climb, LONGEST_PATIENCE_MS, PATIENCE_MS, RELAPSE_MS, type Ladder } from './ladder';

const DOWN_MS = 4000;
const LOOK_MS = 2000;
const STEPS = { lowest: 3, down: () => DOWN_MS };

/** The ladder after being like this for so long, looked at every two seconds. */
function after(ladder: Ladder, strained: boolean, from: number, milliseconds: number): Ladder {
  let now = ladder;
  for (let at = from; at <= from + milliseconds; at += LOOK_MS) now = climb(now, strained, at, STEPS);
  return now;
}

test('a moment of strain changes nothing', () => {
  let ladder = AT_THE_TOP;
  for (let at = 0; at < 60_000; at += 2 * LOOK_MS) {
    ladder = climb(ladder, true, at, STEPS);
    ladder = climb(ladder, false, at + LOOK_MS, STEPS);
  }
  expect(ladder.rung).toBe(0);
});

test('a strain that lasts goes down one rung at a time, and not below the lowest', () => {
  const rungs = [4000, 8000, 12_000, 60_000].map((lasted) => after(AT_THE_TOP, true, 0, lasted).rung);
  expect(rungs).toEqual([1, 2, 3, 3]);
});

test('calm goes up again, one rung at a time, to the top', () => {
  const low = after(AT_THE_TOP, true, 0, 12_000);
  const rungs = [PATIENCE_MS - LOOK_MS, PATIENCE_MS, 2 * PATIENCE_MS, 3 * PATIENCE_MS, 9 * PATIENCE_MS].map(
    (lasted) => after(low, false, 20_000, lasted).rung,
  );
  expect(rungs).toEqual([3, 2, 1, 0, 0]);
});

test('going up too early makes it wait longer each time, up to a limit; what comes later does not', () => {
  let ladder = after(AT_THE_TOP, true, 0, DOWN_MS);
  let now = DOWN_MS;
  const waits: number[] = [];
  for (let relapse = 0; relapse < 6; relapse++) {
    const before = now;
    while (ladder.rung === 1) ladder = climb(ladder, false, (now += LOOK_MS), STEPS);
    waits.push(now - before - LOOK_MS);
    while (ladder.rung === 0) ladder = climb(ladder, true, (now += LOOK_MS), STEPS);
  }
  expect(waits).toEqual([1, 2, 4, 8, 16, 16].map((times) => times * PATIENCE_MS));
  expect(LONGEST_PATIENCE_MS).toBe(16 * PATIENCE_MS);

  while (ladder.rung === 1) ladder = climb(ladder, false, (now += LOOK_MS), STEPS);
  now += RELAPSE_MS;
  while (ladder.rung === 0) ladder = climb(ladder, true, (now += LOOK_MS), STEPS);
  expect(ladder.patience).toBe(PATIENCE_MS);
});
