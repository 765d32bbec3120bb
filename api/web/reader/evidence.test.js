// SPDX-License-Identifier: AGPL-3.0-or-later

// What a reader makes of evidence besides the vectors: the village that it means, and what a ledger
// knows already. The rules are asked about an entry alone, its signers given.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { hex, parseHex, zeros32 } from './bytes.js';
import { verifyEvidence } from './evidence.js';
import { observation } from './rules_observations.js';
import { subjectOf } from './state.js';
import { State } from './state_view.js';
import { Step, keyIdsOf } from './step.js';

const file = new URL('../../../spec/vectors/evidence.json', import.meta.url);
const bytesOf = new Map();
for (const { name, input } of JSON.parse(readFileSync(file, 'utf8')).vectors) {
  if (!bytesOf.has(name)) bytesOf.set(name, parseHex(input.evidence));
}

const within = bytesOf.get('by a retired key, within its time');
const inForce = bytesOf.get('two roots for one size');
const council = bytesOf.get('two operators named by one council');
const stranger = new Uint8Array(32).fill(7);
const { keys } = await verifyEvidence(inForce);

// The accused village, or another one that knows it as a peer, at a version of its own.
function ledgerOf(version, asPeer) {
  const state = new State();
  const subject = (subjectClass, id, detail, v) =>
    subjectOf(subjectClass, id, {
      status: 'active', version: v, firstIndex: 0n, lastIndex: 0n, detail,
    });
  const { detail } = keys.village;
  const village = asPeer ? stranger : keys.id;
  state.apply([subject('village', village, detail, asPeer ? 1n : version)]);
  if (asPeer) {
    const known = {
      agreement: zeros32, origin: keys.origin, village: detail, villageVersion: version,
      council: keys.state.get('authority', keys.id).detail, councilVersion: 1n,
      revision: 1n, size: 0n, root: zeros32, observedAt: 0n,
    };
    state.apply([subject('peer', keys.id, known, 1n)]);
  }
  return { state, village };
}

async function observed(evidence, { state, village }) {
  const body = { of: { member: 'evidence', value: evidence } };
  const step = new Step({
    state,
    log: { village },
    entry: { index: 40n, time: 1767268800n },
    signed: { id: stranger, statement: { kind: 'observation', body } },
    signers: keyIdsOf([keys.village.detail.operator]),
  });
  await observation(step);
  return step.changes;
}

const refused = (code, rule) => (error) => error.code === code && error.rule === rule;

test('a reader that means another village convicts nobody', async () => {
  assert.equal((await verifyEvidence(inForce, keys.id)).misdeed, 'twoRoots');
  await assert.rejects(
    verifyEvidence(inForce, stranger), refused('unauthorised', 'EXPORT-5'));
});

for (const asPeer of [false, true]) {
  const who = asPeer ? "a peer's" : "the village's own";
  test(`${who} evidence makes an observation of its newest checkpoint`, async () => {
    const [made] = await observed(inForce, ledgerOf(1n, asPeer));
    const { checkpoint } = await verifyEvidence(inForce);
    assert.equal(hex(made.detail.village), hex(keys.id));
    assert.equal(made.detail.size, checkpoint.size);
    assert.equal(hex(made.detail.root), hex(checkpoint.root));
  });

  test(`${who} key that is known to be retired convicts nobody`, async () => {
    await assert.rejects(
      observed(inForce, ledgerOf(2n, asPeer)), refused('invalid', 'OBSERVE-7'));
    assert.equal((await observed(within, ledgerOf(3n, asPeer))).length, 1);
  });
}

test('evidence without a checkpoint makes an observation of zeros', async () => {
  const [{ detail }] = await observed(council, ledgerOf(1n, false));
  assert.equal(detail.size, 0n);
  assert.equal(hex(detail.root), hex(zeros32));
});

test('what does not convict is no observation', async () => {
  const of = (name) => observed(bytesOf.get(name), ledgerOf(1n, false));
  await assert.rejects(of('one checkpoint twice'), refused('invalid', 'OBSERVE-6'));
  await assert.rejects(of('a withheld seal'), refused('invalid', 'OBSERVE-6'));
  await assert.rejects(of('a newer version'), refused('unknown version', 'OBSERVE-6'));
});

// Not of every misdeed: where an entry by itself is no seal, nothing holds the statement beside it.
test('a flipped bit in notes, history or events convicts nobody', async () => {
  for (const evidence of [within, inForce, council]) {
    for (let at = 3; at < 8 * evidence.length; at += 97) {
      const flipped = evidence.slice();
      flipped[at >> 3] ^= 1 << (at & 7);
      await assert.rejects(verifyEvidence(flipped), { name: 'Refusal' });
    }
  }
});
