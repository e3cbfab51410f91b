import { describe, expect, it } from 'vitest';
import { catalogues, chooseLanguage, language, t } from './index';
import { en } from './en';
import { format, type Message } from './message';

/** Everything that may use a message, as text. */
const sources = import.meta.glob<string>(['../**/*.ts', '../**/*.svelte', '!./**', '!../**/*.test.ts'], {
  query: '?raw',
  import: 'default',
  eager: true,
});

const keys = Object.keys(en);
const others = Object.entries(catalogues).filter(([tag]) => tag !== 'en');

function forms(message: Message): string[] {
  return typeof message === 'string' ? [message] : Object.values(message);
}

function placeholders(text: string): string[] {
  return [...new Set(text.match(/\{\w+\}/g))].sort();
}

describe.each(others)('the catalogue %s', (tag, catalogue) => {
  it('has the same keys as the English one', () => {
    expect(Object.keys(catalogue).sort()).toEqual([...keys].sort());
  });

  it('has a form for every plural of its language, each with the same placeholders as in English', () => {
    for (const [key, message] of Object.entries(catalogue)) {
      const expected = placeholders(forms(en[key as keyof typeof en]).join());
      for (const text of forms(message)) expect(placeholders(text), key).toEqual(expected);
      if (typeof message === 'string') continue;
      const needed = new Intl.PluralRules(tag).resolvedOptions().pluralCategories;
      expect(Object.keys(message).sort(), key).toEqual([...needed].sort());
    }
  });

  it('is translated: nothing is empty or still English', () => {
    for (const [key, message] of Object.entries(catalogue)) {
      expect(forms(message).join('').trim(), key).not.toBe('');
      expect(message, key).not.toEqual(en[key as keyof typeof en]);
    }
  });
});

describe('the keys', () => {
  const text = Object.values(sources).join('\n');
  const literal = new Set([...text.matchAll(/'([a-z]+(?:\.[a-z-]+)+)'/g)].map((match) => match[1]));
  /** `device.camera.${problem}` in a template (value or type) stands for every key of that shape. */
  const shapes = [...text.matchAll(/`([a-z]+[.-](?:[\w.-]|\$\{[^}`]*\})+)`/g)]
    .map((match) => match[1] ?? '')
    .filter((template) => template.includes('${'))
    .map((template) => new RegExp(`^${template.replaceAll('.', '\\.').replace(/\$\{[^}]*\}/g, '[a-z-]+')}$`));

  it('are all used', () => {
    const unused = keys.filter((key) => !literal.has(key) && !shapes.some((shape) => shape.test(key)));
    expect(unused).toEqual([]);
  });

  it('are all there: every key that a source names has a message', () => {
    const families = new Set(keys.map((key) => key.split('.')[0]));
    const named = [...literal].filter((key) => families.has(key?.split('.')[0]));
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((key) => !keys.includes(key ?? ''))).toEqual([]);
  });
});

describe('format', () => {
  it('writes numbers and chooses plurals as the language does', () => {
    const people = { one: '{count} person', other: '{count} people' };
    expect(format(people, { count: 1 }, 'en')).toBe('1 person');
    expect(format(people, { count: 1200 }, 'en')).toBe('1,200 people');
  });

  it('takes a value as text, whatever it contains', () => {
    expect(format('{name} joined', { name: '{name}<b>$&' }, 'en')).toBe('{name}<b>$& joined');
  });
});

describe('the language', () => {
  it('is the first wished one that there is', () => {
    expect(chooseLanguage(['zh-CN', 'en'])).toBe('zh-Hans');
    expect(chooseLanguage(['zh', 'en'])).toBe('zh-Hans');
    expect(chooseLanguage(['fr-FR', 'en-GB', 'zh-CN'])).toBe('en');
  });

  it('is chosen by script: Traditional Chinese is not Simplified', () => {
    expect(chooseLanguage(['zh-TW', 'zh-CN'])).toBe('zh-Hans');
    expect(chooseLanguage(['zh-TW'])).toBe('en');
  });

  it('is found whatever else the wish says', () => {
    for (const wish of ['en', 'EN-us', 'en-Latn', 'en-US-u-ca-buddhist', 'zh-Hans-TW', 'ZH-hans'])
      expect(chooseLanguage([wish, 'fr'])).toBe(wish.toLowerCase().startsWith('en') ? 'en' : 'zh-Hans');
    expect(chooseLanguage(['en-Shaw', 'zh-CN'])).toBe('zh-Hans');
    expect(chooseLanguage(['eng', 'enx', 'english'])).toBe('en');
  });

  it('may change while the page lives', () => {
    language.set('zh-Hans');
    expect(t('lobby.join')).toBe('加入');
    language.set('en');
    expect(t('lobby.join')).toBe('Join');
  });

  it('is English where nothing fits or the wish is no language', () => {
    expect(chooseLanguage(['fr', '*', ''])).toBe('en');
    expect(chooseLanguage([])).toBe('en');
  });
});
