// SPDX-License-Identifier: AGPL-3.0-or-later

// Consent given to a village, through an agreement: what the routes of grants tell of it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { hex } from '../../api/web/reader/bytes.js';
import { verifyStateProof } from '../../api/web/reader/proof_file.js';
import { get, kelpBay, read, refused, submit } from './checked.js';
import { basisOf, bytesOf, grantOf, idOf, statementOf } from './guardian.js';
import { joinCouncil, Meeting } from './meeting.js';

const { village, server, mere, reefs } = await kelpBay();
after(() => village.remove());

let meeting;
before(async () => {
  await joinCouncil(village, server, mere);
  meeting = await Meeting.with(village, server, mere);
  await meeting.offer();
});

const operations = { query: false, share: true, train: false, audit: false, mirror: false };
// A draft of consent to share what the reefs' domain has with the village that is met.
const granting = async (rest = {}) => {
  const grantee = { member: 'agreement', value: bytesOf(meeting.agreement) };
  const basis = basisOf(await read(server, '/v1/checkpoint'));
  const body = { grantee, operations, purposes: ['the bay'] };
  return grantOf(village, reefs, mere, { ...basis, ...rest }, body);
};
const give = async (rest) => {
  const statement = await granting(rest);
  const { status, value } = await submit(server, mere.draft([statement]));
  assert.equal(status, 200, JSON.stringify(value));
  return idOf(statement);
};
const trust = { village: bytesOf(village.id) };
// Whether it is live, how many reasons there are why not, and what each state proof proves.
const standing = async (grant) => {
  const { live, reasons, stateProofs, checkpoint } = await read(server, `/v1/grants/${grant}`);
  const proved = {};
  for (const [name, file] of Object.entries(stateProofs)) {
    proved[name] = (await verifyStateProof(Buffer.from(file), trust)).status;
    assert.ok(file.endsWith(checkpoint), name);
  }
  return { live, reasons, ...proved };
};
const whole = { domain: 'active', village: 'active', revocation: 'absent' };

test('Nothing is given to a village before it has agreed.', async () => {
  const { rule } = refused(await submit(server, mere.draft([await granting()])), 422);
  assert.match(rule, /^GRANT-/);
  const said = await read(server, `/v1/grantees/${hex(meeting.peer.id)}`);
  assert.equal(said.given, false);
  await meeting.accept();
});

test('A grant to a village is live with its agreement, which is proved beside it.', async () => {
  const grant = await give();
  assert.deepEqual(await standing(grant), {
    ...whole, live: true, reasons: [], grant: 'active', agreement: 'active',
  });
  const { stateProofs } = await read(server, `/v1/grants/${grant}`);
  const file = Buffer.from(stateProofs.agreement);
  const { code } = await village.verify('state-proof', file, '--village', village.id);
  assert.equal(code, 0);
});

test('That a village was given something is told under its id, and proved.', async () => {
  const grantee = hex(meeting.peer.id);
  const { count } = await read(server, `/v1/grantees/${grantee}`);
  await give();
  const said = await read(server, `/v1/grantees/${grantee}`);
  assert.deepEqual([said.given, said.count], [true, count + 1]);
  assert.equal((await verifyStateProof(Buffer.from(said.stateProof), trust)).status, 'active');
  // Neither the agreement nor a member of the village is who was given it.
  for (const other of [meeting.agreement, hex(mere.id)])
    assert.equal((await read(server, `/v1/grantees/${other}`)).given, false, other);
});

test('A grant that is not open is not told of, and a guardian of its domain is shown it.', async () => {
  const grant = await give({ visibility: 'parties' });
  for (const path of [`/v1/grants/${grant}`, `/v1/state/grant/${grant}`])
    refused(await get(server, path), 404, { code: 'not found' });
  const path = `/v1/grants/${grant}`;
  const { status, value } = await get(server, path, { Authorization: mere.token(village, path) });
  assert.deepEqual([status, value.live], [200, true]);
});

test('A grant that is revoked is not live, whatever the agreement is.', async () => {
  const grant = await give();
  const body = { domain: bytesOf(reefs), grant: bytesOf(grant) };
  const basis = basisOf(await read(server, '/v1/checkpoint'));
  const revocation = statementOf(village, 'revocation', body, basis);
  assert.equal((await submit(server, mere.draft([revocation]))).status, 200);
  const { live, reasons, ...proved } = await standing(grant);
  assert.equal(live, false);
  assert.equal(reasons.length, 1);
  assert.deepEqual(proved, {
    ...whole, grant: 'revoked', agreement: 'active', revocation: 'active',
  });
});

test('No grant is live while the agreement is suspended, and none is given.', async () => {
  const grant = await give();
  await meeting.suspend();
  const { live, reasons, ...proved } = await standing(grant);
  assert.equal(live, false);
  assert.match(reasons.join('; '), /^agreement is suspended since entry #\d+$/);
  assert.deepEqual(proved, { ...whole, grant: 'active', agreement: 'suspended' });
  refused(await submit(server, mere.draft([await granting()])), 422);
});
