// SPDX-License-Identifier: AGPL-3.0-or-later

// What is told as it happens, how the server stands, and what a browser's page may read.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { decodeEntry } from '../../api/web/reader/entry.js';
import { openNote, parseCheckpoint, parseVerifierKey } from '../../api/web/reader/note.js';
import { add, ask, get, kelpBay, read, refused, submit } from './checked.js';
import { Listener, Raw } from './client.js';
import { checkResponse, checkSchema } from './contract.js';
import { Guardian, basisOf, bytesOf, grantOf, idOf, statementOf } from './guardian.js';

const { village, server, mere, reefs, hidden, auditor } = await kelpBay();
after(() => village.remove());

const key = parseVerifierKey(village.vkey);
async function listen(path = '/v1/events', headers = {}) {
  const listener = await new Listener(server, path, headers).open;
  const { statusCode: status, headers: answered } = listener.response;
  checkResponse('GET', path, { status, headers: answered, body: Buffer.alloc(0) });
  return listener;
}
const isEntry = ({ event }) => event === 'entry';
const isCheckpoint = ({ event }) => event === 'checkpoint';

// Checked against the document and, where it is a checkpoint, by the log's key.
async function checkEvent({ event, id, data }) {
  if (event === 'entry') {
    checkSchema('EventEntry', data);
    assert.equal(Number(id), data.index);
    const leaf = Buffer.from(decodeEntry(new Uint8Array(Buffer.from(data.entry, 'base64'))).leaf);
    assert.equal(leaf.toString('base64'), data.leafHash);
    return;
  }
  assert.equal(event, 'checkpoint');
  checkSchema('EventCheckpoint', data);
  const { text } = await openNote(Buffer.from(data.checkpoint), [key]);
  assert.equal(Number(parseCheckpoint(text).size), data.size);
}

const basis = async () => basisOf(await read(server, '/v1/checkpoint'));
const grantTo = async (who, body = {}) => grantOf(village, reefs, who, await basis(), body);
const revocationOf = async (id) =>
  statementOf(village, 'revocation', { domain: bytesOf(reefs), grant: bytesOf(id) }, await basis());

test('A listener hears of a revocation within a second, whoever sequenced it.', async () => {
  const statement = await grantTo(new Guardian('one'));
  assert.equal((await add(server, mere.signed(statement))).status, 200);
  const grant = await village.sequence(
    'grant',
    '--auditor',
    auditor.publicKey,
    '--purpose',
    'more',
    '--days',
    '9',
  );
  const listener = await listen();
  const before = Date.now();
  await add(server, mere.signed(await revocationOf(idOf(statement))));
  const heard = await listener.next(({ data }) => data.kind === 'revocation');
  assert.ok(heard.at - before < 1000, `${heard.at - before} ms`);
  assert.equal(heard.data.statement.body.grant, idOf(statement));
  const checkpoint = await listener.next(isCheckpoint);
  assert.ok(checkpoint.data.size > heard.data.index);
  await village.ask('revoke', grant);
  const told = Date.now();
  const other = await listener.next(({ data }) => data.kind === 'revocation', 3_000);
  assert.equal(other.data.statement.body.grant, grant);
  assert.ok(other.at - told < 1500, `${other.at - told} ms after the command had ended`);
  for (const event of listener.events) await checkEvent(event);
  listener.close();
});

test('A listener is told every entry once and in order, from wherever it asks.', async () => {
  const { size } = await read(server, '/v1/checkpoint');
  for (const from of [0, 3, size - 1]) {
    const listener = await listen(`/v1/events?from=${from}`);
    await listener.next(isCheckpoint);
    const heard = listener.events.filter(isEntry);
    assert.deepEqual(
      heard.map(({ data }) => data.index),
      Array.from({ length: size - from }, (_, i) => from + i),
    );
    for (const event of listener.events) await checkEvent(event);
    listener.close();
  }
});

test('A listener that comes back is told what it missed and nothing twice.', async () => {
  const { size } = await read(server, '/v1/checkpoint');
  const first = await listen(`/v1/events?from=${size - 4}`);
  await first.next(({ id }) => id === String(size - 3));
  first.close();
  const second = await listen('/v1/events', { 'Last-Event-ID': String(size - 3) });
  const heard = await second.next(isEntry);
  assert.equal(heard.data.index, size - 2);
  second.close();
  const both = await listen('/v1/events?from=2', { 'Last-Event-ID': '5' });
  assert.equal((await both.next(isEntry)).data.index, 2);
  both.close();
  const all = await listen('/v1/events', { 'Last-Event-ID': String(size - 1) });
  await village.addRecord('After all');
  assert.equal((await all.next(isEntry)).data.index, size);
  all.close();
});

test('A listener is not told what a hidden statement says, but that there is an entry.', async () => {
  const listener = await listen('/v1/events?from=0');
  await listener.next(isCheckpoint);
  const entries = listener.events.filter(isEntry).map(({ data }) => data);
  listener.close();
  assert.ok(!JSON.stringify(entries).includes(hidden));
  const without = entries.filter(({ id }) => id === undefined);
  assert.equal(without.length, 2);
  assert.deepEqual(without.map(({ kind }) => kind).sort(), ['grant', 'record']);
});

test('A listener that asks for more than there is begins with the next entry.', async () => {
  const { size } = await read(server, '/v1/checkpoint');
  for (const [path, headers] of [
    [`/v1/events?from=${size + 50}`, {}],
    ['/v1/events?from=18446744073709551615', {}],
    ['/v1/events', { 'Last-Event-ID': '18446744073709551615' }],
  ]) {
    const listener = await listen(path, headers);
    try {
      await village.addRecord('One more');
      await listener.next(isEntry, 2_000);
    } finally {
      listener.close();
    }
  }
});

test('Places that make no sense are refused before the stream begins.', async () => {
  for (const from of ['x', '-1', '', '1.5', '18446744073709551616'])
    refused(await get(server, `/v1/events?from=${from}`), 400);
  for (const id of ['x', '-1', '99999999999999999999'])
    refused(await get(server, '/v1/events', { 'Last-Event-ID': id }), 400);
});

test('Over HTTP/1.0 the stream comes without chunks and ends with the connection.', async () => {
  const raw = await new Raw(server.port).connected;
  raw.send('GET /v1/events?from=0 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n');
  const text = await raw.until((all) => all.includes('event: checkpoint') && all.endsWith('\n\n'));
  assert.ok(!/transfer-encoding/i.test(text));
  assert.match(text, /\r\n\r\n:\n\nid: 0\nevent: entry\ndata: \{/);
  raw.destroy();
});

test('Listeners that went away are forgotten, and metrics count those that stay.', async () => {
  const figure = async (name) =>
    Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(await read(server, '/metrics'))[1]);
  // Who has gone is noticed when there is something to tell.
  const becomes = async (want) => {
    await village.addRecord('For whoever listens');
    const late = Date.now() + 5_000;
    while ((await figure('holdfast_listeners')) !== want && Date.now() < late)
      await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(await figure('holdfast_listeners'), want);
  };
  await village.addRecord('For those before');
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const others = await figure('holdfast_listeners');
  const listeners = await Promise.all(Array.from({ length: 40 }, () => listen()));
  await becomes(others + 40);
  for (const each of listeners) each.close();
  await becomes(others);
});

test('The server is well, and says how long the log is.', async () => {
  const { size } = await read(server, '/v1/checkpoint');
  assert.deepEqual(await read(server, '/healthz'), { status: 'ok', size, signing: true });
});

// The grammar of the text format 0.0.4.
function parseMetrics(text) {
  const samples = new Map(),
    types = new Map();
  assert.ok(text.endsWith('\n'));
  for (const line of text.slice(0, -1).split('\n')) {
    const head = /^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)$/.exec(line);
    if (head) {
      if (head[1] === 'TYPE') {
        assert.ok(!types.has(head[2]), `${head[2]} twice`);
        assert.match(head[3], /^(counter|gauge|histogram)$/);
        types.set(head[2], head[3]);
      }
      continue;
    }
    const sample =
      /^([a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\["\\n])*",?)*\})? (\S+)$/.exec(
        line,
      );
    assert.ok(sample, line);
    const [, name, labels = '', value] = sample;
    assert.ok(Number.isFinite(Number(value)), line);
    const family = name.replace(/_(bucket|sum|count)$/, '');
    assert.ok(types.has(name) || types.get(family) === 'histogram', `${name} has no type`);
    assert.ok(!samples.has(name + labels), `${name}${labels} twice`);
    samples.set(name + labels, Number(value));
  }
  return { samples, types };
}

test('Metrics are Prometheus text, whose histograms add up and whose counters only grow.', async () => {
  const before = parseMetrics(await read(server, '/metrics'));
  await village.addRecord('Counted');
  await read(server, '/v1/entries/0');
  refused(await get(server, '/v1/entries/x'), 400);
  refused(
    await get(server, '/a path that "is not" there\\'.replaceAll(' ', '_').replaceAll('"', '%22')),
    404,
  );
  const after = parseMetrics(await read(server, '/metrics'));
  for (const [name, value] of before.samples)
    if (!name.startsWith('holdfast_listeners') && !name.startsWith('holdfast_connections_open'))
      assert.ok(after.samples.get(name) >= value, name);
  for (const [family, type] of after.types) {
    if (type !== 'histogram') continue;
    const buckets = [...after.samples].filter(([name]) => name.startsWith(`${family}_bucket`));
    for (let i = 1; i < buckets.length; ++i)
      assert.ok(buckets[i][1] >= buckets[i - 1][1], buckets[i][0]);
    assert.equal(buckets.at(-1)[0], `${family}_bucket{le="+Inf"}`);
    assert.equal(buckets.at(-1)[1], after.samples.get(`${family}_count`));
  }
  const route = 'holdfast_requests_total{route="/v1/entries/{index}",status="400"}';
  assert.equal(after.samples.get(route), (before.samples.get(route) ?? 0) + 1);
});

test(
  'The size of the log in the metrics is that of the log, whoever sequenced last.',
  async () => {
    await village.addRecord('By another process');
    const { samples } = parseMetrics(await read(server, '/metrics'));
    assert.equal(samples.get('holdfast_log_size'), (await read(server, '/v1/checkpoint')).size);
  },
);

test('No path and no address that a client made up stands in the metrics.', async () => {
  for (const path of [
    '/who-was-here',
    '/v1/entries/who-was-here',
    '/tile/who-was-here',
    '/v1/state/who/was-here',
  ])
    await get(server, path);
  await ask(server, 'WHOWASHERE', '/checkpoint').catch(() => {});
  const text = await read(server, '/metrics');
  assert.ok(!/who-?was|127\.0\.0\.1/i.test(text));
});

test('A page from anywhere may read the log, and is told so beforehand.', async () => {
  const Origin = { Origin: 'https://elsewhere.example' };
  for (const path of [
    '/checkpoint',
    '/tile/0/000.p/4',
    '/tile/entries/000.p/4',
    '/statements/000.p/4',
    '/changes/000.p/4',
    '/openings/000.p/4',
  ])
    assert.equal(
      (await get(server, path, Origin)).headers['access-control-allow-origin'],
      '*',
      path,
    );
  const asked = { ...Origin, 'Access-Control-Request-Method': 'GET' };
  const { status, headers } = await ask(server, 'OPTIONS', '/checkpoint', { headers: asked });
  assert.deepEqual([status, headers['access-control-allow-methods']], [204, 'GET, HEAD']);
});

test('Where OPTIONS lets a page from anywhere in, the answer does too.', async () => {
  for (const path of [
    '/v1/checkpoint',
    '/v1/entries/0',
    '/v1/proofs/inclusion?index=0',
    '/healthz',
  ])
    assert.equal((await get(server, path)).headers['access-control-allow-origin'], '*', path);
  assert.equal((await add(server, 'x')).headers['access-control-allow-origin'], '*');
});

test('A listener catches up on what is large, however much there is.', async () => {
  const tikanga = 'ā'.repeat(2048);
  const all = await Promise.all(
    Array.from({ length: 100 }, (_, i) => grantTo(new Guardian(`large ${i}`), { tikanga })),
  );
  const { status, value } = await submit(server, mere.draft(all));
  assert.equal(status, 200, JSON.stringify(value));
  const listener = await listen('/v1/events?from=0');
  await listener.next(isCheckpoint, 3_000).catch(() => {});
  listener.close();
  assert.equal(listener.events.filter(isEntry).length, value.size);
});

test('HEAD of what has no end tells no length.', async () => {
  const { status, headers, body } = await ask(server, 'HEAD', '/v1/events');
  assert.deepEqual([status, headers['content-length'], body.length], [200, undefined, 0]);
});
