import { VERSION, type ErrorCode } from '../protocol/messages';
import { decodeServerFrame } from '../protocol/decode';
import type { OwnServer } from '../platform/platform';
import { Scope } from './scope';
import type { OpenTransport } from './transport';

/** What a page's own server says to its hello. */
export type Introduction =
  /** `token`: what a single-use code was exchanged for. */
  { mayCreate: boolean; token?: string } | { refused: ErrorCode } | 'unreachable';

/** How long an answer may take, in ms: the server is on this machine, or was just reached for the page. */
const PATIENCE_MS = 10_000;

/** Says hello and nothing else, to learn what this page may do and to exchange its code in time. */
export function introduce(server: OwnServer, open: OpenTransport): Promise<Introduction> {
  const scope = new Scope();
  return new Promise<Introduction>((resolve) => {
    scope.timeout(() => resolve('unreachable'), PATIENCE_MS);
    const transport = open(server.url, {
      opened: () => {
        const { token, code } = server;
        const secrets = { ...(token ? { token } : {}), ...(code ? { code } : {}) };
        transport.send(
          JSON.stringify({ ack: 0, message: { type: 'hello', versions: [VERSION], ...secrets } }),
        );
      },
      received: (text) => {
        const message = decodeServerFrame(text)?.message;
        if (message?.type === 'error') resolve({ refused: message.code });
        if (message?.type !== 'hello') return;
        const { mayCreate, token } = message;
        resolve({ mayCreate, ...(token ? { token } : {}) });
      },
      closed: () => resolve('unreachable'),
    });
    scope.add(() => transport.close());
  }).finally(() => scope.end());
}
