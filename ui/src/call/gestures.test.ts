import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { REACTION_SHOWN_MS } from './reactions';
import { enter, fakeRtc, someone } from './testing/call-page';

beforeEach(() => {
  vi.useFakeTimers();
  fakeRtc();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const names = (page: Awaited<ReturnType<typeof enter>>) =>
  page.call.state.get()?.hands.map(({ name, self }) => (self ? 'oneself' : name));

test('hands are shown in the order in which they went up, one’s own too', async () => {
  const page = await enter({ you: 2, participants: [someone(1, { hand: 4 }), someone(2), someone(3)] });
  expect(names(page)).toEqual(['P1']);
  page.call.gestures.toggleHand();
  expect(page.server.last().said('hand')).toEqual([{ type: 'hand', raised: true }]);
  expect(names(page), 'until the server says when it was up').toEqual(['P1']);
  page.hears({ type: 'hand', participant: 3, hand: 5 });
  page.hears({ type: 'hand', participant: 2, hand: 6 });
  expect(names(page)).toEqual(['P1', 'P3', 'oneself']);
  expect(page.call.state.get()?.tiles.map(({ id, hand }) => [id, hand])).toEqual([
    [2, 3],
    [1, 1],
    [3, 2],
  ]);
  page.hears({ type: 'hand', participant: 1 });
  page.hears({ type: 'left', participant: 3, reason: 'left' });
  expect(names(page)).toEqual(['oneself']);
  page.call.gestures.toggleHand();
  expect(page.server.last().said('hand').at(-1)).toEqual({ type: 'hand', raised: false });
  expect(page.heard).toEqual(
    expect.arrayContaining(['say.hand-up P3', 'say.own-hand-up', 'say.hand-down P1']),
  );
});

test('a reaction is shown for a moment, and said', async () => {
  const page = await enter({ you: 2, participants: [someone(1), someone(2)] });
  page.server.last().say({ type: 'reaction', participant: 1, reaction: 'party' });
  page.call.gestures.react('clap');
  const shown = () => page.call.state.get()?.reactions.map(({ name, reaction }) => `${name} ${reaction}`);
  expect(shown()).toEqual(['P1 party', 'P2 clap']);
  expect(page.server.last().said('react')).toEqual([{ type: 'react', reaction: 'clap' }]);
  expect(page.heard).toContain('say.reaction.party P1');
  await vi.advanceTimersByTimeAsync(REACTION_SHOWN_MS);
  expect(shown()).toEqual([]);
});

test('no more of one’s own are shown than are passed on', async () => {
  const page = await enter({ you: 2, participants: [someone(1), someone(2)] });
  for (let press = 0; press < 20; press++) page.call.gestures.react('heart');
  expect(page.server.last().said('react')).toHaveLength(5);
  expect(page.call.state.get()?.reactions).toHaveLength(5);
});

test('a screen is a tile of its own once its owner has told of it', async () => {
  const page = await enter({ you: 2, participants: [someone(1), someone(2)] });
  const keys = () => page.call.state.get()?.tiles.map(({ key, kind }) => `${key} ${kind}`);
  expect(keys()).toEqual(['2 camera', '1 camera']);
  page.hears({ type: 'changed', participant: 1, state: { microphone: true, camera: true, screen: true } });
  expect(keys()).toEqual(['2 camera', '1 camera', '1-screen screen']);
  await page.share.start();
  expect(keys()).toEqual(['2 camera', '2-screen screen', '1 camera', '1-screen screen']);
  expect(page.server.last().said('state').at(-1)).toMatchObject({ screen: true });
  page.share.stop();
  page.hears({ type: 'changed', participant: 1, state: { microphone: true, camera: true } });
  expect(keys()).toEqual(['2 camera', '1 camera']);
  expect(page.server.last().said('state').at(-1)).not.toHaveProperty('screen');
  expect(page.heard).toEqual(expect.arrayContaining(['say.other-shares P1', 'say.other-shares-no-more P1']));
});
