// One ICE candidate as it is written (RFC 8839, section 5.1).

export interface CandidateFields {
  foundation: string;
  component: 'rtp' | 'rtcp';
  priority: number;
  address: string;
  protocol: 'udp' | 'tcp';
  port: number;
  type: 'host' | 'srflx' | 'prflx' | 'relay';
  tcpType: 'active' | 'passive' | 'so' | null;
  relatedAddress: string | null;
  relatedPort: number | null;
  usernameFragment: string | null;
}

/** Longer ones are of no use to anybody. */
const MAX_LENGTH = 2048;
const MAX_PORT = 65535;
const MAX_PRIORITY = 2 ** 31 - 1;
const GRAMMAR =
  /^(?:a=)?candidate:(?<foundation>[\w+/-]{1,32}) (?<component>\d{1,3}) (?<protocol>udp|tcp) (?<priority>\d{1,10}) (?<address>\S+) (?<port>\d{1,5}) typ (?<type>host|srflx|prflx|relay)(?<rest>(?: \S+ \S+)*)\s*$/iu;

export function parseCandidate(text: string): CandidateFields | null {
  const groups = text.length > MAX_LENGTH ? undefined : GRAMMAR.exec(text)?.groups;
  if (!groups) return null;
  const extensions = extensionsOf(groups.rest ?? '');
  const port = Number(groups.port);
  const priority = Number(groups.priority);
  if (port > MAX_PORT || priority > MAX_PRIORITY) return null;
  const component = Number(groups.component);
  if (component !== 1 && component !== 2) return null;
  const relatedPort = extensions.get('rport');
  const tcpType = extensions.get('tcptype');
  return {
    foundation: groups.foundation ?? '',
    component: component === 1 ? 'rtp' : 'rtcp',
    priority,
    address: groups.address ?? '',
    protocol: (groups.protocol ?? '').toLowerCase() as 'udp' | 'tcp',
    port,
    type: (groups.type ?? '').toLowerCase() as CandidateFields['type'],
    tcpType: isTcpType(tcpType) ? tcpType : null,
    relatedAddress: extensions.get('raddr') ?? null,
    relatedPort: relatedPort !== undefined && /^\d{1,5}$/u.test(relatedPort) ? Number(relatedPort) : null,
    usernameFragment: extensions.get('ufrag') ?? null,
  };
}

const isTcpType = (value: string | undefined): value is 'active' | 'passive' | 'so' =>
  value === 'active' || value === 'passive' || value === 'so';

/** The words after the type come in pairs. */
function extensionsOf(rest: string): Map<string, string> {
  const words = rest.trim().split(' ');
  const found = new Map<string, string>();
  for (let index = 0; index + 1 < words.length; index += 2)
    found.set(words[index] ?? '', words[index + 1] ?? '');
  return found;
}
