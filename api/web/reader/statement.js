// SPDX-License-Identifier: AGPL-3.0-or-later

// Signed statements: what they are called, and whether their signatures verify (spec/bytes.md).
// Which signatures there must be is asked in rules.js.
import { concat, hex, u64be } from './bytes.js';
import { decodeVersioned } from './codec.js';
import { sha256, verifyEd25519 } from './crypto.js';
import { keyIdOf } from './key.js';
import { hasLength, leafHash, rootFromInclusion, splitHashes } from './merkle.js';
import { malformed, unauthorised } from './refusal.js';
import { utf8 } from './text.js';

const firstLine = utf8('holdfast/statement/v1\n');

// A leaf hash, so that the id of a lone statement is the root of its batch.
export const statementIdOf = leafHash;

// What one signature over a batch signs.
export const signedMessage = (batchSize, batchRoot) =>
  concat(firstLine, sha256(u64be(batchSize), batchRoot));

// The statement of bytes that have no signatures; `kind` is the name of its body's member.
export function decodeStatement(bytes) {
  const statement = decodeVersioned('Statement', bytes);
  return { ...statement, kind: statement.body.member, body: statement.body.value };
}

// {statement, signatures, id, hash} of the canonical bytes of a signed statement. `checkId` is
// given the id before the statement is taken apart: whether it is the one that is meant, bytes say.
export function decodeSigned(bytes, checkId = () => {}) {
  const { statement, signatures } = decodeVersioned('SignedStatement', bytes);
  const id = statementIdOf(statement);
  checkId(id);
  return { statement: decodeStatement(statement), signatures, id, hash: sha256(bytes) };
}

// The keys that a statement names and that may sign: it can be signed by them itself.
export function keysNamedBy({ kind, body }) {
  const shownBy = {
    genesis: ({ operator, council }) => [operator, ...council.keys],
    domain: ({ guardians }) => guardians.keys,
    keyEvent: ({ change: { member, value } }) => {
      switch (member) {
        case 'council':
          return [...value.set.keys, ...value.revealed];
        case 'domain':
          return [...value.rotation.set.keys, ...value.rotation.revealed];
        case 'operator':
        case 'agent':
          return [value.key];
        default:
          return [];
      }
    },
  };
  return shownBy[kind]?.(body) ?? [];
}

// Keys by their ids, as log and statements name them.
export class KnownKeys {
  #keys = new Map();

  add(keys) {
    for (const key of keys) this.#keys.set(hex(keyIdOf(key)), key);
    return this;
  }

  get(keyId) {
    return this.#keys.get(hex(keyId));
  }
}

// [SIG-2] to [SIG-4]. Gives the ids of the keys that signed, in hex. `verified` remembers what was
// found good, since a batch has the same key, message and signature for each of its statements.
export async function verifySignatures({ statement, signatures, id }, known, verified = new Set()) {
  const named = new KnownKeys().add(keysNamedBy(statement));
  const checks = signatures.map((signature) => {
    const { batchIndex, batchSize, batchPath } = signature;
    const path = splitHashes(batchPath);
    if (!hasLength(path, batchIndex, batchSize)) {
      malformed(
        'SIG-2',
        `a path of ${path.length} hashes for ${batchIndex} in a batch of ${batchSize}`,
      );
    }
    return {
      signature,
      message: signedMessage(batchSize, rootFromInclusion(batchIndex, batchSize, id, path)),
    };
  });
  const keys = signatures.map(
    ({ keyId }) =>
      known.get(keyId) ??
      named.get(keyId) ??
      unauthorised('SIG-3', `key ${hex(keyId)} stands in no statement`),
  );
  for (const [i, { signature, message }] of checks.entries()) {
    const name = hex(concat(signature.keyId, message, signature.bytes));
    if (verified.has(name)) continue;
    if (!(await verifyEd25519(keys[i].bytes, message, signature.bytes))) {
      unauthorised('SIG-4', `the signature of key ${hex(signature.keyId)} does not verify`);
    }
    if (signature.batchSize > 1n) verified.add(name);
  }
  return signatures.map(({ keyId }) => hex(keyId));
}
