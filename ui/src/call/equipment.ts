import type { Memory, Settings } from '../platform/platform';
import type { MediaState } from '../protocol/messages';
import { choosesSpeaker, type AudioSink } from './audio-sink';
import { facingOf, otherSide } from './camera-side';
import { DeviceList } from './device-list';
import { Devices } from './devices';
import { LevelMeter } from './meter';
import type { AnnouncementKey, SentenceKey } from './sentences';
import { speakerToUse } from './speaker';
import type { AppState, Device, LocalMedia } from './state';
import { TestSound } from './test-sound';

export interface EquipmentEvents {
  say(key: AnnouncementKey, values?: Record<string, string>): void;
  /** A device that was turned on does not work. */
  problem(key: SentenceKey): void;
}

type Kind = 'microphone' | 'camera';

/** What a person sees and hears with: camera, microphone and speaker, chosen, turned on and off, and remembered. */
export class Equipment {
  readonly devices: Devices;
  /** Which can be chosen. */
  readonly list: DeviceList;
  readonly testSound = new TestSound();
  readonly #meter = new LevelMeter();
  readonly #memory: Memory;
  readonly #sink: AudioSink;
  readonly #events: EquipmentEvents;
  #asked: Promise<void> = Promise.resolve();
  #settled = false;

  constructor(memory: Memory, sink: AudioSink, events: EquipmentEvents) {
    this.#memory = memory;
    this.#sink = sink;
    this.#events = events;
    this.devices = new Devices(wantedDevices(memory), navigator.mediaDevices, isSecureContext);
    this.list = new DeviceList(navigator.mediaDevices, choosesSpeaker());
    this.devices.state.subscribe((media) => this.#nameDevices(media));
    for (const kind of ['microphone', 'camera'] as const) this.#tellReturns(kind);
    this.list.state.subscribe(() => this.#direct());
  }

  get level() {
    return this.#meter.level;
  }

  /** Done when the latest question for a device is answered. */
  get asked(): Promise<void> {
    return this.#asked;
  }

  ask(): void {
    this.#asked = this.devices.ask();
  }

  choose({ camera, microphone, speaker }: Settings): void {
    this.devices.choose({ camera, microphone });
    this.#speaker = speaker;
    this.#direct();
  }
  #speaker: string | null = null;

  #direct(): void {
    this.#sink.setSpeaker(speakerToUse(this.#speaker, this.list.state.get().speaker));
  }

  toggle(kind: Kind): void {
    const on = !seemsOn(this.devices.state.get()[kind]);
    const turned = kind === 'microphone' ? this.devices.setMicrophone(on) : this.devices.setCamera(on);
    this.#asked = turned.then(() => {
      const { problem } = this.devices.state.get()[kind];
      if (this.devices.mediaState[kind] === on) this.#events.say(`say.${kind}-${on ? 'on' : 'off'}`);
      else if (problem) this.#events.problem(`device.${kind}.${problem}`);
    });
    this.#keepWanted();
  }

  /** One that went away is there again, and in use. */
  #tellReturns(kind: Kind): void {
    let before = this.devices.state.get()[kind].lost;
    this.devices.state.subscribe(({ [kind]: { lost } }) => {
      const used = this.devices.tracks.get()[kind === 'camera' ? 'video' : 'audio']?.label;
      if (before?.label && !lost && used?.endsWith(before.label))
        this.#events.say('say.device-back', { device: before.label });
      before = lost;
    });
  }

  /** On a phone: from the camera in front to the one at the back, or the other way. */
  switchCamera(): void {
    const facing = otherSide(facingOf(this.devices.state.get().stream));
    this.#asked = this.devices.face(facing).then(() => {
      if (this.devices.mediaState.camera) this.#events.say(`say.camera-${facing}`);
    });
  }

  /** Shown in the lobby only: during a call it would cost a sound thread for nothing. */
  watchLevel({ stage, media }: AppState): void {
    const shown = stage === 'lobby' && media.microphone.on;
    this.#meter.watch(shown ? this.devices.tracks.get().audio : null);
  }

  /** Who was muted is still muted when the page is loaded again. */
  #keepWanted(): void {
    const { microphone, camera } = this.devices.state.get();
    const wanted: MediaState = { microphone: microphone.on, camera: camera.on };
    this.#memory.writeForTab('devices', JSON.stringify(wanted));
  }

  /** Browsers say which devices there are once one of them may be used. */
  #nameDevices({ camera, microphone }: LocalMedia): void {
    const settled = camera.status !== 'asking' && microphone.status !== 'asking';
    if (settled && !this.#settled) void this.list.look();
    this.#settled = settled;
  }
}

/** What was on in this tab before it was loaded again; at first both are. */
function wantedDevices(memory: Memory): MediaState {
  try {
    const { microphone, camera } = JSON.parse(memory.readForTab('devices') ?? '{}') as Partial<MediaState>;
    return { microphone: microphone !== false, camera: camera !== false };
  } catch {
    return { microphone: true, camera: true };
  }
}

/** As a button shows it: on while the answer to the question for the device is awaited. */
function seemsOn(device: Device): boolean {
  return device.on && device.status !== 'missing';
}
