// SPDX-License-Identifier: AGPL-3.0-or-later

// Proofs, checked as their readers check them: by the reader in JavaScript and by holdfast-verify,
// which trust the village's id or the log's key and nothing that the server says.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { hex } from '../../api/web/reader/bytes.js';
import { keyIdOf, parseKey } from '../../api/web/reader/key.js';
import { verifyConsistency, verifyInclusion } from '../../api/web/reader/merkle.js';
import { openNote, parseCheckpoint, parseVerifierKey } from '../../api/web/reader/note.js';
import { parseTlogProof, verifyStateProof } from '../../api/web/reader/proof_file.js';
import { classes, keyOf } from '../../api/web/reader/state.js';
import { utf8 } from '../../api/web/reader/text.js';
import { bytesOf } from './guardian.js';
import { get, kelpBay, read, refused } from './checked.js';

const { village, server, record, hidden, hiddenGrant, grant, reefs, revocation } = await kelpBay();
after(() => village.remove());

const bytes = (base64) => new Uint8Array(Buffer.from(base64, 'base64'));
const key = parseVerifierKey(village.vkey);
const signedCheckpoint = async (note) =>
  parseCheckpoint((await openNote(Buffer.from(note), [key])).text);
const { size } = await read(server, '/v1/checkpoint');
const inclusion = (index, at) => read(server, `/v1/proofs/inclusion?index=${index}&size=${at}`);

test('Each entry is proved to be in the tree of each size above it.', async () => {
  for (let at = 1; at <= size; ++at)
    for (let index = 0; index < at; ++index) {
      const { leafHash, root, proof } = await inclusion(index, at);
      verifyInclusion(BigInt(index), BigInt(at), bytes(leafHash), proof.map(bytes), bytes(root));
    }
});

test('An inclusion proof leads to the root that was signed.', async () => {
  const { index, proof, leafHash, root, checkpoint } = await read(
    server,
    '/v1/proofs/inclusion?index=3',
  );
  const signed = await signedCheckpoint(checkpoint);
  assert.equal(Number(signed.size), size);
  verifyInclusion(BigInt(index), signed.size, bytes(leafHash), proof.map(bytes), signed.root);
  assert.equal(leafHash, (await read(server, '/v1/entries/3')).leafHash);
  const words = [
    'inclusion',
    '--index',
    '3',
    '--size',
    String(size),
    '--leaf-hash',
    leafHash,
    '--root',
    root,
  ];
  assert.equal((await village.verify(...words, '--proof', proof.join(','))).code, 0);
  assert.equal((await village.verify(...words, '--proof', proof.slice(1).join(','))).code, 1);
});

test('An older tree is proved without a checkpoint, which covers the newest one only.', async () => {
  assert.equal((await inclusion(0, size - 2)).checkpoint, undefined);
  assert.equal(
    (await read(server, `/v1/proofs/consistency?from=2&to=${size - 2}`)).checkpoint,
    undefined,
  );
});

test('The log is proved to have only grown, from each size to each later one.', async () => {
  for (let from = 1; from <= size; ++from)
    for (let to = from; to <= size; ++to) {
      const { oldRoot, newRoot, proof } = await read(
        server,
        `/v1/proofs/consistency?from=${from}&to=${to}`,
      );
      verifyConsistency(BigInt(from), BigInt(to), bytes(oldRoot), bytes(newRoot), proof.map(bytes));
    }
});

test('A checkpoint that was kept is proved to be continued by the newest one.', async () => {
  const kept = await signedCheckpoint(await read(server, '/checkpoint'));
  await village.addRecord('Spring tide');
  const { from, to, proof, checkpoint } = await read(
    server,
    `/v1/proofs/consistency?from=${kept.size}`,
  );
  const newest = await signedCheckpoint(checkpoint);
  assert.deepEqual([BigInt(from), BigInt(to)], [kept.size, newest.size]);
  verifyConsistency(kept.size, newest.size, kept.root, newest.root, proof.map(bytes));
  const words = [
    'consistency',
    '--old-size',
    String(from),
    '--new-size',
    String(to),
    '--old-root',
    Buffer.from(kept.root).toString('base64'),
    '--new-root',
    Buffer.from(newest.root).toString('base64'),
    '--proof',
    proof.join(','),
  ];
  const { code, ...said } = await village.verify(...words);
  assert.equal(code, 0, JSON.stringify(said));
});

test('A proof file of an entry is verified offline, and refuted for another entry.', async () => {
  for (const index of [0, 4, 8]) {
    const file = await read(server, `/v1/entries/${index}/tlog-proof`);
    const proof = parseTlogProof(Buffer.from(file));
    const signed = await signedCheckpoint(Buffer.from(proof.note).toString());
    const entry = await read(server, `/v1/entries/${index}/bytes`);
    const { leafHash } = await read(server, `/v1/entries/${index}`);
    verifyInclusion(proof.index, signed.size, bytes(leafHash), proof.path, signed.root);
    const words = ['proof', Buffer.from(file), '--vkey', village.vkey, '--entry'];
    assert.equal((await village.verify(...words, entry)).code, 0);
    const other = await read(server, `/v1/entries/${index + 1}/bytes`);
    assert.equal((await village.verify(...words, other)).code, 1);
  }
});

// By the reader and by holdfast-verify, each with the village's id and with the key alone.
async function stateOf(subjectClass, id) {
  const path = `/v1/state/${subjectClass}/${id}`;
  const said = await read(server, path);
  const file = await read(server, `${path}/state-proof`);
  assert.equal(said.stateProof, file);
  for (const trust of [{ village: bytesOf(village.id) }, { key }]) {
    const { status } = await verifyStateProof(Buffer.from(file), trust);
    assert.equal(status, said.present ? said.status : 'absent');
  }
  for (const trust of [
    ['--village', village.id],
    ['--vkey', village.vkey],
  ]) {
    const { code, ...all } = await village.verify('state-proof', Buffer.from(file), ...trust);
    assert.equal(code, 0, JSON.stringify(all));
  }
  const { code } = await village.verify(
    'state-proof',
    Buffer.from(file),
    '--village',
    'ab'.repeat(32),
  );
  assert.equal(code, 1);
  const raw = subjectClass === 'slug' ? utf8(id) : bytesOf(id);
  assert.equal(said.id, hex(raw));
  assert.equal(said.key, Buffer.from(keyOf(subjectClass, raw)).toString('base64'));
  return said;
}

test('The state of a subject is proved, whatever its class.', async () => {
  const { body } = (await read(server, `/v1/statements/${village.id}`)).statement;
  const guardian = hex(keyIdOf(parseKey(body.council.keys[0])));
  assert.match(guardian, /^[0-9a-f]{64}$/);
  const states = [
    ['village', village.id, 'active'],
    ['authority', village.id, 'active'],
    ['domain', village.domain, 'active'],
    ['authority', reefs, 'active'],
    ['slug', 'reefs', 'active'],
    ['record', record, 'active'],
    ['grant', grant, 'revoked'],
  ];
  for (const [subjectClass, id, status] of states)
    assert.equal((await stateOf(subjectClass, id)).status, status, `${subjectClass} ${id}`);
  const { statement } = await read(server, `/v1/statements/${revocation}`);
  assert.equal(statement.body.grant, grant);
});

test('The absence of a subject is proved, in each class.', async () => {
  for (const subjectClass of classes) {
    const id =
      subjectClass === 'slug'
        ? 'no-such-place'
        : ['revocation', 'foreignGrant'].includes(subjectClass)
          ? '0a'.repeat(64)
          : '0a'.repeat(32);
    assert.equal((await stateOf(subjectClass, id)).present, false, subjectClass);
  }
});

test('Subjects that nobody can be called are refused.', async () => {
  const wrong = [
    '/v1/state/records/x',
    '/v1/state/Record/' + record,
    `/v1/state/record/${record.slice(2)}`,
    `/v1/state/record/${record}00`,
    `/v1/state/record/${record.toUpperCase()}`,
    '/v1/state/record/x',
    '/v1/state/none/00',
    `/v1/state/revocation/${record}`,
    `/v1/state/foreignGrant/${record}`,
    `/v1/state/grant/0x${record.slice(2)}`,
  ];
  for (const path of wrong) {
    refused(await get(server, path), 400);
    refused(await get(server, `${path}/state-proof`), 400);
  }
  for (const path of [
    '/v1/state/slug/a/b',
    '/v1/state/slug/../slug/records',
    '/v1/state/slug/a/state-proof/',
  ])
    refused(await get(server, path), 404);
});

test('A name that no slug can have is refused, and not proved to be absent.', async () => {
  for (const slug of [
    'a'.repeat(64),
    'Records',
    '-records',
    'rec%6frds',
    'rec%2fords',
    'a.b',
    '..',
    '%00',
  ]) {
    refused(await get(server, `/v1/state/slug/${slug}`), 400, { code: 'malformed' });
    refused(await get(server, `/v1/state/slug/${slug}/state-proof`), 400, { code: 'malformed' });
  }
});

test('Sizes and indices without a proof are refused or not found.', async () => {
  const newest = (await read(server, '/v1/checkpoint')).size;
  const malformed = [
    'inclusion',
    'inclusion?size=4',
    'inclusion?index=',
    'inclusion?index=x',
    'inclusion?index=-1',
    'inclusion?index=0&size=0',
    'inclusion?index=18446744073709551616',
    'consistency',
    'consistency?to=4',
    'consistency?from=0',
    'consistency?from=0&to=0',
    'consistency?from=5&to=4',
    'consistency?from=1e1',
    'consistency?from=1&to=0',
    'consistency?from=01',
  ];
  for (const each of malformed)
    refused(await get(server, `/v1/proofs/${each}`), 400, { code: 'malformed' });
  const beyond = [
    `inclusion?index=${newest}`,
    `inclusion?index=0&size=${newest + 1}`,
    'inclusion?index=4&size=4',
    'inclusion?index=18446744073709551615',
    'inclusion?index=0&size=18446744073709551615',
    `consistency?from=1&to=${newest + 1}`,
    `consistency?from=${newest + 1}`,
    'consistency?from=18446744073709551615&to=18446744073709551615',
  ];
  for (const each of beyond)
    refused(await get(server, `/v1/proofs/${each}`), 404, { code: 'not found' });
});

test('The state of what is hidden is answered like that of what is not there.', async () => {
  const never = '0a'.repeat(32);
  for (const [subjectClass, id] of [
    ['grant', hiddenGrant],
    ['record', hidden],
  ]) {
    refused(await get(server, `/v1/statements/${id}`), 404);
    for (const path of [
      `/v1/state/${subjectClass}/${id}`,
      `/v1/state/${subjectClass}/${id}/state-proof`,
    ])
      refused(await get(server, path), 404, { code: 'not found' });
  }
  assert.equal((await stateOf('record', never)).present, false);
});
