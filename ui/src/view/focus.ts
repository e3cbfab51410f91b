import type { Attachment } from 'svelte/attachments';

/** Where the view begins, for the keyboard and for a screen reader. */
export function focusBeginning(): void {
  document.querySelector<HTMLElement>('h1')?.focus();
}

/** When it is taken away with the focus in it, the focus goes there instead of nowhere. */
export function handsFocusTo(next: () => void): Attachment<HTMLElement> {
  return (element) => {
    let within = false;
    const came = () => (within = true);
    // What is taken away loses the focus too, in some browsers: only then it is still said to be within.
    const went = () =>
      queueMicrotask(() => {
        if (element.isConnected) within = element.contains(document.activeElement);
      });
    element.addEventListener('focusin', came);
    element.addEventListener('focusout', went);
    return () => {
      element.removeEventListener('focusin', came);
      element.removeEventListener('focusout', went);
      if (within && !element.isConnected) next();
    };
  };
}
