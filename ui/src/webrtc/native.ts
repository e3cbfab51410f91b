// WebRTC for a webview that has none, carried by the app's own peer (docs/native-peer.md).

import { NativeEngine, type NativePeer } from './engine/index';
import { install } from './install';

/** In ms after the page began: the lobby comes first. */
const PREPARE_AFTER_MS = 2000;

/** Makes `RTCPeerConnection` and what belongs to it, if this webview has what that takes. */
export function installNative(nativePeer: () => Promise<NativePeer>): void {
  if (!canEncode()) return;
  const engine = new NativeEngine(nativePeer);
  install(engine);
  setTimeout(() => engine.prepare(), PREPARE_AFTER_MS);
}

/** WebCodecs for pictures, worklets for sound. */
function canEncode(): boolean {
  return (
    typeof VideoEncoder === 'function' &&
    typeof VideoDecoder === 'function' &&
    typeof AudioWorkletNode === 'function' &&
    typeof HTMLCanvasElement.prototype.captureStream === 'function'
  );
}
