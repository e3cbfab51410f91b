// Generated from crates/app by `UPDATE=1 cargo test -p visavis-app`. Do not edit.

export type Settings = { 
/**
 * The name that others see; empty: none.
 */
name: string, 
/**
 * The colour behind it.
 */
colour: Colour, 
/**
 * The device's ID as the webview knows it; absent: the system's choice.
 */
camera: string | null, 
/**
 * As `camera`.
 */
microphone: string | null, 
/**
 * As `camera`.
 */
speaker: string | null, 
/**
 * Of the interface, as a BCP 47 tag, or `system`. Which there are is the interface's to know.
 */
language: string, 
/**
 * Of the interface.
 */
theme: Theme, 
/**
 * The name of the one network interface to use; absent: all that lead to people.
 */
networkInterface: string | null, 
/**
 * TCP and UDP port; 0: any that is free.
 */
port: number, 
/**
 * Guests reach this machine's lobby while no room is open.
 */
visible: boolean, 
/**
 * Closing the window keeps the app in the tray, where there is one.
 */
tray: boolean, 
/**
 * STUN and TURN servers besides the host itself.
 */
iceServers: Array<ConfiguredIceServer>, 
/**
 * What is logged.
 */
logLevel: LogLevel, };

export type Colour = "automatic" | "red" | "orange" | "yellow" | "green" | "teal" | "blue" | "purple" | "pink";

export type Theme = "system" | "light" | "dark";

export type LogLevel = "error" | "warn" | "info" | "debug" | "trace";

export type ConfiguredIceServer = { 
/**
 * `stun:` and `turn:` URLs (RFC 7064, RFC 7065).
 */
urls: Array<string>, 
/**
 * For TURN.
 */
username: string | null, 
/**
 * For TURN.
 */
credential: string | null, };

export type Desktop = { 
/**
 * What the person set.
 */
settings: Settings, 
/**
 * What the person should know.
 */
notices: Array<Notice>, 
/**
 * The machine's networks now, best first.
 */
interfaces: Array<NetworkInterface>, 
/**
 * What a `visavis:` link asked to join before the interface was there: a room ID or an invite link.
 */
link: string | null, 
/**
 * Of the app.
 */
version: string, 
/**
 * There is a tray that the app can stay in.
 */
trayAvailable: boolean, };

export type NetworkInterface = { 
/**
 * What the system calls it.
 */
name: string, 
/**
 * Best first.
 */
addresses: Array<string>, 
/**
 * It leads to other programs or far networks rather than to the people around.
 */
virtual: boolean, };

export type Notice = { "type": "settings-set-aside", 
/**
 * The name of the file, in the data folder, that the old ones are kept in.
 */
file: string, } | { "type": "settings-not-saved" } | { "type": "port-taken", 
/**
 * The one of the settings.
 */
port: number, 
/**
 * The one that serves instead.
 */
used: number, } | { "type": "interface-missing", 
/**
 * What the system called it.
 */
name: string, } | { "type": "no-network" } | { "type": "intercepted" } | { "type": "guessed-at" };

export type ShellEvent = { "type": "link", 
/**
 * A room ID or an invite link.
 */
link: string, } | { "type": "close-asked", 
/**
 * Rooms of this machine end with the app.
 */
endsRooms: boolean, } | { "type": "leave" } | { "type": "tray-changed", 
/**
 * There is one.
 */
available: boolean, } | { "type": "notices", 
/**
 * All of them.
 */
notices: Array<Notice>, };

export type TrayContent = { 
/**
 * The room and who is in it, one line each.
 */
lines: Array<string>, 
/**
 * What brings the window up.
 */
open: string, 
/**
 * What leaves the room; absent while there is none to leave.
 */
leave: string | null, 
/**
 * What ends the app.
 */
quit: string, };
