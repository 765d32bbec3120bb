// SPDX-License-Identifier: AGPL-3.0-or-later

// What is shown of a peer that no lawful village would show, or can show no more. The rules are
// asked about a receipt alone, its signer given.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { empty, zeros32 } from './bytes.js';
import { judgeNext } from './key_history.js';
import { MadePeer, idNumbered, keyNamed, madeAt, madeGenesis } from './made_peer.js';
import { detailOfPeer, peerOfGenesis } from './peer.js';
import { foreignGrantId } from './rules_live.js';
import { receipt } from './rules_receipts.js';
import { subjectOf } from './state.js';
import { State } from './state_view.js';
import { decodeSigned } from './statement.js';
import { Step, keyIdsOf } from './step.js';

const ours = idNumbered(3), termsHash = idNumbered(4);
const agreement = idNumbered(5), theirAgreement = idNumbered(6), otherAgreement = idNumbered(7);
const domain = idNumbered(8), grant = idNumbered(9), answered = idNumbered(10);
const refused = idNumbered(11), transfer = idNumbered(12);
const agent = keyNamed('agent');

const terms = {
  domain,
  grantee: { member: 'agreement', value: theirAgreement },
  records: { member: 'all', value: null },
  operations: { query: true, share: true, train: false, audit: false, mirror: false },
  shapes: [], purposes: ['research'], notBefore: madeAt, notAfter: madeAt + 86400n,
  limits: { calls: 0n, callsPerDay: 0n, minimumCell: 0, characters: 0n },
  onward: 'none',
  obligations: { attribute: false, deleteOnRevocation: false, reportUse: false },
  tikanga: '',
};
const used = { day: 0n, callsOnDay: 0n, calls: 0n };
const agreed = (peer) =>
  ({ peer, termsHash, revision: 1n, kind: 'peer', purpose: 'research', endpoint: '' });
const asked = { grant, queryId: new Uint8Array(16), commitment: empty, reason: '' };

// The peer, with what it has given; `under`: the agreement that it says it has answered under.
async function madePeer({ under = theirAgreement, grantStatus = 'active' } = {}) {
  const peer = await MadePeer.found();
  peer.put('agreement', theirAgreement, agreed(ours));
  peer.put('domain', domain, {
    slug: 'records', disclosure: { minimumCell: 0, rounding: 0 }, trainingChanged: 0n,
  });
  peer.put('grant', grant, { terms, ...used }, grantStatus);
  peer.put('inference', answered, { ...asked, agreement: under, commitment: idNumbered(13) });
  peer.put('inference', refused, { ...asked, agreement: theirAgreement, reason: 'no' });
  peer.put('transfer', transfer, { direction: 'out', agreement: theirAgreement, grant });
  await peer.seal();
  return peer;
}

// A village that knows the peer as it was founded, and its grant.
async function ledgerThatKnows(peer) {
  const known = await peerOfGenesis(peer.items[0].signedStatement, peer.id);
  const state = new State();
  const put = (subjectClass, id, detail) =>
    state.apply([subjectOf(subjectClass, id, {
      status: 'active', version: 1n, firstIndex: 1n, lastIndex: 1n, detail,
    })]);
  put('agent', agent.id, { key: agent.key, capability: 'act' });
  put('agreement', agreement, agreed(peer.id));
  put('peer', peer.id, {
    agreement, origin: known.origin, ...detailOfPeer(known),
    size: 0n, root: zeros32, observedAt: 0n,
  });
  put('foreignGrant', foreignGrantId(peer.id, grant), {
    agreement, grantee: ours, terms, size: 2n,
  });
  return state;
}

// The subjects that a receipt changes, by class.
async function received(peer, acknowledges, of, shown) {
  const body = {
    sequence: 1n, agreement, acknowledges, of, envelope: empty, rejected: '', state: shown,
    revocation: empty,
  };
  const step = new Step({
    state: await ledgerThatKnows(peer),
    log: { village: ours },
    entry: { index: 40n, time: madeAt },
    signed: { id: idNumbered(14), statement: { kind: 'receipt', body } },
    signers: keyIdsOf([agent.key]),
  });
  await receipt(step);
  return Object.fromEntries(step.changes.map((subject) => [subject.subjectClass, subject]));
}

const refusedBy = (code, rule) => (error) => error.code === code && error.rule === rule;

const ofGrant = [['agreement', theirAgreement], ['domain', domain], ['grant', grant]];
const giving = {
  answer: [answered, [...ofGrant, ['inference', answered]]],
  grant: [grant, ofGrant],
  transfer: [transfer, [['transfer', transfer]]],
};

for (const [what, [of, subjects]] of Object.entries(giving)) {
  test(`a receipt of ${what}: of a peer that goes on, and of none that has ended`, async () => {
    const peer = await madePeer();
    assert.ok((await received(peer, what, of, peer.shows([], ...subjects))).receipt);
    const exit = await peer.exit();
    await peer.seal();
    await assert.rejects(
      received(peer, what, of, peer.shows([exit], ...subjects)), refusedBy('invalid', 'PEER-7'));
  });
}

test('a revocation is taken from a peer that has ended, which is then known', async () => {
  const peer = await madePeer({ grantStatus: 'revoked' });
  const exit = await peer.exit();
  await peer.seal();
  const set = await received(peer, 'revocation', grant, peer.shows([exit], ['grant', grant]));
  assert.equal(set.foreignGrant.status, 'revoked');
  assert.equal(set.peer.status, 'exited');
  assert.equal(set.peer.detail.villageVersion, 2n);
});

test('so is a refusal', async () => {
  const peer = await madePeer();
  const exit = await peer.exit();
  await peer.seal();
  const set =
    await received(peer, 'refusal', refused, peer.shows([exit], ['inference', refused]));
  assert.equal(set.receipt.detail.verified, true);
  assert.equal(set.peer.status, 'exited');
});

test("a receipt of an answer under another agreement than its grant's", async () => {
  const peer = await madePeer({ under: otherAgreement });
  const [of, subjects] = giving.answer;
  await assert.rejects(
    received(peer, 'answer', of, peer.shows([], ...subjects)), refusedBy('invalid', 'RECEIPT-5'));
});

test('an inference that has a commitment and a reason is neither answer nor refusal', async () => {
  const peer = await madePeer();
  const both = idNumbered(15);
  peer.put('inference', both, {
    ...asked, agreement: theirAgreement, commitment: both, reason: 'no',
  });
  await peer.seal();
  await assert.rejects(
    received(peer, 'refusal', both, peer.shows([], ['inference', both])),
    refusedBy('invalid', 'PEER-5'));
});

// --- a peer's genesis, and what follows ---

const founded = (genesis) => peerOfGenesis(genesis, decodeSigned(genesis).id);

test("a peer's genesis is what every statement has to be", async () => {
  await founded(madeGenesis());
  await founded(madeGenesis({ sequenceBy: madeAt + 366n * 86400n }));
  const unlawful = [
    { visibility: 'peers' },
    { sequenceBy: madeAt - 1n },
    { sequenceBy: madeAt + 366n * 86400n + 1n },
    { basisSize: 2n },
    { basisRoot: idNumbered(1) },
    { village: idNumbered(1) },
  ];
  for (const rest of unlawful) {
    await assert.rejects(founded(madeGenesis(rest)), refusedBy('invalid', 'PEER-1'));
  }
});

test('what follows under rules that nobody knows cannot be judged', async () => {
  const peer = await madePeer();
  const exit = decodeSigned(peer.items[await peer.exit()].signedStatement);
  const state = new State();
  const village = peer.subject('village', peer.id);
  const under = (rules) =>
    subjectOf('village', peer.id, {
      ...village, status: 'active', detail: { ...village.detail, rules },
    });
  const place = { index: 3n, time: madeAt };
  state.apply([under(2), peer.subject('authority', peer.id)]);
  assert.equal((await judgeNext(state, peer.id, exit, place)).changes.length, 1);
  state.apply([under(3)]);
  await assert.rejects(
    judgeNext(state, peer.id, exit, place), refusedBy('unknown version', 'RULES-1'));
});
