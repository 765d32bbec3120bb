// SPDX-License-Identifier: AGPL-3.0-or-later

// Villages that cosign each other's checkpoints: who is asked, and how what they cosigned is shown.
import { get, read } from './checked.js';
import {
  allWitnessed,
  among,
  make,
  makeWitness,
  parts,
  policyOf,
  removeEverybody,
  setPolicy,
  until,
} from './witnesses.js';
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { afterEach, test } from 'node:test';

afterEach(removeEverybody);

// The names in a note's signature lines.
const signers = (note) =>
  note
    .split('\n\n')[1]
    .trim()
    .split('\n')
    .map((line) => line.split(' ')[1]);

test('Each checkpoint is cosigned, and shown with who cosigned it.', async () => {
  const { log } = await among('rimu', 'kauri', 'totara');
  const server = await log.serve();
  const first = await allWitnessed(server, 3);
  assert.equal(first.agreed, true);
  await log.addRecord('Low tide');
  const witnessed = await allWitnessed(server, 3);
  assert.ok(witnessed.size > first.size);
  const shown = await get(server, '/checkpoint');
  assert.deepEqual(signers(shown.value).toSorted(), [
    'kauri.invalid/ledger/witness',
    'kelp-bay.invalid/ledger',
    'rimu.invalid/ledger/witness',
    'totara.invalid/ledger/witness',
  ]);
  assert.equal(shown.headers['cache-control'], 'no-cache');
  assert.equal((await parts(server)).checkpoint, shown.value);
  assert.equal(witnessed.checkpoint, shown.value);
  assert.ok(Date.parse(witnessed.quorumTime) > Date.now() - 60_000);
  const metrics = (await get(server, '/metrics')).value;
  assert.match(metrics, new RegExp(`^holdfast_witnessed_size ${witnessed.size}$`, 'm'));
  assert.match(metrics, /^holdfast_witness_answers_total\{witness="rimu",outcome="cosigned"\} \d+$/m);
});

test('What is cosigned is shown by `status`, and verified by whoever has the keys.', async () => {
  const { log, witnesses } = await among('rimu', 'kauri');
  const nobodyYet = await log.ask('status');
  assert.deepEqual(nobodyYet.witnesses.witnessed.witnesses, []);
  const server = await log.serve();
  const { size } = await allWitnessed(server, 2);
  const status = await log.ask('status');
  assert.equal(status.witnesses.witnessed.size, size);
  assert.deepEqual(status.witnesses.claims, []);
  assert.match((await log.run('status')).out, /^witnessed: +\d+ entries, since .*, by rimu, kauri$/m);
  const note = (await get(server, '/checkpoint')).value;
  for (const vkey of [log.vkey, ...witnesses.map(({ key }) => key)]) {
    const checked = await log.verify('note', Buffer.from(note), '--vkey', vkey);
    assert.equal(checked.code, 0, JSON.stringify(checked));
  }
  const proof = (await get(server, '/v1/entries/2/tlog-proof')).value;
  assert.ok(proof.endsWith(note), 'an offline proof has the cosignatures too');
  const entry = Buffer.from((await get(server, '/v1/entries/2/bytes')).value);
  const words = [Buffer.from(proof), '--vkey', log.vkey, '--entry', entry];
  const proven = await log.verify('proof', ...words);
  assert.equal(proven.code, 0, JSON.stringify(proven));
  await server.stop();
  await log.addRecord('While nobody serves');
  assert.ok((await log.ask('status')).witnesses.witnessed.behind > 0);
});

test('The tag of a checkpoint changes as cosignatures come, while the log stays as it is.', async () => {
  const { log, witnesses } = await among('rimu', 'kauri', 'totara');
  await witnesses[2].stop();
  const server = await log.serve();
  const { size } = await allWitnessed(server, 2);
  for (const path of ['/checkpoint', '/v1/checkpoint', '/v1/entries/2/tlog-proof']) {
    const { headers } = await get(server, path);
    const known = await get(server, path, { 'If-None-Match': headers.etag });
    assert.equal(known.status, 304, path);
  }
  const { headers } = await get(server, '/checkpoint');
  await witnesses[2].start();
  const same = { 'If-None-Match': headers.etag };
  await until('a line more', async () => (await get(server, '/checkpoint', same)).status === 200);
  assert.equal(signers((await get(server, '/checkpoint')).value).length, 4);
  assert.equal((await parts(server)).size, size);
});

test('A quorum is reached without one that is silent, and nobody who submits waits for it.', async () => {
  const silent = createServer(() => {});
  await new Promise((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const { log, witnesses } = await among('rimu', 'kauri');
  const line = witnesses[1].line.replace(/http:\S+/, `http://127.0.0.1:${silent.address().port}`);
  setPolicy(log, [witnesses[0], { name: 'kauri', line }], 1);
  const server = await log.serve();
  for (let i = 0; i < 5; ++i) {
    const begun = performance.now();
    await log.addRecord(`Record ${i}`);
    const took = performance.now() - begun;
    assert.ok(took < 3_000, `${took} ms, while a witness takes 5 seconds to be given up`);
  }
  assert.deepEqual((await allWitnessed(server)).witnesses, ['rimu']);
  silent.closeAllConnections();
  silent.close();
});

test('Villages that are each other’s only witnesses can be started in any order.', async () => {
  const pair = [await make('north'), await make('south')];
  const asked = [await makeWitness('north-to-be', pair[1]), await makeWitness('south-to-be', pair[0])];
  for (const each of asked) await each.stop();
  for (const [i, village] of pair.entries()) {
    village.configureKey('witness', 'logs', JSON.stringify([pair[1 - i].vkey]));
    const server = await village.serve('--listen', `127.0.0.1:${asked[i].port}`);
    const { as } = server.log.find(({ event }) => event === 'witnessing');
    const url = `http://127.0.0.1:${asked[i].port}/witness`;
    setPolicy(pair[1 - i], [{ name: 'other', line: `witness other ${as} ${url}\n` }], 1);
    await server.stop();
  }
  const first = await pair[0].serve('--listen', `127.0.0.1:${asked[0].port}`);
  assert.match((await read(first, '/healthz')).readOnly.found, /witness other: no connection/);
  const second = await pair[1].serve('--listen', `127.0.0.1:${asked[1].port}`);
  await until('the first may sign', async () => (await read(first, '/healthz')).signing);
  for (const village of pair) await village.addRecord('Tide');
  for (const server of [first, second]) await allWitnessed(server);
});

test('Whoever is killed between two rounds goes on with the next.', async () => {
  const { log, witnesses } = await among('rimu', 'kauri');
  for (let i = 0; i < 4; ++i) {
    const server = await log.serve();
    await log.addRecord(`Record ${i}`);
    const killed = [server, ...witnesses.slice(i % 2).map((each) => each.server)];
    for (const each of killed) each.signal('SIGKILL');
    for (const each of killed) await each.ended;
    for (const each of witnesses.slice(i % 2)) await each.start();
  }
  const server = await log.serve();
  assert.equal((await allWitnessed(server, 2)).agreed, true);
  assert.deepEqual((await log.ask('status')).witnesses.claims, []);
});

test('A policy that makes no sense refuses the start, and says where.', async () => {
  const { log, witnesses } = await among('rimu');
  const fails = async (want) => {
    const { code, complaint } = await log.run('serve', '--listen', '127.0.0.1:0');
    assert.notEqual(code, 0);
    assert.match(complaint, want);
    // Nothing new is signed by commands either.
    const added = await log.run('record', 'add', '--title', 'x');
    assert.equal(added.code, 3, added.complaint);
    assert.match(added.complaint, want);
    assert.match((await log.ask('status')).witnesses.cannotTell, want);
  };
  const write = (text) => log.write(`${log.directory}/witnesses.policy`, text);
  write(`log ${log.vkey}\nwitness a b\nquorum none\n`);
  await fails(/witnesses\.policy: policy, line 2/);
  write(`log ${witnesses[0].village.vkey}\n${witnesses[0].line}quorum none\n`);
  await fails(/want log kelp-bay\.invalid/);
  rmSync(policyOf(log));
  await fails(/No such file/);
});

test('A log that no witness knows yet begins all the same.', async () => {
  const { log, witnesses } = await among('rimu');
  await witnesses[0].stop();
  witnesses[0].village.configureKey('witness', 'logs', `["${witnesses[0].village.vkey}"]`);
  await witnesses[0].start();
  const server = await log.serve();
  await log.addRecord('First tide');
  const { witnessed, size } = await parts(server);
  assert.deepEqual(witnessed, {
    size: 0,
    checkpoint: null,
    witnesses: [],
    quorumTime: null,
    behind: size,
    agreed: true,
  });
});
