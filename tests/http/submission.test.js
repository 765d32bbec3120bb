// SPDX-License-Identifier: AGPL-3.0-or-later

// What guardians have signed, submitted: taken, known already, refused, or held.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { verifyInclusion } from '../../api/web/reader/merkle.js';
import { add, get, kelpBay, read, refused, submit } from './checked.js';
import { request } from './client.js';
import { Guardian, basisOf, bytesOf, grantOf, idOf, recordOf, statementOf } from './guardian.js';

const { village, server, mere, grant, reefs } = await kelpBay();
after(() => village.remove());

const basis = async () => basisOf(await read(server, '/v1/checkpoint'));
const revocationOf = async (id, domain, rest = {}) =>
  statementOf(
    village,
    'revocation',
    { domain: bytesOf(domain), grant: bytesOf(id) },
    { ...(await basis()), ...rest },
  );
const grantTo = async (who, rest = {}, body = {}) =>
  grantOf(village, reefs, who, { ...(await basis()), ...rest }, body);
const recordFor = async (fields, rest = {}) =>
  recordOf(village, reefs, mere, fields, { ...(await basis()), ...rest });
const sizeNow = async () => (await read(server, '/v1/checkpoint')).size;

// That nothing was sequenced meanwhile.
async function changesNothing(act) {
  const before = await sizeNow();
  await act();
  assert.equal(await sizeNow(), before);
}

test('A draft that two guardians signed on the command line is taken with its content.', async () => {
  await village.ask('key', 'new', 'ana', '--no-passphrase');
  await village.sequence(
    'domain',
    'new',
    'songs',
    '--title',
    'Songs',
    '--guardian',
    'kelp-bay',
    '--guardian',
    'ana',
    '--threshold',
    '2',
    '--no-passphrase',
  );
  const words = [
    'record',
    'add',
    '--domain',
    'songs',
    '--title',
    'A song',
    '--body',
    'Of the reef.',
    '--key',
    'kelp-bay',
  ];
  const half = await village.draft('song', ...words);
  assert.equal(Object.keys(half.signatures).length, 1);
  refused(await submit(server, half), 403, { code: 'unauthorised' });
  const whole = await village.sign('song', '--key', 'ana');
  assert.equal(Object.keys(whole.signatures).length, 2);
  const { status, value } = await submit(server, whole);
  assert.equal(status, 200);
  const [{ id, index, leafHash, knownAlready }] = value.statements;
  assert.deepEqual([id, knownAlready, value.held], [Object.keys(whole.contents)[0], false, false]);
  const { proof, root } = await read(
    server,
    `/v1/proofs/inclusion?index=${index}&size=${value.size}`,
  );
  const bytes = (text) => new Uint8Array(Buffer.from(text, 'base64'));
  verifyInclusion(
    BigInt(index),
    BigInt(value.size),
    bytes(leafHash),
    proof.map(bytes),
    bytes(root),
  );
  assert.ok(value.checkpoint.includes(root));
  const { out } = await village.run('record', 'show', id);
  assert.match(out, /Of the reef\./);
});

test('What is submitted again has its first place, in a draft and alone.', async () => {
  const statement = await grantTo(new Guardian('counter'));
  const draft = mere.draft([statement]);
  const first = (await submit(server, draft)).value;
  await changesNothing(async () => {
    const again = (await submit(server, draft)).value;
    assert.deepEqual(again.statements, [{ ...first.statements[0], knownAlready: true }]);
    const { status, value } = await add(server, mere.signed(statement));
    assert.equal(status, 200);
    assert.equal(value, `${first.statements[0].index}\n`);
  });
});

test('One signed statement is added by its bytes, and its index is told.', async () => {
  const statement = await grantTo(new Guardian('another counter'));
  const before = await sizeNow();
  const { value } = await add(server, mere.signed(statement));
  assert.equal(value, `${before}\n`);
  assert.equal((await read(server, `/v1/statements/${before}`)).id, idOf(statement));
});

test('A draft of many statements is sequenced side by side, or not at all.', async () => {
  const counters = [...'abcdefgh'].map((name) => new Guardian(name));
  const statements = await Promise.all(counters.map((who) => grantTo(who)));
  const { value } = await submit(server, mere.draft(statements));
  const [first] = value.statements;
  assert.deepEqual(
    value.statements.map(({ index }) => index - first.index),
    [0, 1, 2, 3, 4, 5, 6, 7],
  );
  const good = await grantTo(new Guardian('i'));
  const bad = await grantTo(new Guardian('j'), { issuedAt: 1767268800n, sequenceBy: 1767355200n });
  await changesNothing(async () => {
    refused(await submit(server, mere.draft([good, bad])), 422, { rule: 'TIME-2' });
    refused(await get(server, `/v1/statements/${idOf(good)}`), 404);
  });
});

test('A statement that breaks a rule is refused with the id of the rule.', async () => {
  const far = BigInt(Math.floor(Date.now() / 1000)) + 86400n;
  const broken = [
    [{ issuedAt: 1767268800n, sequenceBy: 1767355200n }, {}, 'TIME-2'],
    [{ basisSize: 3n }, {}, 'BASIS-2'],
    [{ basisSize: 2n ** 62n }, {}, 'BASIS-2'],
    [{}, { notBefore: far, notAfter: far - 1n }, null],
  ];
  for (const [rest, body, rule] of broken) {
    const statement = await grantTo(new Guardian('k'), rest, body);
    await changesNothing(async () => {
      for (const answer of [
        await submit(server, mere.draft([statement])),
        await add(server, mere.signed(statement)),
      ]) {
        const { rule: cited } = refused(answer, 422, { code: 'invalid' });
        assert.match(cited, /^[A-Z]+-[0-9]+$/);
        if (rule) assert.equal(cited, rule);
      }
    });
  }
});

test('A statement of another village is not found here.', async () => {
  const statement = await grantTo(new Guardian('k'), { village: new Uint8Array(32).fill(7) });
  await changesNothing(async () => {
    refused(await add(server, mere.signed(statement)), 404, { rule: 'STMT-1' });
  });
});

test('Signatures of others, of nobody, or of something else do not count.', async () => {
  const stranger = new Guardian('stranger');
  const statement = await grantTo(new Guardian('l'));
  const other = await grantTo(new Guardian('m'));
  await changesNothing(async () => {
    refused(await add(server, stranger.signed(statement)), 403, { rule: 'SIG-3' });
    refused(await submit(server, stranger.draft([statement])), 403, { rule: 'SIG-3' });
    refused(await add(server, mere.signed(await revocationOf(grant, village.domain))), 403, {
      rule: 'SIGN-1',
    });
    refused(await submit(server, { ...mere.draft([statement]), signatures: {} }), 400, {
      rule: 'BOUND-2',
    });
    const exchanged = { ...mere.draft([statement]), signatures: mere.draft([other]).signatures };
    refused(await submit(server, exchanged), 403, { rule: 'SIG-4' });
    const bytes = mere.signed(statement);
    for (let flip = bytes.length - 60; flip < bytes.length; flip += 7) {
      const flipped = bytes.slice();
      flipped[flip] ^= 4;
      refused(await add(server, flipped), 403, { rule: 'SIG-4' });
    }
    const renamed = mere.draft([statement]);
    const [[, file]] = Object.entries(renamed.signatures);
    refused(await submit(server, { ...renamed, signatures: { ['ab'.repeat(32)]: file } }), 400);
    refused(await submit(server, { ...renamed, signatures: { short: file } }), 400);
  });
});

test('Whoever expects another version than the present one is told of a conflict.', async () => {
  const { statement, id, contents } = await recordFor({ title: 'Kelp', body: 'Much.' });
  assert.equal((await submit(server, mere.draft([statement], contents))).status, 200);
  const change = async (step, expectedVersion) =>
    statementOf(
      village,
      'recordChange',
      {
        record: bytesOf(id),
        expectedVersion,
        step: { member: step, value: null },
      },
      await basis(),
    );
  const [withdraw, erase] = [await change('withdraw', 0n), await change('erase', 1n)];
  assert.equal((await add(server, mere.signed(withdraw))).status, 200);
  await changesNothing(async () => {
    refused(await add(server, mere.signed(erase)), 409, { code: 'conflict' });
    refused(await submit(server, mere.draft([erase])), 409, { code: 'conflict' });
  });
});

test('A change of what is not there is not found.', async () => {
  const change = statementOf(
    village,
    'recordChange',
    {
      record: new Uint8Array(32).fill(9),
      expectedVersion: 0n,
      step: { member: 'withdraw', value: null },
    },
    await basis(),
  );
  await changesNothing(async () => {
    refused(await add(server, mere.signed(change)), 404, { code: 'not found' });
    refused(await submit(server, mere.draft([change])), 404, { code: 'not found' });
  });
});

test("A content that is another record's, or is none, is refused.", async () => {
  const one = await recordFor({ title: 'One', body: 'First.' });
  const two = await recordFor({ title: 'Two', body: 'Second.' });
  const draft = mere.draft([one.statement], one.contents);
  const [content] = Object.values(two.contents);
  await changesNothing(async () => {
    refused(await submit(server, { ...draft, contents: { [one.id]: content } }), 422);
    refused(await submit(server, { ...draft, contents: two.contents }), 400);
    refused(await submit(server, { ...draft, contents: { [one.id]: '' } }), 400);
    refused(await submit(server, { ...draft, contents: { [one.id]: 'AAAA' } }), 400);
  });
});

// Whoever came first with the signed statement alone would have its content lost, and the guardian who
// came second with the whole draft would be told that all is well.
test(
  'A record is not sequenced without its content, which nobody could add later.',
  async () => {
    for (const alone of [true, false]) {
      const { statement, id, contents } = await recordFor({ title: 'Kept', body: 'Or lost.' });
      const first = alone
        ? await add(server, mere.signed(statement))
        : await submit(server, mere.draft([statement]));
      const whole = await submit(server, mere.draft([statement], contents));
      const { out } = await village.run('record', 'show', id);
      assert.match(out, /Or lost\./, `after ${first.status}, then ${whole.status}`);
    }
  },
);

test('Contents are told to nobody over HTTP.', async () => {
  const secret = 'Only the guardians read this.';
  const { statement, contents } = await recordFor({ title: 'A secret', body: secret });
  const { value } = await submit(server, mere.draft([statement], contents));
  const [{ index, id }] = value.statements;
  const size = await sizeNow();
  const paths = [
    `/v1/statements/${id}`,
    `/v1/statements/${id}/bytes`,
    `/v1/entries/${index}`,
    `/v1/state/record/${id}`,
    `/statements/000.p/${size}`,
    `/openings/000.p/${size}`,
    `/changes/000.p/${size}`,
  ];
  for (const path of paths) {
    const { body } = await request(server, 'GET', path);
    assert.ok(
      !body.includes(secret) && !body.includes(Buffer.from(secret).toString('base64').slice(4, 24)),
      path,
    );
  }
});

test('Import rows are refused, since they are taken where the import key is.', async () => {
  const { statement, contents } = await recordFor({ title: 'Imported', body: 'Once.' });
  const draft = mere.draft([statement], contents);
  const imports = Buffer.alloc(68 + 32).toString('base64');
  await changesNothing(async () => {
    refused(await submit(server, { ...draft, imports }), 422);
    refused(await submit(server, { ...draft, imports: '' }), 400);
    refused(await submit(server, { ...draft, imports: 'AAAA' }), 400);
  });
});
