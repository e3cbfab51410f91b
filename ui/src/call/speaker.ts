import type { DeviceChoice } from './device-list';

/** The chosen speaker while it is there; without it the system's choice is better than silence. */
export function speakerToUse(chosen: string | null, speakers: DeviceChoice[] | null): string | null {
  // A page that may not know them is told of none.
  if (chosen === null || !speakers || speakers.length === 0) return chosen;
  return speakers.some(({ id }) => id === chosen) ? chosen : null;
}
