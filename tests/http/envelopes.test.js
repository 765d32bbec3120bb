// SPDX-License-Identifier: AGPL-3.0-or-later

// What peers send each other, and what a village asks of them over its own socket. The envelopes
// are those that two real villages sent.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { ask, get, refused } from './checked.js';
import { checkSchema } from './contract.js';
import { figure, leave, logged, peers, purpose, socketOf } from './peers.js';
import { until } from './witnesses.js';

const { asker, holder, before, shapes, grant } = await peers();
after(() => leave(asker, holder));

const send = (server, body) => ask(server, 'POST', '/v1/envelopes', { body });
const askOver = (neighbour, body) => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const socketPath = socketOf(neighbour.village);
  return ask(neighbour.server, 'POST', '/v1/ask', { socketPath, body: text });
};
const refresh = (body, options = {}) => {
  const socketPath = socketOf(asker.village);
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return ask(asker.server, 'POST', '/v1/freshness', { socketPath, body: text, ...options });
};
const question = (operation, args = {}, rest = {}) => ({
  village: holder.village.id,
  grant,
  shape: shapes[operation],
  purpose,
  arguments: args,
  ...rest,
});
// What came of each question, in order, and the composition.
const askAll = async (...questions) => {
  checkSchema('AskRequest', { questions });
  const { status, value } = await askOver(asker, { questions });
  assert.equal(status, 200, JSON.stringify(value));
  return value;
};
const askOne = async (...rest) => (await askAll(question(...rest))).told[0];
const envelopes = async (outcome) => {
  const { value } = await get(holder.server, '/metrics');
  return figure(value, `holdfast_envelopes_total{outcome="${outcome}"}`);
};
// The head of a request whose body is refused before it is sent.
const announcing = (bytes) => ({ headers: { 'Content-Length': bytes } });
const last = (letters) => letters[letters.length - 1];

// --- asking -------------------------------------------------------------------------------------

test('What peers answer comes in the order of the questions, each with its receipt.', async () => {
  const { told, composition } = await askAll(
    question('exists', { season: 'winter' }),
    question('count', { season: 'winter' }),
    question('histogram', { by: 'season' }),
    question('excerpts', { words: 'winter' }, { items: 2, characters: 100 }),
  );
  const answers = told.map(({ answer }) => answer);
  assert.deepEqual(
    answers.map(({ operation }) => operation),
    ['exists', 'count', 'histogram', 'excerpts'],
  );
  assert.equal(answers[1].count, 6);
  assert.deepEqual(
    answers[2].cells.map(({ value }) => value),
    ['summer', 'winter'],
  );
  const { parts, cited } = answers[3];
  assert.equal(parts.length, 2);
  assert.ok(parts.every(({ record }) => cited.some((each) => each.record === record)));
  assert.ok(cited.every(({ tikanga }) => tikanga === 'Say whose words.'));
  assert.deepEqual([cited[0].labels, cited[0].notices], [[], []]);
  const duties = { attribute: false, deleteOnRevocation: false, reportUse: false };
  assert.ok(answers.every(({ obligations }) => isDeepStrictEqual(obligations, duties)));
  assert.match(composition, /^[0-9a-f]{64}$/);
  const socketPath = socketOf(asker.village);
  for (const { receipt } of told) {
    const path = `/v1/statements/${receipt}`;
    const { value } = await ask(asker.server, 'GET', path, { socketPath });
    assert.equal(value.statement.body.acknowledges, 'answer');
    refused(await get(asker.server, path), 404);
  }
});

test('Answers are left apart where no composition is asked for.', async () => {
  const { value } = await askOver(asker, {
    questions: [question('exists', { season: 'winter' })],
    compose: false,
  });
  assert.ok(value.told[0].answer);
  assert.equal(value.composition, undefined);
});

test('A refusal is told with its entry, and a question that cannot be sent with why.', async () => {
  const { told, composition } = await askAll(
    question('count', { reason: 'scurvy' }),
    question('excerpts', { words: 'moon' }),
    question('answer', { question: 'Who has asthma?' }),
    question('count', { season: 'spring' }),
    question('count', {}, { village: '0'.repeat(64) }),
    question('count', {}, { grant: '0'.repeat(64) }),
  );
  assert.deepEqual(
    told.map(({ refusal }) => refusal?.reason),
    ['insufficient', 'nothing', 'silent', 'arguments', undefined, undefined],
  );
  assert.ok(told.slice(0, 4).every(({ refusal, receipt }) => refusal.index > 0 && receipt));
  assert.equal(told[4].failure.rule, 'ENV-5');
  assert.equal(told[5].failure.code, 'not found');
  assert.equal(composition, undefined);
});

test('A model that guardians let speak is named beside its answer.', async () => {
  const { village } = holder;
  const model = await village.sequence('model', 'publish', 'records', '--built-in');
  const steering = await village.sequence('steer', 'set', 'records', `--model=${model}`);
  const { answer } = await askOne('answer', { question: 'Who comes in winter for asthma?' });
  assert.deepEqual([answer.operation, answer.model, answer.steering], ['answer', model, steering]);
});

test('A purpose that is not one of the grant\u2019s is refused as that, by an entry.', async () => {
  const { refusal, failure } = await askOne('exists', {}, { purpose: 'something else' });
  assert.equal(refusal?.reason, 'purpose', failure?.found);
  assert.ok(refusal.index > 0);
});

test('A text without a word in it is refused as an argument.', async () => {
  const { refusal } = await askOne('excerpts', { words: '...' });
  assert.equal(refusal?.reason, 'arguments');
});

test('Whether a grant is live still is asked of the peer, and spends nothing.', async () => {
  const village = holder.village.id;
  const { value: before } = await get(holder.server, '/v1/checkpoint');
  const { status, value } = await refresh({ village, grants: [grant] });
  assert.equal(status, 200);
  assert.deepEqual([value.grants[0].grant, value.grants[0].live], [grant, true]);
  assert.equal((await get(holder.server, '/v1/checkpoint')).value.size, before.size);

  const nobody = '0'.repeat(64);
  refused(await refresh({ village, grants: [nobody] }), 404, { rule: 'PEER-5' });
  refused(await refresh({ village: nobody, grants: [grant] }), 404, { rule: 'ENV-5' });
  holder.door.to = asker.server;
  refused(await refresh({ village, grants: [grant] }), 422, { code: 'invalid' });
  holder.door.to = holder.server;
  for (const wrong of ['x', {}, { village, grants: [] }, { village, grants: Array(9).fill(grant) }])
    refused(await refresh(wrong), 400, { code: 'malformed' });
  for (const wrong of [{ grants: [grant] }, { village, grants: [1] }, { village, grants: ['x'] }])
    refused(await refresh(wrong), 400, { code: 'malformed' });
  refused(await refresh('', announcing((1 << 20) + 1)), 413);
});

test('A peer that is away is waited for as long as whoever asks says.', async () => {
  holder.door.isShut = true;
  try {
    const [village, withinSeconds] = [holder.village.id, 1];
    const questions = [question('exists')];
    const { value } = await askOver(asker, { questions, withinSeconds });
    assert.equal(value.told[0].failure.code, 'unavailable');
    const away = await refresh({ village, grants: [grant], withinSeconds });
    refused(away, 503, { code: 'unavailable' });
  } finally {
    holder.door.isShut = false;
  }
});

// Over the network, for the holder of this key.
const askWith = async (key, path, body, { bodyOfToken = body, server = asker.server } = {}) => {
  const hash = createHash('sha256').update(bodyOfToken).digest('hex');
  const target = `${path}?body=${hash}`;
  for (let tries = 0; ; tries++) {
    assert.ok(tries < 60, 'the server was started long ago');
    const made = await asker.village.ask('access', 'POST', target, '--key', key);
    const headers = { Authorization: made.authorization };
    const answer = await ask(server, 'POST', target, { body, headers });
    if (answer.status !== 503 || answer.value.rule !== 'ACCESS-4') return answer;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
};

test('A token that may have been used before the server was started is good for nothing.', async () => {
  const target = `/v1/ask?body=${createHash('sha256').update('{}').digest('hex')}`;
  const server = await asker.village.copy('restarted').serve();
  const made = await asker.village.ask('access', 'POST', target, '--key', 'speaker');
  const headers = { Authorization: made.authorization };
  const refusal = { code: 'unavailable', rule: 'ACCESS-4' };
  refused(await ask(server, 'POST', target, { body: '{}', headers }), 503, refusal);
});

test('An agent that may act has the village ask over the network.', async () => {
  const body = JSON.stringify({ questions: [question('exists', { season: 'winter' })] });
  const { status, value } = await askWith('speaker', '/v1/ask', body);
  assert.equal(status, 200, JSON.stringify(value));
  assert.equal(value.told[0].answer.exists, true);
  const grants = JSON.stringify({ village: holder.village.id, grants: [grant] });
  const fresh = await askWith('speaker', '/v1/freshness', grants);
  assert.equal(fresh.value.grants[0].live, true, JSON.stringify(fresh.value));
});

test('Nobody else asks in the village\u2019s name over the network.', async () => {
  const { village, server } = asker;
  const body = JSON.stringify({ questions: [question('exists')] });
  const size = async () => (await get(server, '/v1/checkpoint')).value.size;
  await village.ask('key', 'new', 'proposer', '--no-passphrase');
  await village.ask('key', 'agent', 'proposer', '--may=propose');
  const before = await size();
  const unauthorised = { code: 'unauthorised', rule: 'ACCESS-6' };
  for (const path of ['/v1/ask', '/v1/freshness']) {
    refused(await ask(server, 'POST', path, { body }), 403, unauthorised);
    for (const key of ['proposer', 'kelp-bay'])
      refused(await askWith(key, path, body), 403, { ...unauthorised, what: 'token: key' });
    const other = await askWith('speaker', path, body, { bodyOfToken: `${body} ` });
    refused(other, 403, { ...unauthorised, what: 'parameter body' });
    const made = await village.ask('access', 'POST', path, '--key', 'speaker');
    const headers = { Authorization: made.authorization };
    refused(await ask(server, 'POST', path, { body, headers }), 403, { ...unauthorised, found: 'none' });
  }
  await village.ask('key', 'agent', 'proposer', '--may=act');
  assert.equal((await askWith('proposer', '/v1/ask', body)).status, 200);
  await village.ask('key', 'agent', 'proposer', '--may=never');
  refused(await askWith('proposer', '/v1/ask', body), 403, { code: 'unauthorised' });
  assert.ok((await size()) > before);
});

test('A request to ask that makes no sense is refused, and says where.', async () => {
  const one = question('exists');
  const wrong = {
    body: ['', 'x', '[]', '{}', { questions: {} }, '['.repeat(10_000)],
    compose: [{ questions: [one], compose: 1 }],
    withinSeconds: [-1, '1', 3601].map((withinSeconds) => ({ questions: [one], withinSeconds })),
    questions: [{ questions: [] }, { questions: Array(33).fill(one) }, { questions: [1] }],
    'questions.village': [{ questions: [{}] }, { questions: [{ ...one, village: 'f' }] }],
    'questions.grant': [{ questions: [{ ...one, grant: 1 }] }],
    'questions.shape': [{ questions: [{ ...one, shape: 'g'.repeat(64) }] }],
    'questions.purpose': [{ questions: [{ ...one, purpose: null }] }],
    'questions.arguments': [{ questions: [{ ...one, arguments: [] }] }],
    'questions.arguments.reason': [{ questions: [{ ...one, arguments: { reason: 1 } }] }],
    member: [{ questions: [one], questoins: [] }],
    'questions.member': [{ questions: [{ ...one, item: 1 }] }],
    'questions.items': [-1, 1.5, '1', 2 ** 32].map((items) => ({ questions: [{ ...one, items }] })),
  };
  for (const [what, bodies] of Object.entries(wrong))
    for (const body of bodies) {
      const said = refused(await askOver(asker, body), 400, { code: 'malformed' });
      assert.equal(said.what, what, said.detail);
    }
  const socketPath = socketOf(asker.village);
  const long = { socketPath, ...announcing((1 << 20) + 1) };
  refused(await ask(asker.server, 'POST', '/v1/ask', long), 413);
});

// --- envelopes ----------------------------------------------------------------------------------

test('The same envelope again gets the answer again, and adds no entry.', async () => {
  await askOne('exists', { season: 'winter' });
  const { sent, reply } = last(holder.door.letters);
  const { value: checkpoint } = await get(holder.server, '/v1/checkpoint');
  const repeated = await envelopes('repeated');
  const again = await send(holder.server, sent);
  assert.equal(again.status, 200);
  assert.notDeepEqual(again.value, reply.body);
  assert.ok(again.value.length > 3000, 'a refusal is shorter');
  assert.equal(await envelopes('repeated'), repeated + 1);
  assert.equal((await get(holder.server, '/v1/checkpoint')).value.size, checkpoint.size);
});

test('A notice is acknowledged each time, and nothing replies to that.', async () => {
  const { sent, reply } = asker.door.letters[0];
  const { value } = await get(asker.server, '/v1/checkpoint');
  assert.equal((await send(asker.server, sent)).status, 200);
  assert.equal((await get(asker.server, '/v1/checkpoint')).value.size, value.size);
  assert.equal((await send(holder.server, reply.body)).status, 204);
});

test('What is no envelope for this village is refused and counted, without entry.', async () => {
  const { sent } = last(holder.door.letters);
  const { value: checkpoint } = await get(holder.server, '/v1/checkpoint');
  const unknown = await envelopes('unknown');
  const garbage = ['', 'hello', Buffer.alloc(64), Buffer.concat([sent, sent]), sent.subarray(8)];
  for (const each of garbage) refused(await send(holder.server, each), 400, { code: 'malformed' });
  const elsewhere = await send(asker.server, sent);
  refused(elsewhere, 422, { code: 'invalid', rule: 'ENV-1' });
  const flipped = Buffer.from(sent);
  flipped[sent.length - 20] ^= 1;
  refused(await send(holder.server, flipped), 422, { code: 'invalid', rule: 'ENV-2' });
  assert.equal(await envelopes('unknown'), unknown + garbage.length + 1);
  refused(await ask(holder.server, 'POST', '/v1/envelopes', announcing(8_389_633)), 413);
  assert.equal((await get(holder.server, '/v1/checkpoint')).value.size, checkpoint.size);
});

test('Whoever this village has not met is told that, and nothing else.', async () => {
  const server = await before.serve();
  const said = refused(await send(server, last(holder.door.letters).sent), 403, { rule: 'ENV-5' });
  assert.equal(said.what, 'sender of the envelope');
});

test('Without an agent\u2019s key nobody is answered or asked, and that is said.', async () => {
  const village = before.copy('without-agent');
  village.configureKey('peers', 'agent', '"nobody"');
  const server = await village.serve();
  assert.match((await logged(server, 'peers are not answered')).why, /nobody/);
  for (const body of [last(holder.door.letters).sent, 'garbage'])
    refused(await send(server, body), 503, { code: 'unavailable' });
  refused(await askOver({ village, server }, '{}'), 503, { code: 'unavailable' });
  const over = { socketPath: socketOf(village), body: '{}' };
  refused(await ask(server, 'POST', '/v1/freshness', over), 503, { code: 'unavailable' });
  const { value } = await get(server, '/metrics');
  assert.ok(!value.includes('holdfast_envelopes_total'));
});

test('A sealing key that the council replaces is used while the village is served on.', async () => {
  await askOne('exists', { season: 'winter' });
  const sealingKeyOf = ({ sent }) => sent.subarray(0, 200).toString('hex');
  const before = last(holder.door.letters);
  await holder.village.ask('key', 'rotate', 'sealing', '--no-passphrase');
  assert.match((await logged(holder.server, 'sealing key')).opens, /^x25519:.*, x25519:.* until /);
  // Under the old key still: what comes back shows the new one.
  assert.ok((await askOne('exists', { season: 'winter' })).answer);
  assert.ok((await askOne('count', { season: 'winter' })).answer);
  assert.notEqual(sealingKeyOf(last(holder.door.letters)), sealingKeyOf(before));
});

// --- taken back ---------------------------------------------------------------------------------

test('A peer that was away is refused with the revocation, and told once it is back.', async () => {
  await askOne('exists', { season: 'winter' });
  const { sent } = last(holder.door.letters);
  asker.door.isShut = true;
  const revocation = await holder.village.sequence('revoke', grant);
  assert.match((await logged(holder.server, 'not told')).village, new RegExp(asker.village.id));
  const { refusal } = await askOne('exists', { season: 'winter' });
  assert.deepEqual([refusal.reason, refusal.behind.body.grant], ['revoked', grant]);

  const before = await envelopes('refused');
  assert.equal((await send(holder.server, sent)).status, 200);
  assert.equal(await envelopes('refused'), before + 1, 'what was answered is not answered again');

  const { value } = await refresh({ village: holder.village.id, grants: [grant] });
  assert.equal(value.grants[0].live, false);

  const letters = asker.door.letters.length;
  asker.door.isShut = false;
  await until('told', () => asker.door.letters.length > letters);
  assert.equal(last(asker.door.letters).reply.status, 200);
  const { index } = (await get(holder.server, `/v1/statements/${revocation}`)).value;
  const isTold = ({ event, entry }) => event === 'told' && Number(entry) === index;
  await until('a line of its log', () => holder.server.log.some(isTold));
  const { failure } = await askOne('exists', { season: 'winter' });
  assert.deepEqual([failure.code, failure.found], ['invalid', 'revoked']);
});
