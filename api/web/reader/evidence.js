// SPDX-License-Identifier: AGPL-3.0-or-later

// Evidence of what somebody who holds a village's key should not have done (spec/evidence.md).
// Pure: it convicts by what is in it, or nobody.
import { equal, hex, parseHex } from './bytes.js';
import { decodeVersioned } from './codec.js';
import { checkCommitment, decodeEntry } from './entry.js';
import {
  checkOfVillage, checkSeal, classNumbered, readCheckpoint, readEntry, readKeys, readLastSeal,
  readSeal, readValue, under,
} from './evidence_parts.js';
import { keyIdOf } from './key.js';
import { leafHash, splitHashes, verifyConsistency, verifyInclusion } from './merkle.js';
import { Refusal, invalid, unauthorised, unavailable } from './refusal.js';
import { hasEnded } from './state.js';
import { decodeSigned, decodeStatement } from './statement.js';
import { keyIdsOf } from './step.js';

const byOperator = (checkpoint) => ({
  office: 'operator',
  keyIds: [keyIdOf(checkpoint.tenure.key)],
  retired: checkpoint.tenure.until !== null,
  checkpoint,
});

// Of two operators, either may have signed what the other never saw.
function checkOneTenure(rule, one, other) {
  if (one.tenure !== other.tenure) unavailable(rule, 'two tenures: either may be to blame');
}

// [EVIDENCE-5]
async function twoRoots(of, keys) {
  const first = await readCheckpoint(of.first, keys);
  const second = await readCheckpoint(of.second, keys);
  if (first.size !== second.size) {
    invalid('EVIDENCE-5', `sizes ${first.size} and ${second.size}`);
  }
  if (equal(first.root, second.root)) invalid('EVIDENCE-5', 'the same root twice');
  return byOperator(first);
}

// [EVIDENCE-6]
async function rewritten(of, keys) {
  const older = await readCheckpoint(of.older, keys);
  const newer = await readCheckpoint(of.newer, keys);
  if (older.size >= newer.size) {
    invalid('EVIDENCE-6', `from size ${older.size} to ${newer.size}`);
  }
  verifyConsistency(older.size, newer.size, of.oldRoot, newer.root, splitHashes(of.proof));
  if (equal(of.oldRoot, older.root)) invalid('EVIDENCE-6', 'the log grew from what was signed');
  checkOneTenure('EVIDENCE-6', older, newer);
  return byOperator(newer);
}

// [EVIDENCE-7]
async function revokedLive(of, keys) {
  const checkpoint = await readCheckpoint(of.checkpoint, keys);
  const seal = await readLastSeal(of.seal, checkpoint, keys);
  const grant = decodeStatement(of.grant);
  if (grant.kind !== 'grant') invalid('EVIDENCE-7', `a ${grant.kind} for a grant`);
  checkOfVillage(grant, keys.id);
  const id = leafHash(of.grant);
  const { entry, signed: { statement: { kind, body } } } =
    readEntry(of.revocation, checkpoint, keys);
  // The seal covers what is before its own index.
  if (entry.index >= seal.index) {
    invalid('EVIDENCE-7', `the revocation is entry ${entry.index}, the seal ${seal.index}`);
  }
  if (kind !== 'revocation') invalid('EVIDENCE-7', `a ${kind} for a revocation`);
  if (!equal(body.grant, id)) invalid('EVIDENCE-7', 'a revocation of another grant');
  if (!equal(body.domain, grant.body.domain)) {
    invalid('EVIDENCE-7', 'a revocation that names another domain than the grant');
  }
  const { status } = readValue(of.state, 'grant', id, seal);
  if (status !== 'active') invalid('EVIDENCE-7', `the grant is ${status}`);
  return byOperator(checkpoint);
}

// What `read` gives, or null where it is refused for good.
async function orNull(read) {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof Refusal) || error.code === 'unknown version') throw error;
    return null;
  }
}

// Whether the last leaf of a tree of `size` is the seal that it has to be.
async function isSealed(leaf, signedStatement, size, keys) {
  const entry = await orNull(() => decodeEntry(leaf));
  if (entry === null || entry.kind !== 'seal' || entry.index !== size - 1n) return false;
  if (signedStatement.length === 0) unavailable('EVIDENCE-8', 'the seal is withheld');
  checkCommitment(entry, signedStatement);
  const tenure = await orNull(() => checkSeal(entry, decodeSigned(signedStatement), keys));
  return tenure !== null;
}

// [EVIDENCE-8]
async function unsealed({ checkpoint: note, leaf, path, signedStatement }, keys) {
  const checkpoint = await readCheckpoint(note, keys);
  const { size, root } = checkpoint;
  verifyInclusion(size - 1n, size, leafHash(leaf), splitHashes(path), root);
  if (await isSealed(leaf, signedStatement, size, keys)) {
    invalid('EVIDENCE-8', `the checkpoint of ${size} ends in its seal`);
  }
  return byOperator(checkpoint);
}

// [EVIDENCE-9]
async function revived(of, keys) {
  const checkpoint = await readCheckpoint(of.checkpoint, keys);
  const earlier = await readSeal(of.earlier, checkpoint, keys);
  const later = await readLastSeal(of.later, checkpoint, keys);
  if (earlier.index >= later.index) invalid('EVIDENCE-9', 'one seal twice');
  const subjectClass = classNumbered(of.stateClass);
  const ended = readValue(of.ended, subjectClass, of.id, earlier);
  const alive = readValue(of.alive, subjectClass, of.id, later);
  if (!hasEnded(ended)) invalid('EVIDENCE-9', `${ended.status} is not final`);
  if (hasEnded(alive)) invalid('EVIDENCE-9', `it stays ${alive.status}`);
  checkOneTenure('EVIDENCE-9', earlier, later);
  return byOperator(checkpoint);
}

// [EVIDENCE-10] An event for the operator that could come next.
async function readOperatorEvent(bytes, keys) {
  const { statement: { kind, body }, signers } = await keys.judge(bytes);
  if (kind !== 'keyEvent' || body.change.member !== 'operator') {
    invalid('EVIDENCE-10', 'it names no operator');
  }
  return { ...body.change.value, signers };
}

async function twoOperators(of, keys) {
  const first = await readOperatorEvent(of.first, keys);
  const second = await readOperatorEvent(of.second, keys);
  const oneKey = equal(keyIdOf(first.key), keyIdOf(second.key));
  const split = first.fromSize === second.fromSize && !equal(first.fromRoot, second.fromRoot);
  if (oneKey && !split) invalid('EVIDENCE-10', 'one key, from one log');
  const both = keyIdsOf(keys.council.keys)
    .filter((id) => first.signers.includes(id) && second.signers.includes(id));
  return { office: 'council', keyIds: both.map(parseHex), retired: false, checkpoint: null };
}

const judges = {
  twoRoots: { rule: 'EVIDENCE-5', judge: twoRoots },
  rewritten: { rule: 'EVIDENCE-6', judge: rewritten },
  revokedLive: { rule: 'EVIDENCE-7', judge: revokedLive },
  unsealed: { rule: 'EVIDENCE-8', judge: unsealed },
  revived: { rule: 'EVIDENCE-9', judge: revived },
  twoOperators: { rule: 'EVIDENCE-10', judge: twoOperators },
};

// Gives {misdeed, office, keyIds, retired, keys, checkpoint}: whom it convicts of what, whether the
// history shows that the key went, that history, and the newest checkpoint, null where it rests on
// none. Where nobody can tell, the refusal is "unavailable" or "unknown version". `village` is the
// id that the reader means, or null.
export async function verifyEvidence(bytes, village = null) {
  const evidence = decodeVersioned('Evidence', bytes);
  const keys = await readKeys(evidence, (id) => {
    if (village && !equal(id, village)) {
      unauthorised('EXPORT-5', `evidence against ${hex(id)}, meant is ${hex(village)}`);
    }
  });
  const { member: misdeed, value } = evidence.of;
  const { rule, judge } = judges[misdeed];
  return { misdeed, keys, ...(await under(rule, () => judge(value, keys))) };
}
