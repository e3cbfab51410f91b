// visavis-server on the command line.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { afterwards } from '../harness/afterwards.mjs';
import { LAN_ADDRESS } from '../harness/network.mjs';
import { SERVER_PROGRAM, end, start, temporaryFolder } from '../harness/programs.mjs';
import { startServer } from '../harness/server.mjs';
import { until } from '../harness/until.mjs';

test('host --json prints one line with exactly the promised fields', async (t) => {
  const { line, program } = await startServer(t, 'host', ['--name', 'Ada']);
  assert.deepEqual(Object.keys(line), ['room', 'link', 'local', 'fingerprint']);
  const { room = '', link = '', local = '', fingerprint = '' } = line;
  assert.match(room, /^\d{9}$/);
  assert.match(link, new RegExp(`^https://${LAN_ADDRESS}:\\d+/#${room}$`));
  assert.match(local, new RegExp(`^http://127\\.0\\.0\\.1:\\d+/#room=${room}&token=\\S+$`));
  assert.match(fingerprint, /^[0-9A-Fa-f]{2}(:?[0-9A-Fa-f]{2}){31}$/);
  assert.equal(program.output, `${JSON.stringify(line)}\n`);
});

test("lobby --json prints this machine's own lobby and creates no room", async (t) => {
  const { line, status } = await startServer(t, 'lobby');
  assert.deepEqual(Object.keys(line), ['local']);
  assert.match(line.local ?? '', /^http:\/\/127\.0\.0\.1:\d+\/#token=\S+$/);
  assert.equal((await status()).rooms, 0);
});

test('host without --json shows the ID, the link and a QR code, and ends on SIGINT', async (t) => {
  const { folder, remove } = temporaryFolder();
  const program = start(SERVER_PROGRAM, ['host', '--port', '0', '--data-dir', folder]);
  afterwards(t, async () => {
    await end(program);
    remove();
  });
  await until('ID, link and QR code', () => {
    const id = /\b(\d{3}) (\d{3}) (\d{3})\b/.exec(program.output);
    const link = new RegExp(`https://${LAN_ADDRESS}:\\d+/#(\\d{9})`).exec(program.output);
    return id && link && link[1] === id.slice(1).join('') && /[█▀▄]/.test(program.output);
  });
  assert.deepEqual(await end(program, 'SIGINT'), { code: 0, signal: null });
});

test('a host keeps its identity in its folder', async (t) => {
  const { folder, remove } = temporaryFolder();
  afterwards(t, remove);
  const prints = [];
  for (let launch = 0; launch < 2; launch++) {
    const program = start(SERVER_PROGRAM, ['host', '--json', '--port', '0', '--data-dir', folder]);
    afterwards(t, () => end(program));
    await until('the line', () => program.output.includes('\n'));
    prints.push(JSON.parse(program.output).fingerprint);
    await end(program);
  }
  assert.equal(prints[0], prints[1]);
});

test('it may open files for all the connections that it takes', async (t) => {
  const { folder, remove } = temporaryFolder();
  afterwards(t, remove);
  // What a shell allows by default, and what it allows when asked.
  const limited = ['-c', 'ulimit -Sn 1024; exec "$0" "$@"', SERVER_PROGRAM];
  const program = start('sh', [...limited, 'lobby', '--json', '--port', '0', '--data-dir', folder]);
  afterwards(t, () => end(program));
  await until('the line', () => program.output.includes('\n'));
  const limits = readFileSync(`/proc/${program.pid}/limits`, 'utf8');
  const [, soft = 0, hard = 0] = (/^Max open files +(\d+) +(\d+)/m.exec(limits) ?? []).map(Number);
  assert.ok(soft > 4096 || soft === hard, `${soft} of ${hard}`);
});

test('a wrong command line is answered with a sentence and exit code 2', async () => {
  for (const args of [
    [],
    ['dance'],
    ['host', '--dance'],
    ['host', '--port', '70000'],
    ['host', '--port', 'many'],
    ['host', '--port'],
    ['host', '--capacity', '1'],
    ['host', '--capacity', '129'],
    ['host', '--capacity', '-3'],
    ['host', '--name', ''],
    ['host', '--name', 'a\u202Eb'],
    ['host', '--name', 'x'.repeat(100_000)],
  ]) {
    const program = start(SERVER_PROGRAM, args);
    if (program.exitCode === null) await once(program, 'close');
    const told = `${JSON.stringify(args).slice(0, 80)}: ${program.errors.slice(0, 500)}`;
    assert.equal(program.exitCode, 2, told);
    assert.match(program.errors, /\w+ \w+/, told);
    assert.doesNotMatch(program.errors, /panicked/, told);
  }
});

test('a port that is taken and a folder that cannot be used are told', async (t) => {
  const server = await startServer(t, 'host');
  const { folder, remove } = temporaryFolder();
  afterwards(t, remove);
  for (const args of [
    ['host', '--json', '--port', String(server.port), '--data-dir', folder],
    ['host', '--json', '--port', '0', '--data-dir', '/dev/null/folder'],
  ]) {
    const program = start(SERVER_PROGRAM, args);
    afterwards(t, () => end(program));
    await until('it has ended', () => program.exitCode !== null);
    assert.notEqual(program.exitCode, 0);
    assert.match(program.errors, /\w+ \w+/);
    assert.doesNotMatch(program.errors, /panicked/);
  }
});
