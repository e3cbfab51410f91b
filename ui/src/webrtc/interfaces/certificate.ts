import type { EngineCertificate } from '../engine';
import { granted } from '../webidl/interface';

/** What a certificate is beneath its interface. */
export interface CertificateCore {
  own: EngineCertificate;
  /** Unix time in ms. */
  expires: number;
}

/** What is behind a certificate that a page passes; throws for anything else. */
export let certificateOf: (value: unknown) => CertificateCore;

export class RTCCertificate {
  readonly #core: CertificateCore;

  constructor(...args: unknown[]) {
    this.#core = granted(args);
  }

  get expires(): number {
    return this.#core.expires;
  }

  /** In small letters, other than in descriptions. */
  getFingerprints(): { algorithm: string; value: string }[] {
    return [{ algorithm: 'sha-256', value: this.#core.own.fingerprint.toLowerCase() }];
  }

  static {
    certificateOf = (value) => {
      if (typeof value === 'object' && value !== null && #core in value) return value.#core;
      throw new TypeError('The value is not an RTCCertificate');
    };
  }
}
