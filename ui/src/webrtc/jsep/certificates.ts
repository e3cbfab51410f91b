// generateCertificate (W3C webrtc-pc, section 4.9): ECDSA over P-256, which is what the app's DTLS signs with.

import type { Engine } from '../engine';
import { RTCCertificate, certificateOf } from '../interfaces/certificate';
import { enforcedLongLong, member, toDomString, type Dictionary } from '../webidl/convert';
import { invalidAccess, notSupported } from '../webidl/errors';
import { make } from '../webidl/interface';
import { errorOf } from './engine-errors';

/** How long a certificate is valid if the page does not say, as the W3C text proposes: 30 days, in ms. */
const DEFAULT_LIFE = 2_592_000_000;
/** And at most: a year, which is how long what the app makes is valid. */
const MAX_LIFE = 31_536_000_000;

/** Resolves with an `RTCCertificate`, or throws what is wrong with the arguments. */
export async function generateCertificate(engine: Engine, algorithm: unknown): Promise<RTCCertificate> {
  const from = typeof algorithm === 'object' && algorithm !== null ? (algorithm as Dictionary) : null;
  const life = (from && member(from, 'expires', enforcedLongLong)) ?? DEFAULT_LIFE;
  if (!isSupported(from ?? { name: algorithm })) throw notSupported('Only ECDSA over P-256 is supported');
  const own = await engine.certify().catch(errorOf);
  return make(RTCCertificate, { own, expires: Date.now() + Math.min(life, MAX_LIFE) });
}

/** Names of algorithms are the same in small and large letters, those of curves are not (W3C WebCrypto, section 18.4). */
function isSupported(algorithm: Dictionary): boolean {
  const name = member(algorithm, 'name', toDomString);
  if (name === undefined) throw new TypeError('The algorithm has no name');
  if (name.toUpperCase() !== 'ECDSA') return false;
  const curve = member(algorithm, 'namedCurve', toDomString);
  if (curve === undefined) throw new TypeError('The algorithm has no curve');
  return curve === 'P-256';
}

export function checkNotExpired(certificates: RTCCertificate[]): void {
  if (certificates.some((one) => certificateOf(one).expires <= Date.now())) {
    throw invalidAccess('A certificate has expired');
  }
}

/** Whether both lists have the same certificates, in the same order. */
export const sameCertificates = (one: RTCCertificate[], other: RTCCertificate[]): boolean =>
  one.length === other.length && one.every((certificate, index) => certificate === other[index]);
