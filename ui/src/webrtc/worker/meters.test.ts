import { expect, test } from 'vitest';
import { ShownMeter } from './shown-meter';
import { SizeMeter } from './size-meter';

test('a pause much longer than the frames before it is a freeze', () => {
  const meter = new ShownMeter();
  let now = 0;
  for (let frame = 0; frame < 31; frame += 1) meter.count((now += 40));
  meter.count((now += 180));
  expect(meter.figures()).toMatchObject({ frames: 32, freezes: 0 });
  meter.count((now += 400));
  const { freezes, frozen, between, betweenSquared } = meter.figures();
  expect([freezes, frozen]).toEqual([1, 0.4]);
  expect(between).toBeCloseTo(30 * 0.04 + 0.18 + 0.4);
  expect(betweenSquared).toBeCloseTo(30 * 0.04 ** 2 + 0.18 ** 2 + 0.4 ** 2);
});

test('a stream that rested has not frozen', () => {
  const meter = new ShownMeter();
  for (let frame = 0; frame < 31; frame += 1) meter.count(frame * 40);
  meter.pause();
  meter.count(100_000);
  expect(meter.figures()).toMatchObject({ frames: 32, freezes: 0, frozen: 0 });
});

test('frames of two and a half times the average are huge', () => {
  const meter = new SizeMeter();
  for (const bytes of [1000, 1000, 1000, 1000, 2000, 9000]) meter.count(bytes);
  expect(meter.huge).toBe(1);
});
