// SPDX-License-Identifier: AGPL-3.0-or-later

// How a vector of each file of spec/vectors is judged: its input in, what the reader computes out,
// or a Refusal thrown. Test code, not part of the reader.
import { compare, equal, hex, parseBase64, parseHex } from './bytes.js';
import { verifyEd25519 } from './crypto.js';
import { keyIdOf, parseKey } from './key.js';
import { leafHash, rootOf, verifyConsistency, verifyInclusion } from './merkle.js';
import { unauthorised } from './refusal.js';
import { KnownKeys, decodeSigned, decodeStatement, verifySignatures } from './statement.js';

const big = BigInt;

function key({ text }) {
  const found = parseKey(text);
  return { algorithm: found.algorithm, bytes: hex(found.bytes), keyId: hex(keyIdOf(found)) };
}

async function signature({ publicKey, message, signature: bytes }) {
  if (!await verifyEd25519(parseHex(publicKey), parseHex(message), parseHex(bytes))) {
    unauthorised('SIG-4', 'the signature does not verify');
  }
  return {};
}

function statement({ bytes, zerosBehind = 0 }) {
  const all = parseHex(bytes + '00'.repeat(zerosBehind));
  const { kind, visibility } = decodeStatement(all);
  return { id: hex(leafHash(all)), kind, visibility };
}

async function signedStatement({ bytes, known }) {
  const signed = decodeSigned(parseHex(bytes));
  const signers = await verifySignatures(signed, new KnownKeys().add(known.map(parseKey)));
  return { id: hex(signed.id), hash: hex(signed.hash), signers };
}

const merkle = {
  root: ({ leaves }) => ({ root: hex(rootOf(leaves.map((leaf) => leafHash(parseHex(leaf))))) }),
  inclusion({ index, size, leaf, path, root }) {
    verifyInclusion(big(index), big(size), parseHex(leaf), path.map(parseHex), parseHex(root));
    return {};
  },
  consistency({ oldSize, newSize, oldRoot, newRoot, proof }) {
    verifyConsistency(big(oldSize), big(newSize), parseHex(oldRoot), parseHex(newRoot), proof.map(parseHex));
    return {};
  },
};

export const judges = {
  'base64.json': ({ text }) => ({ bytes: hex(parseBase64(text)) }),
  'keys.json': key,
  'merkle.json': (input) => merkle[input.check](input),
  'signatures.json': signature,
  'signed_statements.json': signedStatement,
  'statements.json': statement,
};
