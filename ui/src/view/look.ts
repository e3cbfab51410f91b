// The language and the colours of the page, as the person set them.

import type { App } from '../call/app';
import { language, systemLanguage } from '../messages';

/** From now on, at once with every change. */
export function followLook({ settings }: App): void {
  const root = document.documentElement;
  settings.state.subscribe(({ settings: { language: wished, theme } }) => {
    language.set(wished === 'system' ? systemLanguage() : wished);
    if (theme === 'system') delete root.dataset['theme'];
    else root.dataset['theme'] = theme;
  });
  language.subscribe((tag) => (root.lang = tag));
}
