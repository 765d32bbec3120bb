// SPDX-License-Identifier: AGPL-3.0-or-later

// What all evidence rests on: whose key it was, checkpoints, seals, and states under them
// (spec/evidence.md, EVIDENCE-1 to EVIDENCE-4).
import { equal, hex } from './bytes.js';
import { sha256 } from './crypto.js';
import { checkCommitment, checkKind, decodeEntry } from './entry.js';
import { founding, judgeNext } from './key_history.js';
import { hasLength, splitHashes, verifyInclusion } from './merkle.js';
import { openNote, parseCheckpoint, parseNote, plain, verifierKey } from './note.js';
import { Refusal, invalid, unauthorised, unknownVersion } from './refusal.js';
import { newestRules } from './rules_authorities.js';
import { classes, decodeValue, isIdOf, keyOf } from './state.js';
import { verifyStateInclusion } from './state_tree.js';
import { State } from './state_view.js';
import { KnownKeys, decodeSigned, verifySignatures } from './statement.js';

// Names the rule of evidence that is broken, where `judge` names one of another page.
export async function under(rule, judge) {
  try {
    return await judge();
  } catch (error) {
    if (!(error instanceof Refusal) || error.rule?.startsWith('EVIDENCE-')) throw error;
    throw new Refusal(error.code, rule, error.message);
  }
}

// --- whose key it was ---

// A village's keys as its history has them. `state` has the village and its council as they are
// after it; a tenure is {key, from, until}, sizes above the one and up to the other, or null.
class KeyHistory {
  tenures = [];
  state = new State();

  // [EVIDENCE-1]
  async found(signed) {
    const { origin, operator } = signed.statement.body;
    this.id = signed.id;
    this.origin = origin;
    this.state.apply(await founding(signed));
    this.tenures.push({ key: operator, from: 0n, until: null });
  }

  // [EVIDENCE-2] Judges what could come next: {statement, signers, changes}. Its entry is not
  // shown: an operator's event says itself where it stands, and the time is one that fits.
  async judge(bytes) {
    const signed = decodeSigned(bytes);
    const { statement } = signed;
    const { issuedAt: time, body } = statement;
    const place = { index: this.present.from + 1n, time };
    if (statement.kind === 'keyEvent' && body.change.member === 'operator') {
      const { fromSize, fromRoot } = body.change.value;
      if (fromSize <= this.present.from) {
        invalid(null, `from size ${fromSize}, the last was from ${this.present.from}`);
      }
      Object.assign(place, { index: fromSize, root: fromRoot });
    }
    const { signers, changes } = await judgeNext(this.state, this.id, signed, place);
    return { statement, signers, changes };
  }

  async follow(bytes) {
    const { statement: { kind, body }, changes } = await this.judge(bytes);
    this.state.apply(changes);
    const { rules } = this.village.detail;
    if (rules > newestRules) unknownVersion('RULES-1', `the village is under rules ${rules}`);
    if (kind !== 'keyEvent' || body.change.member !== 'operator') return;
    const { key, fromSize } = body.change.value;
    this.present.until = fromSize;
    this.tenures.push({ key, from: fromSize, until: null });
  }

  get village() {
    return this.state.get('village', this.id);
  }

  get council() {
    return this.state.get('authority', this.id).detail.current;
  }

  get present() {
    return this.tenures.at(-1);
  }

  // The tenure that a size falls in. What was signed outside of all is void.
  tenureOf(size) {
    return this.tenures.findLast(({ from }) => from < size) ??
      unauthorised(null, `nobody's tenure has size ${size}`);
  }
}

// `checkId` is given the id of the village that the genesis makes.
export async function readKeys({ genesis, history }, checkId) {
  const keys = new KeyHistory();
  const signed = await under('EVIDENCE-1', () => decodeSigned(genesis));
  checkId(signed.id);
  await under('EVIDENCE-1', () => keys.found(signed));
  for (const bytes of history) await under('EVIDENCE-2', () => keys.follow(bytes));
  return keys;
}

// --- what they signed ---

// [EVIDENCE-3] {size, root, tenure}
export const readCheckpoint = (note, keys) =>
  under('EVIDENCE-3', async () => {
    const { origin, size, root } = parseCheckpoint(parseNote(note).text);
    if (origin !== keys.origin) {
      unauthorised('EXPORT-5', `a checkpoint of ${origin}, want ${keys.origin}`);
    }
    const tenure = keys.tenureOf(size);
    await openNote(note, [verifierKey(origin, plain, tenure.key.bytes)]);
    return { size, root, tenure };
  });

// An entry with its statement, in the tree of a checkpoint. It says its index itself, so a path of
// another length is nothing ill-formed: it is that of another place or another tree.
export function readEntry({ entry: bytes, signedStatement, path }, { size, root }, { id }) {
  const entry = decodeEntry(bytes);
  const hashes = splitHashes(path);
  if (!hasLength(hashes, entry.index, size)) {
    invalid('PROOF-1', `a path of ${hashes.length} hashes for ${entry.index} in ${size}`);
  }
  verifyInclusion(entry.index, size, entry.leaf, hashes, root);
  checkCommitment(entry, signedStatement);
  const signed = decodeSigned(signedStatement);
  checkKind(entry, signed);
  checkOfVillage(signed.statement, id);
  return { entry, signed };
}

export function checkOfVillage({ village }, id) {
  if (!equal(village, id)) invalid('STMT-1', `a statement of ${hex(village)}, want ${hex(id)}`);
}

// What a seal has to be, besides that its entry commits to it.
export async function checkSeal(entry, signed, keys) {
  const { kind, body: { coveredSize } } = signed.statement;
  if (kind !== 'seal') invalid('EVIDENCE-4', `a ${kind} where a seal belongs`);
  checkOfVillage(signed.statement, keys.id);
  if (coveredSize !== entry.index) {
    invalid('SEAL-2', `it covers ${coveredSize}, want ${entry.index}`);
  }
  const tenure = keys.tenureOf(entry.index + 1n);
  // Whoever else has signed is a key that nobody knows.
  await verifySignatures(signed, new KnownKeys().add([tenure.key]));
  return tenure;
}

// [EVIDENCE-4] {index, stateRoot, tenure}
export const readSeal = (item, checkpoint, keys) =>
  under('EVIDENCE-4', async () => {
    const { entry, signed } = readEntry(item, checkpoint, keys);
    const tenure = await checkSeal(entry, signed, keys);
    return { index: entry.index, stateRoot: signed.statement.body.stateRoot, tenure };
  });

export const readLastSeal = (item, checkpoint, keys) =>
  under('EVIDENCE-4', async () => {
    const seal = await readSeal(item, checkpoint, keys);
    if (seal.index !== checkpoint.size - 1n) {
      invalid('EVIDENCE-4', `entry ${seal.index} is not the last of ${checkpoint.size}`);
    }
    return seal;
  });

// The state of a subject under a seal.
export function readValue({ value: bytes, proof }, subjectClass, id, { stateRoot }) {
  const value = decodeValue(bytes);
  if (value.subjectClass !== subjectClass || !isIdOf(subjectClass, id)) {
    invalid('PROOF-10', `the state of a ${value.subjectClass}, want a ${subjectClass}`);
  }
  verifyStateInclusion(keyOf(subjectClass, id), sha256(bytes), proof, stateRoot);
  return value;
}

export const classNumbered = (number) =>
  classes[number - 1] ?? invalid('PROOF-10', `there is no class ${number}`);
