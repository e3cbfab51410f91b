import { granted } from '../webidl/interface';

/** Made by nobody: a connection has a certificate of its own, which the app keeps to itself. */
export class RTCCertificate {
  readonly #expires: number;

  constructor(...args: unknown[]) {
    this.#expires = granted(args);
  }

  get expires(): number {
    return this.#expires;
  }

  getFingerprints(): { algorithm: string; value: string }[] {
    void this.#expires;
    return [];
  }
}
