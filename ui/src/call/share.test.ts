import { beforeEach, describe, expect, test, vi } from 'vitest';
import { ScreenShare, type ScreenSource } from './share';
import { FakeScreen, FakeStream } from './testing/fake-media';

let said: string[];
beforeEach(() => {
  said = [];
  vi.stubGlobal('MediaStream', FakeStream);
});

function sharing(screen: FakeScreen | undefined): ScreenShare {
  return new ScreenShare(screen as unknown as ScreenSource | undefined, {
    say: (key) => said.push(key),
    problem: (key) => said.push(key),
  });
}

describe('a shared screen', () => {
  test('is sent with its sound, as what it shows, until it is stopped', async () => {
    const screen = new FakeScreen('with-sound');
    const share = sharing(screen);
    expect([share.possible, share.outgoing(1)]).toEqual([true, null]);
    await share.start();
    const [video, audio] = screen.given;
    expect(share.state.get()).toMatchObject({ status: 'on', sound: true, content: 'text' });
    expect(share.outgoing(1)).toMatchObject({ video, audio });
    expect(video?.contentHint).toBe('detail');
    share.setContent('motion');
    expect(video?.contentHint).toBe('motion');
    share.stop();
    expect([share.outgoing(1), video?.stopped, audio?.stopped]).toEqual([null, true, true]);
    expect(said).toEqual(['say.share-on', 'say.share-off']);
  });

  test('ends when the browser ends it, and can be shared again', async () => {
    const screen = new FakeScreen();
    const share = sharing(screen);
    await share.start();
    screen.given[0]?.dispatchEvent(new Event('ended'));
    expect(share.state.get()).toMatchObject({ status: 'off', stream: null });
    await share.start();
    expect(share.state.get()).toMatchObject({ status: 'on', sound: false });
  });

  test('keeps more frames of a film than of a text, and fewer pixels for many', async () => {
    const share = sharing(new FakeScreen());
    await share.start();
    const effort = (others: number) => share.outgoing(others)!.effort;
    const [text, textForMany] = [effort(1), effort(5)];
    share.setContent('motion');
    expect(effort(1).maxFramerate).toBeGreaterThan(text.maxFramerate);
    expect(textForMany.scaleResolutionDownBy).toBe(1);
    expect(effort(5).maxBitrate).toBeLessThan(effort(1).maxBitrate);
  });

  test.each([
    ['nothing is said to who was asked and shares nothing', 'NotAllowedError', []],
    ['a failure is said', 'NotReadableError', ['problem.share-failed']],
  ])('%s', async (_what, answer, sentences) => {
    const share = sharing(new FakeScreen(answer));
    await share.start();
    expect(share.state.get().status).toBe('off');
    expect(said).toEqual(sentences);
  });

  test('is let go when the call is over before the person has chosen', async () => {
    const screen = new FakeScreen();
    const share = sharing(screen);
    const asked = share.start();
    share.stop();
    await asked;
    expect([share.state.get().status, screen.given[0]?.stopped]).toEqual(['off', true]);
  });

  test('never has the call’s own sound in it', async () => {
    for (const [supported, system] of [
      [{ restrictOwnAudio: true }, 'include'],
      [{}, 'exclude'],
    ] as const) {
      const screen = Object.assign(new FakeScreen(), { getSupportedConstraints: () => supported });
      await sharing(screen).start();
      expect(screen.asked[0]).toMatchObject({ systemAudio: system, selfBrowserSurface: 'exclude' });
    }
  });

  test('is not offered where the browser cannot', () => {
    expect(sharing(undefined).possible).toBe(false);
  });
});
