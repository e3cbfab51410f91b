// Session descriptions as far as the W3C layer needs them: lines kept as they are, a few attributes understood
// (RFC 8866, RFC 8829). What comes from the other side is hostile: everything is bounded.

import { Section } from './section';

/** A hundred participants' lines, each with many candidates, need less. */
const MAX_LENGTH = 512 * 1024;
const MAX_SECTIONS = 256;
const BUNDLE = 'a=group:BUNDLE';
/** The name of a line, and what all lines share. */
const TRANSPORT = /^(?:c=|a=(?:mid|ice-ufrag|ice-pwd|ice-options|fingerprint|setup):)/u;
const MEDIA_PROTOCOL = /^(?:(?:UDP\/TLS|TCP\/DTLS)\/)?RTP\/S?AVPF?$/u;
const DATA_PROTOCOL = /^(?:(?:UDP|TCP)\/)?DTLS\/SCTP$/u;
/** `a=` may be anything; the others need at least a value. */
const LINE = /^(?:a=\S.*|[b-z]=.+|s=)$/u;

/**
 * How names begin that this side has given to lines of the other, which must not hear of them: so it cannot have
 * such a name by chance. With a place behind it, it is no longer than the engine allows.
 */
const UNNAMED = `_${crypto.randomUUID().replaceAll('-', '').slice(0, 11)}_`;

/** Whether the other side has no such name: its lines are known by their place then. */
export const isGivenName = (mid: string): boolean => mid.startsWith(UNNAMED);

/** A description as it goes out. */
export function withoutGivenNames(text: string): string {
  return text.replace(new RegExp(`^a=mid:${UNNAMED}\\d+\\r\\n`, 'gmu'), '');
}

export class SdpSyntaxError extends Error {
  constructor(
    readonly line: number,
    message: string,
  ) {
    super(message);
  }
}

export class Sdp {
  constructor(
    readonly head: string[],
    readonly sections: Section[],
  ) {}

  static parse(text: string): Sdp {
    if (text.length > MAX_LENGTH) throw new SdpSyntaxError(1, 'The description is too long');
    const lines = text.split(/\r\n|\n/u);
    if (lines.at(-1) === '') lines.pop();
    lines.forEach((line, index) => {
      if (!LINE.test(line)) throw new SdpSyntaxError(index + 1, 'A line is not of the form x=value');
    });
    const starts = lines.flatMap((line, index) => (line.startsWith('m=') ? [index] : []));
    if (starts.length > MAX_SECTIONS)
      throw new SdpSyntaxError(starts[MAX_SECTIONS] ?? 1, 'Too many m= lines');
    const head = lines.slice(0, starts[0] ?? lines.length);
    checkHead(head);
    const sections = starts.map((start, index) => {
      const section = new Section(lines.slice(start, starts[index + 1] ?? lines.length), head);
      if (!section.wellFormed) throw new SdpSyntaxError(start + 1, 'A line of this medium is malformed');
      return section;
    });
    return new Sdp(head, sections);
  }

  /** Shares nothing with this one. */
  copy(): Sdp {
    const head = [...this.head];
    return new Sdp(
      head,
      this.sections.map(({ lines }) => new Section([...lines], head)),
    );
  }

  /** The same with a name for each line that has none (RFC 8829, section 5.10): that of the line that it is about. */
  named(about: Sdp | null | undefined): Sdp {
    if (this.sections.every(({ mid }) => mid !== null)) return this;
    const copy = this.copy();
    copy.sections.forEach((section, index) => {
      const name = about?.sections[index]?.mid ?? `${UNNAMED}${index}`;
      if (section.mid === null) section.lines.push(`a=mid:${name}`);
    });
    return copy;
  }

  /** The same without the candidates that this matches. */
  withoutCandidates(unwanted: RegExp): Sdp {
    const copy = this.copy();
    for (const section of copy.sections) section.replace((line) => unwanted.test(line), []);
    return copy;
  }

  /** One line alone has a transport of its own, bundled or not: the engine wants to hear that it is. */
  bundledIfAlone(): Sdp {
    const [only, ...others] = this.sections.filter(({ isRejected }) => !isRejected);
    if (this.hasBundle || !only?.mid || others.length > 0) return this;
    return new Sdp([...this.head, `a=group:BUNDLE ${only.mid}`], this.sections);
  }

  /**
   * Says of each line that it is carried as all are (RFC 8829, section 5.1.2: any of these means the same) and which way
   * it goes, and instead of one that is neither sound, picture nor data that there is none: what the engine has words for.
   */
  inWordsOfEngine(): Sdp {
    const sections = this.sections.map((section) => {
      if (section.isMedia && MEDIA_PROTOCOL.test(section.protocol)) {
        return section.over('UDP/TLS/RTP/SAVPF').withDirection();
      }
      if (section.isData && DATA_PROTOCOL.test(section.protocol)) return section.over('UDP/DTLS/SCTP');
      if (section.isMedia || section.kind === 'application') return section;
      const kept = section.lines.filter((line) => TRANSPORT.test(line));
      return new Section(['m=audio 0 UDP/TLS/RTP/SAVPF 0', ...kept, 'a=inactive'], section.head);
    });
    const unknown = this.sections.filter(({ isMedia, kind }) => !isMedia && kind !== 'application');
    const named = (line: string) =>
      line.split(' ').filter((word, index) => index === 0 || unknown.every(({ mid }) => mid !== word));
    const head = this.head.map((line) => (line.startsWith(BUNDLE) ? named(line).join(' ') : line));
    return new Sdp(head, sections);
  }

  withoutBundle(): Sdp {
    return new Sdp(
      this.head.filter((line) => !line.startsWith(BUNDLE)),
      this.sections,
    );
  }

  get hasBundle(): boolean {
    return this.head.some((line) => line.startsWith(BUNDLE));
  }

  toString(): string {
    return [...this.head, ...this.sections.flatMap(({ lines }) => lines)]
      .map((line) => `${line}\r\n`)
      .join('');
  }

  section(mid: string): Section | undefined {
    return this.sections.find((section) => section.mid === mid);
  }

  get bundled(): string[] {
    return (
      this.head
        .find((line) => line.startsWith(BUNDLE))
        ?.split(' ')
        .slice(1) ?? []
    );
  }

  /** `ufrag pwd` of every transport. */
  get credentials(): Set<string> {
    return new Set(this.sections.flatMap(({ ufrag, pwd }) => (ufrag && pwd ? [`${ufrag} ${pwd}`] : [])));
  }

  get trickles(): boolean {
    const options = (lines: string[]) => lines.filter((line) => line.startsWith('a=ice-options:'));
    return [this.head, ...this.sections.map(({ lines }) => lines)].some((lines) =>
      options(lines).some((line) => line.slice('a=ice-options:'.length).split(' ').includes('trickle')),
    );
  }
}

/** `v=`, `o=` and `s=` come first, `t=` later; all else is optional. */
function checkHead(head: string[]): void {
  ['v=0', 'o=', 's='].forEach((start, index) => {
    if (!head[index]?.startsWith(start)) throw new SdpSyntaxError(index + 1, `${start} is missing`);
  });
  if (!head.some((line) => line.startsWith('t='))) throw new SdpSyntaxError(head.length, 't= is missing');
}
