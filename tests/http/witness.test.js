// SPDX-License-Identifier: AGPL-3.0-or-later

// A village that cosigns another one's checkpoints, asked over HTTP.
import { ask, get, refused } from './checked.js';
import { Village } from './village.js';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

let log, at, witness;
const sha256 = (text) => createHash('sha256').update(text).digest('hex');
const cosign = (server, body) => ask(server, 'POST', '/witness/add-checkpoint', { body });
const checkpoint = async () => (await get(at, '/checkpoint')).value;

before(async () => {
  log = await Village.make();
  at = await log.serve();
  const village = await Village.make();
  const config = village.read(village.directory, 'holdfast.toml').toString();
  village.write(
    join(village.directory, 'holdfast.toml'),
    config.replace('logs = []', `logs = ["${log.vkey}"]`),
  );
  witness = { village, server: await village.serve() };
});
after(async () => {
  await witness.village.remove();
  await log.remove();
});

test('A village cosigns each checkpoint that continues the last, and says which that was.', async () => {
  const first = await checkpoint();
  const size = first.split('\n')[1];
  const origin = sha256(first.split('\n')[0]);
  assert.equal((await get(witness.server, `/witness/${origin}/checkpoint`)).status, 404);
  const line = await cosign(witness.server, `old 0\n\n${first}`);
  assert.equal(line.status, 200, line.value);
  assert.match(line.value, /^\u2014 .*\/witness [A-Za-z0-9+/=]+\n$/);
  assert.equal((await get(witness.server, `/witness/${origin}/checkpoint`)).value, first + line.value);
  const conflict = await cosign(witness.server, `old 0\n\n${first}`);
  assert.equal(conflict.status, 409);
  assert.equal(conflict.value, `${size}\n`);

  await log.addRecord('Low tide');
  const second = await checkpoint();
  const grown = second.split('\n')[1];
  const proof = (await get(at, `/v1/proofs/consistency?from=${size}&to=${grown}`)).value.proof;
  const next = await cosign(witness.server, `old ${size}\n${proof.join('\n')}\n\n${second}`);
  assert.equal(next.status, 200, next.value);
  assert.equal((await cosign(witness.server, `old ${grown}\n${proof[0]}\n\n${second}`)).status, 422);
});

test('A witness refuses what is malformed, unknown, unsigned or too large.', async () => {
  const note = await checkpoint();
  assert.equal((await cosign(witness.server, 'new 0\n')).status, 400);
  assert.equal((await cosign(witness.server, `old 0\n\n${note.replace(/^[^\n]+/, 'other.invalid')}`)).status, 404);
  const forged = note.replace(/^(.*\n.*\n).*\n/, `$1${Buffer.alloc(32).toString('base64')}\n`);
  assert.equal((await cosign(witness.server, `old 0\n\n${forged}`)).status, 403);
  refused(await cosign(witness.server, 'x'.repeat(70_000)), 413);
  assert.equal((await get(witness.server, `/witness/${'0'.repeat(64)}/checkpoint`)).status, 404);
  refused(await get(witness.server, `/witness/${'0'.repeat(64)}/checkpoint?x=1`), 400);
});

test('A village that witnesses for nobody says so.', async () => {
  refused(await cosign(at, `old 0\n\n${await checkpoint()}`), 404);
  refused(await get(at, `/witness/${'0'.repeat(64)}/checkpoint`), 404);
});
