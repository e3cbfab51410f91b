// What the tray says, in the person's language.

import { grouped } from '../call/room-input';
import { t } from '../messages';
import type { ShownCall, TrayContent } from './platform';

/** The room with all who have a seat, and what can be done from the tray. */
export function trayContent(call: ShownCall | null): TrayContent {
  return {
    lines: call ? [t('tray.room', { room: grouped(call.room) }), ...call.people] : [t('tray.no-room')],
    open: t('tray.open'),
    leave: call ? t('tray.leave') : null,
    quit: t('tray.quit'),
  };
}
