// SPDX-License-Identifier: AGPL-3.0-or-later

// What is shown of another village, with everything that proves it (spec/exchange.md, "What is
// shown of a peer"). What is known is its genesis or the subject `peer`; a history leads on from
// there.
import { equal, hex } from './bytes.js';
import { sha256 } from './crypto.js';
import { checkCommitment, checkKind, decodeEntry } from './entry.js';
import { founding, judgeNext } from './key_history.js';
import { rootBefore, splitHashes, verifyInclusion } from './merkle.js';
import { openNote, parseCheckpoint, parseNote, plain, verifierKey } from './note.js';
import { Refusal, invalid, notFound, unauthorised } from './refusal.js';
import {
  classes, decodeDetail, decodeValue, encodeDetail, isIdOf, keyOf, subjectOf,
} from './state.js';
import { verifyStateInclusion } from './state_tree.js';
import { State } from './state_view.js';
import { decodeSigned } from './statement.js';

// Names the rule about peers that is broken, where `judge` names one of another page.
async function under(rule, judge) {
  try {
    return await judge();
  } catch (error) {
    if (!(error instanceof Refusal) || error.code === 'unknown version') throw error;
    if (error.rule?.startsWith('PEER-')) throw error;
    const code = error.code === 'unauthorised' ? error.code : 'invalid';
    throw new Refusal(code, rule, error.message);
  }
}

// --- what is known: {id, origin, village, council}, the last two as subjects ---

// [PEER-1]
export const peerOfGenesis = (bytes, id) =>
  under('PEER-1', async () => {
    const signed = decodeSigned(bytes);
    if (!equal(signed.id, id)) invalid('STMT-1', `the genesis of ${hex(signed.id)}`);
    const [village, council] = await founding(signed);
    return { id, origin: signed.statement.body.origin, village, council };
  });

// A subject of the peer's as it is known here, where the indices of its changes are not.
const known = (subjectClass, id, status, version, detail) =>
  subjectOf(subjectClass, id, { status, version, firstIndex: 0n, lastIndex: 0n, detail });

export const peerOf = ({ id, status, detail }) => ({
  id,
  origin: detail.origin,
  village: known('village', id, status, detail.villageVersion, detail.village),
  council: known('authority', id, 'active', detail.councilVersion, detail.council),
});

// What `peer/<id>` says of it.
export const detailOfPeer = ({ village, council }) => ({
  village: village.detail,
  villageVersion: village.version,
  council: council.detail,
  councilVersion: council.version,
});

// --- entries of its log ---

async function provenEntry({ entry: bytes, signedStatement, path }, { size, root }, id) {
  const entry = decodeEntry(bytes);
  await under('PEER-3', () => checkCommitment(entry, signedStatement));
  verifyInclusion(entry.index, size, entry.leaf, splitHashes(path), root);
  const signed = decodeSigned(signedStatement);
  checkKind(entry, signed);
  const { village } = signed.statement;
  if (!equal(village, id)) invalid('STMT-1', `a statement of ${hex(village)}, want ${hex(id)}`);
  return { entry, signed };
}

// One entry of the history, by the peer's own rules.
async function follow(state, id, item, checkpoint) {
  const { entry: { index, time }, signed } = await provenEntry(item, checkpoint, id);
  const root = rootBefore(index, checkpoint.size, splitHashes(item.path));
  const { changes } = await judgeNext(state, id, signed, { index, time, root });
  state.apply(changes);
  return index;
}

// [PEER-3] The peer after the history.
async function followAll(history, peer, checkpoint) {
  const { id, village, council } = peer;
  const state = new State();
  state.apply([village, council]);
  const present = () => ({
    village: state.get('village', id),
    council: state.get('authority', id),
  });
  let last = 0n;
  for (const item of history) {
    await under('PEER-3', async () => {
      const index = await follow(state, id, item, checkpoint);
      if (index <= last) invalid('ENTRY-1', `entry ${index} behind entry ${last}`);
      last = index;
    });
  }
  return { ...peer, ...present() };
}

// --- checkpoint and seal ---

// [PEER-2]
const readCheckpoint = (note, { origin }) =>
  under('PEER-2', () => {
    const checkpoint = parseCheckpoint(parseNote(note).text);
    if (checkpoint.origin !== origin) {
      unauthorised('EXPORT-5', `a checkpoint of ${checkpoint.origin}, want ${origin}`);
    }
    return checkpoint;
  });

const checkSigned = (note, { origin, village }) =>
  under('PEER-2', () =>
    openNote(note, [verifierKey(origin, plain, village.detail.operator.bytes)]));

// [PEER-4] Gives the state root and the time of the seal.
const readSeal = (item, checkpoint, { id }) =>
  under('PEER-4', async () => {
    const { entry, signed } = await provenEntry(item, checkpoint, id);
    if (entry.kind !== 'seal' || entry.index !== checkpoint.size - 1n) {
      invalid('PEER-4', `a ${entry.kind} at ${entry.index}, want the seal of ${checkpoint.size}`);
    }
    const { coveredSize, stateRoot } = signed.statement.body;
    if (coveredSize !== entry.index) invalid('SEAL-2', `it covers ${coveredSize}`);
    return { stateRoot, time: entry.time };
  });

// --- subjects ---

// [PEER-5] As the rules see it.
const readSubject = ({ stateClass, id, value: bytes, detail, proof }, stateRoot) =>
  under('PEER-5', () => {
    const value = decodeValue(bytes);
    const subjectClass = classes[stateClass - 1];
    if (value.subjectClass !== subjectClass || !isIdOf(subjectClass, id)) {
      invalid('PEER-5', `a ${value.subjectClass} shown as one of class ${stateClass}`);
    }
    if (!equal(value.detail, sha256(detail))) invalid('PEER-5', 'a detail of another value');
    verifyStateInclusion(keyOf(subjectClass, id), sha256(bytes), proof, stateRoot);
    return { ...value, id, detail: decodeDetail(subjectClass, detail) };
  });

const sameSubject = (shown, { subjectClass, version, status, detail }) =>
  shown.version === version &&
  shown.status === status &&
  equal(encodeDetail(subjectClass, shown.detail), encodeDetail(subjectClass, detail));

// What was proved: the peer after the history, its checkpoint, the seal's time, and subjects.
class Shown {
  constructor(rest, subjects) {
    Object.assign(this, rest);
    this.subjects = new Map(
      subjects.map((subject) => [`${subject.subjectClass} ${hex(subject.id)}`, subject]));
  }

  find(subjectClass, id) {
    return this.subjects.get(`${subjectClass} ${hex(id)}`) ?? null;
  }

  // [PEER-5] What a rule needs.
  the(subjectClass, id) {
    const subject = this.find(subjectClass, id);
    return subject ?? notFound('PEER-5', `no ${subjectClass} ${hex(id)} is shown`);
  }

  // [PEER-7]
  checkGoesOn() {
    if (this.peer.village.status !== 'active') invalid('PEER-7', "the peer's village has ended");
  }
}

// [PEER-2] to [PEER-6]
export async function readShown({ history, checkpoint: note, seal, subjects }, peerKnown) {
  const checkpoint = await readCheckpoint(note, peerKnown);
  const peer = await followAll(history, peerKnown, checkpoint);
  await checkSigned(note, peer);
  const { stateRoot, time } = await readSeal(seal, checkpoint, peer);
  const read = [];
  for (const subject of subjects) read.push(await readSubject(subject, stateRoot));
  const shown = new Shown({ peer, checkpoint, time, hasHistory: history.length > 0 }, read);
  const council = shown.find('authority', peer.id) ?? peer.council;
  if (
    !sameSubject(shown.the('village', peer.id), peer.village) ||
    !sameSubject(council, peer.council)
  ) {
    invalid('PEER-6', 'the history does not lead to the village or the council that is shown');
  }
  return shown;
}
