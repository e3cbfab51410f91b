// Runs in the pages: from the press to the first picture of the other. Nothing here knows of the bench.

/** Chromium's fake camera at the frame rate that all pages ask for. */
export const CAMERA = '--use-fake-device-for-media-stream=fps=30';

/**
 * Presses `Join` and waits for the first picture of somebody.
 *
 * @param {string} sender as the others see them
 * @returns {Promise<number[]>} when it was pressed and when the picture was there, in ms since the page began
 */
export function pressJoin(sender) {
  return new Promise((resolve) => {
    const pressed = performance.now();
    const known = new Set();
    const look = () => {
      const video = document.querySelector(`figure[aria-label="${sender}"] video`);
      if (!(video instanceof HTMLVideoElement) || known.has(video)) return;
      known.add(video);
      video.requestVideoFrameCallback(() => resolve([pressed, performance.now()]));
    };
    new MutationObserver(look).observe(document, { childList: true, subtree: true, attributes: true });
    [...document.querySelectorAll('button')].find((button) => button.textContent?.trim() === 'Join')?.click();
  });
}

/**
 * The same in the page with PeerJS. The calls of PeerJS's own documentation, without servers on the internet.
 *
 * @param {string} sender the ID of the peer that is called
 * @returns {Promise<number[]>}
 */
export function pressCall(sender) {
  return new Promise((resolve) => {
    const pressed = performance.now();
    const video = /** @type {HTMLVideoElement} */ (document.querySelector('#other'));
    video.requestVideoFrameCallback(() => resolve([pressed, performance.now()]));
    /** @type {any} */ (globalThis).call(sender);
  });
}
