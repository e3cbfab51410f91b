// What a report for those who mend the app says of this page. Figures and codes only: nothing in it names a person,
// a device, a room or an address.

import type { Platform } from '../platform/platform';
import { VERSION } from '../protocol/messages';
import type { DeviceLists } from './device-list';
import type { Scope } from './scope';
import { peopleIn, type AppState, type Device, type Tile } from './state';

/** Something that went wrong, and when (ms since the epoch). */
export interface Mishap {
  code: string;
  at: number;
}

/** More would not be read. */
const KEPT_MISHAPS = 10;

/** As JavaScript and the browser's interfaces name their errors: `TypeError`. */
const FAULT_NAME = /^[A-Z][A-Za-z]{0,39}Error$/u;

/** The latest things that went wrong in this page. */
export class Mishaps {
  #latest: Mishap[] = [];

  get latest(): readonly Mishap[] {
    return this.#latest;
  }

  add(code: string): void {
    this.#latest = [...this.#latest, { code, at: Date.now() }].slice(-KEPT_MISHAPS);
  }

  /** Adds what nobody foresaw: its kind alone, for its words may hold anything. */
  watch(scope: Scope): void {
    scope.listen(window, 'error', (event) => this.#fault((event as ErrorEvent).error));
    scope.listen(window, 'unhandledrejection', (event) =>
      this.#fault((event as PromiseRejectionEvent).reason),
    );
  }

  #fault(error: unknown): void {
    this.add(`fault.${error instanceof Error && FAULT_NAME.test(error.name) ? error.name : 'unknown'}`);
  }
}

export interface ReportFacts {
  state: AppState;
  choices: DeviceLists;
  mishaps: readonly Mishap[];
  platform: 'desktop' | 'browser';
  /** As `navigator.userAgent`. */
  userAgent: string;
  secure: boolean;
  now: number;
}

/** With what the app around the page has to say, if there is one. */
export function wholeReport(
  { kind, shell }: Platform,
  facts: Pick<ReportFacts, 'state' | 'choices' | 'mishaps'>,
): Promise<string> {
  const { userAgent } = navigator;
  const page = pageReport({ ...facts, platform: kind, userAgent, secure: isSecureContext, now: Date.now() });
  // An app that does not answer is what a report may be about.
  return shell ? shell.report(page).catch(() => page) : Promise.resolve(page);
}

/** A browser's own is about 120 characters; what is longer was made up. */
const USER_AGENT_CHARS = 256;

/** In English whatever the language: its readers are those who mend the app. */
export function pageReport({
  state,
  choices,
  mishaps,
  platform,
  userAgent,
  secure,
  now,
}: ReportFacts): string {
  const { stage, call, media, lobby } = state;
  const links = peopleIn(call?.tiles ?? []).filter(({ self }) => !self);
  return [
    `Page: ${platform}, protocol ${VERSION}, ${secure ? 'secure' : 'not secure'}, calls ${lobby.canCall ? 'here' : 'in a browser'}`,
    `Webview: ${userAgent.replace(/[^\x20-\x7e]/gu, '').slice(0, USER_AGENT_CHARS)}`,
    `Stage: ${stage}`,
    `Room: ${call ? `${peopleIn(call.tiles).length} of ${call.capacity} people, signaling ${call.link}` : 'none'}`,
    `Links: ${counts(links.map(({ media }) => media)) || 'none'}`,
    `Microphone: ${deviceReport(media.microphone)}`,
    `Camera: ${deviceReport(media.camera)}`,
    `Devices: ${deviceCounts(choices)}`,
    'Last errors:',
    ...(mishaps.length === 0 ? ['  none'] : mishaps.map(({ code, at }) => `  ${code}, ${ago(now - at)}`)),
  ].join('\n');
}

/** `2 connected, 1 failed`. */
function counts(states: Tile['media'][]): string {
  const numbers = new Map<string, number>();
  for (const state of states) numbers.set(state, (numbers.get(state) ?? 0) + 1);
  return [...numbers].map(([state, number]) => `${number} ${state}`).join(', ');
}

function deviceReport({ on, status, problem }: Device): string {
  return `${on ? 'on' : 'off'}, ${problem ?? status}`;
}

function deviceCounts({ camera, microphone, speaker }: DeviceLists): string {
  const speakers = speaker === null ? 'speakers not told' : `speakers ${speaker.length}`;
  return `cameras ${camera.length}, microphones ${microphone.length}, ${speakers}`;
}

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

function ago(milliseconds: number): string {
  if (milliseconds < MINUTE_MS) return `${Math.floor(milliseconds / SECOND_MS)} s ago`;
  if (milliseconds < HOUR_MS) return `${Math.floor(milliseconds / MINUTE_MS)} min ago`;
  return `${Math.floor(milliseconds / HOUR_MS)} h ago`;
}
