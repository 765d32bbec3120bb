// SPDX-License-Identifier: AGPL-3.0-or-later

// For tests: a village made up, and what its operator can show of it to another one. What its state
// holds besides is put there, whether a rule would let it or not.
import { createHash, createPrivateKey, createPublicKey, sign as signWith } from 'node:crypto';
import { base64, compare, concat, empty, hex, zeros32 } from './bytes.js';
import { encode } from './codec.js';
import { sha256 } from './crypto.js';
import { ed25519, keyIdOf, x25519 } from './key.js';
import { Ledger } from './ledger.js';
import { leafHash, rootOf } from './merkle.js';
import { kindNumber } from './schema.js';
import { classes, encodeDetail, encodeValue, subjectOf } from './state.js';
import { signedMessage, statementIdOf } from './statement.js';
import { utf8 } from './text.js';

export const madeAt = 1767268800n;
export const idNumbered = (n) => new Uint8Array(32).fill(n);

const byId = (a, b) => compare(a.id, b.id);
const pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex');

// The same one for the same name.
export function keyNamed(name) {
  const seed = createHash('sha256').update(name).digest();
  const secret = createPrivateKey({
    key: Buffer.concat([pkcs8, seed]), format: 'der', type: 'pkcs8',
  });
  const spki = createPublicKey(secret).export({ format: 'der', type: 'spki' });
  const key = { algorithm: ed25519, bytes: new Uint8Array(spki.subarray(-32)) };
  const sign = (message) => new Uint8Array(signWith(null, message, secret));
  return { key, id: keyIdOf(key), sign };
}

const operator = keyNamed('operator'), witness = keyNamed('witness');
const council = keyNamed('council'), spare = keyNamed('spare');

// --- statements ---

function signedBy(keys, statement) {
  const message = signedMessage(1n, statementIdOf(statement));
  const signatures = [...keys].sort(byId).map(({ id, sign }) => ({
    keyId: id, bytes: sign(message), batchIndex: 0n, batchSize: 1n, batchPath: empty,
  }));
  return encode('SignedStatement', { version: 1, statement, signatures });
}

const statementOf = (member, value, rest) =>
  encode('Statement', {
    version: 1, visibility: 'open', issuedAt: madeAt, sequenceBy: madeAt + 86400n,
    basisSize: 0n, basisRoot: zeros32, village: zeros32, salt: new Uint8Array(16),
    body: { member, value }, ...rest,
  });

// `rest`: what of its statement is to be otherwise than it has to be.
export const madeGenesis = (rest = {}) =>
  signedBy([council, operator], statementOf('genesis', {
    rules: 2, name: 'made up', origin: 'made-up.invalid/ledger', communityType: 'village',
    operator: operator.key, witness: witness.key,
    sealing: { algorithm: x25519, bytes: idNumbered(1) },
    council: { threshold: 1, keys: [council.key] },
    councilNext: { threshold: 1, keyIds: [spare.id] },
    terms: '', substrate: { hardware: '', weights: '', jurisdiction: '' },
  }, rest));

// --- proofs ---

// RFC 6962 PATH(index, leaves), by its definition.
export function pathOf(index, leaves) {
  if (leaves.length === 1) return [];
  let half = 1;
  while (2 * half < leaves.length) half *= 2;
  const left = leaves.slice(0, half), right = leaves.slice(half);
  return index < half
    ? [...pathOf(index, left), rootOf(right)]
    : [...pathOf(index - half, right), rootOf(left)];
}

const bitOf = (key, bit) => (key[bit >> 3] >> (7 - (bit % 8))) & 1;

// Pairs in the order of their keys, at the first bit in which these differ.
function parted(pairs) {
  const first = pairs[0].key, last = pairs.at(-1).key;
  let bit = 0;
  while (bitOf(first, bit) === bitOf(last, bit)) bit++;
  const at = pairs.findIndex(({ key }) => bitOf(key, bit) === 1);
  return { bit, sides: [pairs.slice(0, at), pairs.slice(at)] };
}

function stateRootOf(pairs) {
  if (pairs.length === 1) return sha256(pairs[0].key, pairs[0].value);
  const { bit, sides } = parted(pairs);
  return sha256(...sides.map(stateRootOf), Uint8Array.of(bit));
}

function stateProofOf(key, pairs) {
  if (pairs.length === 1) return empty;
  const { bit, sides } = parted(pairs);
  const side = bitOf(key, bit);
  return concat(stateProofOf(key, sides[side]), Uint8Array.of(bit), stateRootOf(sides[1 - side]));
}

// --- the village ---

export class MadePeer {
  ledger = new Ledger();
  items = []; // {entry, signedStatement, leaf}
  pairs = new Map();

  static async found() {
    const peer = new MadePeer();
    await peer.#sequence(madeGenesis());
    await peer.seal();
    return peer;
  }

  get id() {
    return this.ledger.village;
  }

  subject(subjectClass, id) {
    return this.ledger.state.get(subjectClass, id);
  }

  put(subjectClass, id, detail, status = 'active') {
    const subject = subjectOf(subjectClass, id, {
      status, version: 1n, firstIndex: 2n, lastIndex: 2n, detail,
    });
    this.ledger.state.apply([subject]);
    this.#keep([{ key: subject.key, value: subject.set }]);
  }

  seal() {
    const coveredSize = BigInt(this.items.length);
    return this.#add('seal', { coveredSize, stateRoot: this.ledger.state.root() }, operator);
  }

  // Gives the index of its entry.
  async exit() {
    await this.#add('exit', { manifest: idNumbered(2) }, council);
    return this.items.length - 1;
  }

  // A PeerState; `history` are indices, `subjects` [class, id].
  shows(history, ...subjects) {
    const shown = [['village', this.id], ...subjects].map((each) => this.#provenSubject(...each));
    shown.sort((a, b) => a.stateClass - b.stateClass || compare(a.id, b.id));
    return {
      history: history.map((index) => this.#provenEntry(index)),
      checkpoint: this.#checkpoint(),
      seal: this.#provenEntry(this.items.length - 1),
      subjects: shown,
    };
  }

  #keep(pairs) {
    for (const pair of pairs) this.pairs.set(hex(pair.key), pair);
  }

  #add(kind, value, key) {
    const size = [...this.ledger.sealedRoots.keys()].at(-1) ?? 0n;
    const basis = size > 0n && { basisSize: size, basisRoot: this.ledger.sealedRoots.get(size) };
    const statement = statementOf(kind, value, { village: this.id, ...basis });
    return this.#sequence(signedBy([key], statement));
  }

  async #sequence(signedStatement) {
    const { entry, pairs } = await this.ledger.sequence(signedStatement, madeAt);
    const bytes = encode('Entry', { ...entry, version: 1, kind: kindNumber(entry.kind) });
    this.items.push({ entry: bytes, signedStatement, leaf: leafHash(bytes) });
    this.#keep(pairs);
  }

  #leaves() {
    return this.items.map(({ leaf }) => leaf);
  }

  #provenEntry(index) {
    const { entry, signedStatement } = this.items[index];
    return { entry, signedStatement, path: concat(...pathOf(index, this.#leaves())) };
  }

  #checkpoint() {
    const { origin } = this.ledger;
    const text = `${origin}\n${this.items.length}\n${base64(rootOf(this.#leaves()))}\n`;
    const name = sha256(utf8(origin), Uint8Array.of(0x0a, 1), operator.key.bytes).subarray(0, 4);
    const signature = base64(concat(name, operator.sign(utf8(text))));
    return utf8(`${text}\n\u2014 ${origin} ${signature}\n`);
  }

  #provenSubject(subjectClass, id) {
    const { key, detail, ...value } = this.subject(subjectClass, id);
    const bytes = encodeDetail(subjectClass, detail);
    const pairs = [...this.pairs.values()].sort((a, b) => compare(a.key, b.key));
    const { status, version, firstIndex, lastIndex } = value;
    return {
      stateClass: classes.indexOf(subjectClass) + 1,
      id,
      value: encodeValue({
        subjectClass, status, version, firstIndex, lastIndex, detail: sha256(bytes),
      }),
      detail: bytes,
      proof: stateProofOf(key, pairs),
    };
  }
}
