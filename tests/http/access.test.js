// SPDX-License-Identifier: AGPL-3.0-or-later

// Who is shown more, by a token of their own; and what is told of grants, grantees and records.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { checkCommitment, decodeEntry } from '../../api/web/reader/entry.js';
import { verifyInclusion } from '../../api/web/reader/merkle.js';
import { openNote, parseCheckpoint, parseVerifierKey } from '../../api/web/reader/note.js';
import { parseTlogProof, verifyStateProof } from '../../api/web/reader/proof_file.js';
import { ask, get, kelpBay, read, refused } from './checked.js';
import { Raw, parseResponses } from './client.js';
import { operations } from './contract.js';
import { bytesOf } from './guardian.js';

const { village, server, mere, record, hidden, grant, hiddenGrant, auditor } = await kelpBay();
after(() => village.remove());

for (const name of ['ana', 'zed']) await village.ask('key', 'new', name, '--no-passphrase');
const { keys } = await village.ask('key', 'list');
const ana = keys.find(({ name }) => name === 'ana');
const audit = await village.sequence(
  'grant',
  '--auditor',
  ana.publicKey,
  '--days',
  '9',
  '--purpose',
  'the audit of ana',
  '--visibility',
  'guardians',
);

const token = async (method, target, key, ...words) =>
  (await village.ask('access', method, target, '--key', key, ...words)).authorization;
const askAs = async (key, target, ...words) =>
  get(server, target, { Authorization: await token('GET', target, key, ...words) });
const trust = { village: bytesOf(village.id) };

test('A guardian is shown what is hidden from others, and no cache keeps it.', async () => {
  const targets = [
    `/v1/statements/${hidden}`,
    `/v1/statements/${hidden}/bytes`,
    `/v1/state/record/${hidden}`,
    `/v1/state/grant/${hiddenGrant}`,
    `/v1/state/grant/${hiddenGrant}/state-proof`,
    `/v1/records/${hidden}/verification`,
    `/v1/grants/${hiddenGrant}`,
  ];
  for (const target of targets) {
    refused(await get(server, target), 404, { code: 'not found' });
    const { status, headers, value } = await askAs('kelp-bay', target);
    assert.equal(status, 200, `${target}: ${JSON.stringify(value)}`);
    assert.equal(headers['cache-control'], 'private, no-store', target);
    assert.equal(headers.etag, undefined, target);
  }
  const shown = (await askAs('kelp-bay', '/statements/000.p/8')).value;
  assert.ok(shown.length > (await read(server, '/statements/000.p/8')).length);
});

test('An auditor who names a grant is shown what it lets them audit, and nobody else is.', async () => {
  const target = `/v1/statements/${hidden}`;
  assert.equal((await askAs('ana', target, '--grant', audit)).status, 200);
  refused(await askAs('ana', target), 403, { rule: 'ACCESS-5' });
  const isRefused = async (key, ...words) => {
    const { status, body } = await askAs(key, target, ...words);
    assert.ok([403, 404].includes(status), `${status} ${body}`);
  };
  await isRefused('zed', '--grant', audit);
  await isRefused('ana', '--grant', grant);
  await isRefused('ana', '--grant', '0a'.repeat(32));
  await village.ask('revoke', audit);
  await isRefused('ana', '--grant', audit);
});

test('A token counts once, for one method, one target and one village.', async () => {
  const target = `/v1/statements/${hidden}`;
  const once = await token('GET', target, 'kelp-bay');
  assert.equal((await get(server, target, { Authorization: once })).status, 200);
  refused(await get(server, target, { Authorization: once }), 403);
  const others = [
    await token('POST', target, 'kelp-bay'),
    await token('GET', `${target}?`, 'kelp-bay'),
    await token('GET', `${target}/bytes`, 'kelp-bay'),
    await token('GET', target, 'kelp-bay', '--id', 'ab'.repeat(32)),
  ];
  for (const Authorization of others) refused(await get(server, target, { Authorization }), 403);
  const { status } = await ask(server, 'HEAD', target, {
    headers: { Authorization: await token('GET', target, 'kelp-bay') },
  });
  assert.ok([200, 403].includes(status));
});

test('A token that is spoiled anywhere does not count.', async () => {
  const target = `/v1/statements/${hidden}`;
  const [scheme, text] = (await token('GET', target, 'kelp-bay')).split(' ');
  const bytes = Buffer.from(text, 'base64url');
  for (let at = 0; at < bytes.length; at += 3) {
    const spoiled = Buffer.from(bytes);
    spoiled[at] ^= 1 << (at % 8);
    const { status, body } = await get(server, target, {
      Authorization: `${scheme} ${spoiled.toString('base64url')}`,
    });
    assert.ok([400, 403, 422].includes(status), `${at}: ${status}`);
    assert.ok(!body.includes('Council'));
  }
});

test('A token counts until its time has come, and from a minute ahead.', async () => {
  const target = '/v1/state/slug/records';
  const askAt = async (notAfter, rest = {}) =>
    get(server, target, { Authorization: mere.token(village, target, { notAfter, ...rest }) });
  const now = () => BigInt(Math.floor(Date.now() / 1000));
  for (const ahead of [2n, 45n, 60n]) assert.equal((await askAt(now() + ahead)).status, 200, ahead);
  // The server's clock is this one, read a little later, or at its last tick: a second either way.
  for (const ahead of [-86_400n, -60n, -1n, 63n, 90n, 86_400n])
    refused(await askAt(now() + ahead), 403, { code: 'unauthorised', rule: 'ACCESS-3' });
});

test('A token that was good when it was made has expired when it comes too late.', async () => {
  const target = `/v1/statements/${hidden}`;
  const notAfter = BigInt(Math.floor(Date.now() / 1000)) + 1n;
  const Authorization = mere.token(village, target, { notAfter });
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  const { detail } = refused(await get(server, target, { Authorization }), 403, {
    rule: 'ACCESS-3',
  });
  assert.match(detail, /notAfter/);
});

test('What is no token at all is refused wherever one counts, and passed over elsewhere.', async () => {
  const forms = [
    'x',
    'Holdfast',
    'Holdfast ',
    'Holdfast AAAA',
    'Holdfast AAAA=',
    'Holdfast ****',
    'Basic eDp4',
    'Bearer AAAA',
    `Holdfast ${'A'.repeat(12_000)}`,
  ];
  for (const Authorization of forms)
    refused(await get(server, '/checkpoint', { Authorization }), 400, { code: 'malformed' });
  for (const target of ['/healthz', '/metrics'])
    assert.equal((await get(server, target, { Authorization: 'x' })).status, 200);
  const raw = await new Raw(server.port).connected;
  raw.send('GET /checkpoint HTTP/1.1\r\nHost: x\r\nAuthorization: x\r\nAuthorization: y\r\n\r\n');
  assert.equal(
    parseResponses(Buffer.from(await raw.until((text) => text.endsWith('}\n')), 'latin1'))[0]
      .status,
    400,
  );
  raw.destroy();
});

test('A token for something else is refused by every route that shows more to some.', async () => {
  const examples = {
    '{level}': '0',
    '{tile}': '000.p/4',
    '{index}': '0',
    '{statement}': '0',
    '{class}': 'slug',
    '{id}': 'records',
    '{grant}': grant,
    '{grantee}': '0a'.repeat(32),
    '{record}': record,
  };
  for (const { path, method, security } of operations) {
    if (method !== 'get' || security?.length === 0) continue;
    const target = path.replace(/\{[a-z]+\}/g, (hole) => examples[hole]);
    const Authorization = await token('GET', '/elsewhere', 'kelp-bay');
    refused(await get(server, target, { Authorization }), 403, { rule: 'ACCESS-2' });
    const newer = Buffer.from(Authorization.split(' ')[1], 'base64url');
    newer[9] ^= 1; // its version
    refused(
      await get(server, target, { Authorization: `Holdfast ${newer.toString('base64url')}` }),
      422,
      { code: 'unknown version' },
    );
  }
});

test('A grant is live until it is revoked, and its proofs say why.', async () => {
  const given = await village.sequence(
    'grant',
    '--auditor',
    auditor.publicKey,
    '--days',
    '9',
    '--purpose',
    'once more',
  );
  const states = async () => {
    const said = await read(server, `/v1/grants/${given}`);
    const { statement } = await read(server, `/v1/statements/${given}`);
    assert.deepEqual(
      [said.notBefore, said.notAfter],
      [statement.body.notBefore, statement.body.notAfter],
    );
    const all = {};
    for (const [name, file] of Object.entries(said.stateProofs)) {
      all[name] = (await verifyStateProof(Buffer.from(file), trust)).status;
      assert.ok(file.endsWith(said.checkpoint), name);
    }
    return { live: said.live, reasons: said.reasons.length, ...all };
  };
  assert.deepEqual(await states(), {
    live: true,
    reasons: 0,
    grant: 'active',
    domain: 'active',
    village: 'active',
    revocation: 'absent',
  });
  await village.ask('revoke', given);
  assert.deepEqual(await states(), {
    live: false,
    reasons: 1,
    grant: 'revoked',
    domain: 'active',
    village: 'active',
    revocation: 'active',
  });
});

test('Whether somebody was ever given a grant is proved either way.', async () => {
  for (const [id, given] of [
    [Buffer.from(auditor.id).toString('hex'), true],
    ['0a'.repeat(32), false],
  ]) {
    const said = await read(server, `/v1/grantees/${id}`);
    assert.equal(said.given, given);
    assert.equal(said.count > 0, given);
    const { status } = await verifyStateProof(Buffer.from(said.stateProof), trust);
    assert.equal(status === 'absent', !given);
    assert.equal(
      (await village.verify('state-proof', Buffer.from(said.stateProof), '--village', village.id))
        .code,
      0,
    );
  }
});

test('The verification state of a record is found again by whoever has its evidence.', async () => {
  const withdrawn = await village.addRecord('Withdrawn'),
    erased = await village.addRecord('Erased');
  await village.ask('record', 'withdraw', withdrawn);
  await village.ask('record', 'erase', erased, '--yes');
  for (const [id, state, status] of [
    [record, 'fresh', 'active'],
    [withdrawn, 'fresh', 'withdrawn'],
    [erased, 'unverifiable', 'erased'],
  ]) {
    const said = await read(server, `/v1/records/${id}/verification`);
    assert.deepEqual([said.record, said.state, said.status], [id, state, status]);
    const { entry, signedStatement, tlogProof, stateProof } = said.evidence;
    const decoded = decodeEntry(new Uint8Array(Buffer.from(entry, 'base64')));
    checkCommitment(decoded, new Uint8Array(Buffer.from(signedStatement, 'base64')));
    const { index, path, note } = parseTlogProof(Buffer.from(tlogProof));
    const { size, root } = parseCheckpoint(
      (await openNote(note, [parseVerifierKey(village.vkey)])).text,
    );
    verifyInclusion(index, size, decoded.leaf, path, root);
    assert.equal(Number(size), said.size);
    assert.equal((await verifyStateProof(Buffer.from(stateProof), trust)).status, status);
  }
});

test('Grants, grantees and records that are not there, or are something else, are not found.', async () => {
  for (const path of [
    `/v1/grants/${record}`,
    `/v1/grants/${'0a'.repeat(32)}`,
    `/v1/records/${grant}/verification`,
    `/v1/records/${'0a'.repeat(32)}/verification`,
  ])
    refused(await get(server, path), 404, { code: 'not found' });
  for (const id of ['x', '0', record.slice(2), record.toUpperCase(), `${record}00`])
    for (const path of [`/v1/grants/${id}`, `/v1/grantees/${id}`, `/v1/records/${id}/verification`])
      refused(await get(server, path), 400, { code: 'malformed' });
});

test('Whoever has the newest answer about a grantee is told so with 304.', async () => {
  for (const path of [
    `/v1/grantees/${'0a'.repeat(32)}`,
    `/v1/grants/${grant}`,
    `/v1/records/${record}/verification`,
  ])
    assert.ok([200, 304].includes((await get(server, path, { 'If-None-Match': '*' })).status));
});

test('What follows from the time is never said to be unchanged.', async () => {
  for (const path of [`/v1/grants/${grant}`, `/v1/records/${record}/verification`]) {
    const { headers } = await get(server, path);
    const { status } = await get(server, path, { 'If-None-Match': headers.etag ?? '"0"' });
    assert.equal(status, 200, path);
  }
});
