// Medians, spreads and how figures are written.

/** @param {number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? NaN) + (sorted[Math.floor(middle)] ?? NaN)) / 2;
}

/** A figure with three digits that count: `1,240`, `55.3`, `0.82`. @param {number} value */
export function written(value) {
  const rounded = Number(value.toPrecision(3));
  return rounded.toLocaleString('en', { maximumFractionDigits: 2 });
}

/** Median and, in parentheses, least to most. @param {number[]} values @param {number} [unit] what one is shown as */
export function spread(values, unit = 1) {
  const [middle, least, most] = [median(values), Math.min(...values), Math.max(...values)];
  return `${written(middle / unit)} (${written(least / unit)}–${written(most / unit)})`;
}

/** Of the medians. @param {number[]} ours @param {number[]} theirs */
export function ratio(ours, theirs) {
  return median(ours) / median(theirs);
}
