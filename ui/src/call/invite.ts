import type { Invite } from '../protocol/messages';

/** The host's address while its machine is on no network. */
const LOOPBACK = '127.0.0.1';

/** Whether the link leads to the host from other machines too. */
export function reachesOthers({ link }: Invite): boolean {
  return URL.canParse(link) && new URL(link).hostname !== LOOPBACK;
}

/** Where others reach the host's machine; null while it is on no network. */
export function addressOf(invite: Invite | null): string | null {
  return invite && reachesOthers(invite) ? new URL(invite.link).hostname : null;
}
