import type { Memory } from '../platform/platform';
import type { Reaction } from '../protocol/messages';
import type { Call } from './call';
import type { Devices } from './devices';
import { ScreenShare, type ShareEvents } from './share';
import { Shortcuts, type Switches } from './shortcuts';
import { Talk } from './talk';

/** What one does in a call besides being seen and heard: shares, raises a hand, reacts, and all that by keyboard too. */
export class InCall {
  readonly share: ScreenShare;
  readonly talk: Talk;
  readonly shortcuts: Shortcuts;
  #call: Call | null = null;

  constructor(
    switches: Pick<Switches, 'toggleMicrophone' | 'toggleCamera'>,
    memory: Memory,
    devices: Devices,
    events: ShareEvents,
  ) {
    this.share = new ScreenShare(navigator.mediaDevices, events);
    this.talk = new Talk(devices);
    this.shortcuts = new Shortcuts(memory, {
      toggleMicrophone: () => switches.toggleMicrophone(),
      toggleCamera: () => switches.toggleCamera(),
      toggleShare: () => this.share.toggle(),
      toggleHand: () => this.toggleHand(),
      talk: (held) => (held ? this.talk.hold() : this.talk.release()),
    });
  }

  enter(call: Call): void {
    this.#call = call;
  }

  leave(): void {
    this.#call = null;
    this.share.stop();
    this.talk.release();
  }

  toggleHand(): void {
    this.#call?.gestures.toggleHand();
  }

  react(reaction: Reaction): void {
    this.#call?.gestures.react(reaction);
  }
}
