// SPDX-License-Identifier: AGPL-3.0-or-later

// Commands of the village's own machine beside its server: it is the one that writes.
import assert from 'node:assert/strict';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { get, kelpBay, read, refused, submit } from './checked.js';
import { Listener } from './client.js';
import { basisOf, bytesOf, Guardian, grantOf, statementOf } from './guardian.js';

const { village, server, mere, reefs } = await kelpBay();
after(() => village.remove());

const submissions = async () => {
  const { body } = await get(server, '/metrics');
  return Number(/^holdfast_submissions_total (\d+)$/m.exec(body.toString())[1]);
};
const framed = (bytes) => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, Buffer.from(bytes)]);
};
const grantTo = async (name) =>
  grantOf(village, reefs, new Guardian(name), basisOf(await read(server, '/v1/checkpoint')));

test('What a command submits is sequenced by the server that runs, and heard of at once.', async () => {
  const before = await submissions();
  const listener = await new Listener(server, '/v1/events').open;
  const grant = await village.sequence(
    ...['grant', '--auditor', new Guardian('other').publicKey, '--days', '3', '--purpose', 'x'],
  );
  await village.ask('revoke', grant);
  const told = Date.now();
  const heard = await listener.next(({ data }) => data.kind === 'revocation', 3_000);
  assert.ok(heard.at - told < 500, `${heard.at - told} ms after the command had ended`);
  listener.close();
  assert.equal((await submissions()) - before, 2);
});

test('A record goes over with its content, and an import with the rows that it is known again by.', async () => {
  const id = await village.addRecord('Tides');
  const shown = await village.ask('record', 'show', id);
  assert.ok(JSON.stringify(shown).includes('Of Tides.'));
  mkdirSync(village.path('documents'));
  for (let i = 0; i < 20; ++i)
    writeFileSync(village.path('documents', `${i}.md`), `# Document ${i}\n\nText ${i}.\n`);
  const before = await submissions();
  const first = await village.ask('import', 'documents');
  assert.deepEqual([first.added, first.unchanged], [20, 0]);
  assert.ok((await submissions()) > before);
  const second = await village.ask('import', 'documents');
  assert.deepEqual([second.added, second.unchanged], [0, 20]);
});

test('A refusal is told by the command as the server gave it.', async () => {
  const { code, complaint } = await village.run('revoke', 'f'.repeat(64));
  assert.notEqual(code, 0);
  const draft = await village.draft(
    'twice',
    ...['grant', '--auditor', new Guardian('late').publicKey, '--days', '3', '--purpose', 'x'],
  );
  draft.statements = Buffer.from(draft.statements, 'base64');
  assert.ok(complaint.length > 0);
  const { value } = await submit(server, { ...draft, statements: draft.statements.toString('base64') });
  assert.equal(value.statements[0].knownAlready, false);
  const again = await village.ask('submit', 'twice');
  assert.equal(again.statements[0].index, value.statements[0].index);
});

test('A socket that nobody answers at is passed over.', async () => {
  const copy = village.copy('without-server');
  renameSync(village.path('without-server', 'run'), village.path('without-server', 'run-was'));
  mkdirSync(village.path('without-server', 'run'));
  writeFileSync(village.path('without-server', 'run', 'holdfast.sock'), '');
  const { code, complaint } = await copy.run('status', '--writable');
  assert.ok(!/sock/.test(complaint), complaint);
  assert.equal(typeof code, 'number');
});

test('Statements that are signed already are taken as they are, many at once or none.', async () => {
  const signed = [mere.signed(await grantTo('a')), mere.signed(await grantTo('b'))];
  const both = Buffer.concat(signed.map(framed)).toString('base64');
  const { status, value } = await submit(server, { signedStatements: both });
  assert.equal(status, 200, JSON.stringify(value));
  assert.equal(value.statements[1].index, value.statements[0].index + 1);
  const known = await submit(server, { signedStatements: both });
  assert.ok(known.value.statements.every(({ knownAlready }) => knownAlready));

  const size = (await read(server, '/v1/checkpoint')).size;
  const bad = statementOf(
    village,
    'revocation',
    { domain: bytesOf(reefs), grant: new Uint8Array(32).fill(7) },
    basisOf(await read(server, '/v1/checkpoint')),
  );
  const unsigned = new Guardian('nobody').signed(await grantTo('c'));
  const mixed = Buffer.concat([framed(mere.signed(bad)), framed(unsigned)]).toString('base64');
  refused(await submit(server, { signedStatements: mixed }), 403);
  assert.equal((await read(server, '/v1/checkpoint')).size, size);
});

test('What only the village’s own machine vouches for is refused over the network.', async () => {
  const signed = framed(mere.signed(await grantTo('d'))).toString('base64');
  const row = Buffer.concat([Buffer.from([0, 0, 0, 0, 1]), framed(Buffer.alloc(64))]).toString('base64');
  const id = '0'.repeat(64);
  refused(await submit(server, { signedStatements: signed, sideRows: row }), 403);
  refused(await submit(server, { signedStatements: signed, openings: { [id]: '' } }), 403);
  refused(await submit(server, { signedStatements: signed, statements: signed }), 400);
  refused(await submit(server, { signedStatements: signed, contents: { [id]: '' } }), 400);
  refused(await submit(server, { signedStatements: signed.slice(4) }), 400);
  refused(await submit(server, { sideRows: row }), 400);
});

test('A command goes on by itself where the server that holds the socket is frozen.', async () => {
  const before = (await read(server, '/v1/checkpoint')).size;
  server.signal('SIGSTOP');
  try {
    await village.addRecord('While it slept');
  } finally {
    server.signal('SIGCONT');
  }
  assert.ok((await read(server, '/v1/checkpoint')).size > before);
});
