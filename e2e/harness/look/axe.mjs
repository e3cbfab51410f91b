// axe-core in a page: what it finds against WCAG 2.2 AA.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** Its source, to be run in the page first. */
export const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** WCAG 2.2 AA and everything before it. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What is looked for. */
export const RULES = { runOnly: TAGS, rules: {} };

/** In forced colours a page computes its own colour of a text, and the browser paints the system's. */
export const RULES_WITHOUT_COLOURS = { runOnly: TAGS, rules: { 'color-contrast': { enabled: false } } };

/** Runs in the page: what is wrong, as sentences. @param {typeof RULES} rules @returns {Promise<string[]>} */
export async function axeFaults(rules) {
  const { axe } = /** @type {any} */ (globalThis);
  const { violations } = await axe.run(document, { ...rules, resultTypes: ['violations'] });
  return violations.flatMap((/** @type {any} */ { id, nodes }) =>
    nodes.map(
      (/** @type {any} */ node) => `${id}: ${node.target} ${node.any?.[0]?.message ?? node.failureSummary}`,
    ),
  );
}
