// SPDX-License-Identifier: AGPL-3.0-or-later

// Consent is taken back, and whoever stands between keeps the news of it from who was given it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { carry, cut } from './gate.js';
import { neighbours, removeEverybody, until } from './neighbours.js';

const { holder, peers } = await neighbours('reef-clinic', 'tide-school');
const [asker, other] = peers;
after(removeEverybody);

const words = 'kelp north reef';

// What was composed under a grant that is revoked while no notice reaches who composed it.
async function hiddenFrom(peer) {
  peer.gate.does = carry;
  const grant = await holder.let(peer);
  const { composition, out } = await peer.ask(holder, words);
  assert.ok(composition, out);
  // The reply to whether the grant still stands, from when it did.
  let older;
  const listening = async (request, answer, gate) => {
    ({ body: older } = await gate.forward(request));
    answer.writeHead(200).end(older);
  };
  const shown = await holder.gate.meanwhile(listening, () => peer.show(composition));
  assert.equal(shown.code, 0, 'while it stands it is shown');
  peer.gate.does = cut;
  const { length } = peer.gate.envelopes;
  await holder.village.ask('revoke', grant);
  await until('a notice that is cut off', () => peer.gate.envelopes.length > length);
  return { grant, composition, older };
}

const standing = async (peer, composition) =>
  (await peer.compositions()).find((each) => each.composition === composition);

const isWithdrawn = async (peer, composition) => {
  const { live, why } = await standing(peer, composition);
  assert.equal(live, false);
  assert.match(why, /is revoked$/);
  for (const more of [[], ['--as-known']]) {
    const { code, error, answers } = await peer.show(composition, ...more);
    assert.deepEqual([code, error?.rule, answers], [1, 'COMPOSE-2', undefined]);
  }
};

let hidden;
before(async () => {
  hidden = await hiddenFrom(asker);
});

test('While nothing arrives a composition stays as it is, and is not shown as if it were known to stand.', async () => {
  const { grant, composition } = hidden;
  assert.equal((await standing(asker, composition)).live, true);
  assert.deepEqual(await asker.receiptsOf(grant), []);
  // With nobody to be asked either, and without a server, so that it takes no longer than is said.
  await asker.server.stop();
  const { code, error, answers } = await holder.gate.meanwhile(cut, () =>
    asker.show(composition, '--within', '1'),
  );
  assert.deepEqual([code, answers], [3, undefined]);
  assert.match(error.found, /^not known to be fresh/);
  const known = await asker.show(composition, '--as-known');
  assert.deepEqual([known.code, known.answers.length], [0, 1]);
  await asker.start();
});

test('A reply from before the revocation does not pass for one of now.', async () => {
  const { grant, composition, older } = hidden;
  const replaying = (request, answer) => answer.writeHead(200).end(older);
  const { code, error, answers } = await holder.gate.meanwhile(replaying, () =>
    asker.show(composition),
  );
  assert.deepEqual([code, error?.rule, answers], [1, 'ANSWER-1', undefined], JSON.stringify(error));
  assert.deepEqual(await asker.receiptsOf(grant), []);
});

test('Whoever asks under the grant is refused, with the revocation behind it, which withdraws what rests on it.', async () => {
  const { grant, composition } = hidden;
  const { index } = await holder.revocationOf(grant);
  const { length } = await holder.answered();
  const { answer, refusal } = await asker.askUnder(grant, holder, words);
  assert.deepEqual([answer, refusal.reason], [undefined, 'revoked']);
  assert.deepEqual([refusal.behind.kind, refusal.behind.body.grant], ['revocation', grant]);
  assert.ok(refusal.index > index, `refused by entry #${refusal.index}`);
  assert.equal((await holder.answered()).length, length);
  assert.equal((await asker.receiptsOf(grant)).length, 1);
  await isWithdrawn(asker, composition);
});

test('Whoever uses what was composed asks after its grants first, and so learns of the revocation.', async () => {
  const { grant, composition } = await hiddenFrom(other);
  assert.equal((await standing(other, composition)).live, true);
  assert.equal((await other.show(composition)).code, 1);
  assert.equal((await other.receiptsOf(grant)).length, 1);
  await isWithdrawn(other, composition);
});

test('Once the partition has ended the notice arrives, and what rests on the grant is withdrawn.', async () => {
  const { grant, composition } = await hiddenFrom(other);
  const { index } = await holder.revocationOf(grant);
  const isTold = ({ event, village, entry, rejected }) =>
    event === 'told' && village === other.id && Number(entry) === index && rejected === '';
  assert.ok(!holder.server.log.some(isTold), 'it was cut off');
  assert.equal((await standing(other, composition)).live, true);
  other.gate.does = carry;
  await until('told of the revocation', () => holder.server.log.some(isTold));
  assert.equal((await other.receiptsOf(grant)).length, 1);
  await isWithdrawn(other, composition);
  assert.ok(!(await other.grants()).includes(grant));
  const { answer, failure } = await other.askUnder(grant, holder, words);
  assert.deepEqual([answer, failure?.found], [undefined, 'revoked']);
});
