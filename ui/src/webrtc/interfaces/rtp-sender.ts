import { capabilities, type Capabilities } from '../jsep/codecs';
import { toSendParameters, type SendParameters } from '../jsep/encodings';
import type { Sender } from '../jsep/sender';
import { checkArguments, dictionary, nullable, toDomString, toStream, toTrack } from '../webidl/convert';
import { granted, promised } from '../webidl/interface';
import type { RTCDTMFSender } from './dtmf';
import type { RTCStatsReport } from './stats-report';
import type { RTCDtlsTransport } from './transports';

/** The sender behind what a page passes; throws for anything else. */
export let senderOf: (value: unknown) => Sender;

export class RTCRtpSender {
  readonly #core: Sender;

  constructor(...args: unknown[]) {
    this.#core = granted(args);
  }

  static getCapabilities(kind: unknown): Capabilities | null {
    checkArguments(arguments.length, 1, 'getCapabilities');
    return capabilities(toDomString(kind));
  }

  get track(): MediaStreamTrack | null {
    return this.#core.track;
  }

  get transport(): RTCDtlsTransport | null {
    return this.#core.transport?.facade ?? null;
  }

  get dtmf(): RTCDTMFSender | null {
    return this.#core.dtmf;
  }

  getParameters(): SendParameters {
    return this.#core.getParameters();
  }

  setParameters(parameters: unknown, setParameterOptions: unknown = {}): Promise<void> {
    return promised(() => {
      const core = this.#core;
      checkArguments(arguments.length, 1, 'setParameters');
      dictionary(setParameterOptions, 'setParameterOptions');
      return core.setParameters(toSendParameters(parameters));
    });
  }

  replaceTrack(withTrack: unknown): Promise<void> {
    return promised(() => {
      const core = this.#core;
      checkArguments(arguments.length, 1, 'replaceTrack');
      return core.replaceTrack(nullable(toTrack)(withTrack, 'withTrack'));
    });
  }

  setStreams(...streams: unknown[]): void {
    const core = this.#core;
    core.setStreams(streams.map((stream) => toStream(stream, 'streams')));
  }

  getStats(): Promise<RTCStatsReport> {
    return promised(() => this.#core.getStats());
  }

  static {
    senderOf = (value) => {
      if (typeof value === 'object' && value !== null && #core in value) return value.#core;
      throw new TypeError('The value is not an RTCRtpSender');
    };
  }
}
