// What a connection says of itself (W3C webrtc-stats), as far as it tells how hard a call is to carry. Browsers leave
// out what they do not know: then it is null, and nothing is concluded from it.

/** Of one link at one moment. Counts are since its beginning. */
export interface LinkFigures {
  /** In ms. */
  at: number;
  /** The camera's picture on its way out; null while none is sent. */
  sent: {
    frames: number;
    /** Seconds that the encoder was at work. */
    encoding: number | null;
    /** What the camera gives: frames a second and pixels each. */
    offered: number | null;
    pixels: number | null;
    limitedBy: 'cpu' | 'bandwidth' | null;
  } | null;
  /** The other's; null while none comes. */
  received: { frames: number; dropped: number } | null;
  /** The part of the packets that did not arrive at the other side, lately. */
  loss: number | null;
  /** Bits per second that the way to the other side carries, as is supposed. */
  available: number | null;
}

type Stats = Record<string, unknown> & { id: string; type: string };

/** `report`: what `getStats` gives. */
export function figuresOf(report: Iterable<object>, at: number): LinkFigures {
  const all = new Map(([...report] as Stats[]).map((stats) => [stats.id, stats]));
  const cameras = [...all.values()].filter(({ kind }) => kind === 'video');
  const outbound = first(cameras, 'outbound-rtp');
  const inbound = first(cameras, 'inbound-rtp');
  const frames = number(outbound?.framesEncoded) ?? number(outbound?.framesSent);
  const came = number(inbound?.framesReceived) ?? number(inbound?.framesDecoded);
  return {
    at,
    sent: outbound && frames !== null ? { frames, ...encodingOf(outbound, all) } : null,
    received: came === null ? null : { frames: came, dropped: number(inbound?.framesDropped) ?? 0 },
    loss: number(referred(all, outbound?.remoteId)?.fractionLost),
    available: number(pairOf(all)?.availableOutgoingBitrate),
  };
}

function encodingOf(outbound: Stats, all: Map<string, Stats>) {
  const source = referred(all, outbound.mediaSourceId);
  const [width, height] = [number(source?.width), number(source?.height)];
  const reason = outbound.qualityLimitationReason;
  return {
    encoding: number(outbound.totalEncodeTime),
    offered: number(source?.framesPerSecond),
    pixels: width !== null && height !== null ? width * height : null,
    limitedBy: reason === 'cpu' || reason === 'bandwidth' ? reason : null,
  } as const;
}

/** The camera's media line is the first of its kind: a screen comes after it. */
function first(cameras: Stats[], type: string): Stats | undefined {
  const line = ({ mid }: Stats) => number(Number(mid ?? 0)) ?? 0;
  return cameras.filter((one) => one.type === type).sort((a, b) => line(a) - line(b))[0];
}

function pairOf(all: Map<string, Stats>): Stats | undefined {
  const transport = [...all.values()].find(({ type }) => type === 'transport');
  const pairs = [...all.values()].filter(({ type }) => type === 'candidate-pair');
  return (
    referred(all, transport?.selectedCandidatePairId) ??
    pairs.find(({ nominated, state }) => nominated === true && state === 'succeeded')
  );
}

function referred(all: Map<string, Stats>, id: unknown): Stats | undefined {
  return typeof id === 'string' ? all.get(id) : undefined;
}

function number(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
