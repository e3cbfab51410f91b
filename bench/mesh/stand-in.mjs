// Somebody who is in the call with the app's own page, and costs this machine next to nothing: what they send was
// encoded before, and of what they get only a speck is decoded. On the wire they are like everybody else, but only
// towards the first person of the room: among themselves nothing is sent.

import { Chromium } from '../../e2e/harness/browser.mjs';
import { asCamera, film } from './camera.mjs';

/** @typedef {import('../../e2e/harness/person.mjs').Person} Person */
/** @typedef {import('./recording.mjs').Recording} Recording */

/** What their cameras give, and what is decoded instead of what comes. @type {import('./camera.mjs').Size} */
const SPECK = { width: 64, height: 48 };
/** Nothing is drawn in it. */
const WINDOW = { width: 320, height: 240 };

/** @param {import('node:test').TestContext} scope */
export async function browserOfStandIns(scope) {
  return Chromium.start(scope, { args: asCamera(await film(scope, SPECK)) });
}

/** Joins a room in which the first person is there. @param {Chromium} browser @param {string} name @param {string} link */
export async function standsIn(browser, name, link) {
  const person = await browser.opens(name, link, {
    arrange: (page) => page.addInitScript(standIn, `(${exchangeFrames})()`),
  });
  await person.join();
  await person.isIn();
  await person.page.setViewportSize(WINDOW);
  await person.page.evaluate(() => void (document.documentElement.style.display = 'none'));
  return person;
}

/** From now on the recording is what they send. @param {Person} person @param {Recording} recording */
export function sends({ page }, recording) {
  return page.evaluate((frames) => /** @type {any} */ (globalThis).exchange.postMessage(frames), recording);
}

/** Runs in the page before its own scripts. @param {string} script of the worker */
function standIn(script) {
  const scope = /** @type {any} */ (globalThis);
  scope.exchange = new Worker(URL.createObjectURL(new Blob([script], { type: 'text/javascript' })));
  // Whoever was in the room first is linked first.
  const isFirst = (/** @type {RTCPeerConnection} */ connection) => connection === scope.peerConnections[0];

  /** @type {(description: RTCSessionDescriptionInit) => Promise<void>} */
  const setRemoteDescription = RTCPeerConnection.prototype.setRemoteDescription;
  RTCPeerConnection.prototype.setRemoteDescription = async function (description) {
    await setRemoteDescription.call(this, description);
    if (!isFirst(this)) return;
    for (const { sender, receiver } of this.getTransceivers()) {
      if (receiver.track.kind !== 'video' || receiver.transform) continue;
      sender.transform = new RTCRtpScriptTransform(scope.exchange, 'out');
      receiver.transform = new RTCRtpScriptTransform(scope.exchange, 'in');
    }
  };
  const { replaceTrack } = RTCRtpSender.prototype;
  RTCRtpSender.prototype.replaceTrack = function (track) {
    const first = /** @type {RTCPeerConnection[]} */ (scope.peerConnections).find(isFirst);
    return replaceTrack.call(this, first?.getSenders().includes(this) ? track : null);
  };

  // Nobody looks or listens: nothing is counted, measured, drawn or played.
  RTCPeerConnection.prototype.getStats = () => Promise.resolve(/** @type {RTCStatsReport} */ (new Map()));
  Reflect.deleteProperty(scope, 'AudioContext');
  Object.defineProperty(HTMLMediaElement.prototype, 'srcObject', { value: null, writable: true });
  const { mediaDevices } = navigator;
  const getUserMedia = mediaDevices.getUserMedia.bind(mediaDevices);
  const unprocessed = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
  mediaDevices.getUserMedia = (wanted) =>
    getUserMedia({ ...wanted, ...(wanted?.audio ? { audio: unprocessed } : {}) });
}

/** Runs in the worker: each frame that goes out gets the next one of the recording, each that comes in gets a speck. */
function exchangeFrames() {
  /** @type {ArrayBuffer[]} */
  let recording = [];
  const scope = /** @type {any} */ (globalThis);
  const bytes = (/** @type {string} */ text) =>
    Uint8Array.from(atob(text), (byte) => byte.charCodeAt(0)).buffer;
  scope.onmessage = (/** @type {MessageEvent<string[]>} */ { data }) => (recording = data.map(bytes));

  /** @type {{ key: ArrayBuffer, delta: ArrayBuffer }} */
  let speck;
  const filmed = encodeSpeck();

  scope.onrtctransform = async (/** @type {any} */ { transformer }) => {
    const transform = transformer.options === 'out' ? outgoing() : incoming;
    speck = await filmed;
    await transformer.readable.pipeThrough(new TransformStream({ transform })).pipeTo(transformer.writable);
  };

  function outgoing() {
    let at = 0;
    return (/** @type {any} */ frame, /** @type {TransformStreamDefaultController} */ controller) => {
      if (recording.length > 0) {
        // It begins with a key frame, which a receiver knows by what is in it, and may begin anew whenever it is over.
        if (frame.type === 'key') at = 0;
        frame.data = recording[at]?.slice(0);
        at = (at + 1) % recording.length;
      }
      controller.enqueue(frame);
    };
  }

  /** @param {any} frame @param {TransformStreamDefaultController} controller */
  function incoming(frame, controller) {
    frame.data = (frame.type === 'key' ? speck.key : speck.delta).slice(0);
    controller.enqueue(frame);
  }

  /** A picture, and one that is the same: it may follow as often as one likes. */
  async function encodeSpeck() {
    const SIZE = 16;
    /** @type {ArrayBuffer[]} */
    const frames = [];
    const encoder = new VideoEncoder({
      output(chunk) {
        const data = new ArrayBuffer(chunk.byteLength);
        chunk.copyTo(data);
        frames.push(data);
      },
      error(fault) {
        throw fault;
      },
    });
    encoder.configure({ codec: 'vp8', width: SIZE, height: SIZE });
    for (const timestamp of [0, 1]) {
      const picture = new VideoFrame(new Uint8Array((SIZE * SIZE * 3) / 2).fill(128), {
        ...{ format: 'I420', codedWidth: SIZE, codedHeight: SIZE, timestamp },
      });
      encoder.encode(picture, { keyFrame: timestamp === 0 });
      picture.close();
    }
    await encoder.flush();
    return { key: /** @type {any} */ (frames[0]), delta: /** @type {any} */ (frames[1]) };
  }
}
