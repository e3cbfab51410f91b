// PeerJS server, and the page that calls with it: peerjs-page.mjs HOST [KEY CERTIFICATE]; prints its port.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { PeerServer } from 'peer';

const [host, key, certificate] = process.argv.slice(2);
const ssl =
  key && certificate
    ? { key: readFileSync(key, 'utf8'), cert: readFileSync(certificate, 'utf8') }
    : undefined;

/** @type {Record<string, [type: string, file: URL]>} */
const FILES = {
  '/page.html': ['text/html', new URL('../call/peerjs.html', import.meta.url)],
  '/peerjs.min.js': [
    'text/javascript',
    new URL('../node_modules/peerjs/dist/peerjs.min.js', import.meta.url),
  ],
};

const app = PeerServer({ host, port: 0, path: '/', ...(ssl ? { ssl } : {}) }, (server) => {
  const address = server.address();
  console.log(address && typeof address === 'object' ? address.port : '');
});
for (const [path, [type, file]] of Object.entries(FILES)) {
  app.get(path, (_request, response) => void response.type(type).sendFile(fileURLToPath(file)));
}
