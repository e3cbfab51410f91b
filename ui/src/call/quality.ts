// How good a connection is, by what both of its sides count (W3C webrtc-stats). Pure.

import type { Loudness } from './speaking';

export type Quality = 'good' | 'fair' | 'poor';

/** Sums since the connection began, and the latest round trip. */
export interface Counted {
  /** Packets that came, and that did not. */
  received: number;
  lost: number;
  /** In seconds; null until it is known. */
  roundTrip: number | null;
  /** Of what was sent, the part that did not arrive, 0 to 1. */
  lostThere: number;
  /** The sound that came, and one's own, as sums of energy and time. */
  sound: Energy;
  ownSound: Energy;
}

export interface Energy {
  energy: number;
  /** In seconds. */
  duration: number;
}

/** What a person notices: above the first, now and then; above the second, all the time. */
const LOSS = { fair: 0.02, poor: 0.08 };
/** In seconds. Above the first people begin to talk at the same time; above the second they wait for each other. */
const ROUND_TRIP = { fair: 0.2, poor: 0.5 };
/** Fewer packets in a while say nothing about loss. */
const ENOUGH_PACKETS = 20;

/** So many judgements in a row until a change is believed: bad news sooner than good. */
const BELIEVED = { worse: 2, better: 4 };

const ORDER: Quality[] = ['good', 'fair', 'poor'];

/** How good it was between the two. */
export function judge(before: Counted, now: Counted): Quality {
  const received = now.received - before.received;
  const lost = Math.max(0, now.lost - before.lost);
  const lossHere = received + lost < ENOUGH_PACKETS ? 0 : lost / (received + lost);
  return worst(grade(Math.max(lossHere, now.lostThere), LOSS), grade(now.roundTrip ?? 0, ROUND_TRIP));
}

/** The quality as it is shown: steady while the judgements vary. */
export class SteadyQuality {
  value: Quality | null = null;
  #other: Quality | null = null;
  #times = 0;

  add(judgement: Quality): void {
    if (this.value === null || judgement === this.value) {
      this.value = judgement;
      this.#times = 0;
      return;
    }
    this.#times = judgement === this.#other ? this.#times + 1 : 1;
    this.#other = judgement;
    const worse = ORDER.indexOf(judgement) > ORDER.indexOf(this.value);
    if (this.#times < (worse ? BELIEVED.worse : BELIEVED.better)) return;
    this.value = judgement;
    this.#times = 0;
  }
}

/** How loud it was between the two. */
export function loudnessBetween(before: Energy, now: Energy): Loudness {
  const duration = now.duration - before.duration;
  return duration > 0 ? Math.sqrt(Math.max(0, now.energy - before.energy) / duration) : 0;
}

/** What a report counts; of several sounds the first line's, which is the microphone's. */
export function counted(report: Iterable<object>): Counted {
  const all = [...report] as Figures[];
  const of = (type: string) => all.filter((one) => one.type === type);
  const inbound = of('inbound-rtp');
  const [microphone] = of('outbound-rtp').filter(isSound).sort(byLine);
  const sources = of('media-source');
  const transport = of('transport')[0];
  const pairs = of('candidate-pair');
  const pair =
    pairs.find(({ id }) => id === transport?.selectedCandidatePairId) ??
    pairs.find(({ nominated, state }) => nominated && state === 'succeeded');
  return {
    received: sum(inbound.map(({ packetsReceived }) => packetsReceived)),
    lost: sum(inbound.map(({ packetsLost }) => packetsLost)),
    roundTrip: pair?.currentRoundTripTime ?? null,
    lostThere: Math.max(0, ...of('remote-inbound-rtp').map(({ fractionLost }) => fractionLost ?? 0)),
    sound: energyOf(inbound.filter(isSound).sort(byLine)[0]),
    ownSound: energyOf(sources.find(({ id }) => id === microphone?.mediaSourceId)),
  };
}

/** The fields of webrtc-stats that are looked at. */
interface Figures {
  id: string;
  type: string;
  kind?: string;
  mid?: string;
  packetsReceived?: number;
  packetsLost?: number;
  fractionLost?: number;
  currentRoundTripTime?: number;
  nominated?: boolean;
  state?: string;
  selectedCandidatePairId?: string;
  mediaSourceId?: string;
  totalAudioEnergy?: number;
  totalSamplesDuration?: number;
}

function isSound({ kind }: Figures): boolean {
  return kind === 'audio';
}

function byLine(a: Figures, b: Figures): number {
  return Number(a.mid ?? 0) - Number(b.mid ?? 0);
}

function energyOf(figures: Figures | undefined): Energy {
  return { energy: figures?.totalAudioEnergy ?? 0, duration: figures?.totalSamplesDuration ?? 0 };
}

function sum(numbers: (number | undefined)[]): number {
  return numbers.reduce<number>((total, number) => total + (number ?? 0), 0);
}

function grade(value: number, { fair, poor }: { fair: number; poor: number }): Quality {
  if (value >= poor) return 'poor';
  return value >= fair ? 'fair' : 'good';
}

function worst(...all: Quality[]): Quality {
  return all.reduce((a, b) => (ORDER.indexOf(a) > ORDER.indexOf(b) ? a : b));
}
