// What the live region says. One for the page, so that two messages never talk over each other.

let count = 0;

/** The number tells two equal texts apart. */
export const announcer = $state({ text: '', number: count });

/** Says the text to a screen reader, politely, and shows it for a moment. */
export function announce(text: string): void {
  count += 1;
  announcer.text = text;
  announcer.number = count;
}

/** Takes the latest text away. */
export function hush(): void {
  announcer.text = '';
}
