import type { MediaSource } from './devices';
import { ALIASES } from './known-device';
import { Store } from './store';

/** A device that may be chosen. */
export interface DeviceChoice {
  id: string;
  /** As the system calls it; empty where the browser does not say. */
  label: string;
}

export interface DeviceLists {
  camera: DeviceChoice[];
  microphone: DeviceChoice[];
  /** Null: this browser plays where the system says. */
  speaker: DeviceChoice[] | null;
}

/** Which devices there are. Browsers name them only to a page that may use one. */
export class DeviceList {
  readonly state: Store<DeviceLists>;
  readonly #source: MediaSource | undefined;
  readonly #choosesSpeaker: boolean;

  constructor(source: MediaSource | undefined, choosesSpeaker: boolean) {
    this.#source = source;
    this.#choosesSpeaker = choosesSpeaker;
    this.state = new Store<DeviceLists>({ camera: [], microphone: [], speaker: choosesSpeaker ? [] : null });
  }

  /** Looks again, and from then on whenever a device comes or goes. Where that is refused, what was known counts. */
  async look(): Promise<void> {
    this.#follow();
    const found = await this.#source?.enumerateDevices().catch(() => null);
    if (!found) return;
    this.state.set({
      camera: choices(found, 'videoinput'),
      microphone: choices(found, 'audioinput'),
      speaker: this.#choosesSpeaker ? choices(found, 'audiooutput') : null,
    });
  }

  /** Not before somebody wants to know: it makes a webview set up all that plays and records. */
  #follow(): void {
    if (this.#follows) return;
    this.#follows = true;
    this.#source?.addEventListener('devicechange', () => void this.look());
  }
  #follows = false;
}

/** Without those that stand for the system's choice: that is what choosing none does. */
function choices(found: MediaDeviceInfo[], kind: MediaDeviceKind): DeviceChoice[] {
  return found
    .filter(({ kind: of, deviceId }) => of === kind && deviceId !== '' && !ALIASES.includes(deviceId))
    .map(({ deviceId, label }) => ({ id: deviceId, label }));
}
