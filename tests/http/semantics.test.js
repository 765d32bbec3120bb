// SPDX-License-Identifier: AGPL-3.0-or-later

// What HTTP itself promises: conditional requests, HEAD, compression, OPTIONS, paths that are not there.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { ask, get, kelpBay } from './checked.js';
import { file, operations } from './contract.js';

const { village, server, record } = await kelpBay();
after(() => village.remove());

test('Whoever has the newest answer is told so with 304, and gets a new one once the log grew.', async () => {
  const reads = [
    '/checkpoint',
    '/v1/checkpoint',
    '/v1/entries',
    `/v1/statements/${record}`,
    '/statements/000.p/8',
    '/v1/statements/0/bytes',
    '/openings/000.p/8',
    '/v1/proofs/inclusion?index=1',
    '/v1/entries/1/tlog-proof',
    '/v1/proofs/consistency?from=4',
    '/v1/state/slug/records',
    '/v1/state/slug/records/state-proof',
  ];
  const never = [
    '/tile/0/000.p/8',
    '/tile/entries/000.p/8',
    '/changes/000.p/8',
    '/v1/entries/1',
    '/v1/entries/1/bytes',
    '/v1/entries/1/changes',
  ];
  const tags = new Map();
  for (const path of [...reads, ...never]) {
    const { headers } = await get(server, path);
    tags.set(path, headers.etag);
    assert.equal(headers['cache-control'] === 'no-cache', reads.includes(path), path);
    for (const known of [headers.etag, '*', `"7777", ${headers.etag}`, `W/${headers.etag}`]) {
      const { status } = await get(server, path, { 'If-None-Match': known });
      assert.equal(status, 304, `${path} ${known}`);
    }
    for (const other of ['"0"', headers.etag.replace('"', '"9'), 'x'])
      assert.equal(
        (await get(server, path, { 'If-None-Match': other })).status,
        200,
        `${path} ${other}`,
      );
  }
  await village.addRecord('High tide');
  for (const path of [...reads, ...never]) {
    const { status } = await get(server, path, { 'If-None-Match': tags.get(path) });
    assert.equal(status, reads.includes(path) ? 200 : 304, path);
  }
});

test('HEAD is answered as GET is, without the body.', async () => {
  const targets = [
    '/checkpoint',
    '/tile/0/000.p/8',
    '/tile/entries/000.p/8',
    '/statements/000.p/8',
    '/changes/000.p/8',
    '/openings/000.p/8',
    '/v1/checkpoint',
    '/v1/entries',
    '/v1/entries/0',
    '/v1/entries/0/bytes',
    '/v1/entries/0/changes',
    '/v1/entries/0/tlog-proof',
    '/v1/statements/0',
    '/v1/statements/0/bytes',
    '/v1/proofs/inclusion?index=0',
    '/v1/proofs/consistency?from=2',
    '/v1/state/slug/records',
    '/v1/state/slug/records/state-proof',
    '/healthz',
    '/v1/entries/x',
    '/v1/entries/99999',
    '/nowhere',
    '/v1/entries?limit=0',
  ];
  for (const path of targets)
    for (const headers of [{}, { 'Accept-Encoding': 'gzip' }]) {
      const [got, head] = [
        await ask(server, 'GET', path, { headers }),
        await ask(server, 'HEAD', path, { headers }),
      ];
      assert.equal(head.status, got.status, path);
      const { date: a, ...ofGet } = got.headers;
      const { date: b, ...ofHead } = head.headers;
      assert.deepEqual(ofHead, ofGet, path);
    }
  assert.equal((await ask(server, 'HEAD', '/metrics')).status, 200);
  assert.equal((await ask(server, 'HEAD', '/v1/events')).status, 200);
});

test('JSON is compressed for whoever asks, from a kibibyte on, and nothing else is.', async () => {
  const zipped = { 'Accept-Encoding': 'gzip, deflate, br' };
  const plain = await get(server, '/v1/entries');
  const packed = await get(server, '/v1/entries', zipped);
  assert.equal(plain.headers['content-encoding'], undefined);
  assert.equal(packed.headers['content-encoding'], 'gzip');
  assert.ok(packed.body.length < plain.body.length / 2);
  assert.deepEqual(gunzipSync(packed.body), plain.body);
  for (const path of [
    '/healthz',
    '/v1/entries/0',
    '/tile/0/000.p/8',
    '/checkpoint',
    '/metrics',
    '/statements/000.p/8',
  ])
    assert.equal((await get(server, path, zipped)).headers['content-encoding'], undefined, path);
  for (const none of ['identity', 'br', 'gzip;q=0', ''])
    assert.equal(
      (await get(server, '/v1/entries', { 'Accept-Encoding': none })).headers['content-encoding'],
      undefined,
      none,
    );
});

test('Every path says which methods it has, to OPTIONS and to any other.', async () => {
  const examples = {
    '{level}': '0',
    '{tile}': '000',
    '{index}': '0',
    '{statement}': '0',
    '{class}': 'slug',
    '{id}': 'records',
  };
  for (const { path, method: own } of operations) {
    const target = path.replace(/\{[a-z]+\}/g, (hole) => examples[hole] ?? record);
    const isWritten = own === 'post';
    const allow = isWritten ? 'POST, OPTIONS' : 'GET, HEAD, OPTIONS';
    assert.equal((await ask(server, 'OPTIONS', target)).headers.allow, allow, target);
    for (const method of [
      'PUT',
      'DELETE',
      'PATCH',
      'TRACE',
      'PROPFIND',
      isWritten ? 'GET' : 'POST',
    ]) {
      const { status, headers } = await ask(server, method, target);
      assert.equal(status, 405, `${method} ${target}`);
      assert.equal(headers.allow, allow);
    }
  }
});

test('Paths that are not there are not found, whatever the method.', async () => {
  for (const path of [
    '/',
    '/v1',
    '/v1/',
    '/checkpoint/',
    '//checkpoint',
    '/Checkpoint',
    '/v1/entries/',
    '/v1/entries/1/',
    '/v1/state/slug',
    '/v1/state//records',
    '/add/1',
  ])
    for (const method of ['GET', 'HEAD', 'POST', 'DELETE', 'OPTIONS'])
      assert.equal((await ask(server, method, path)).status, 404, `${method} ${path}`);
});

test('Whoever refuses gzip with a space, or names another coding, gets none.', async () => {
  for (const none of ['gzip; q=0', 'gzip ;q=0', 'GZIP;q=0.000', 'no-gzip', 'identity, gzip; q=0.0'])
    assert.equal(
      (await get(server, '/v1/entries', { 'Accept-Encoding': none })).headers['content-encoding'],
      undefined,
      none,
    );
});

test('What may come compressed says so with 304 too, and each coding has its own ETag.', async () => {
  const plain = await get(server, '/v1/entries');
  const packed = await get(server, '/v1/entries', { 'Accept-Encoding': 'gzip' });
  assert.notEqual(packed.headers.etag, plain.headers.etag);
  for (const { etag, vary } of [plain.headers, packed.headers]) {
    assert.equal(vary, 'Authorization, Accept-Encoding');
    const again = await get(server, '/v1/entries', { 'If-None-Match': `"x", W/${etag}` });
    assert.equal(again.status, 304);
    assert.deepEqual([again.headers.etag, again.headers.vary], [etag, vary]);
  }
});

test('No part of a tag, and no list that is none, counts as known.', async () => {
  const { etag } = (await get(server, '/v1/entries')).headers;
  for (const known of [etag.slice(0, -1), etag.slice(1), `x${etag}`, `"1${etag}`, '"', '', '* *'])
    assert.equal((await get(server, '/v1/entries', { 'If-None-Match': known })).status, 200, known);
  for (const known of ['*', etag, ` ${etag} `, `"y" ,${etag}`])
    assert.equal((await get(server, '/v1/entries', { 'If-None-Match': known })).status, 304, known);
});

test('The description of the server is the one that these tests hold it to.', async () => {
  const { status, headers, body } = await get(server, '/openapi.yaml');
  assert.equal(status, 200);
  assert.equal(body.toString(), readFileSync(file, 'utf8'));
  assert.equal((await get(server, '/openapi.yaml', { 'If-None-Match': headers.etag })).status, 304);
});

test('A parameter is refused where something is submitted, too.', async () => {
  for (const { path } of operations.filter(({ method }) => method === 'post'))
    assert.equal((await ask(server, 'POST', `${path}?x=1`, { body: 'x' })).status, 400, path);
});
