/** What an encoder without a limit of its own gets for each pixel of a frame, in bits per second: 1.5 Mbit/s at VGA. */
const BITS_PER_PIXEL = 5;
/** No picture gets better above. */
const MOST_BITS = 4_000_000;
/** Below, nothing can be made out. */
export const LEAST_BITS = 60_000;
/** Of the estimate: the rest is sound and what is sent again. */
const USABLE = 0.9;
/** Until there is an estimate, in bits per second for each picture. */
const FIRST_BITS = 1_000_000;

/** The most that a picture of this size can use. */
export function useful(width: number, height: number, limit: number | undefined): number {
  return Math.max(LEAST_BITS, Math.min(width * height * BITS_PER_PIXEL, MOST_BITS, limit ?? Infinity));
}

/** Shares what a connection can carry among those who could use so much each: nobody gets more than that. */
export function share(estimate: number | null, wishes: number[]): number[] {
  if (estimate === null) return wishes.map((wish) => Math.min(wish, FIRST_BITS));
  let left = estimate * USABLE;
  const shares = new Array<number>(wishes.length).fill(LEAST_BITS);
  const modestFirst = wishes.map((wish, index) => ({ wish, index })).sort((a, b) => a.wish - b.wish);
  modestFirst.forEach(({ wish, index }, done) => {
    const fair = left / (wishes.length - done);
    const given = Math.max(LEAST_BITS, Math.min(wish, fair));
    shares[index] = given;
    left -= given;
  });
  return shares;
}
