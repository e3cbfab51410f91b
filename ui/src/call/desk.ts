import type { Notice, Platform, Shell, ShellWish, ShownCall } from '../platform/platform';
import { parseRoomInput } from './room-input';
import type { Question } from './state';
import { Store } from './store';

export interface DeskState {
  /** What the person has to answer before anything happens. */
  question: Question | null;
  /** What the app has to say and the person has not put away. */
  notices: Notice[];
}

/** What the desk asks the call for. */
export interface DeskEvents {
  /** To this room or link, as if it had been typed. */
  join(link: string): void;
  /** Done when the others know. */
  leave(): Promise<void>;
  /** Done when the others know of the last leaving; null: they do. */
  leaving(): Promise<void> | null;
}

/** Between the page and the app around it: asks before it does what somebody else wished. */
export class Desk {
  readonly state = new Store<DeskState>({ question: null, notices: [] });
  readonly #shell: Shell | undefined;
  readonly #events: DeskEvents;
  /** What was put away, while the app still says it. */
  #dismissed = new Set<string>();
  /** What came while a question was open. */
  #later: ShellWish | null = null;
  #shown = 'null';
  #call: ShownCall | null = null;

  constructor({ shell }: Platform, events: DeskEvents) {
    this.#shell = shell;
    this.#events = events;
  }

  /** Only from now on anything happens: the page is ready for it. */
  open(): void {
    this.#shell?.desktop.subscribe(({ notices }) => this.#noticed(notices));
    this.#shell?.listen((wish) => this.#wished(wish));
  }

  /** Which room one is in, with whom. */
  show(call: ShownCall | null): void {
    this.#call = call;
    const text = JSON.stringify(call);
    if (text === this.#shown) return;
    this.#shown = text;
    // The tray is a comfort: a call does not depend on it.
    this.#shell?.showCall(call).catch(() => {});
  }

  answer(yes: boolean): void {
    const { question } = this.state.get();
    this.#update({ question: null });
    if (yes && question?.kind === 'join') this.#events.join(question.link);
    if (yes && question?.kind === 'close') return void this.#quit();
    const later = this.#later;
    this.#later = null;
    if (later) this.#wished(later);
  }

  dismiss(notice: Notice): void {
    this.#dismissed.add(JSON.stringify(notice));
    this.#noticed(this.#shell?.desktop.get().notices ?? []);
  }

  #wished(wish: ShellWish): void {
    // What stands under the pointer stays: the latest of what came meanwhile is asked afterwards.
    if (this.state.get().question && wish.type !== 'leave') {
      if (wish.type === 'close-asked') this.#shell?.closeQuestionShown().catch(() => {});
      this.#later = wish;
      return;
    }
    switch (wish.type) {
      case 'link':
        this.#linked(wish.link);
        break;
      case 'close-asked':
        this.#shell?.closeQuestionShown().catch(() => {});
        this.#closeAsked(wish.endsRooms);
        break;
      case 'leave':
        this.#later = null;
        this.#update({ question: null });
        void this.#events.leave();
        break;
    }
  }

  /** Who leaves and closes at once is not asked about the room that is just ending. */
  #closeAsked(endsRooms: boolean): void {
    const leaving = this.#events.leaving();
    if (!leaving) return this.#update({ question: { kind: 'close', endsRooms } });
    void leaving.then(() => this.#shell?.askToQuit()).catch(() => {});
  }

  #linked(link: string): void {
    const input = parseRoomInput(link);
    if (input.kind !== 'room' && input.kind !== 'link') return;
    // There already: the window has come up, and that is all there is to do.
    if (input.room === this.#call?.room) return;
    const host = input.kind === 'link' ? new URL(input.origin).host : null;
    this.#update({ question: { kind: 'join', link, room: input.room, host } });
  }

  async #quit(): Promise<void> {
    await this.#events.leave();
    // An app that does not answer is at its end already.
    await this.#shell?.quit().catch(() => {});
  }

  #noticed(notices: Notice[]): void {
    const said = new Set(notices.map((notice) => JSON.stringify(notice)));
    // What has gone and comes back is news.
    this.#dismissed = new Set([...this.#dismissed].filter((text) => said.has(text)));
    this.#update({ notices: notices.filter((notice) => !this.#dismissed.has(JSON.stringify(notice))) });
  }

  #update(change: Partial<DeskState>): void {
    this.state.update((state) => ({ ...state, ...change }));
  }
}
