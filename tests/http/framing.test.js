// SPDX-License-Identifier: AGPL-3.0-or-later

// Where a request ends: two readers of one connection must never see different requests.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Raw, exchange } from './client.js';
import { expectStatuses, head, isRefused, next, post, survives } from './hostile.js';
import { Village } from './village.js';

const village = await Village.make();
after(() => village.remove());
const server = await village.serve();

test('Lengths that contradict each other, or are none, are refused.', async () => {
  const wrong = [
    ['Content-Length: 5', 'Content-Length: 6'],
    ['Content-Length: 5', 'Content-Length: 5'],
    ['Content-Length: 5', 'content-length: 0'],
    ['Content-Length: 5, 6'],
    ['Content-Length: 5, 5'],
    ['Content-Length: 5,5'],
    ['Content-Length: -1'],
    ['Content-Length: +5'],
    ['Content-Length: 0x5'],
    ['Content-Length: 5 5'],
    ['Content-Length: '],
    ['Content-Length: five'],
    ['Content-Length: 5;'],
    ['Content-Length: 5.0'],
    ['Content-Length: 18446744073709551616'],
    ['Content-Length: 99999999999999999999999999'],
    ['Content-Length: 18446744073709551621'],
    ['Content-Length: ٥'],
  ];
  for (const lines of wrong) await isRefused(server, post(...lines) + 'hello');
  // RFC 9110, 8.6, lets a list of equal lengths be one.
  await isRefused(server, post('Content-Length: 5, 5') + 'hello', [400, 200]);
});

test('A length beside chunks, and chunks that are not the only coding, are refused.', async () => {
  const chunks = '5\r\nhello\r\n0\r\n\r\n';
  const wrong = [
    ['Content-Length: 5', 'Transfer-Encoding: chunked'],
    ['Transfer-Encoding: chunked', 'Content-Length: 5'],
    ['Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'],
    ['Transfer-Encoding: chunked', 'Transfer-Encoding: identity'],
    ['Transfer-Encoding: identity', 'Transfer-Encoding: chunked'],
    ['Transfer-Encoding: chunked, chunked'],
    ['Transfer-Encoding: gzip, chunked'],
    ['Transfer-Encoding: chunked, gzip'],
    ['Transfer-Encoding: xchunked'],
    ['Transfer-Encoding: identity'],
    ['Transfer-Encoding: chunked;q=1'],
    ['Transfer-Encoding: "chunked"'],
    ['Transfer-Encoding: '],
    ['Transfer-Encoding: chun ked'],
    ['Transfer-Encoding:\x0bchunked'],
    ['Transfer-Encoding: chunked\x00'],
    ['Transfer-Encoding: \xffchunked'],
    ['Transfer-Encoding : chunked'],
    ['Transfer-Encoding\t: chunked'],
    ['Transfer\x00-Encoding: chunked'],
    ['X: y\nTransfer-Encoding: chunked', 'Content-Length: 5'],
    ['Content-Length: 5', 'X: y\rTransfer-Encoding: chunked'],
  ];
  for (const lines of wrong) await isRefused(server, post(...lines) + chunks, [501]);
  await isRefused(server, head('POST /add HTTP/1.0', 'Transfer-Encoding: chunked') + chunks);
});

test('A body that is refused is never taken for the next request.', async () => {
  const inner = next;
  const lengthy = `Content-Length: ${inner.length}`;
  const cases = [
    [head('POST /nowhere HTTP/1.1', 'Host: x', lengthy), 404],
    [head('PUT /checkpoint HTTP/1.1', 'Host: x', lengthy), 405],
    [head('OPTIONS /checkpoint HTTP/1.1', 'Host: x', lengthy), 204],
    [head('GET /checkpoint HTTP/1.1', 'Host: x', lengthy), 413],
    [head('HEAD /checkpoint HTTP/1.1', 'Host: x', lengthy), 413],
    [head('POST /add HTTP/1.1', 'Host: x', lengthy, 'Expect: the-unexpected'), 417],
    [head('POST /add HTTP/1.1', 'Host: x', 'Content-Length: 262145'), 413],
  ];
  for (const [request, status] of cases) {
    const methods = [request.split(' ')[0]];
    const { responses, ended } = await exchange(server.port, request + inner, {
      quietMs: 3_000,
      methods,
    });
    assert.deepEqual(
      responses.map((each) => each.status),
      [status],
      request,
    );
    assert.ok(ended, request);
  }
  const chunked =
    head('POST /nowhere HTTP/1.1', 'Host: x', 'Transfer-Encoding: chunked') + '0\r\n\r\n';
  const { responses } = await exchange(server.port, chunked + next);
  assert.equal(responses[0].status, 404);
  assert.ok(responses.length === 1 || responses[1].status === 200);
  await survives(server);
});

test('Without a Host, or with two, or with one that is folded, there is no answer but a refusal.', async () => {
  const wrong = [
    [],
    ['Host: a', 'Host: a'],
    ['Host: a', 'host: b'],
    ['Host : a'],
    ['Host: a\x00b'],
    ['Host: a\rb'],
    ['Host: a\nb'],
  ];
  for (const lines of wrong) await isRefused(server, head('GET /checkpoint HTTP/1.1', ...lines));
});

test('No field is folded over several lines.', async () => {
  const hidden = 'POST /add HTTP/1.1\r\nHost: x\r\n Transfer-Encoding: chunked\r\n\r\n';
  await isRefused(server, hidden + '5\r\nhello\r\n0\r\n\r\n');
  await isRefused(server, 'GET /checkpoint HTTP/1.1\r\nHost: x\r\nX: a\r\n b\r\n\r\n');
});

test('A Host that is no host is refused, and one with or without a port is not.', async () => {
  for (const host of ['', 'a', '127.0.0.1:1', '[::1]', '[2001:db8::1]:443', 'x'.repeat(4000)])
    await expectStatuses(server, head('GET /checkpoint HTTP/1.1', `Host: ${host}`) + next, [200, 200]);
  for (const host of ['a b', 'a/b', 'a@b', 'a, b', 'a:b', '<x>', 'a:99999', '[::1', '::1', 'a%zz'])
    await isRefused(server, head('GET /checkpoint HTTP/1.1', `Host: ${host}`));
});

test('Chunks with sizes that are none, that overflow, or that do not end are refused.', async () => {
  const chunked = post('Transfer-Encoding: chunked');
  const wrong = [
    'zz\r\nhello\r\n0\r\n\r\n',
    '-5\r\nhello\r\n0\r\n\r\n',
    '+5\r\nhello\r\n0\r\n\r\n',
    '0x5\r\nhello\r\n0\r\n\r\n',
    '5 \r\nhello\r\n0\r\n\r\n',
    '\r\nhello\r\n0\r\n\r\n',
    '5\r\nhelloXX0\r\n\r\n',
    '5\r\nhello0\r\n\r\n',
    '5\rhello\r\n0\r\n\r\n',
    'FFFFFFFFFFFFFFFFF\r\nhello',
    '10000000000000005\r\nhello\r\n0\r\n\r\n',
    '5\r\nhel\r\n0\r\n\r\n' + 'x'.repeat(20),
    '5;\x00\r\nhello\r\n0\r\n\r\n',
    `5;${'a'.repeat(1 << 18)}\r\nhello\r\n0\r\n\r\n`,
    `5;a="${'\\"'.repeat(1 << 16)}"\r\nhello\r\n0\r\n\r\n`,
    `${'0'.repeat(1 << 18)}5\r\nhello\r\n0\r\n\r\n`,
    '0\r\nX\r\n\r\n',
    '0\r\nContent-Length: 5\x00\r\n\r\n',
    `0\r\nX: ${'y'.repeat(1 << 18)}\r\n\r\n`,
    `0\r\n${'X: y\r\n'.repeat(1 << 14)}\r\n`,
  ];
  for (const body of wrong) {
    await expectStatuses(server, chunked + body, [400], [413], [431]);
    await survives(server);
  }
  // Without the end of a line it waits for one.
  for (const body of ['5\nhello\n0\n\n', '5;a="\r\n\r\nhello\r\n0\r\n\r\n'])
    await expectStatuses(server, chunked + body, [], [400]);
  const sizes = ['FFFFFFFFFFFFFFFF', '7FFFFFFFFFFFFFFF', 'FFFFFFFFFFFFFFFE', '40001', 'FFFFFFFF'];
  for (const size of sizes)
    await expectStatuses(server, `${chunked}${size}\r\nhello`, [413], [400]);
  await expectStatuses(
    server,
    chunked + '5;a=b\r\nhello\r\n0\r\nX: y\r\n\r\n' + next,
    [400, 200],
    [400],
  );
  await survives(server);
});

test('Chunks may come byte by byte, the last one alone too.', async () => {
  const bodies = ['0\r\n\r\n', '1\r\n{\r\n0\r\n\r\n', '0\r\nX: y\r\n\r\n'];
  for (const body of bodies) {
    const raw = await new Raw(server.port).connected;
    raw.socket.setNoDelay(true);
    raw.send(head('POST /v1/statements HTTP/1.1', 'Host: x', 'Transfer-Encoding: chunked'));
    for (const byte of body) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      raw.send(byte);
    }
    assert.match(await raw.until((text) => text.endsWith('}\n')), /^HTTP\/1.1 400 /, body);
    raw.destroy();
    await survives(server);
  }
});

test('Many chunks of one byte are one body.', async () => {
  const body = '1\r\n{\r\n'.repeat(5000) + '0\r\n\r\n';
  await expectStatuses(
    server,
    head('POST /v1/statements HTTP/1.1', 'Host: x', 'Transfer-Encoding: chunked') + body + next,
    [400, 200],
  );
});
