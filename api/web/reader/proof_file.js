// SPDX-License-Identifier: AGPL-3.0-or-later

// Files that prove something by themselves (spec/proofs.md): `.tlog-proof`, that an entry is in a
// log, and `.state-proof`, what state a subject has.
import { equal, hex, parseBase64, parseDecimal } from './bytes.js';
import { sha256 } from './crypto.js';
import { checkCommitment, checkKind, decodeEntry } from './entry.js';
import { ed25519 } from './key.js';
import { verifyInclusion } from './merkle.js';
import { openNote, parseCheckpoint, parseNote, plain, verifierKey } from './note.js';
import { Refusal, invalid, malformed, unauthorised, unavailable } from './refusal.js';
import { classes, decodeDetail, decodeValue, isIdOf, keyOf } from './state.js';
import { verifyAbsence, verifyStateInclusion } from './state_tree.js';
import { KnownKeys, decodeSigned, verifySignatures } from './statement.js';
import { textOf, utf8 } from './text.js';

// Takes lines from the front of a text, one by one.
class Lines {
  constructor(text, rule) {
    this.rest = text;
    this.rule = rule;
  }

  next() {
    const end = this.rest.indexOf('\n');
    if (end === -1) malformed(this.rule, 'it ends early');
    const line = this.rest.slice(0, end);
    this.rest = this.rest.slice(end + 1);
    return line;
  }

  expect(line) {
    const found = this.next();
    if (found !== line) malformed(this.rule, `found '${found.slice(0, 64)}', want '${line}'`);
  }

  has(word) {
    return this.rest.startsWith(`${word} `);
  }

  value(word) {
    if (!this.has(word)) malformed(this.rule, `no line '${word}' where it belongs`);
    return this.next().slice(word.length + 1);
  }

  bytes(word, mayBeEmpty = false) {
    const bytes = parseBase64(this.value(word), this.rule);
    if (bytes.length === 0 && !mayBeEmpty) malformed(this.rule, `'${word}' is empty`);
    return bytes;
  }
}

function linesOf(bytes, atMost, rule) {
  if (bytes.length > atMost) malformed(rule, `found ${bytes.length} bytes, want at most ${atMost}`);
  return new Lines(textOf(bytes, rule), rule);
}

const hashesAtMost = 63;

// [NOTE-8] {index, path, extra, note}, the last the bytes of the signed checkpoint.
export function parseTlogProof(bytes) {
  const lines = linesOf(bytes, 1 << 18, 'NOTE-8');
  lines.expect('c2sp.org/tlog-proof@v1');
  const extra = lines.has('extra') ? lines.bytes('extra') : new Uint8Array(0);
  const index = parseDecimal(lines.value('index'), 1n << 63n);
  if (index === null) malformed('NOTE-8', 'an index that is no decimal number');
  const path = [];
  for (let line = lines.next(); line !== ''; line = lines.next()) {
    const hash = parseBase64(line, 'NOTE-8');
    if (hash.length !== 32) malformed('NOTE-8', `a hash of ${hash.length} bytes, want 32`);
    if (path.push(hash) > hashesAtMost) malformed('NOTE-8', `more than ${hashesAtMost} hashes`);
  }
  const note = utf8(lines.rest);
  parseNote(note);
  return { index, path, extra, note };
}

// [PROOF-8] The parts of the file, `value` and `detail` null where it is about an absence.
export function parseStateProof(bytes) {
  const lines = linesOf(bytes, 1 << 20, 'PROOF-8');
  lines.expect('holdfast/state-proof/v1');
  const subjectClass = lines.value('class');
  if (!classes.includes(subjectClass))
    malformed('PROOF-8', `there is no class '${subjectClass.slice(0, 64)}'`);
  const id = lines.bytes('id');
  if (!isIdOf(subjectClass, id)) malformed('PROOF-8', `no ${subjectClass} is called so`);
  const there = lines.has('value');
  const value = there ? lines.bytes('value') : null;
  const detail = there ? lines.bytes('detail') : null;
  const proof = lines.bytes('proof', true);
  const entry = lines.bytes('entry'),
    seal = lines.bytes('seal'),
    genesis = lines.bytes('genesis');
  lines.expect('');
  return {
    subjectClass,
    id,
    value,
    detail,
    proof,
    entry,
    seal,
    genesis,
    tlogProof: parseTlogProof(utf8(lines.rest)),
  };
}

// [EXPORT-5]
function checkVillage(id, { village }) {
  if (!village || equal(id, village)) return;
  unauthorised('EXPORT-5', `the genesis of ${hex(id)}, trusted is ${hex(village)}`);
}

// The key that has to have signed. With a village alone it is the operator's of the genesis, who
// may have been changed since: then nobody can tell.
function keyFor({ key }, genesis) {
  if (key) return key;
  const { kind, body } = genesis.statement;
  if (kind !== 'genesis') unauthorised('EXPORT-5', `a ${kind} where the genesis belongs`);
  return verifierKey(body.origin, plain, body.operator.bytes);
}

async function signedCheckpoint(note, key, byGenesisAlone) {
  const { origin } = parseCheckpoint(parseNote(note).text);
  if (origin !== key.name) unauthorised('EXPORT-5', `a checkpoint of ${origin}, want ${key.name}`);
  try {
    return parseCheckpoint((await openNote(note, [key])).text);
  } catch (error) {
    if (!(error instanceof Refusal) || error.rule !== 'NOTE-3' || !byGenesisAlone) throw error;
    return unavailable(
      null,
      'the operator of the genesis has not signed the checkpoint, a later one may have',
    );
  }
}

// Its entry is the last under the checkpoint, and a seal of this village by the same key.
async function sealedRoot(
  { entry: entryBytes, seal, tlogProof: { index, path } },
  checkpoint,
  genesis,
  key,
) {
  const entry = decodeEntry(entryBytes);
  if (entry.index !== index) invalid('ENTRY-1', `index ${entry.index}, its proof is of ${index}`);
  verifyInclusion(index, checkpoint.size, entry.leaf, path, checkpoint.root);
  if (index !== checkpoint.size - 1n || entry.kind !== 'seal')
    invalid('PROOF-9', `entry ${index} is not the seal of ${checkpoint.size}`);
  checkCommitment(entry, seal);
  const signed = decodeSigned(seal);
  checkKind(entry, signed);
  const {
    village,
    body: { coveredSize, stateRoot },
  } = signed.statement;
  if (coveredSize !== index) invalid('SEAL-2', `it covers ${coveredSize}, want ${index}`);
  const {
    kind,
    body: { origin },
  } = genesis.statement;
  if (!equal(village, genesis.id) || kind !== 'genesis')
    invalid('PROOF-9', 'a seal of another village than the genesis in the file');
  if (origin !== checkpoint.origin)
    unauthorised('EXPORT-5', `a checkpoint of ${checkpoint.origin}, want ${origin}`);
  await verifySignatures(
    signed,
    new KnownKeys().add([{ algorithm: ed25519, bytes: key.publicKey }]),
  );
  return { entry, stateRoot };
}

// `trust` is {village} or {key} or both: an id, and a verifier key. Gives {status, detail, entry,
// checkpoint}, status 'absent' where the subject is not there.
export async function verifyStateProof(bytes, trust) {
  const file = parseStateProof(bytes);
  const genesis = decodeSigned(file.genesis, (id) => checkVillage(id, trust));
  const key = keyFor(trust, genesis);
  const checkpoint = await signedCheckpoint(file.tlogProof.note, key, !trust.key);
  const { entry, stateRoot } = await sealedRoot(file, checkpoint, genesis, key);
  const k = keyOf(file.subjectClass, file.id);
  if (file.value === null) {
    verifyAbsence(k, file.proof, stateRoot);
    return { status: 'absent', detail: null, entry, checkpoint };
  }
  const value = decodeValue(file.value);
  if (value.subjectClass !== file.subjectClass)
    invalid('PROOF-10', `the state of a ${value.subjectClass}, want a ${file.subjectClass}`);
  if (!equal(value.detail, sha256(file.detail)))
    invalid('PROOF-10', 'a detail that the state does not commit to');
  verifyStateInclusion(k, sha256(file.value), file.proof, stateRoot);
  return {
    status: value.status,
    detail: decodeDetail(file.subjectClass, file.detail),
    entry,
    checkpoint,
  };
}
