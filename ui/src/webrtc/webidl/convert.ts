// How values that a page passes become what an interface takes (WebIDL, section 3.2). Failures are TypeErrors.

export type Dictionary = Record<string, unknown>;

export function dictionary(value: unknown, name: string): Dictionary {
  if (value === undefined || value === null) return {};
  if (typeof value === 'object' || typeof value === 'function') return value as Dictionary;
  throw new TypeError(`${name} is not an object`);
}

/** A member that may be missing. */
export function member<T>(
  from: Dictionary,
  name: string,
  convert: (value: unknown, name: string) => T,
): T | undefined {
  const value = from[name];
  return value === undefined ? undefined : convert(value, name);
}

export function requiredMember<T>(
  from: Dictionary,
  name: string,
  convert: (value: unknown, name: string) => T,
): T {
  const value = from[name];
  if (value === undefined) throw new TypeError(`The member ${name} is missing`);
  return convert(value, name);
}

export function checkArguments(given: number, required: number, name: string): void {
  if (given >= required) return;
  throw new TypeError(`${name}: ${required} argument(s) needed, ${given} given`);
}

export const toBoolean = (value: unknown): boolean => Boolean(value);

/** Unlike String(), not for symbols. */
export const toDomString = (value: unknown): string => `${value as string}`;

export const toUsvString = (value: unknown): string =>
  toDomString(value).replace(/\p{Surrogate}/gu, '\ufffd');

export const nullable =
  <T>(convert: (value: unknown, name: string) => T) =>
  (value: unknown, name: string): T | null =>
    value === null || value === undefined ? null : convert(value, name);

export const toEnum =
  <T extends string>(values: readonly T[]) =>
  (value: unknown, name: string): T => {
    const text = toDomString(value);
    if ((values as readonly string[]).includes(text)) return text as T;
    throw new TypeError(`${name} cannot be '${text.slice(0, 40)}'`);
  };

/** An unsigned integer of so many bits, wrapped into its range. */
const unsigned = (bits: number) => (value: unknown) => {
  const number = Math.trunc(Number(value));
  if (!Number.isFinite(number)) return 0;
  const range = 2 ** bits;
  return ((number % range) + range) % range;
};

export const toUnsignedShort = unsigned(16);
export const toUnsignedLong = unsigned(32);
export const toLong = (value: unknown): number => Number(value) | 0;

/** An unsigned integer that must be in its range. */
const enforced = (bits: number) => (value: unknown, name: string) => {
  const number = Math.trunc(Number(value));
  if (Number.isFinite(number) && number >= 0 && number < 2 ** bits) return number;
  throw new TypeError(`${name} is out of range`);
};

export const enforcedOctet = enforced(8);
export const enforcedShort = enforced(16);
export const enforcedLong = enforced(32);
/** Numbers are exact up to 53 bits only (WebIDL, section 3.2.4.8). */
export const enforcedLongLong = enforced(53);

export function toDouble(value: unknown, name: string): number {
  const number = Number(value);
  if (Number.isFinite(number)) return number;
  throw new TypeError(`${name} is not a finite number`);
}

export const toSequence =
  <T>(convert: (value: unknown, name: string) => T) =>
  (value: unknown, name: string): T[] => {
    const iterable = (typeof value === 'object' && value) || typeof value === 'function' ? value : null;
    if (!iterable || typeof (iterable as Iterable<unknown>)[Symbol.iterator] !== 'function') {
      throw new TypeError(`${name} is not a sequence`);
    }
    return Array.from(iterable as Iterable<unknown>, (item) => convert(item, name));
  };

/** An object of an interface of the page's, such as MediaStream. */
export const toInstance =
  <T>(interfaceName: string) =>
  (value: unknown, name: string): T => {
    const constructor = (globalThis as Dictionary)[interfaceName] as (new () => T) | undefined;
    if (constructor && value instanceof constructor) return value;
    throw new TypeError(`${name} is not a ${interfaceName}`);
  };

export const toTrack = toInstance<MediaStreamTrack>('MediaStreamTrack');
export const toStream = toInstance<MediaStream>('MediaStream');
