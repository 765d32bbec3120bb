// SPDX-License-Identifier: AGPL-3.0-or-later

// What no honest client sends, byte by byte over real sockets: it is refused, or the connection ends;
// no other client notices, and nothing is answered with 500.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, test } from 'node:test';
import { kelpBay, read } from './checked.js';
import { exchange } from './client.js';
import { basisOf, bytesOf, statementOf } from './guardian.js';
import { expectStatuses, head, isRefused, next, post, survives } from './hostile.js';

const { village, server, mere, reefs } = await kelpBay();
after(() => village.remove());

test('Lines that are folded, end otherwise or hold control characters are refused.', async () => {
  const wrong = [
    'GET /checkpoint HTTP/1.1\nHost: x\n\n',
    'GET /checkpoint HTTP/1.1\r\nHost: x\n\r\n',
    'GET /checkpoint HTTP/1.1\rHost: x\r\r',
    'GET /check\x00point HTTP/1.1\r\nHost: x\r\n\r\n',
    'GET /checkpoint\x7f HTTP/1.1\r\nHost: x\r\n\r\n',
    'GET  /checkpoint HTTP/1.1\r\nHost: x\r\n\r\n',
    'GET /checkpoint  HTTP/1.1\r\nHost: x\r\n\r\n',
    'GET /check point HTTP/1.1\r\nHost: x\r\n\r\n',
    'GET\t/checkpoint\tHTTP/1.1\r\nHost: x\r\n\r\n',
    'G\x00T /checkpoint HTTP/1.1\r\nHost: x\r\n\r\n',
    'G(T /checkpoint HTTP/1.1\r\nHost: x\r\n\r\n',
    ' /checkpoint HTTP/1.1\r\nHost: x\r\n\r\n',
    'GET HTTP/1.1\r\nHost: x\r\n\r\n',
    'GET /checkpoint\r\nHost: x\r\n\r\n',
    'GET /checkpoint HTTP/1.1 \r\nHost: x\r\n\r\n',
    'GET /checkpoint http/1.1\r\nHost: x\r\n\r\n',
    'GET /checkpoint HTTP/1.1\r\n: y\r\nHost: x\r\n\r\n',
    'GET /checkpoint HTTP/1.1\r\nX\r\nHost: x\r\n\r\n',
    'GET /checkpoint HTTP/1.1\r\nX y: z\r\nHost: x\r\n\r\n',
    'GET /checkpoint HTTP/1.1\r\nX: \x01\r\nHost: x\r\n\r\n',
    'GET /checkpoint HTTP/1.1\r\n X: folded\r\nHost: x\r\n\r\n',
    'GET /checkpoint HTTP/1.1\r\nX: a\x00b\r\nHost: x\r\n\r\n',
    'GET /checkpoint HTTP/1.1\r\nX\x80: a\r\nHost: x\r\n\r\n',
    '\x00',
    '\r\r\r\r',
    '\xff\xfe\xfd\r\n\r\n',
  ];
  for (const bytes of wrong) await isRefused(server, bytes, [505]);
  await expectStatuses(
    server,
    'GET /checkpoint HTTP/1.1\r\nHost: x\r\nX: a\r\n b\r\n\r\n' + next,
    [400],
  );
  await isRefused(
    server,
    'POST /add HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n 0\r\n\r\n0123456789',
  );
  await isRefused(
    server,
    'POST /add HTTP/1.1\r\nHost: x\r\nTransfer-Encoding:\r\n chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n',
  );
});

test('Empty lines before a request are passed over or refused, and never answered alone.', async () => {
  await expectStatuses(server, '\r\n' + next, [200], [400]);
  await expectStatuses(server, '\r\n\r\n\r\n' + next, [200], [400]);
  await survives(server);
});

test('A head that is too large is refused, however it is made large.', async () => {
  const big = 17 * 1024;
  const heads = [
    `GET /${'a'.repeat(big)} HTTP/1.1\r\nHost: x\r\n\r\n`,
    `GET /checkpoint?${'a'.repeat(big)} HTTP/1.1\r\nHost: x\r\n\r\n`,
    `GET /checkpoint HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(big)}\r\n\r\n`,
    `GET /checkpoint HTTP/1.1\r\nHost: x\r\n${'X: y\r\n'.repeat(4000)}\r\n`,
    `GET /checkpoint HTTP/1.1\r\nHost: x\r\n${'X'.repeat(big)}: y\r\n\r\n`,
    `${'G'.repeat(big)} / HTTP/1.1\r\nHost: x\r\n\r\n`,
    `GET /checkpoint HTTP/1.1\r\nHost: x\r\nX: ${' '.repeat(big)}y\r\n\r\n`,
    `GET /checkpoint HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(1 << 20)}`,
    `GET /checkpoint HTTP/1.1\r\nHost: x\r\nX: a${'\r\n b'.repeat(5000)}\r\n\r\n`,
    'a'.repeat(1 << 20),
  ];
  for (const bytes of heads) await expectStatuses(server, bytes, [431], [400]);
  const [{ status }] = await expectStatuses(server, heads[2], [431]);
  assert.equal(status, 431);
  const fits = `GET /checkpoint HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(15 * 1024)}\r\n\r\n`;
  await expectStatuses(server, fits + next, [200, 200]);
  await survives(server);
});

test('A target is a path, in absolute form too, and nothing else.', async () => {
  const at = (target) => head(`GET ${target} HTTP/1.1`, 'Host: x');
  for (const target of [
    'http://other.example/checkpoint',
    'HTTP://x/checkpoint',
    'https://a:b@c:1/checkpoint',
    'http:///checkpoint',
  ])
    await expectStatuses(server, at(target) + next, [200, 200]);
  await expectStatuses(server, at('http://other.example') + next, [404, 200]);
  for (const target of [
    '//checkpoint',
    '/./checkpoint',
    '/../checkpoint',
    '/tile/../checkpoint',
    '/%63heckpoint',
    '/checkpoint%00',
    '/checkpoint;x',
    '/tile/0/..%2f..%2fcheckpoint',
    '/\\checkpoint',
  ])
    await expectStatuses(server, at(target) + next, [404, 200]);
  for (const target of [
    'checkpoint',
    'ftp://x/checkpoint',
    'http:/checkpoint',
    '*',
    '?',
    '#',
    'x:443',
    'file:///etc/passwd',
    '../checkpoint',
  ])
    await expectStatuses(server, at(target) + next, [400]);
  await expectStatuses(server, head('CONNECT x:443 HTTP/1.1', 'Host: x') + next, [400]);
  await expectStatuses(server, at('/checkpoint#fragment') + next, [404, 200], [400]);
  await survives(server);
});

test('A question to the server as a whole is answered with the methods there are.', async () => {
  const [{ headers }] = await expectStatuses(
    server,
    head('OPTIONS * HTTP/1.1', 'Host: x') + next,
    [204, 200],
  );
  assert.equal(headers.allow, 'GET, HEAD, POST, OPTIONS');
  assert.equal(headers['content-length'], undefined);
});

test('HTTP/1.0 is answered and closed; other versions are not spoken.', async () => {
  const { responses, ended } = await exchange(
    server.port,
    head('GET /checkpoint HTTP/1.0') + next,
    { quietMs: 3_000 },
  );
  assert.deepEqual([responses.length, responses[0].status, ended], [1, 200, true]);
  const kept = head('GET /checkpoint HTTP/1.0', 'Connection: keep-alive');
  assert.equal((await exchange(server.port, kept + kept)).responses.length, 2);
  const closing = head('GET /checkpoint HTTP/1.1', 'Host: x', 'Connection: close');
  assert.equal((await exchange(server.port, closing + next)).responses.length, 1);
  const others = [
    'GET /checkpoint\r\n',
    'GET /checkpoint\r\n\r\n',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  ];
  for (const version of [
    '0.9',
    '1.2',
    '1.9',
    '2.0',
    '3.0',
    '9.9',
    '11.1',
    '1.10',
    '1',
    '1.',
    '.1',
    '-1.1',
  ])
    others.push(`GET /checkpoint HTTP/${version}\r\nHost: x\r\n\r\n`);
  for (const bytes of others) await expectStatuses(server, bytes + next, [505], [400]);
  await survives(server);
});

test('Requests that come at once are answered in their order.', async () => {
  const now = BigInt(Math.floor(Date.now() / 1000));
  const basis = basisOf(await read(server, '/v1/checkpoint'));
  const signed = (i) =>
    mere.signed(
      statementOf(
        village,
        'revocation',
        { domain: bytesOf(reefs), grant: new Uint8Array(32).fill(i) },
        { ...basis, issuedAt: now - BigInt(i) },
      ),
    );
  const parts = [],
    wanted = [],
    methods = [];
  const put = (bytes, status, method = 'GET') => {
    parts.push(Buffer.from(bytes, 'latin1'));
    wanted.push(status);
    methods.push(method);
  };
  for (let i = 0; i < 40; ++i) {
    put(head(`GET /v1/entries/${i % 8}/bytes HTTP/1.1`, 'Host: x'), 200);
    put(head('HEAD /v1/entries HTTP/1.1', 'Host: x'), 200, 'HEAD');
    const body = signed(i);
    parts.push(
      Buffer.from(head('POST /add HTTP/1.1', 'Host: x', `Content-Length: ${body.length}`)),
      Buffer.from(body),
    );
    wanted.push(200);
    methods.push('POST');
    put(head('GET /nowhere HTTP/1.1', 'Host: x'), 404);
    put(head('DELETE /add HTTP/1.1', 'Host: x'), 405, 'DELETE');
    put(head('POST /add HTTP/1.1', 'Host: x', 'Content-Length: 1') + 'x', 400, 'POST');
  }
  const { responses } = await exchange(server.port, Buffer.concat(parts), {
    quietMs: 2_000,
    withinMs: 15_000,
    methods,
  });
  const statuses = responses.map(({ status }) => status);
  const want = wanted.map((status, i) =>
    methods[i] === 'POST' && status === 200 ? statuses[i] : status,
  );
  assert.deepEqual(statuses, want);
  const indices = responses
    .filter((_, i) => methods[i] === 'POST' && wanted[i] === 200 && statuses[i] === 200)
    .map(({ body }) => Number(body));
  assert.deepEqual(
    indices,
    [...indices].sort((a, b) => a - b),
  );
  for (let i = 0; i < 8; ++i) assert.deepEqual(responses[6 * i].body, responses[6 * (i + 8)].body);
});

test('Whoever has said all, and shuts that half of the connection, is still answered.', async () => {
  const { responses, ended } = await exchange(server.port, next + next, {
    end: true,
    quietMs: 2_000,
  });
  assert.deepEqual([responses.map(({ status }) => status), ended], [[200, 200], true]);
  const half = await exchange(server.port, 'GET /checkpoint HT', { end: true, quietMs: 2_000 });
  assert.deepEqual([half.responses.filter(({ status }) => status < 400), half.ended], [[], true]);
  const body = await exchange(server.port, post('Content-Length: 10') + 'hello', {
    end: true,
    quietMs: 2_000,
  });
  assert.deepEqual([body.responses.filter(({ status }) => status < 400), body.ended], [[], true]);
  await survives(server);
});

test('Whoever waits for 100 Continue gets it, and a body that is not wanted is not asked for.', async () => {
  const waiting = post('Content-Length: 5', 'Expect: 100-continue');
  const asked = await exchange(server.port, waiting);
  assert.deepEqual(
    asked.responses.map(({ status }) => status),
    [100],
  );
  await expectStatuses(server, waiting + 'hello' + next, [100, 400, 200]);
  await expectStatuses(server, post('Content-Length: 262145', 'Expect: 100-continue'), [413]);
  await expectStatuses(
    server,
    head('POST /nowhere HTTP/1.1', 'Host: x', 'Content-Length: 5', 'Expect: 100-continue'),
    [404],
  );
  await expectStatuses(
    server,
    post('Content-Length: 5', 'Expect: 100-Continue') + 'hello',
    [100, 400],
  );
  await expectStatuses(server, post('Content-Length: 5', 'Expect: 200-ok') + 'hello', [417]);
  await expectStatuses(
    server,
    head('GET /checkpoint HTTP/1.1', 'Host: x', 'Expect: 100-continue'),
    [200],
    [100, 200],
  );
  await expectStatuses(
    server,
    head('POST /add HTTP/1.0', 'Content-Length: 5', 'Expect: 100-continue') + 'hello',
    [400],
  );
});

test('Garbage, and another protocol, end the connection.', async () => {
  const hello = Buffer.from(
    '16030100f1010000ed0303' + '5a'.repeat(32) + '00002613021303130100c02c',
    'hex',
  );
  const others = [
    hello,
    Buffer.from('\x16\x03\x01\x00\x05hello', 'latin1'),
    'SSH-2.0-OpenSSH_9.2\r\n',
    'EHLO x\r\n',
    '\x05\x01\x00',
    '*1\r\n$4\r\nPING\r\n',
    'GET',
    '{"statements":"AAAA"}',
    Buffer.alloc(100_000),
    Buffer.alloc(100_000, 0xff),
    Buffer.alloc(100_000, '\r\n'),
    Buffer.alloc(100_000, ' '),
    ...Array.from({ length: 30 }, () => randomBytes(300)),
  ];
  for (const bytes of others) {
    const { responses } = await exchange(server.port, bytes, { quietMs: 60 });
    for (const { status } of responses)
      assert.ok(
        [400, 431, 505].includes(status),
        `${status} to ${bytes.toString('hex').slice(0, 80)}`,
      );
  }
  await survives(server);
});

test('A body of JSON is judged by its bytes: its type may be said or not.', async () => {
  for (const type of ['application/json', 'text/plain', '', 'x'.repeat(1000)])
    await expectStatuses(
      server,
      head(
        'POST /v1/statements HTTP/1.1',
        'Host: x',
        `Content-Type: ${type}`,
        'Content-Length: 2',
      ) +
        '{}' +
        next,
      [400, 200],
    );
});
