// SPDX-License-Identifier: AGPL-3.0-or-later

// What is submitted and is no submission: bytes, JSON, bodies that are too large.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { add, ask, kelpBay, read, refused, submit } from './checked.js';
import { parseResponses, Raw } from './client.js';
import { Guardian, basisOf, grantOf, statementsOf } from './guardian.js';

const { village, server, mere, reefs } = await kelpBay();
after(() => village.remove());

const sizeNow = async () => (await read(server, '/v1/checkpoint')).size;
const grantTo = async (who) =>
  grantOf(village, reefs, who, basisOf(await read(server, '/v1/checkpoint')));

async function changesNothing(act) {
  const before = await sizeNow();
  await act();
  assert.equal(await sizeNow(), before);
}

test('Bytes that are no signed statement are refused as malformed.', async () => {
  const statement = await grantTo(new Guardian('n'));
  const good = mere.signed(statement);
  const wrong = [
    '',
    'x',
    Buffer.alloc(8),
    Buffer.alloc(4096),
    Buffer.alloc(262144, 0xff),
    good.slice(0, -1),
    good.slice(0, -8),
    good.slice(8),
    Buffer.concat([good, Buffer.alloc(8)]),
    statement,
    JSON.stringify(mere.draft([statement])),
  ];
  await changesNothing(async () => {
    for (const bytes of wrong) refused(await add(server, bytes), 400, { code: 'malformed' });
  });
});

test('JSON that is no draft is refused, and the refusal says where.', async () => {
  const draft = mere.draft([await grantTo(new Guardian('o'))]);
  const text = JSON.stringify(draft);
  const deep = (open, shut) => open.repeat(100_000) + shut.repeat(100_000);
  const wrong = [
    '',
    ' ',
    'x',
    'null',
    'true',
    '0',
    '1e999999',
    '"text"',
    '[]',
    '[{}]',
    '{',
    '{}',
    '{}{}',
    `${text}x`,
    text.slice(0, -1),
    deep('[', ']'),
    deep('{"statements":', '}'),
    `{"contents":${deep('{"a":', '}')}}`,
    deep('{"signatures":', ''),
    '{"statements":null}',
    '{"statements":1}',
    '{"statements":[]}',
    '{"statements":{}}',
    '{"statements":{"a":"AAAA"}}',
    '{"signatures":""}',
    '{"signatures":[]}',
    '{"contents":"AAAA"}',
    '{"contents":{"a":{}}}',
    '{"contents":{"a":1}}',
    '{"more":"AAAA"}',
    '{"statements":"AAAA","Statements":"AAAA"}',
    '{"statements":"AAA"}',
    '{"statements":"AAB="}',
    '{"statements":"AA AA"}',
    '{"statements":"AA\\nAA"}',
    '{"statements":"____"}',
    '{"statements":"AA=="}',
    '{"statements":"\\ud800"}',
    '{"statements":"\u0000"}',
    text.replace('"s', "'s"),
    text.replace('"statements"', '"statements":"AAAA","statements"'),
    text.replace('"signatures"', '"signatures":{},"signatures"'),
    text.replace(/"signatures":\{("[^"]*":"[^"]*")\}/, '"signatures":{$1,$1}'),
    `{"contents":{"${'ab'.repeat(32)}":"AAAA","${'ab'.repeat(32)}":"AAAA"},${text.slice(1)}`,
    `{"statements":"${Buffer.from([255, 255, 255, 255]).toString('base64')}","signatures":{}}`,
    `{"statements":"${Buffer.from([0, 0, 0, 0]).toString('base64')}","signatures":{}}`,
    `{"__proto__":{},${text.slice(1)}`,
    Buffer.from([0x7b, 0xff, 0xfe, 0x7d]),
    Buffer.alloc(1000, '{"statements":'),
  ];
  await changesNothing(async () => {
    for (const body of wrong) {
      const { detail } = refused(await submit(server, body), 400, { code: 'malformed' });
      assert.ok(detail.length < 600, detail);
    }
  });
  assert.equal((await submit(server, text)).status, 200);
});

test('The two statements of a draft must not be the same one.', async () => {
  const statement = await grantTo(new Guardian('p'));
  await changesNothing(async () => {
    refused(await submit(server, mere.draft([statement, statement])), 400);
  });
  assert.equal(statementsOf(mere.draft([statement, statement])).length, 2);
});

test('A body over the limit is refused before it is read, told or chunked.', async () => {
  const over = 262144 + 1;
  refused(await add(server, Buffer.alloc(over)), 413);
  refused(await ask(server, 'POST', '/add', { chunked: true, body: Buffer.alloc(over) }), 413);
  const raw = await new Raw(server.port).connected;
  raw.send('POST /v1/statements HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n');
  const answer = await raw.until((text) => text.includes('\r\n\r\n{') && text.endsWith('}\n'));
  assert.equal(parseResponses(Buffer.from(answer, 'latin1'))[0].status, 413);
  raw.destroy();
});
