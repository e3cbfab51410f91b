import { capabilities, type Capabilities } from '../jsep/codecs';
import type { Receiver } from '../jsep/receiver';
import { checkArguments, nullable, toDomString, toDouble } from '../webidl/convert';
import { granted, promised } from '../webidl/interface';
import type { RTCStatsReport } from './stats-report';
import type { RTCDtlsTransport } from './transports';

export class RTCRtpReceiver {
  readonly #core: Receiver;

  constructor(...args: unknown[]) {
    this.#core = granted(args);
  }

  static getCapabilities(kind: unknown): Capabilities | null {
    checkArguments(arguments.length, 1, 'getCapabilities');
    return capabilities(toDomString(kind));
  }

  get track(): MediaStreamTrack {
    return this.#core.track;
  }

  get transport(): RTCDtlsTransport | null {
    return this.#core.transport?.facade ?? null;
  }

  getParameters(): unknown {
    return this.#core.getParameters();
  }

  /** The app's peer takes part in calls without mixers, where there are none. */
  getContributingSources(): unknown[] {
    void this.#core;
    return [];
  }

  getSynchronizationSources(): RTCRtpSynchronizationSource[] {
    return this.#core.synchronizationSources;
  }

  getStats(): Promise<RTCStatsReport> {
    return promised(() => this.#core.getStats());
  }

  get jitterBufferTarget(): number | null {
    return this.#core.jitterBufferTarget;
  }

  set jitterBufferTarget(value: unknown) {
    const core = this.#core;
    core.setJitterBufferTarget(nullable(toDouble)(value, 'jitterBufferTarget'));
  }
}
