// A page with the layer installed over the engine double, outside of any browser.

import { seeded } from '../../call/testing/random';
import { install } from '../install';
import { nextTask } from '../webidl/tasks';
import { EngineDouble } from './engine-double';
import { installMediaDouble, mediaDouble } from './media-double';

/** What the engine does takes a few turns of the event loop, more or fewer by chance. */
export function installDouble(seed = 1, slowest = 3): EngineDouble {
  installMediaDouble();
  const random = seeded(seed);
  const step = async () => {
    for (let turn = Math.floor(random() * slowest); turn >= 0; turn -= 1) {
      await nextTask();
    }
  };
  const engine = new EngineDouble({ media: mediaDouble, step, random });
  install(engine);
  return engine;
}

/** Candidates of each go to the other as they are found. */
export function exchangeCandidates(one: RTCPeerConnection, other: RTCPeerConnection): void {
  const pass = (from: RTCPeerConnection, to: RTCPeerConnection) =>
    from.addEventListener('icecandidate', ({ candidate }) => {
      if (candidate) void to.addIceCandidate(candidate).catch(() => {});
    });
  pass(one, other);
  pass(other, one);
}

export async function offerAndAnswer(one: RTCPeerConnection, other: RTCPeerConnection): Promise<void> {
  await one.setLocalDescription();
  await other.setRemoteDescription(one.localDescription as RTCSessionDescription);
  await other.setLocalDescription();
  await one.setRemoteDescription(other.localDescription as RTCSessionDescription);
}

/** Resolves with the first such event for which this is true. */
export function event<T extends Event>(
  target: EventTarget,
  type: string,
  when: () => boolean = () => true,
): Promise<T> {
  return new Promise((resolve) => {
    const listener = (found: Event) => {
      if (!when()) return;
      target.removeEventListener(type, listener);
      resolve(found as T);
    };
    target.addEventListener(type, listener);
  });
}
