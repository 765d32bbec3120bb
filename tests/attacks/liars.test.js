// SPDX-License-Identifier: AGPL-3.0-or-later

// A peer, or who stands between, answers with something else: nothing of it is used, and whoever
// asks is told in time and in plain words.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { after, test } from 'node:test';
import { carry, Gate } from './gate.js';
import { Neighbour, memoryPeakOf, neighbours, removeEverybody, until } from './neighbours.js';

const { holder, peers } = await neighbours('reef-clinic', 'tide-school');
const [asker, other] = peers;
// Is let down by a slow peer for as long as the rest takes.
const lonely = await Neighbour.settle('far-shore');
const slowGate = await Gate.open();
slowGate.behind = holder.server;
await holder.meet(lonely, slowGate);
await lonely.start();
await holder.let(lonely);
const trap = await Gate.open();
after(async () => {
  await Promise.all([slowGate.close(), trap.close()]);
  await removeEverybody();
});

const words = 'kelp north reef';

const timed = async (asking) => {
  const began = Date.now();
  const said = await asking;
  return { ...said, tookMs: Date.now() - began };
};

// That nothing came of it but a plain message; the failure.
const isOfNoUse = ({ code, told, composition, out, complaint, tookMs }, withinMs) => {
  assert.ok([1, 3].includes(code), `${code}: ${out}${complaint}`);
  assert.deepEqual(
    [told.answer, told.refusal, told.receipt, composition],
    Array(4).fill(undefined),
    out,
  );
  const { what, found, want } = told.failure;
  for (const text of [what, found, want]) assert.match(text, /^[\x20-\x7e]{1,300}$/);
  assert.ok(tookMs < withinMs, `${tookMs} ms`);
  return told.failure;
};

// --- one who is slow ---

const dripping = (question, answer) => {
  answer.writeHead(200, { 'Content-Type': 'application/octet-stream', 'Content-Length': 4000 });
  const timer = setInterval(() => answer.write('x'), 1_000);
  answer.on('close', () => clearInterval(timer));
};
const askSlowly = (does) =>
  slowGate.meanwhile(does, () => timed(lonely.ask(holder, words, '--within', '1')));

// As many slow ones as a server asks at a time, and one beside them that is carried.
const slowOnes = 4;
let questions = 0;
const drippingAtFirst = (...envelope) => (++questions <= slowOnes ? dripping : carry)(...envelope);
const slow = slowGate.meanwhile(drippingAtFirst, async () => {
  const asking = () => timed(lonely.ask(holder, words, '--within', '5'));
  const slowly = Array.from({ length: slowOnes }, asking);
  await until('all are being asked', () => questions === slowOnes);
  const beside = asking();
  return { slowly: await Promise.all(slowly), beside: await beside };
});
slow.catch(() => {});

// --- what is answered instead, each by its name ---

const say = (status, type, body) => (question, answer) =>
  answer.writeHead(status, { 'Content-Type': type }).end(body);
const bytes = 'application/octet-stream';
// The true reply, made into something else.
const altered = (alter) => async (question, answer, gate) => {
  const { body } = await gate.forward(question);
  answer.writeHead(200, { 'Content-Type': bytes }).end(alter(body));
};

let written; // bytes of a body without end
const endless = (headers) => async (question, answer) => {
  answer.writeHead(200, { 'Content-Type': bytes, ...headers });
  written = 0;
  const part = Buffer.alloc(1 << 16, 'kelp');
  const parts = function* () {
    for (; written < 10 * 2 ** 30; written += part.length) yield part;
  };
  await pipeline(parts, answer).catch(() => {});
};

const replyTo = async (peer) => {
  let reply;
  const listening = async (question, answer, gate) => {
    ({ body: reply } = await gate.forward(question));
    answer.writeHead(200).end(reply);
  };
  const { told } = await holder.gate.meanwhile(listening, () => peer.ask(holder, words));
  assert.equal(told.answer.parts.length, 1, 'without an attack it is answered');
  return reply;
};
const earlier = await replyTo(asker);
const others = await replyTo(other);

const lies = {
  'random bytes': say(200, bytes, randomBytes(5_000)),
  nothing: say(200, bytes, ''),
  'nothing, and says so': say(204, bytes, ''),
  'a page': say(200, 'text/html', '<!doctype html><title>Welcome</title><h1>It works</h1>'),
  'a body without end': endless({}),
  'ten gigabytes': endless({ 'Content-Length': 10 * 2 ** 30 }),
  'a problem in somebody\u2019s words': say(
    422,
    'application/problem+json',
    '{"detail":"\x1b[2J"}',
  ),
  'the question': (question, answer) => answer.writeHead(200).end(question),
  'the answer to another village': say(200, bytes, others),
  'the answer to an earlier question': say(200, bytes, earlier),
  'its answer with a bit flipped': altered((body) => {
    body[body.length >> 1] ^= 4;
    return body;
  }),
  'its answer without the end': altered((body) => body.subarray(0, -8)),
  'its answer with something behind': altered((body) => Buffer.concat([body, Buffer.alloc(8)])),
};
const rules = {
  'the question': 'ENV-1',
  'the answer to another village': 'ENV-1',
  'the answer to an earlier question': 'ANSWER-1',
  'its answer with a bit flipped': 'ENV-2',
};

for (const [name, lie] of Object.entries(lies)) {
  test(`A peer that answers with ${name} is not believed.`, async () => {
    const { length } = await asker.compositions();
    const said = await holder.gate.meanwhile(lie, () => timed(asker.ask(holder, words)));
    const { rule } = isOfNoUse(said, 10_000);
    if (rules[name]) assert.equal(rule, rules[name]);
    assert.equal((await asker.compositions()).length, length);
    assert.ok(await asker.isWell());
  });
}

test('Of a body without end no more is taken than an envelope may have.', async () => {
  const before = memoryPeakOf(asker);
  for (let i = 0; i < 3; ++i) {
    isOfNoUse(
      await holder.gate.meanwhile(lies['a body without end'], () =>
        timed(asker.ask(holder, words)),
      ),
      10_000,
    );
    assert.ok(written < 64 * 2 ** 20, `${written} bytes were taken off it`);
  }
  const grownBy = memoryPeakOf(asker) - before;
  assert.ok(grownBy < 64 * 2 ** 20, `it took ${grownBy} bytes more`);
});

test('Replies that are exchanged on their way answer neither question.', async () => {
  const held = [];
  const exchange = async (question, answer, gate) => {
    const { body } = await gate.forward(question);
    held.push({ answer, body });
    if (held.length < 2) return;
    const [one, two] = held;
    one.answer.writeHead(200).end(two.body);
    two.answer.writeHead(200).end(one.body);
  };
  const asking = () =>
    Promise.all([words, 'warm summer'].map((each) => timed(asker.ask(holder, each))));
  for (const said of await holder.gate.meanwhile(exchange, asking))
    assert.equal(isOfNoUse(said, 10_000).rule, 'ANSWER-1');
});

test('What cannot be used is told in words, and shows nothing of what came.', async () => {
  const page = say(200, 'text/html', 'Welcome\x1b[2J to the lantern cove');
  const asking = () =>
    asker.village.run('ask', holder.id, '--shape', 'Excerpts', '--param', `words=${words}`);
  const { code, out, complaint } = await holder.gate.meanwhile(page, asking);
  assert.equal(code, 1);
  assert.match(out, /no answer that can be used: /);
  for (const text of [out, complaint]) assert.doesNotMatch(text, /lantern|\x1b/);
});

test('Who sends one byte a second is waited for no longer than any who is slow.', async () => {
  const { slowly } = await slow;
  for (const said of slowly) {
    isOfNoUse(said, 35_000);
    assert.ok(said.tookMs > 2_000, 'it was slow');
  }
  assert.ok(await lonely.isWell());
});

test('Whoever asks others is not kept waiting by who is slow.', async () => {
  const { beside } = await slow;
  assert.equal(beside.told.answer.parts.length, 1, beside.out);
  assert.ok(beside.tookMs < 2_500, `${beside.tookMs} ms`);
});

test('Who is never well is asked again for as long as was said, and a redirect is not followed.', async () => {
  for (const [status, headers] of [
    [500, {}],
    [503, { 'Retry-After': '100000' }],
    [302, { Location: `${trap.url}/v1/envelopes` }],
    [307, { Location: `${trap.url}/v1/envelopes` }],
  ]) {
    const before = slowGate.envelopes.length;
    const said = await askSlowly((question, answer) => answer.writeHead(status, headers).end());
    assert.match(isOfNoUse(said, 10_000).found, new RegExp(`status ${status}`));
    const tries = slowGate.envelopes.slice(before);
    assert.ok(tries.length > 1, `${tries.length} tries`);
    for (const each of tries) assert.deepEqual(each, tries[0], 'the same envelope each time');
  }
  assert.equal(trap.envelopes.length, 0);
});

test('After all of this a true answer is believed as before.', async () => {
  assert.equal(holder.gate.does, carry);
  for (const peer of [asker, other, lonely]) {
    const { code, told } = await peer.ask(holder, words);
    assert.deepEqual([code, told.answer.parts.length], [0, 1]);
  }
});
