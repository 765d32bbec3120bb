// SPDX-License-Identifier: AGPL-3.0-or-later

// What everybody may read: checkpoint, tiles, bundles, entries, statements; and what nobody is told.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { after, test } from 'node:test';
import { hex, readU16be, readU32be } from '../../api/web/reader/bytes.js';
import {
  checkChanges,
  checkCommitment,
  checkPlace,
  decodeEntry,
} from '../../api/web/reader/entry.js';
import { leafHash, rootOf, splitHashes } from '../../api/web/reader/merkle.js';
import { openNote, parseCheckpoint, parseVerifierKey } from '../../api/web/reader/note.js';
import { decodePairs } from '../../api/web/reader/state.js';
import { decodeSigned } from '../../api/web/reader/statement.js';
import { ask, get, kelpBay, read, refused } from './checked.js';
import { operations } from './contract.js';

const { village, server, record, hidden, grant } = await kelpBay();
after(() => village.remove());

// Over 256 entries, so that there is a full tile.
mkdirSync(village.path('documents'));
for (let i = 0; i < 260; ++i) village.write(`documents/${i}.txt`, `Tide ${i}, the ${i}th.`);
await village.ask('import', village.path('documents'));

const { size } = await read(server, '/v1/checkpoint');
const entries = [];
for (let next = '/v1/entries?from=0&limit=100'; next;) {
  const page = await read(server, next);
  entries.push(...page.entries);
  next = page.next;
}
const bytes = (base64) => new Uint8Array(Buffer.from(base64, 'base64'));

test('The checkpoint is signed by the key that the village was founded with.', async () => {
  const note = await read(server, '/checkpoint');
  const { text } = await openNote(Buffer.from(note), [parseVerifierKey(village.vkey)]);
  const said = parseCheckpoint(text);
  const parts = await read(server, '/v1/checkpoint');
  assert.equal(parts.checkpoint, note);
  assert.equal(said.origin, village.origin);
  assert.equal(Number(said.size), parts.size);
  assert.equal(Buffer.from(said.root).toString('base64'), parts.root);
  assert.equal(parts.village, village.id);
});

test('Pages of entries come to the end, and are the tree of the checkpoint.', async () => {
  assert.equal(entries.length, size);
  let last = null;
  for (const { entry } of entries) {
    const decoded = decodeEntry(bytes(entry));
    checkPlace(decoded, last);
    last = decoded;
  }
  const { root } = await read(server, '/v1/checkpoint');
  const leaves = entries.map(({ entry }) => leafHash(bytes(entry)));
  assert.equal(Buffer.from(rootOf(leaves)).toString('base64'), root);
  for (const [i, { index, leafHash: said }] of entries.entries()) {
    assert.equal(index, i);
    assert.equal(said, Buffer.from(leaves[i]).toString('base64'));
  }
});

test('A page beyond the end is empty, and the last one names no next one.', async () => {
  assert.deepEqual(await read(server, `/v1/entries?from=${size}`), { size, entries: [] });
  assert.deepEqual((await read(server, '/v1/entries?from=18446744073709551615')).entries, []);
  const last = await read(server, `/v1/entries?from=${size - 1}&limit=1000`);
  assert.equal(last.entries.length, 1);
  assert.equal(last.next, undefined);
  assert.equal((await read(server, '/v1/entries?limit=1000')).entries.length, size);
  assert.equal((await read(server, '/v1/entries')).entries.length, 100);
});

test('One entry is what its page has, in JSON and in bytes.', async () => {
  assert.deepEqual(await read(server, '/v1/entries/5'), entries[5]);
  assert.deepEqual(
    new Uint8Array(await read(server, '/v1/entries/5/bytes')),
    bytes(entries[5].entry),
  );
});

test('Every entry commits to its change pairs and to its statement.', async () => {
  for (const index of [0, 1, 2, 4, size - 1]) {
    const entry = decodeEntry(bytes(entries[index].entry));
    const { pairs } = await read(server, `/v1/entries/${index}/changes`);
    checkChanges(
      entry,
      pairs.map(({ key, value }) => ({ key: bytes(key), value: bytes(value) })),
    );
    checkCommitment(entry, new Uint8Array(await read(server, `/v1/statements/${index}/bytes`)));
  }
});

test('Tiles are the hashes of the tree, full and partial.', async () => {
  const leaves = entries.map(({ entry }) => leafHash(bytes(entry)));
  const full = new Uint8Array(await read(server, '/tile/0/000'));
  assert.deepEqual(splitHashes(full).map(hex), leaves.slice(0, 256).map(hex));
  const partial = new Uint8Array(await read(server, `/tile/0/001.p/${size - 256}`));
  assert.deepEqual(splitHashes(partial).map(hex), leaves.slice(256).map(hex));
  const above = new Uint8Array(await read(server, '/tile/1/000.p/1'));
  assert.equal(hex(above), hex(rootOf(leaves.slice(0, 256))));
  const older = new Uint8Array(await read(server, '/tile/0/000.p/7'));
  assert.deepEqual(older, full.subarray(0, 7 * 32));
});

// Items of a bundle behind their lengths.
function items(bundle, lengthBytes) {
  const out = [];
  for (let at = 0; at < bundle.length;) {
    const length = lengthBytes === 2 ? readU16be(bundle, at) : readU32be(bundle, at);
    out.push(bundle.subarray(at + lengthBytes, at + lengthBytes + length));
    at += lengthBytes + length;
  }
  return out;
}

test('Bundles have entries, statements, change pairs and openings, 256 at a time.', async () => {
  const folders = ['/tile/entries', '/statements', '/changes', '/openings'];
  for (const [number, width] of [
    ['000', 256],
    [`001.p/${size - 256}`, size - 256],
  ]) {
    const [all, statements, changes, openings] = await Promise.all(
      folders.map(async (folder) =>
        items(await read(server, `${folder}/${number}`), folder === '/tile/entries' ? 2 : 4),
      ),
    );
    for (const each of [all, statements, changes, openings]) assert.equal(each.length, width);
    for (let i = 0; i < width; ++i) {
      const entry = decodeEntry(new Uint8Array(all[i]));
      checkChanges(entry, decodePairs(new Uint8Array(changes[i])));
      if (statements[i].length > 0) checkCommitment(entry, new Uint8Array(statements[i]));
      assert.equal(openings[i].length, 0);
    }
  }
});

test('Tiles that are not in the log, or are spelled otherwise, are not found.', async () => {
  const wrong = [
    '/tile/0/002',
    '/tile/0/001',
    `/tile/0/001.p/${size - 255}`,
    '/tile/0/000.p/0',
    '/tile/0/000.p/256',
    '/tile/0/0',
    '/tile/0/0000',
    '/tile/0/x000/000',
    '/tile/0/x001',
    '/tile/8/000',
    '/tile/00/000',
    '/tile/1/000',
    '/tile/7/000',
    '/tile/7/000.p/1',
    '/tile/0/000.p',
    '/tile/0/000.p/',
    '/tile/0/000.p/007',
    '/tile/0/000/',
    '/tile/0//000',
    '/tile//000',
    '/tile/-1/000',
    '/tile/0/-01',
    '/tile/0/000.p/1/2',
    '/tile/0/../0/000',
    '/tile/0/%2e%2e/000',
    '/tile/0%2f000',
    '/tile/entries/%30%30%30',
    '/tile/0/x999/x999/x999/x999/x999/x999/999',
    '/tile/0/x018/x446/x744/x073/x709/x551/615',
    '/tile/0/x072/x057/x594/x037/x927/936',
    '/tile/entries/x072/x057/x594/x037/x927/936',
    '/tile/entries/x018/x446/x744/x073/x709/x551/615.p/1',
    '/tile/entries/x099/x999/x999/x999/x999/x999/999',
    '/statements/002',
    '/statements/x072/x057/x594/x037/x927/936',
    '/changes/000.p/300',
    '/openings/zzz',
    '/tile/entries/',
    '/tile/entries/000.p/0',
    '/tile/0',
    '/tile/',
    '/changes/../../etc/passwd',
  ];
  for (const path of wrong) refused(await get(server, path), 404);
});

test('What is not open is answered like what is not there.', async () => {
  const shown = await read(server, `/v1/statements/${record}`);
  assert.equal(shown.statement.visibility, 'open');
  const { index } = shown;
  assert.deepEqual(await read(server, `/v1/statements/${index}`), shown);
  const hiddenIndex = index + 2;
  const never = '0'.repeat(64);
  const answers = [];
  for (const id of [hidden, never]) {
    const { value } = await get(server, `/v1/statements/${id}`);
    const bytesToo = await get(server, `/v1/statements/${id}/bytes`);
    refused(bytesToo, 404);
    answers.push(JSON.stringify(value).replaceAll(id, 'ID'));
  }
  assert.equal(answers[0], answers[1]);
  refused(await get(server, `/v1/statements/${hiddenIndex}`), 404);
  refused(await get(server, `/v1/statements/${hiddenIndex}/bytes`), 404);
  const bundle = items(await read(server, '/statements/000'), 4);
  assert.equal(bundle[hiddenIndex].length, 0);
  assert.ok(bundle[index].length > 0);
});

test("Over the village's own socket its owner is shown every statement.", async () => {
  const socketPath = village.path(village.directory, 'run', 'holdfast.sock');
  const { status, value } = await ask(server, 'GET', `/v1/statements/${hidden}`, { socketPath });
  assert.equal(status, 200);
  assert.equal(value.statement.visibility, 'guardians');
  const alone = await ask(server, 'GET', `/v1/statements/${hidden}/bytes`, { socketPath });
  assert.equal(alone.status, 200);
  assert.equal(Buffer.from(value.signedStatement, 'base64').compare(alone.value), 0);
});

test('A statement says in words what its signed bytes say.', async () => {
  const { statement, signatures, signedStatement, id } = await read(
    server,
    `/v1/statements/${grant}`,
  );
  const signed = decodeSigned(bytes(signedStatement));
  assert.equal(hex(signed.id), id);
  assert.equal(signed.statement.kind, statement.kind);
  assert.equal(statement.body.purposes[0], 'yearly audit');
  assert.deepEqual(
    signatures.map(({ keyId }) => keyId),
    signed.signatures.map(({ keyId }) => hex(keyId)),
  );
});

test("A record's statement says who authored it.", async () => {
  const id = await village.addRecord('Shared', '--authored', 'the elders');
  const said = await read(server, `/v1/statements/${id}`);
  assert.ok(Buffer.from(said.signedStatement, 'base64').includes('the elders'));
  assert.ok(JSON.stringify(said.statement).includes('the elders'));
});

test('What makes no sense is refused, and what is beyond the log is not found.', async () => {
  const numbers = [
    '-1',
    '01',
    '1.0',
    '1e3',
    '0x1',
    '18446744073709551616',
    '9'.repeat(80),
    '%31',
    'x',
    '١',
  ];
  for (const number of numbers.map(encodeURI)) {
    refused(await get(server, `/v1/entries/${number}`), 400, { code: 'malformed' });
    refused(await get(server, `/v1/entries/${number}/bytes`), 400);
    refused(await get(server, `/v1/entries/${number}/changes`), 400);
    refused(await get(server, `/v1/entries/${number}/tlog-proof`), 400);
    refused(await get(server, `/v1/statements/${number}`), 400);
    refused(await get(server, `/v1/statements/${number}/bytes`), 400);
    if (number !== '%31') refused(await get(server, `/v1/entries?from=${number}`), 400);
  }
  const { size: newest } = await read(server, '/v1/checkpoint');
  for (const path of ['', '/bytes', '/changes', '/tlog-proof'])
    for (const number of [newest, '18446744073709551615'])
      refused(await get(server, `/v1/entries/${number}${path}`), 404, { code: 'not found' });
  refused(await get(server, `/v1/statements/${newest}`), 404);
  refused(await get(server, `/v1/statements/${record.toUpperCase()}`), 400);
  for (const limit of ['0', '1001', '-5', ''])
    refused(await get(server, `/v1/entries?limit=${limit}`), 400);
});

test('Unknown and repeated parameters are refused wherever something is read.', async () => {
  for (const { path, method } of operations.filter(({ method }) => method === 'get')) {
    const target = path
      .replace('{level}', '0')
      .replace('{tile}', '000')
      .replace('{index}', '1')
      .replace('{statement}', '1')
      .replace('{class}/{id}', 'slug/records')
      .replace(/\{[a-z]+\}/, record);
    refused(await ask(server, method.toUpperCase(), `${target}?no-such=1`), 400);
    refused(await get(server, `${target}?%zz`), 400);
  }
  refused(await get(server, '/v1/entries?from=1&from=1'), 400);
  refused(await get(server, '/v1/entries?from=1&fr%6fm=1'), 400);
  assert.equal((await read(server, '/v1/entries?fr%6fm=%31&&')).entries[0].index, 1);
});
