import type { Desktop, Platform, Refusal, Settings } from '../platform/platform';
import type { Colour } from '../protocol/messages';
import { cleanName } from './names';
import { iceServerFromText, iceServerRefused, portFromText, refusalOf, RULES } from './settings-rules';
import type { Sentence } from './state';
import { Store } from './store';

/** What the person set, and what cannot be set as wished. */
export interface SettingsState {
  settings: Settings;
  /** Beside which field it says why a value was refused; the value before it counts. */
  refused: Partial<Record<keyof Settings, Sentence>>;
  /** What the app around the page says; null in a browser, where there is less to set. */
  desktop: Desktop | null;
}

/** What the person set: applied at once, kept by whoever keeps it. */
export class Preferences {
  readonly state: Store<SettingsState>;
  readonly #platform: Platform;
  /** The latest that are kept, or cannot be. */
  #kept: Settings;
  /** One saving at a time, and only of the latest. */
  #saving = false;

  constructor(platform: Platform) {
    this.#platform = platform;
    this.#kept = platform.settings;
    const { shell } = platform;
    this.state = new Store<SettingsState>({
      settings: platform.settings,
      refused: {},
      desktop: shell?.desktop.get() ?? null,
    });
    shell?.desktop.subscribe((desktop) => this.#update({ desktop }));
  }

  /** As one enters a room with it: absent where the person chose none. */
  get colour(): { colour?: Colour } {
    const { colour } = this.state.get().settings;
    return colour === 'automatic' ? {} : { colour };
  }

  get settings(): Settings {
    return this.state.get().settings;
  }

  /** Calls whenever this one changes from now on. */
  watch<Field extends keyof Settings>(field: Field, changed: (value: Settings[Field]) => void): void {
    let before = this.settings[field];
    this.state.subscribe(({ settings: { [field]: value } }) => {
      if (Object.is(value, before)) return;
      before = value;
      changed(value);
    });
  }

  /** Sets one. A value that is refused is said to be so, and nothing else happens. */
  change<Field extends keyof Settings>(field: Field, value: Settings[Field]): void {
    const refused = RULES[field](value);
    this.#refuse(field, refused);
    if (refused || Object.is(value, this.settings[field])) return;
    this.#update({ settings: { ...this.settings, [field]: value } });
    void this.#save();
  }

  /** From whatever was typed: what a name cannot have is left out. */
  changeName(typed: string): void {
    this.change('name', cleanName(typed, ''));
  }

  changePort(typed: string): void {
    this.change('port', portFromText(typed));
  }

  /** Adds a STUN or TURN server; false: what was typed is none, and `refused` says why. */
  addIceServer(addresses: string, username: string, credential: string): boolean {
    const server = iceServerFromText(addresses, username, credential);
    const refused = iceServerRefused(server);
    if (refused) this.#refuse('iceServers', refused);
    else this.change('iceServers', [...this.settings.iceServers, server]);
    return this.state.get().refused.iceServers === undefined;
  }

  removeIceServer(index: number): void {
    this.change(
      'iceServers',
      this.settings.iceServers.filter((_, at) => at !== index),
    );
  }

  /** Nothing is refused any more: the person looks at the fields anew. */
  forgetRefusals(): void {
    this.#update({ refused: {} });
  }

  /** Looks at the network again. Where that fails, what was known counts. */
  refresh(): void {
    this.#platform.shell?.refresh().catch(() => {});
  }

  async #save(): Promise<void> {
    if (this.#saving) return;
    this.#saving = true;
    while (this.settings !== this.#kept) {
      const settings = this.settings;
      try {
        await this.#platform.keepSettings(settings);
        this.#kept = settings;
      } catch (error) {
        // What could not be saved counts while the page lives; the app tells of it in a notice.
        if (!isRefusal(error) || !this.#takeBack(error.field, settings)) this.#kept = settings;
      }
    }
    this.#saving = false;
  }

  /** False: there is nothing to take back, for it was like that before. */
  #takeBack(field: keyof Settings, refused: Settings): boolean {
    const changed = refused[field] !== this.#kept[field];
    // Unless something else was wished meanwhile.
    if (this.settings[field] === refused[field]) {
      this.#refuse(field, refusalOf(field));
      if (changed) this.#update({ settings: { ...this.settings, [field]: this.#kept[field] } });
    }
    return changed;
  }

  #refuse(field: keyof Settings, refused: Sentence | null): void {
    const { [field]: _, ...others } = this.state.get().refused;
    this.#update({ refused: refused ? { ...others, [field]: refused } : others });
  }

  #update(change: Partial<SettingsState>): void {
    this.state.update((state) => ({ ...state, ...change }));
  }
}

function isRefusal(error: unknown): error is Refusal {
  const { code, field } = (error ?? {}) as Partial<Refusal>;
  return code === 'invalid-setting' && field !== undefined && Object.hasOwn(RULES, field);
}
