// RTCConfiguration: what a page may ask for, and what of it may change later (W3C webrtc-pc, section 4.4.1.6).

import type { EngineCertificate, EngineIceServer } from '../engine';
import { certificateOf, type RTCCertificate } from '../interfaces/certificate';
import {
  dictionary,
  enforcedOctet,
  member,
  requiredMember,
  toDomString,
  toEnum,
  toSequence,
  toUsvString,
} from '../webidl/convert';
import { invalidAccess, invalidModification, syntaxError } from '../webidl/errors';
import { sameCertificates } from './certificates';

interface IceServer {
  urls: string[];
  username?: string;
  credential?: string;
}

interface Settings {
  bundlePolicy: RTCBundlePolicy;
  certificates: RTCCertificate[];
  iceCandidatePoolSize: number;
  iceServers: IceServer[];
  iceTransportPolicy: RTCIceTransportPolicy;
  rtcpMuxPolicy: 'require';
}

/** STUN and TURN as RFC 7064 and RFC 7065 write them: no path, and a query only for TURN. */
const SERVER_URL =
  /^(?<scheme>stuns?|turns?):(?<host>[\w.-]+|\[[\da-f:.]+\])(?::(?<port>\d{1,5}))?(?<query>\?transport=(?:udp|tcp))?$/iu;
const MAX_PORT = 65_535;
/** As RFC 8489 has it, section 14.3. */
const MAX_CREDENTIAL_BYTES = 509;

function toUrls(value: unknown, name: string): string[] {
  const several = typeof value === 'object' && value !== null && Symbol.iterator in value;
  return several ? toSequence(toUsvString)(value, name) : [toUsvString(value)];
}

function toIceServer(value: unknown): IceServer {
  const from = dictionary(value, 'The ICE server');
  const credential = member(from, 'credential', toDomString);
  const urls = requiredMember(from, 'urls', toUrls);
  const username = member(from, 'username', toDomString);
  return {
    urls,
    ...(username === undefined ? {} : { username }),
    ...(credential === undefined ? {} : { credential }),
  };
}

function toCertificate(value: unknown): RTCCertificate {
  certificateOf(value);
  return value as RTCCertificate;
}

export function toSettings(value: unknown): Settings {
  const from = dictionary(value, 'The configuration');
  return {
    bundlePolicy:
      member(from, 'bundlePolicy', toEnum(['balanced', 'max-compat', 'max-bundle'] as const)) ?? 'balanced',
    certificates: member(from, 'certificates', toSequence(toCertificate)) ?? [],
    iceCandidatePoolSize: member(from, 'iceCandidatePoolSize', enforcedOctet) ?? 0,
    iceServers: member(from, 'iceServers', toSequence(toIceServer)) ?? [],
    iceTransportPolicy: member(from, 'iceTransportPolicy', toEnum(['relay', 'all'] as const)) ?? 'all',
    rtcpMuxPolicy: member(from, 'rtcpMuxPolicy', toEnum(['require'] as const)) ?? 'require',
  };
}

function checkServer({ urls, username, credential }: IceServer): void {
  if (urls.length === 0) throw syntaxError('An ICE server has no URL');
  for (const url of urls) {
    const parts = SERVER_URL.exec(url)?.groups;
    if (!parts) {
      const known = /^(?:stuns?|turns?):/iu.test(url);
      throw syntaxError(known ? 'The URL of an ICE server is malformed' : 'The URL is not of an ICE server');
    }
    if (Number(parts.port ?? 0) > MAX_PORT) throw syntaxError('The port of an ICE server is out of range');
    const relay = (parts.scheme ?? '').toLowerCase().startsWith('turn');
    if (!relay && parts.query) throw syntaxError('The URL of a STUN server has a query');
    if (!relay) continue;
    if (username === undefined || credential === undefined) throw invalidAccess('TURN needs credentials');
    if (new TextEncoder().encode(username).length > MAX_CREDENTIAL_BYTES) {
      throw invalidAccess('The user name of a TURN server is too long');
    }
  }
}

export class Configuration {
  readonly #settings: Settings;

  constructor(settings: Settings) {
    settings.iceServers.forEach(checkServer);
    this.#settings = settings;
  }

  /** What it becomes when the page sets it anew. */
  changed(settings: Settings): Configuration {
    const { bundlePolicy, certificates, rtcpMuxPolicy } = this.#settings;
    if (settings.certificates.length > 0 && !sameCertificates(settings.certificates, certificates))
      throw invalidModification('certificates cannot be changed');
    if (settings.bundlePolicy !== bundlePolicy) throw invalidModification('bundlePolicy cannot be changed');
    if (settings.rtcpMuxPolicy !== rtcpMuxPolicy)
      throw invalidModification('rtcpMuxPolicy cannot be changed');
    return new Configuration({ ...settings, certificates });
  }

  get settings(): Settings {
    const { certificates, ...others } = this.#settings;
    return { ...structuredClone(others), certificates: [...certificates] };
  }

  get poolSize(): number {
    return this.#settings.iceCandidatePoolSize;
  }

  get relayOnly(): boolean {
    return this.#settings.iceTransportPolicy === 'relay';
  }

  /** The first is what the connection shows for itself. */
  get certificates(): EngineCertificate[] {
    return this.#settings.certificates.map((certificate) => certificateOf(certificate).own);
  }

  get relays(): string[] {
    return this.#settings.iceServers.flatMap(({ urls }) => urls.filter((url) => /^turns?:/iu.test(url)));
  }

  get servers(): EngineIceServer[] {
    return this.#settings.iceServers;
  }
}
