// SPDX-License-Identifier: AGPL-3.0-or-later

// Observations: checkpoints of a peer's and of this village's own log, and evidence
// (spec/accounting.md).
import { equal, hex, zeros32 } from './bytes.js';
import { verifyEvidence } from './evidence.js';
import { splitHashes, verifyConsistency } from './merkle.js';
import {
  openNote, parseCheckpoint, parseCosignature, parseNote, plain, verifierKey,
} from './note.js';
import { detailOfPeer, peerOf, readShown } from './peer.js';
import { Refusal, invalid } from './refusal.js';

const daySeconds = 86400n;

// --- a peer's ---

// [OBSERVE-2], [OBSERVE-3] `last` is what is known of the peer.
function checkGrowth(step, { size, root }, last, consistency) {
  if (last.size === 0n) {
    if (consistency.length > 0) invalid('OBSERVE-3', 'a proof where none was observed before');
    return;
  }
  if (size <= last.size) invalid('OBSERVE-2', `size ${size}, the last observed is ${last.size}`);
  if (step.time / daySeconds <= last.observedAt / daySeconds) {
    invalid('OBSERVE-2', 'the last was observed on the same day');
  }
  try {
    verifyConsistency(last.size, size, last.root, root, splitHashes(consistency));
  } catch (error) {
    if (error instanceof Refusal) invalid('OBSERVE-3', error.message);
    throw error;
  }
}

async function ofPeer(step, { agreement: id, state, consistency }) {
  const agreement = step.the('agreement', id, 'OBSERVE-1');
  const peer = step.the('peer', agreement.detail.peer, 'OBSERVE-1');
  const shown = await readShown(state, peerOf(peer));
  const { size, root } = shown.checkpoint;
  checkGrowth(step, shown.checkpoint, peer.detail, consistency);
  step.make('observation', step.id, { village: peer.id, size, root });
  const seen = { size, root, observedAt: step.time };
  step.change(peer, { ...detailOfPeer(shown.peer), ...seen }, shown.peer.village.status);
}

// --- this village's own ---

// [OBSERVE-4]
async function openOwn(step, note) {
  const { operator } = step.village().detail;
  try {
    const { origin } = parseCheckpoint(parseNote(note).text);
    const key = verifierKey(origin, plain, operator.bytes);
    return parseCheckpoint((await openNote(note, [key])).text);
  } catch (error) {
    if (error instanceof Refusal) invalid('OBSERVE-4', error.message);
    throw error;
  }
}

// [OBSERVE-5] Whose it is, nobody here can say.
function isCosignature({ payload }) {
  try {
    parseCosignature(payload);
    return true;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}

async function own(step, note) {
  const { size, root } = await openOwn(step, note);
  const sealed = size <= step.index ? step.log.sealedRoots.get(size) : undefined;
  if (!sealed || !equal(sealed, root)) {
    invalid('OBSERVE-4', `size ${size} with root ${hex(root)} is not of this log`);
  }
  if (!parseNote(note).signatures.some(isCosignature)) invalid('OBSERVE-5', 'no cosignature');
  step.make('observation', step.id, { village: step.villageId, size, root });
}

// --- evidence ---

// [OBSERVE-6]
async function verified(bytes) {
  try {
    return await verifyEvidence(bytes);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const code = error.code === 'unknown version' ? error.code : 'invalid';
    throw new Refusal(code, 'OBSERVE-6', error.message);
  }
}

// [OBSERVE-7] A key that is known to be retired convicts nobody.
function checkNewest(step, { id, village }) {
  const known = step.isVillage(id)
    ? step.village().version
    : step.state.get('peer', id)?.detail.villageVersion;
  if (known !== undefined && village.version < known) {
    invalid('OBSERVE-7', `the history leads to version ${village.version}, known is ${known}`);
  }
}

async function evidence(step, bytes) {
  const { keys, retired, checkpoint } = await verified(bytes);
  const { size, root } = checkpoint ?? { size: 0n, root: zeros32 };
  step.make('observation', step.id, { village: keys.id, size, root });
  if (!retired) checkNewest(step, keys);
}

const of = { peer: ofPeer, own, evidence };

export async function observation(step) {
  const { member, value } = step.body.of;
  step.requireAbsent('observation', step.id);
  step.signedBy(step.allOf([step.village().detail.operator]));
  await of[member](step, value);
}
