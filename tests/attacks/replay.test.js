// SPDX-License-Identifier: AGPL-3.0-or-later

// Whoever carries a question keeps its bytes, and sends them again: after a crash of who was asked,
// after consent was taken back, and to somebody else.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { post } from './gate.js';
import { neighbours, removeEverybody } from './neighbours.js';

const { holder, peers, grants } = await neighbours('reef-clinic', 'tide-school');
const [asker, other] = peers;
after(removeEverybody);

const words = 'kelp north reef';
// A question of the asker's that nobody has got yet.
const recorded = async () => {
  const [question] = await holder.gate.takeAll(() => asker.askUnder(grants[0], holder, words));
  return question;
};

// Each question is answered at most once, and so many are.
const answersAre = async (count) => {
  const answered = await holder.answered();
  const ids = answered.map(({ queryId }) => queryId);
  assert.equal(new Set(ids).size, ids.length, `two entries for one question: ${ids}`);
  assert.equal(ids.length, count);
};

test('A question that is sent again is replied to again, and answered in the log once.', async () => {
  const { length } = await holder.answered();
  const question = await recorded();
  const [first, again] = [await post(holder.server, question), await post(holder.server, question)];
  assert.deepEqual([first.status, again.status], [200, 200]);
  await answersAre(length + 1);
});

test('After a crash right behind its answer a question has no second effect.', async () => {
  const { length } = await holder.answered();
  const question = await recorded();
  const answer = await post(holder.server, question);
  assert.equal(answer.status, 200);
  await holder.kill();
  await holder.start();
  for (let i = 0; i < 2; ++i) {
    const again = await post(holder.server, question);
    assert.equal(again.status, 200);
    assert.ok(again.body.length < answer.body.length, 'the answer is in no file');
  }
  await answersAre(length + 1);
});

test('Wherever in its answer the holder is killed, a question has one effect or none.', async (t) => {
  const before = (await holder.answered()).length + 1;
  const began = Date.now();
  assert.equal((await post(holder.server, await recorded())).status, 200);
  const tookMs = Date.now() - began; // with asking
  const rounds = 12;
  let committed = 0;
  for (let round = 0; round < rounds; ++round) {
    const question = await recorded();
    const crashed = post(holder.server, question).catch(() => {});
    await sleep((tookMs * round) / rounds);
    await holder.kill();
    await crashed;
    const { length } = await holder.answered();
    assert.ok([0, 1].includes(length - before - round), `${length} of ${before + round}`);
    committed += length - before - round;
    await holder.start();
    // Where it was not answered before it is now, and never twice.
    for (let i = 0; i < 2; ++i) assert.equal((await post(holder.server, question)).status, 200);
    await answersAre(before + round + 1);
  }
  t.diagnostic(`${committed} of ${rounds} had committed when the holder was killed`);
  const verified = await holder.village.verify(
    ...['log', holder.server.url.origin, '--village', holder.id, '--no-cache'],
  );
  assert.equal(verified.verdict, 'verified', JSON.stringify(verified.error));
});

// What the asker makes of it where the reply to its question is lost, `happens`, and the question is
// sent again.
async function toldOfRepeat(happens) {
  let lost;
  const lose = async (question, answer, gate) => {
    lost = await gate.forward(question);
    await happens();
    const { status, body } = await gate.forward(question);
    answer.writeHead(status).end(body);
  };
  const told = await holder.gate.meanwhile(lose, () => asker.askUnder(grants[0], holder, words));
  assert.equal(lost.status, 200);
  return told;
}

test('An asker whose answer was lost on the way gets it by the same question.', async () => {
  const { length } = await holder.answered();
  const told = await toldOfRepeat(() => {});
  assert.equal(told.answer.parts.length, 1, JSON.stringify(told));
  await answersAre(length + 1);
});

test('An asker whose answer was lost with the holder\u2019s memory gets none of it, and may ask anew.', async () => {
  const { length } = await holder.answered();
  const told = await toldOfRepeat(async () => {
    await holder.kill();
    await holder.start();
  });
  assert.deepEqual(
    [told.answer, told.refusal?.reason],
    [undefined, 'repeated'],
    JSON.stringify(told),
  );
  await answersAre(length + 1);
  const anew = await asker.askUnder(grants[0], holder, words);
  assert.equal(anew.answer.parts.length, 1, JSON.stringify(anew));
});

test('A question to one village is nobody\u2019s at another, and leaves nothing there.', async () => {
  const question = await recorded();
  const reply = await post(holder.server, question);
  assert.equal(reply.status, 200);
  for (const [envelope, who] of [
    [question, other],
    [question, asker],
    [reply.body, other],
    [reply.body, holder],
  ]) {
    const [size, unknown] = [await who.size(), await who.metric('unknown')];
    const { status, headers, body } = await post(who.server, envelope);
    assert.equal(status, 422, body.toString());
    assert.equal(headers['content-type'], 'application/problem+json');
    assert.equal(JSON.parse(body).rule, 'ENV-1');
    assert.equal(await who.size(), size);
    assert.equal(await who.metric('unknown'), unknown + 1);
  }
});

test('After the revocation a question that was answered is refused, and so is what was kept back.', async () => {
  const late = await recorded();
  const { length } = await holder.answered();
  const told = await toldOfRepeat(() => holder.village.ask('revoke', grants[0]));
  assert.equal(told.answer, undefined);
  assert.match(told.refusal.reason, /^(repeated|revoked)$/, JSON.stringify(told));
  await answersAre(length + 1);
  assert.equal((await post(holder.server, late)).status, 200);
  await answersAre(length + 1);
  // What was taken back from one is nothing to the other.
  const { answer } = await other.askUnder(grants[1], holder, words);
  assert.equal(answer.parts.length, 1);
});
