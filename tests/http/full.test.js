// SPDX-License-Identifier: AGPL-3.0-or-later

// A village with no room left. The limit of its database stands in for a full disk, which a test
// machine cannot safely have.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { add, get, kelpBay, read, refused, submit } from './checked.js';
import { basisOf, bytesOf, grantOf, Guardian, idOf, recordOf, statementOf } from './guardian.js';

const bay = await kelpBay();
const { village, mere, reefs, record } = bay;
let { server } = bay;
after(() => village.remove());

const basis = async () => basisOf(await read(server, '/v1/checkpoint'));
const revocationOf = async (grant) => {
  const body = { domain: bytesOf(reefs), grant: bytesOf(grant) };
  return statementOf(village, 'revocation', body, await basis());
};
const records = async (count, length) => {
  const rest = await basis();
  const made = Array.from({ length: count }, () =>
    recordOf(village, reefs, mere, { title: 'Nets', body: 'x'.repeat(length) }, rest),
  );
  const statements = made.map(({ statement }) => statement);
  return mere.draft(statements, Object.assign({}, ...made.map(({ contents }) => contents)));
};
const sizeNow = async () => (await read(server, '/v1/checkpoint')).size;

let grants;
before(async () => {
  const given = [];
  for (const name of ['a', 'b', 'c']) {
    const grant = grantOf(village, reefs, new Guardian(name), await basis());
    assert.equal((await submit(server, mere.draft([grant]))).status, 200);
    given.push(idOf(grant));
  }
  grants = given;
  await server.stop();
  village.configureKey('sequencer', 'map_mib', '4');
  server = await village.serve();
});

test('What is given is refused with 503 once there is no room, and nothing of it is there.', async () => {
  assert.equal((await read(server, '/healthz')).signing, true);
  let refusal;
  for (const [count, length] of [[50, 8000], [1, 8000], [1, 0]]) {
    for (let i = 0; ; ++i) {
      assert.ok(i < 1000, 'it is never full');
      const draft = await records(count, length);
      const before = await sizeNow();
      refusal = await submit(server, draft);
      if (refusal.status === 200) continue;
      const { detail } = refused(refusal, 503, { code: 'unavailable' });
      assert.match(detail, /the disk is full/);
      assert.ok(Number(refusal.headers['retry-after']) > 0);
      assert.equal(await sizeNow(), before);
      break;
    }
  }
  const grant = grantOf(village, reefs, new Guardian('late'), await basis());
  refused(await add(server, mere.signed(grant)), 503, { code: 'unavailable' });
  refused(await get(server, `/v1/grants/${idOf(grant)}`), 404);
});

test('It says so to whoever watches it.', async () => {
  const { signing, diskFull, readOnly } = await read(server, '/healthz');
  assert.deepEqual([signing, readOnly], [false, undefined]);
  assert.match(JSON.stringify(diskFull), /the disk is full/);
  const { body } = await get(server, '/metrics');
  assert.match(body.toString(), /^holdfast_disk_full 1$/m);
});

test('What is there is read as before.', async () => {
  for (const path of ['/checkpoint', '/tile/entries/000', `/v1/records/${record}/verification`])
    assert.equal((await get(server, path)).status, 200, path);
  const { live } = await read(server, `/v1/grants/${grants[0]}`);
  assert.equal(live, true);
  const log = await village.verify(
    ...['log', server.url.origin, '--village', village.id, '--no-cache'],
  );
  assert.equal(log.verdict, 'verified', JSON.stringify(log.error));
});

test('What takes back is sequenced all the same, and counts at once.', async () => {
  const before = await sizeNow();
  const drafted = await submit(server, mere.draft([await revocationOf(grants[0])]));
  assert.equal(drafted.status, 200, JSON.stringify(drafted.value));
  const alone = await add(server, mere.signed(await revocationOf(grants[1])));
  assert.equal(alone.status, 200, JSON.stringify(alone.value));
  await village.ask('record', 'withdraw', record);
  assert.ok((await sizeNow()) >= before + 6);
  for (const [grant, live] of [[grants[0], false], [grants[1], false], [grants[2], true]])
    assert.equal((await read(server, `/v1/grants/${grant}`)).live, live);
  assert.equal((await read(server, `/v1/records/${record}/verification`)).status, 'withdrawn');
  refused(await submit(server, await records(1, 0)), 503, { code: 'unavailable' });
});

test('It goes on once there is room, and has lost nothing that it answered for.', async () => {
  const size = await sizeNow();
  await server.stop();
  village.configureKey('sequencer', 'map_mib', '64');
  server = await village.serve();
  assert.equal(await sizeNow(), size);
  assert.equal((await read(server, '/healthz')).signing, true);
  assert.equal((await submit(server, await records(50, 8000))).status, 200);
  const log = await village.verify(
    ...['log', server.url.origin, '--village', village.id, '--no-cache'],
  );
  assert.equal(log.verdict, 'verified', JSON.stringify(log.error));
});
