import { EngineError } from '../engine';
import { RTCError } from '../interfaces/rtc-error';
import { SdpSyntaxError } from '../sdp/sdp';
import { invalidAccess, notSupported, operationError } from '../webidl/errors';

/** Throws what the W3C text has for an error of the engine or of our own parser. */
export function errorOf(error: unknown): never {
  if (error instanceof SdpSyntaxError) {
    throw new RTCError({ errorDetail: 'sdp-syntax-error', sdpLineNumber: error.line }, error.message);
  }
  if (error instanceof EngineError) {
    if (error.code === 'sdp-syntax') throw new RTCError({ errorDetail: 'sdp-syntax-error' }, error.message);
    if (error.code === 'not-usable') throw invalidAccess(error.message);
    if (error.code === 'not-supported') throw notSupported(error.message);
    throw operationError(error.message);
  }
  throw error;
}
