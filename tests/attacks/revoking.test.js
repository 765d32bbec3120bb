// SPDX-License-Identifier: AGPL-3.0-or-later

// Consent is taken back while it is being used.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { carry, cut, post } from './gate.js';
import { neighbours, removeEverybody } from './neighbours.js';

const { holder, peers } = await neighbours('reef-clinic');
const [asker] = peers;
after(removeEverybody);

const words = 'kelp north reef';

// No notice of its end reaches who asks: nobody stops before the holder says so.
const grantUnheard = async () => {
  asker.gate.does = carry;
  const grant = await holder.let(asker);
  asker.gate.does = cut;
  return grant;
};

test('Of questions that race with a revocation none is answered behind it.', async (t) => {
  const rounds = 4;
  let [answers, refusals] = [0, 0];
  for (let round = 0; round < rounds; ++round) {
    const grant = await grantUnheard();
    let isOver = false;
    const told = [];
    const askOn = async () => {
      while (!isOver) told.push(await asker.askUnder(grant, holder, words));
    };
    const asking = Array.from({ length: 4 }, askOn);
    await sleep(60 + 40 * round);
    await holder.village.ask('revoke', grant);
    await sleep(60);
    isOver = true;
    await Promise.all(asking);
    const { index } = await holder.revocationOf(grant);
    const answered = (await holder.answered()).filter((each) => each.grant === grant);
    const late = answered.filter((each) => each.index > index);
    assert.deepEqual(late, [], `answered behind the revocation, which is entry ${index}`);
    // Nobody was told what is not in the log, and nobody twice.
    const released = told.filter(({ answer }) => answer).map(({ answer }) => answer.index);
    assert.equal(new Set(released).size, released.length);
    for (const each of released)
      assert.ok(
        answered.some((one) => one.index === each),
        `#${each}`,
      );
    // An answer under a head that has the revocation is none.
    for (const { answer } of told)
      assert.ok(!answer || answer.size <= index, JSON.stringify(answer));
    answers += released.length;
    refusals += told.filter(({ refusal }) => refusal?.reason === 'revoked').length;
  }
  t.diagnostic(`${answers} were answered, ${refusals} refused`);
  assert.ok(answers > 0 && refusals > 0, `${answers} answers, ${refusals} refusals`);
});

test('Of questions that arrive together with a revocation those before it alone are answered.', async () => {
  for (let round = 0; round < 3; ++round) {
    const grant = await grantUnheard();
    const asking = () =>
      Promise.all(Array.from({ length: 36 }, () => asker.askUnder(grant, holder, words)));
    const questions = await holder.gate.takeAll(asking);
    const early = questions.splice(0, 4);
    const late = questions.splice(0, 4);
    const send = async (question) =>
      assert.equal((await post(holder.server, question)).status, 200);
    for (const question of early) await send(question);
    const revoking = holder.village.ask('revoke', grant);
    const racing = questions.map(async (question, i) => {
      await sleep(3 * i);
      await send(question);
    });
    await Promise.all([revoking, ...racing]);
    for (const question of [...late, ...early]) await send(question);
    const { index } = await holder.revocationOf(grant);
    const answered = (await holder.answered()).filter((each) => each.grant === grant);
    assert.ok(
      answered.every((each) => each.index < index),
      `the revocation is entry ${index}`,
    );
    assert.ok(
      answered.length >= early.length && answered.length <= early.length + questions.length,
    );
    assert.equal(new Set(answered.map(({ queryId }) => queryId)).size, answered.length);
  }
});
