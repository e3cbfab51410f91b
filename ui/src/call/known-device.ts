// By what a device is known again after it went away.

/** Entries of Chromium that stand for another one, as the system chooses. */
export const ALIASES: readonly string[] = ['default', 'communications'];

export interface KnownDevice {
  id: string;
  /** Which physical device it is a part of; empty where the browser does not say. */
  group: string;
  /** As the system calls it; empty where the browser does not say. */
  label: string;
}

/** Null: the browser does not say which one it is. */
export function deviceOf(track: MediaStreamTrack): KnownDevice | null {
  const { deviceId: id = '', groupId: group = '' } = track.getSettings();
  return id === '' ? null : { id, group, label: withoutAlias(track.label) };
}

/** Of this kind, those that are plugged in; null where the browser does not say, as without permission. */
export async function pluggedIn(
  source: Pick<MediaDevices, 'enumerateDevices'> | undefined,
  kind: MediaDeviceKind,
): Promise<KnownDevice[] | null> {
  const found = (await source?.enumerateDevices().catch(() => null)) ?? null;
  const ofKind = found?.filter(({ kind: of }) => of === kind);
  if (!ofKind || ofKind.some(({ deviceId }) => deviceId === '')) return null;
  return ofKind
    .filter(({ deviceId }) => !ALIASES.includes(deviceId))
    .map(({ deviceId: id, groupId: group, label }) => ({ id, group, label }));
}

/** Whether it is the one that is missed. One that the system chose is known by what it was a part of. */
export function isSameDevice(one: KnownDevice, missed: KnownDevice): boolean {
  if (!ALIASES.includes(missed.id)) return one.id === missed.id;
  return one.group !== '' && one.group === missed.group;
}

/** `Default - Headset` is how Chromium names the system's choice. */
function withoutAlias(label: string): string {
  return label.replace(/^(?:Default|Communications) - /u, '');
}
