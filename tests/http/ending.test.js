// SPDX-License-Identifier: AGPL-3.0-or-later

// TLS with certificates that are made here, a new certificate while it runs, and an end that answers
// what was accepted.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, statSync } from 'node:fs';
import { after, test } from 'node:test';
import tls from 'node:tls';
import { ask, read } from './checked.js';
import { exchange, Listener, Raw, request } from './client.js';
import { Village } from './village.js';

const village = await Village.make({ config: 'stop_seconds = 2\nidle_seconds = 60' });
after(() => village.remove());
await village.addRecord('Low tide');

const head = (...lines) => lines.join('\r\n') + '\r\n\r\n';
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// A certificate for localhost and its key; the name says which.
function certificate(name) {
  const [key, file] = [village.path(`${name}.key`), village.path(`${name}.crt`)];
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-days',
      '2',
      '-keyout',
      key,
      '-out',
      file,
      '-subj',
      `/CN=${name}`,
      '-addext',
      'subjectAltName=IP:127.0.0.1',
    ],
    { stdio: 'ignore' },
  );
  return { key, file };
}

const [first, second, other] = ['first', 'second', 'other'].map(certificate);
const [key, file] = [village.path('tls.key'), village.path('tls.crt')];
const use = (made) => {
  copyFileSync(made.key, key);
  copyFileSync(made.file, file);
};
use(first);
const secure = ['--tls-certificate', file, '--tls-key', key];

const shakeHands = (port, options = {}) =>
  new Promise((resolve, reject) => {
    const socket = tls.connect(
      { port, host: '127.0.0.1', rejectUnauthorized: false, ...options },
      () => {
        const { subject } = socket.getPeerCertificate();
        resolve({ name: subject.CN, protocol: socket.getProtocol(), socket });
      },
    );
    socket.on('error', reject);
  });

test('The village is served over TLS, of version 1.2 or 1.3.', async () => {
  const server = await village.serve(...secure);
  const ca = village.read('tls.crt');
  const { status, value } = await ask(server, 'GET', '/v1/checkpoint', { ca });
  assert.deepEqual([status, value.village, server.url.protocol], [200, village.id, 'https:']);
  for (const version of ['TLSv1.2', 'TLSv1.3']) {
    const { protocol, socket } = await shakeHands(server.port, {
      minVersion: version,
      maxVersion: version,
    });
    assert.equal(protocol, version);
    socket.destroy();
  }
  for (const version of ['TLSv1', 'TLSv1.1'])
    await assert.rejects(
      shakeHands(server.port, {
        minVersion: version,
        maxVersion: version,
        ciphers: 'DEFAULT@SECLEVEL=0',
      }),
    );
  await server.stop();
});

test('Plain HTTP and garbage on the port of TLS are no trouble.', async () => {
  const server = await village.serve(...secure);
  const garbage = [
    head('GET /healthz HTTP/1.1', 'Host: x'),
    '\x16\x03\x01\xff\xff',
    '\x00'.repeat(10_000),
    '\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00',
  ];
  for (const bytes of garbage) {
    const raw = await new Raw(server.port).connected;
    raw.send(bytes);
    await wait(20);
    assert.ok(!raw.received.toString('latin1').startsWith('HTTP'));
    raw.destroy();
  }
  const ca = village.read('tls.crt');
  assert.equal((await ask(server, 'GET', '/healthz', { ca })).status, 200);
  await server.stop();
});

test('A new certificate is taken on SIGHUP, and connections that are open go on.', async () => {
  use(first);
  const server = await village.serve(...secure);
  const open = await shakeHands(server.port);
  assert.equal(open.name, 'first');
  use(second);
  const reloaded = server.says('certificate reloaded');
  server.signal('SIGHUP');
  await reloaded;
  const renewed = await shakeHands(server.port);
  assert.equal(renewed.name, 'second');
  renewed.socket.destroy();
  const answer = new Promise((resolve) => open.socket.once('data', resolve));
  open.socket.write(head('GET /healthz HTTP/1.1', 'Host: x'));
  assert.match((await answer).toString(), /^HTTP\/1.1 200/);
  open.socket.destroy();
  await server.stop();
});

test("A certificate that is none, or is another key's, leaves the one in use.", async () => {
  use(first);
  const server = await village.serve(...secure);
  for (const spoil of [
    () => village.write('tls.crt', 'no certificate'),
    () => copyFileSync(other.file, file),
    () => village.write('tls.crt', ''),
  ]) {
    use(first);
    spoil();
    const refused = server.says('certificate not reloaded');
    server.signal('SIGHUP');
    assert.ok((await refused).why);
    const { name, socket } = await shakeHands(server.port);
    assert.equal(name, 'first');
    socket.destroy();
  }
  use(first);
  await server.stop();
});

test('Without both certificate and key, or with files that do not belong together, it does not begin.', async () => {
  const wrong = [
    ['--tls-certificate', file],
    ['--tls-key', key],
    ['--tls-certificate', other.file, '--tls-key', key],
    ['--tls-certificate', village.path('none.crt'), '--tls-key', key],
  ];
  for (const words of wrong) {
    const { code, complaint } = await village.run('serve', '--listen', '127.0.0.1:0', ...words);
    assert.notEqual(code, 0, complaint);
    assert.ok(code <= 4, complaint);
  }
});

test('SIGHUP without TLS changes nothing.', async () => {
  const server = await village.serve();
  server.signal('SIGHUP');
  await wait(100);
  assert.equal((await read(server, '/healthz')).status, 'ok');
  await server.stop();
});

for (const signal of ['SIGTERM', 'SIGINT'])
  test(`After ${signal} what was accepted is answered, nothing more is, and it ends with 0.`, async () => {
    const server = await village.serve();
    const idle = await new Raw(server.port).connected;
    const listener = await new Listener(server, '/v1/events').open;
    const slow = await new Raw(server.port).connected;
    slow.send(head('POST /v1/statements HTTP/1.1', 'Host: x', 'Content-Length: 4') + '{');
    await wait(150);
    const stopping = server.says('stopping');
    server.signal(signal);
    await stopping;
    await wait(150);
    await assert.rejects(request(server, 'GET', '/healthz'));
    await idle.ended;
    await listener.closed;
    assert.ok(server.isRunning);
    slow.send('  }');
    const text = await slow.until((all) => all.endsWith('}\n'));
    assert.match(text, /^HTTP\/1.1 400 .*\r\n[^]*Connection: close\r\n[^]*at least one statement/);
    assert.deepEqual(await server.ended, { code: 0, signal: null });
    assert.ok(!existsSync(village.path(village.directory, 'run', 'holdfast.sock')));
  });

test('Whoever does not finish does not keep the server from its end.', async () => {
  const server = await village.serve();
  const never = await Promise.all(Array.from({ length: 5 }, () => new Raw(server.port).connected));
  for (const raw of never)
    raw.send(head('POST /add HTTP/1.1', 'Host: x', 'Content-Length: 200000') + 'x');
  await wait(150);
  const begin = Date.now();
  assert.deepEqual(await server.stop(), { code: 0, signal: null });
  const ms = Date.now() - begin;
  assert.ok(ms > 1_500 && ms < 8_000, `${ms} ms`);
  for (const raw of never) raw.destroy();
});

test('What was answered before the end is there after the next start.', async () => {
  const one = await village.serve();
  const { size } = await read(one, '/v1/checkpoint');
  await village.addRecord('Between');
  one.signal('SIGTERM');
  await one.ended;
  const two = await village.serve();
  assert.equal((await read(two, '/v1/checkpoint')).size, size + 2);
  await two.stop();
});

test('A server that was killed leaves a socket behind that does not stop the next one.', async () => {
  const killed = await village.serve();
  killed.signal('SIGKILL');
  assert.equal((await killed.ended).signal, 'SIGKILL');
  const socket = village.path(village.directory, 'run', 'holdfast.sock');
  assert.ok(existsSync(socket));
  const next = await village.serve();
  assert.equal((await read(next, '/healthz')).status, 'ok');
  assert.equal(statSync(socket).mode & 0o777, 0o600);
  await next.stop();
});

test('Its log has one object a line, and says nothing but what was asked and what became of it.', async () => {
  const server = await village.serve();
  await read(server, '/healthz');
  await exchange(
    server.port,
    head(
      'GET /who-asks?secret=1 HTTP/1.1',
      'Host: x',
      'Authorization: Holdfast secret',
      'Connection: close',
    ),
  );
  await wait(100);
  await server.stop();
  for (const line of server.log) {
    assert.match(line.time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    assert.ok(['info', 'warn'].includes(line.level), JSON.stringify(line));
    assert.ok(!JSON.stringify(line).includes('secret'), JSON.stringify(line));
  }
  const asked = server.log
    .filter(({ event }) => event === 'request')
    .map(({ path, status }) => `${path} ${status}`);
  // Two connections, and a thread for each: who writes first is nobody's to say.
  assert.deepEqual(asked.sort(), ['/healthz 200', '/who-asks 404']);
});
