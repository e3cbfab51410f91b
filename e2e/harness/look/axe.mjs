// axe-core in a page: what it finds against WCAG 2.2 AA.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** Its source, to be run in the page first. */
export const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** WCAG 2.2 AA and everything before it. */
export const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Runs in the page: what is wrong, as sentences. @param {string[]} rules @returns {Promise<string[]>} */
export async function axeFaults(rules) {
  const { axe } = /** @type {any} */ (globalThis);
  const { violations } = await axe.run(document, { runOnly: rules, resultTypes: ['violations'] });
  return violations.flatMap((/** @type {any} */ { id, nodes }) =>
    nodes.map(
      (/** @type {any} */ node) => `${id}: ${node.target} ${node.any?.[0]?.message ?? node.failureSummary}`,
    ),
  );
}
