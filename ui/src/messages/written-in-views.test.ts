import { parse } from 'svelte/compiler';
import { describe, expect, it } from 'vitest';
import { catalogues } from './index';

/** Every component, as text. */
const components = import.meta.glob<string>('../**/*.svelte', {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** Every file beside this one that could be a catalogue. */
const files = Object.keys(import.meta.glob('./*.ts')).map((path) => /([\w-]+)(\.test)?\.ts$/.exec(path));

/** What is read out or shown of an element, besides its content. */
const SPOKEN = [
  'alt',
  'aria-description',
  'aria-label',
  'aria-roledescription',
  'aria-valuetext',
  'label',
  'placeholder',
  'title',
];

/** The product's own name is the same in every language. */
const NAMES = ['Vis-à-vis'];

/** Not the end of something that an expression began. */
const WORD = /(^|\s)\p{L}/u;

interface Node {
  type?: string;
  name?: string;
  data?: string;
  value?: unknown;
}

/** The words that stand in a component's markup itself. */
function wordsIn(source: string): string[] {
  const words: string[] = [];
  const visit = (node: unknown, spoken: boolean) => {
    if (Array.isArray(node)) for (const each of node) visit(each, spoken);
    if (node === null || typeof node !== 'object' || Array.isArray(node)) return;
    const { type, name, data, value } = node as Node;
    if (type === 'StyleDirective') return;
    if (type === 'Attribute') return visit(value, SPOKEN.includes(name ?? ''));
    if (type === 'Text' && spoken && data && WORD.test(data)) words.push(data.trim());
    const own = type === 'ExpressionTag' ? [] : Object.entries(node as object);
    for (const [key, child] of own) if (key !== 'metadata') visit(child, spoken);
  };
  visit(parse(source, { modern: true }).fragment, true);
  return words.filter((each) => !NAMES.includes(each));
}

describe('what a person reads', () => {
  it('is in the catalogues, not in the components', () => {
    expect(Object.keys(components).length).toBeGreaterThan(20);
    const written = Object.entries(components).flatMap(([path, source]) =>
      wordsIn(source).map((words) => `${path}: ${words}`),
    );
    expect(written).toEqual([]);
  });

  it('would be found in a component, as content and as what is read out', () => {
    expect(wordsIn('<p class="hint">Hello {name}</p>')).toEqual(['Hello']);
    expect(wordsIn('<button aria-label="Close" type="button"><X /></button>')).toEqual(['Close']);
    expect(wordsIn('{#if x}<b title={t("a.b")}>{x}-title</b>{/if}')).toEqual([]);
  });
});

describe('a language', () => {
  it('is one file, named by its tag', () => {
    const helpers = ['index', 'message'];
    const tags = files.flatMap((found) =>
      found && !found[2] && !helpers.includes(found[1] ?? '') ? [found[1]] : [],
    );
    expect(tags.sort()).toEqual(Object.keys(catalogues).sort());
  });

  it('says its numbers, lists and times as its readers do: there are tables for it', () => {
    for (const tag of Object.keys(catalogues)) {
      expect(Intl.PluralRules.supportedLocalesOf(tag)).toEqual([tag]);
      expect(Intl.NumberFormat.supportedLocalesOf(tag)).toEqual([tag]);
    }
  });
});
