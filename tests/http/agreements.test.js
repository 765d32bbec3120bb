// SPDX-License-Identifier: AGPL-3.0-or-later

// Consent given to a village, through an agreement: what the routes of grants tell of it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { hex } from '../../api/web/reader/bytes.js';
import { verifyStateProof } from '../../api/web/reader/proof_file.js';
import { get, kelpBay, read, refused, submit } from './checked.js';
import { basisOf, bytesOf, Guardian, grantOf, idOf, statementOf } from './guardian.js';
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

// Of the other village's council, who names the agreement; what it is answered.
const theirs = new Guardian('council');
const shownToPeer = async (grant, rest = { grants: [bytesOf(meeting.agreement)] }) => {
  const path = `/v1/state/grant/${grant}`;
  return get(server, path, { Authorization: theirs.token(village, path, rest) });
};
const giveAuditor = async (visibility) => {
  const basis = basisOf(await read(server, '/v1/checkpoint'));
  const statement = grantOf(village, reefs, new Guardian('auditor'), { ...basis, visibility });
  assert.equal((await submit(server, mere.draft([statement]))).status, 200);
  return idOf(statement);
};

test('A peer is shown what is for peers, and what it is party to, by the agreement that it names.', async () => {
  for (const [visibility, own, others] of [
    ['open', 200, 200],
    ['peers', 200, 200],
    ['parties', 200, 404],
  ]) {
    const [toPeer, toAuditor] = [await give({ visibility }), await giveAuditor(visibility)];
    assert.equal((await shownToPeer(toPeer)).status, own, visibility);
    assert.equal((await shownToPeer(toAuditor)).status, others, visibility);
    if (visibility !== 'open') refused(await get(server, `/v1/state/grant/${toPeer}`), 404);
  }
});

test('Whoever is of no peer\u2019s council, or names no agreement with it, is nobody here.', async () => {
  const grant = await give({ visibility: 'peers' });
  refused(await shownToPeer(grant, {}), 403, { rule: 'ACCESS-5' });
  refused(await shownToPeer(grant, { grants: [bytesOf(grant)] }), 403, { rule: 'ACCESS-5' });
  const path = `/v1/state/grant/${grant}`;
  const other = new Guardian('another').token(village, path, {
    grants: [bytesOf(meeting.agreement)],
  });
  refused(await get(server, path, { Authorization: other }), 403, { rule: 'ACCESS-5' });
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
  const forPeers = await give({ visibility: 'peers' });
  assert.equal((await shownToPeer(forPeers)).status, 200);
  await meeting.suspend();
  refused(await shownToPeer(forPeers), 404, { code: 'not found' });
  const { live, reasons, ...proved } = await standing(grant);
  assert.equal(live, false);
  assert.match(reasons.join('; '), /^agreement is suspended since entry #\d+$/);
  assert.deepEqual(proved, { ...whole, grant: 'active', agreement: 'suspended' });
  refused(await submit(server, mere.draft([await granting()])), 422);
});
