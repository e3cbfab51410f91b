import { expect, test } from 'vitest';
import { LOOKED_AT, SteadyClock } from './steady-clock';

test('what is handed over late keeps its distance to what was handed over early', () => {
  const clock = new SteadyClock(LOOKED_AT.sound);
  const told = [5, 40, 1, 17, 3, 60, 2].map((delay, index) => {
    const theirs = 1_000_000 + index * 33_000;
    return clock.ours(theirs, 9_000_000 + index * 33_000 + delay * 1000);
  });
  const distances = told.slice(3).map((time, index) => time - (told[index + 2] ?? 0));
  for (const distance of distances) expect(Math.abs(distance - 33_000)).toBeLessThan(100);
});

test('a source whose time goes backwards is timed by when it is heard of', () => {
  const clock = new SteadyClock(LOOKED_AT.sound);
  const told = [60, 30, 20, 15].map((seconds, index) => clock.ours(seconds * 1e6, 9e6 + index * 33_000));
  expect(told).toEqual([9_000_000, 9_033_000, 9_066_000, 9_099_000]);
});

test('time never stands still or goes back, whatever a source says', () => {
  const clock = new SteadyClock(LOOKED_AT.sound);
  let last = -1;
  for (const theirs of [5, 5, 3, 1_000_000, 0, 0, 7]) {
    const told = clock.ours(theirs, 1000);
    expect(told).toBeGreaterThan(last);
    last = told;
  }
});

test('a camera that gives fewer pictures than its times tell does not fall behind', () => {
  const [nominal, given] = [1_000_000 / 30, 1_000_000 / 29];
  const clock = new SteadyClock(LOOKED_AT.picture);
  for (let picture = 0; picture < 30 * 60; picture++) {
    const now = picture * given + (picture % 7) * 2000;
    expect(now - clock.ours(picture * nominal, now)).toBeLessThan(25_000);
  }
});

test('a picture that comes late by itself is not told to be of a later time', () => {
  const clock = new SteadyClock(LOOKED_AT.picture);
  const told = Array.from({ length: 30 }, (_, picture) => {
    const late = picture === 20 ? 100_000 : 0;
    return clock.ours(picture * 33_000, 1_000_000 + picture * 33_000 + late);
  });
  expect(told).toEqual(Array.from({ length: 30 }, (_, picture) => 1_000_000 + picture * 33_000));
});
