// One medium of a session description: an `m=` line and what belongs to it.

export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

const DIRECTIONS: readonly Direction[] = ['sendrecv', 'sendonly', 'recvonly', 'inactive'];
const M_LINE = /^m=(?<kind>\S+) (?<port>\d{1,5})(?:\/\d+)? (?<protocol>\S+) (?<formats>\S.*)$/u;
/** Streams that one line names; others in it are ignored. */
const MAX_STREAMS = 64;

export interface SdpCodec {
  payloadType: number;
  mimeType: string;
  clockRate: number;
  channels?: number;
  sdpFmtpLine?: string;
}

export class Section {
  constructor(
    readonly lines: string[],
    /** Of the whole description: some attributes may stand there for all. */
    readonly head: string[],
  ) {}

  get wellFormed(): boolean {
    return M_LINE.test(this.lines[0] ?? '');
  }

  get kind(): string {
    return this.#m.kind ?? '';
  }

  get isMedia(): boolean {
    return this.kind === 'audio' || this.kind === 'video';
  }

  get isData(): boolean {
    return this.kind === 'application' && this.protocol.includes('SCTP');
  }

  get port(): number {
    return Number(this.#m.port);
  }

  get protocol(): string {
    return this.#m.protocol ?? '';
  }

  /** The answer to this line, which the engine knows in its own words only. */
  as(offered: Section): Section {
    if (offered.kind === this.kind) return this.over(offered.protocol);
    const { kind, protocol, formats } = offered;
    return new Section(
      [
        `m=${kind} 0 ${protocol} ${formats.join(' ')}`,
        ...this.lines.filter((line) => /^a=mid:|^c=/u.test(line)),
      ],
      this.head,
    );
  }

  /** The same, carried as this says. */
  over(protocol: string): Section {
    const [first = '', ...others] = this.lines;
    const at = first.split(' ');
    return new Section([[...at.slice(0, 2), protocol, ...at.slice(3)].join(' '), ...others], this.head);
  }

  get formats(): string[] {
    return (this.#m.formats ?? '').split(' ');
  }

  get mid(): string | null {
    return this.value('mid') ?? null;
  }

  /** A port of 0 says that the line is not used, except where it means "only bundled". */
  get isRejected(): boolean {
    return this.port === 0 && !this.has('bundle-only');
  }

  get direction(): Direction {
    return DIRECTIONS.find((direction) => this.has(direction)) ?? 'sendrecv';
  }

  get ufrag(): string | undefined {
    return this.value('ice-ufrag') ?? this.#shared('ice-ufrag');
  }

  get pwd(): string | undefined {
    return this.value('ice-pwd') ?? this.#shared('ice-pwd');
  }

  get setup(): string | undefined {
    return this.value('setup') ?? this.#shared('setup');
  }

  /** The streams that its track belongs to, or null where it does not say. */
  get streams(): string[] | null {
    const values = this.values('msid').length > 0 ? this.values('msid') : this.#sourceStreams;
    if (values.length === 0) return null;
    const ids = values.slice(0, MAX_STREAMS).map((value) => value.split(' ')[0] ?? '');
    return [...new Set(ids.filter((id) => id !== '' && id !== '-'))];
  }

  /** As it was written before a track could be in several streams. */
  get #sourceStreams(): string[] {
    return this.lines.flatMap((line) => /^a=ssrc:\d+ msid:(.*)/u.exec(line)?.[1] ?? []);
  }

  get candidates(): string[] {
    return this.lines.filter((line) => line.startsWith('a=candidate:')).map((line) => line.slice(2));
  }

  get codecs(): SdpCodec[] {
    const maps = new Map(this.values('rtpmap').map((value) => split(value)));
    const parameters = new Map(this.values('fmtp').map((value) => split(value)));
    return this.formats.flatMap((format) => {
      const [name = '', clockRate = '', channels] = (maps.get(format) ?? '').split('/');
      if (!name || !/^\d{1,3}$/u.test(format)) return [];
      const codec: SdpCodec = {
        payloadType: Number(format),
        mimeType: `${this.kind}/${name}`,
        clockRate: Number(clockRate) || 0,
      };
      if (this.kind === 'audio') codec.channels = Number(channels ?? '1') || 1;
      const fmtp = parameters.get(format);
      if (fmtp) codec.sdpFmtpLine = fmtp;
      return [codec];
    });
  }

  get extensions(): { uri: string; id: number }[] {
    return this.values('extmap').flatMap((value) => {
      const [, id, uri] = /^(\d{1,5})(?:\/\w+)? (\S+)/u.exec(value) ?? [];
      return id && uri ? [{ uri, id: Number(id) }] : [];
    });
  }

  /** The same, which says its direction also where it is the one that goes without saying. */
  withDirection(): Section {
    if (DIRECTIONS.some((one) => this.has(one))) return this;
    return new Section([...this.lines, `a=${this.direction}`], this.head);
  }

  has(flag: string): boolean {
    return this.lines.includes(`a=${flag}`);
  }

  value(name: string): string | undefined {
    return valueIn(this.lines, name);
  }

  values(name: string): string[] {
    const start = `a=${name}:`;
    return this.lines.filter((line) => line.startsWith(start)).map((line) => line.slice(start.length));
  }

  /** Leaves out the lines that match, and puts others where the first of them was, or at the end. */
  replace(matches: (line: string) => boolean, others: string[]): void {
    const found = this.lines.findIndex(matches);
    const at = found < 0 ? this.lines.length : found;
    const kept = this.lines.filter((line, index) => index >= at && !matches(line));
    this.lines.splice(at, this.lines.length, ...others, ...kept);
  }

  setDirection(direction: Direction): void {
    this.replace((line) => DIRECTIONS.some((one) => line === `a=${one}`), [`a=${direction}`]);
  }

  #shared(name: string): string | undefined {
    return valueIn(this.head, name);
  }

  get #m(): Record<string, string | undefined> {
    return M_LINE.exec(this.lines[0] ?? '')?.groups ?? {};
  }
}

function valueIn(lines: string[], name: string): string | undefined {
  const start = `a=${name}:`;
  return lines.find((line) => line.startsWith(start))?.slice(start.length);
}

/** `96 VP8/90000` as a key and a value. */
function split(value: string): [string, string] {
  const at = value.indexOf(' ');
  return at < 0 ? [value, ''] : [value.slice(0, at), value.slice(at + 1)];
}

export const sends = (direction: string | null): boolean =>
  direction === 'sendrecv' || direction === 'sendonly';
export const receives = (direction: string | null): boolean =>
  direction === 'sendrecv' || direction === 'recvonly';

export function directionOf(send: boolean, receive: boolean): Direction {
  if (send) return receive ? 'sendrecv' : 'sendonly';
  return receive ? 'recvonly' : 'inactive';
}

/** The same line as the other side sees it. */
export const reversed = (direction: Direction): Direction =>
  directionOf(receives(direction), sends(direction));

export const intersection = (one: Direction, other: Direction): Direction =>
  directionOf(sends(one) && sends(other), receives(one) && receives(other));
