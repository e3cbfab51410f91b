export type Colour =
  'automatic' | 'red' | 'orange' | 'yellow' | 'green' | 'teal' | 'blue' | 'purple' | 'pink';

export type Language = 'system' | 'en' | 'zh-Hans';

export type Theme = 'system' | 'light' | 'dark';

export type LogLevel = 'error' | 'warn' | 'info' | 'debug' | 'trace';

export type ConfiguredIceServer = {
  /** 1 to 4, each `stun:`, `stuns:`, `turn:` or `turns:`. */
  urls: Array<string>;
  /** TURN needs both. */
  username: string | null;
  credential: string | null;
};

/** What the person set; kept by the desktop app. */
export type Settings = {
  /** Empty: none. Otherwise as the protocol's display name. */
  name: string;
  colour: Colour;
  /** The device's ID; null: the system's choice. */
  camera: string | null;
  microphone: string | null;
  speaker: string | null;
  language: Language;
  theme: Theme;
  /** An interface's name; null: chosen automatically. */
  networkInterface: string | null;
  /** 0: any free one; otherwise 1024 to 65535. */
  port: number;
  /** The page for guests stays reachable from the network while no room is open. */
  visible: boolean;
  /** Closing the window keeps the app in the tray, where there is one. */
  tray: boolean;
  /** At most 8. */
  iceServers: Array<ConfiguredIceServer>;
  logLevel: LogLevel;
};

export type NetworkInterface = { name: string; addresses: Array<string>; virtual: boolean };

/** Told once at the start, or when it happens. */
export type Notice =
  /** The settings could not be read; the old file is kept under this name, and the defaults are used. */
  | { type: 'settings-set-aside'; file: string }
  /** The disk refused. */
  | { type: 'settings-not-saved' }
  /** Another program uses the port of the settings; `used` serves instead. */
  | { type: 'port-taken'; port: number; used: number }
  /** The chosen interface is not there; all are used. */
  | { type: 'interface-missing'; name: string }
  /** No network at all: only this machine can join. */
  | { type: 'no-network' };

export type Desktop = {
  settings: Settings;
  notices: Array<Notice>;
  interfaces: Array<NetworkInterface>;
  link: string | null;
  version: string;
  trayAvailable: boolean;
};

export type ShellEvent =
  /** Somebody opened a `visavis:` link: a room ID, or an invite link `https://HOST[:PORT]/#ID`. */
  | { type: 'link'; link: string }
  /** The window should close while a room is open. */
  | { type: 'close-asked' }
  /** `Leave` in the tray. */
  | { type: 'leave' }
  /** The whole list, when it changed. */
  | { type: 'notices'; notices: Array<Notice> };
