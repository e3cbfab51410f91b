// The keyboard in a call. Letters alone, as in other call apps; so they can be turned off (WCAG 2.1.4), and never
// count while somebody types.

import type { Memory } from '../platform/platform';
import { Scope } from './scope';
import { Store } from './store';

/** What can be switched by a key. */
export interface Switches {
  toggleMicrophone(): void;
  toggleCamera(): void;
  toggleShare(): void;
  toggleHand(): void;
  /** The key for talking is held, or no longer. */
  talk(held: boolean): void;
}

export type Command = 'microphone' | 'camera' | 'share' | 'hand' | 'help';

/** By the character that the key writes, whatever the layout. */
export const KEYS: Readonly<Record<Command, string>> = {
  microphone: 'm',
  camera: 'v',
  share: 's',
  hand: 'h',
  help: '?',
};

/** As it is printed on the key, in every language. */
export const ESCAPE_KEY = 'Esc';

/** Held to talk. */
export const TALK_KEY = ' ';

const TYPED_INTO =
  'textarea, select, [contenteditable]:not([contenteditable="false"]), ' +
  'input:not([type="button"], [type="checkbox"], [type="radio"], [type="range"], [type="submit"])';
const PRESSED_BY_SPACE =
  'button, a[href], summary, input, [role="button"], [role="menuitem"], [role^="menuitem"]';

/** As far as it is looked at. */
type Key = Pick<KeyboardEvent, 'key' | 'repeat' | 'isComposing' | 'ctrlKey' | 'altKey' | 'metaKey'>;

/** What this key is for, if for anything. */
export function commandOf({
  key,
  repeat,
  isComposing,
  ctrlKey,
  altKey,
  metaKey,
}: Key): Command | 'talk' | null {
  if (repeat || isComposing || ctrlKey || altKey || metaKey) return null;
  if (key === TALK_KEY) return 'talk';
  const pressed = key.toLowerCase();
  return (Object.keys(KEYS) as Command[]).find((command) => KEYS[command] === pressed) ?? null;
}

/** Listens to the keyboard while a call is shown. */
export class Shortcuts {
  readonly enabled: Store<boolean>;
  /** Called for `help`: the view shows the list. */
  help: () => void = () => {};

  readonly #memory: Memory;
  readonly #switches: Switches;

  constructor(memory: Memory, switches: Switches) {
    this.#memory = memory;
    this.#switches = switches;
    this.enabled = new Store(memory.readLasting('shortcuts') !== 'off');
  }

  enable(enabled: boolean): void {
    this.enabled.set(enabled);
    this.#memory.writeLasting('shortcuts', enabled ? 'on' : 'off');
  }

  /** Until what is returned is called. */
  listen(): () => void {
    const scope = new Scope();
    const release = () => this.#switches.talk(false);
    scope.listen(window, 'keydown', (event) => this.#pressed(event as KeyboardEvent));
    scope.listen(window, 'keyup', (event) => {
      if ((event as KeyboardEvent).key === TALK_KEY) release();
    });
    // The key is let go where this page does not see it.
    scope.listen(window, 'blur', release);
    scope.add(release);
    return () => scope.end();
  }

  #pressed(event: KeyboardEvent): void {
    if (!this.enabled.get() || event.defaultPrevented || isElsewhere(event.target)) return;
    const command = commandOf(event);
    if (command === null) return;
    if (command === 'talk') {
      if (isPressedBySpace(event.target)) return;
      event.preventDefault();
    }
    this.#do(command);
  }

  #do(command: Command | 'talk'): void {
    switch (command) {
      case 'help':
        return this.help();
      case 'microphone':
        return this.#switches.toggleMicrophone();
      case 'camera':
        return this.#switches.toggleCamera();
      case 'share':
        return this.#switches.toggleShare();
      case 'hand':
        return this.#switches.toggleHand();
      case 'talk':
        return this.#switches.talk(true);
    }
  }
}

/** Somebody types, or a dialog has the keyboard. */
function isElsewhere(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(`${TYPED_INTO}, dialog`) !== null;
}

/** A button that was reached by keyboard is pressed by it; one that was clicked just has the focus left. */
function isPressedBySpace(target: EventTarget | null): boolean {
  return target instanceof Element && target.matches(PRESSED_BY_SPACE) && target.matches(':focus-visible');
}
