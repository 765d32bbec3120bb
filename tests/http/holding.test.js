// SPDX-License-Identifier: AGPL-3.0-or-later

// What a village takes that is full, small, or must not sign: limits of a submission, and what is held.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { add, get, kelpBay, read, refused, submit } from './checked.js';
import { basisOf, bytesOf, Guardian, recordOf, statementOf } from './guardian.js';
import { Village } from './village.js';

const { village, server, mere, reefs } = await kelpBay();
after(() => village.remove());

test('The village says how large a submission may be.', async () => {
  const small = await Village.make({ config: 'submission_mib = 1' });
  try {
    const at = await small.serve();
    const body = Buffer.alloc((1 << 20) + 1, ' ');
    refused(await submit(at, body), 413);
    refused(await submit(at, body.subarray(1)), 400);
    assert.equal((await get(at, '/healthz')).status, 200);
  } finally {
    await small.remove();
  }
});

test('A draft that would be a thousand times its size once signed is refused before it is.', async () => {
  const small = await Village.make({ config: 'submission_mib = 1' });
  try {
    const at = await small.serve();
    const stamp = basisOf(await read(at, '/v1/checkpoint'));
    const statements = Array.from({ length: 2048 }, (_, i) => {
      const grant = new Uint8Array(32);
      grant.set([i & 255, i >> 8]);
      return statementOf(small, 'revocation', { domain: new Uint8Array(32), grant }, stamp);
    });
    const crowd = Array.from({ length: 20 }, (_, i) => new Guardian(`stranger ${i}`));
    const draft = crowd.reduce((files, each) => each.cosign(files), crowd[0].draft(statements));
    const { detail } = refused(await submit(at, draft), 422, { code: 'invalid' });
    assert.match(detail, /20 on each of 2048 statements/);
  } finally {
    await small.remove();
  }
});

test('A village that must not sign now holds what takes back, and refuses what gives.', async () => {
  const older = village.copy('older');
  await village.addRecord('Later than the copy');
  await server.stop();
  // The copy is behind what the anchor remembers.
  const behind = await older.serve();
  const health = await read(behind, '/healthz');
  assert.equal(health.signing, false);
  assert.ok(health.readOnly);
  const head = await read(behind, '/v1/checkpoint');
  const now = BigInt(Math.floor(Date.now() / 1000));
  const record = recordOf(village, reefs, mere, { title: 'x' }, basisOf(head));
  refused(await submit(behind, mere.draft([record.statement], record.contents)), 503, {
    code: 'unavailable',
  });
  const granting = (who) =>
    statementOf(
      village,
      'revocation',
      { domain: bytesOf(reefs), grant: new Uint8Array(32).fill(who) },
      { ...basisOf(head), issuedAt: now },
    );
  const held = await submit(behind, mere.draft([granting(1)]));
  assert.equal(held.status, 202, JSON.stringify(held.value));
  assert.equal(held.value.held, true);
  assert.deepEqual(held.value.statements, []);
  const alone = await add(behind, mere.signed(granting(2)));
  assert.equal(alone.status, 202);
  const exit = statementOf(village, 'upgrade', { rules: 3 }, { ...basisOf(head), issuedAt: now });
  refused(await add(behind, mere.signed(exit)), 503, { code: 'unavailable' });
  assert.equal((await read(behind, '/v1/checkpoint')).size, head.size);
});
