// SPDX-License-Identifier: AGPL-3.0-or-later

// An older copy of a village's ledger, of which nobody knows that it is older but its witnesses.
import { get, read } from './checked.js';
import { Guardian } from './guardian.js';
import {
  allWitnessed,
  among,
  anchorOf,
  overridesOf,
  parts,
  policyOf,
  removeEverybody,
  until,
} from './witnesses.js';
import assert from 'node:assert/strict';
import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { afterEach, test } from 'node:test';

afterEach(removeEverybody);

function putBack(village, copy) {
  const ledger = village.path(village.directory, 'ledger');
  rmSync(ledger, { recursive: true });
  cpSync(village.path(copy), ledger, { recursive: true });
}

// Puts back what there was before the last record, which all witnesses have cosigned; what it was
// then is in `newer`. Answers with the id of a grant that both know.
async function rollBack(village) {
  const ledger = village.path(village.directory, 'ledger');
  const auditor = new Guardian('auditor').publicKey;
  const grant = await village.sequence(
    ...['grant', '--auditor', auditor, '--purpose', 'audit', '--days', '3'],
  );
  cpSync(ledger, village.path('older'), { recursive: true });
  const server = await village.serve();
  await village.addRecord('Only the newer copy has this');
  await allWitnessed(server, 2);
  await server.stop();
  cpSync(ledger, village.path('newer'), { recursive: true });
  putBack(village, 'older');
  rmSync(anchorOf(village));
  return grant;
}

test('It signs nothing, and holds what takes back until the newer one is there.', async () => {
  const { log } = await among('rimu', 'kauri');
  const grant = await rollBack(log);
  const refused = await log.run('record', 'add', '--title', 'forked');
  assert.equal(refused.code, 3, refused.complaint);
  assert.match(refused.complaint, /witness rimu has cosigned \d+ entries of this log/);
  assert.match(refused.complaint, /--accept-rollback/);
  const revoked = await log.ask('revoke', grant);
  assert.equal(revoked.outcome, 'held');
  assert.match(revoked.readOnlyReason, /older than what was signed already/);
  const { witnesses } = await log.ask('status');
  assert.deepEqual(
    witnesses.claims.map(({ witness, claim }) => [witness, claim]),
    [
      ['rimu', 'ahead'],
      ['kauri', 'ahead'],
    ],
  );
  assert.match((await log.run('status')).out, /rimu SAYS THAT IT COSIGNED \d+ entries, MORE THAN/);

  putBack(log, 'newer');
  await log.addRecord('Goes on');
  assert.match((await log.run('grant', 'list')).out, /revoked by #/);
  assert.deepEqual((await log.ask('status')).witnesses.claims, []);
  assert.equal(existsSync(log.path(log.directory, 'run', 'overrides')), false);
});

test('A server on it signs nothing and says why.', async () => {
  const { log } = await among('rimu', 'kauri');
  const grant = await rollBack(log);
  const { size } = await log.ask('status');
  const server = await log.serve();
  const health = await read(server, '/healthz');
  assert.equal(health.signing, false);
  assert.match(health.readOnly.want, /older than what was signed already/);
  assert.equal((await parts(server)).witnessed.agreed, false);
  assert.match((await get(server, '/metrics')).value, /outcome="ahead"/);
  assert.equal((await log.ask('revoke', grant)).outcome, 'held');
  assert.equal((await log.run('record', 'add', '--title', 'forked')).code, 3);
  assert.equal((await parts(server)).size, size);
});

test('It goes on where a person says that the newer one is lost, and that is written down.', async () => {
  const { log } = await among('rimu', 'kauri');
  await rollBack(log);
  const added = await log.run('record', 'add', '--title', 'After the fire', '--accept-rollback');
  assert.equal(added.code, 0, added.complaint);
  assert.match(overridesOf(log), /accepted a rollback: .*witness rimu has cosigned \d+ entries/);
  assert.match((await log.run('status')).out, /a person has accepted that/);
  assert.deepEqual((await log.ask('status')).witnesses.claims.map(({ accepted }) => accepted), [
    true,
    true,
  ]);
  // The witnesses have another history from now on: too few are left to agree.
  const next = await log.run('record', 'add', '--title', 'And then');
  assert.equal(next.code, 3, next.complaint);
  assert.match(next.complaint, /the quorum "enough"/);
  log.configureKey('witness', 'policy', '""');
  await log.addRecord('Until there are other witnesses');
});

test('It goes on by a server that was started so, and that is written down once.', async () => {
  const { log } = await among('rimu', 'kauri');
  await rollBack(log);
  const server = await log.serve('--accept-rollback');
  await until('it signs', async () => (await read(server, '/healthz')).signing);
  await log.addRecord('After the fire');
  assert.equal(overridesOf(log).trim().split('\n').length, 1);
});

test('A command asks no witness where a server of its village has asked them.', async () => {
  const { log, witnesses } = await among('rimu', 'kauri');
  const server = await log.serve();
  await allWitnessed(server, 2);
  for (const each of witnesses) await each.stop();
  await log.addRecord('While its server knows');
  await server.stop();
  const alone = await log.run('record', 'add', '--title', 'Nobody knows');
  assert.equal(alone.code, 3, alone.complaint);
  assert.match(alone.complaint, /witness rimu: no connection/);
  assert.match(alone.complaint, /the quorum "enough"/);
  const accepted = await log.run('record', 'add', '--title', 'Said so', '--accept-rollback');
  assert.equal(accepted.code, 0, accepted.complaint);
  assert.match(overridesOf(log), /accepted a rollback: .*witness rimu: no connection/);
});

// What `export` and `open` make of a village on a machine that has no anchor of it.
async function copyOf(village, name) {
  const exported = await village.run('export', `${name}-bundle`, '--view=full');
  assert.equal(exported.code, 0, exported.complaint);
  const opened = await village.run('open', `${name}-bundle`, name, '--id', village.id);
  assert.equal(opened.code, 0, opened.complaint);
  const policy = policyOf(village);
  return (...words) =>
    village.run('move', '--no-passphrase', '--village', village.path(name), '--policy', policy, ...words);
}

test('A village moves nowhere from behind what a witness has cosigned.', async () => {
  const { log } = await among('rimu', 'kauri');
  const move = await copyOf(log, 'copy');
  const server = await log.serve();
  await log.addRecord('Beyond the bundle');
  await allWitnessed(server, 2);
  await server.stop();
  rmSync(anchorOf(log));
  for (const words of [[], ['--no-checkpoint']]) {
    const behind = await move(...words);
    assert.equal(behind.code, 1, behind.complaint);
    assert.match(behind.complaint, /witness rimu has cosigned \d+ entries of this log/);
  }
  assert.deepEqual(readdirSync(log.path('copy', 'keys')), []);
});

test('A village moves where its witnesses agree, or a person says that they are gone.', async () => {
  const { log, witnesses } = await among('rimu', 'kauri');
  const server = await log.serve();
  await allWitnessed(server, 2);
  await server.stop();
  const [agreed, alone] = [await copyOf(log, 'agreed'), await copyOf(log, 'alone')];
  rmSync(anchorOf(log));
  for (const each of witnesses) await each.stop();
  const unheard = await alone();
  assert.equal(unheard.code, 3, unheard.complaint);
  assert.match(unheard.complaint, /--no-checkpoint where they are gone for good/);
  for (const each of witnesses) await each.start();
  const moved = await agreed(); // with no other checkpoint to compare with
  assert.equal(moved.code, 0, moved.complaint);
  rmSync(anchorOf(log));
  for (const each of witnesses) await each.stop();
  const insisted = await alone('--no-checkpoint');
  assert.equal(insisted.code, 0, insisted.complaint);
  assert.match(
    log.read('alone', 'run', 'overrides').toString(),
    /accepted a move from size \d+ that too few of its witnesses were heard on/,
  );
});

test('By a quorum of none a village moves only where a witness was heard at least.', async () => {
  const { log, witnesses } = await among('rimu');
  const server = await log.serve();
  await allWitnessed(server);
  await server.stop();
  log.write(`${log.directory}/witnesses.policy`, `log ${log.vkey}\n${witnesses[0].line}quorum none\n`);
  const move = await copyOf(log, 'copy');
  rmSync(anchorOf(log));
  await witnesses[0].stop();
  const unheard = await move();
  assert.notEqual(unheard.code, 0);
  assert.match(unheard.complaint, /one that a witness, a peer or an auditor has/);
  assert.deepEqual(readdirSync(log.path('copy', 'keys')), []);
  await witnesses[0].start();
  const heard = await move();
  assert.equal(heard.code, 0, heard.complaint);
});

test('A witness that was ahead and fell silent still forbids to sign.', async () => {
  const { log, witnesses } = await among('rimu', 'kauri');
  await rollBack(log);
  const refused = await log.run('record', 'add', '--title', 'forked');
  assert.equal(refused.code, 3, refused.complaint);
  for (const each of witnesses) await each.stop();
  const silent = await log.run('record', 'add', '--title', 'forked');
  assert.equal(silent.code, 3, silent.complaint);
  assert.match(silent.complaint, /witness rimu said, as of .*, that it has cosigned \d+ entries/);
  assert.match(silent.complaint, /older than what was signed already/);
});
