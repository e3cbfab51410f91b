// The language and the colours of the page, as the person set them.

import type { App } from '../call/app';
import { chooseLanguage, language, systemLanguage } from '../messages';

/** From now on, at once with every change. */
export function followLook({ settings }: App): void {
  const root = document.documentElement;
  const followLanguage = () => {
    const { language: wished } = settings.state.get().settings;
    language.set(wished === 'system' ? systemLanguage() : chooseLanguage([wished]));
  };
  settings.state.subscribe(({ settings: { theme } }) => {
    followLanguage();
    if (theme === 'system') delete root.dataset['theme'];
    else root.dataset['theme'] = theme;
  });
  window.addEventListener('languagechange', followLanguage);
  language.subscribe((tag) => (root.lang = tag));
}
