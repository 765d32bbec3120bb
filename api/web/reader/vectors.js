// SPDX-License-Identifier: AGPL-3.0-or-later

// How a vector of each file of spec/vectors is judged: its input in, what the reader computes out,
// or a Refusal thrown. Test code, not part of the reader.
import { Nonces, verifyAccess } from './access.js';
import { base64, hex, parseBase64, parseHex } from './bytes.js';
import { decodeVersioned } from './codec.js';
import { verifyExport } from './export.js';
import { commitmentOf, contentRootOf, decodeContent, verifyContent } from './content.js';
import { sha256, verifyEd25519 } from './crypto.js';
import { checkChanges, checkCommitment, checkKind, checkPlace, decodeEntry } from './entry.js';
import { envelopes } from './vectors_envelopes.js';
import { verifyEvidence } from './evidence.js';
import { keyIdOf, parseKey } from './key.js';
import { Ledger } from './ledger.js';
import { leafHash, rootOf, verifyConsistency, verifyInclusion } from './merkle.js';
import { openNote, parseCheckpoint, parseCosignature, parseVerifierKey } from './note.js';
import { openByPolicy, parsePolicy } from './policy.js';
import { parseTlogProof, verifyStateProof } from './proof_file.js';
import { Refusal, unauthorised } from './refusal.js';
import { hiddenRoot } from './rules_use.js';
import { decodeDetail, decodePairs, decodeValue, encodePairs, keyOf } from './state.js';
import { StateTree, verifyAbsence, verifyStateInclusion } from './state_tree.js';
import { KnownKeys, decodeSigned, decodeStatement, verifySignatures } from './statement.js';
import { textOf, utf8 } from './text.js';

const big = BigInt;

function key({ text }) {
  const found = parseKey(text);
  return { algorithm: found.algorithm, bytes: hex(found.bytes), keyId: hex(keyIdOf(found)) };
}

async function signature({ publicKey, message, signature: bytes }) {
  if (!(await verifyEd25519(parseHex(publicKey), parseHex(message), parseHex(bytes)))) {
    unauthorised('SIG-4', 'the signature does not verify');
  }
  return {};
}

function statement({ bytes, zerosBehind = 0 }) {
  const all = parseHex(bytes + '00'.repeat(zerosBehind));
  const { kind, visibility } = decodeStatement(all);
  return { id: hex(leafHash(all)), kind, visibility };
}

// Of what a hidden answer used, under the smallest bound that it fits.
function opening({ bytes }) {
  const found = decodeVersioned('Opening', parseHex(bytes));
  let bound = 1;
  while (bound < found.ids.length) bound *= 2;
  return { bound, root: hex(hiddenRoot(bound, found)) };
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
    verifyConsistency(
      big(oldSize),
      big(newSize),
      parseHex(oldRoot),
      parseHex(newRoot),
      proof.map(parseHex),
    );
    return {};
  },
};

function content({ bytes, record }) {
  const found = decodeContent(parseHex(bytes));
  if (record) verifyContent(found, decodeSigned(parseHex(record)).statement.body);
  return {
    fields: found.fields.map((field) => ({
      name: field.name,
      commitment: hex(commitmentOf(field)),
    })),
    root: hex(contentRootOf(found)),
  };
}

function entry({ bytes, last, signedStatement: signed, pairs }) {
  const found = decodeEntry(parseHex(bytes));
  checkPlace(
    found,
    last && { index: big(last.index), time: big(last.time), leaf: parseHex(last.leaf) },
  );
  checkKind(found, decodeSigned(parseHex(signed)));
  checkCommitment(found, parseHex(signed));
  checkChanges(found, decodePairs(parseHex(pairs)));
  return { leaf: hex(found.leaf) };
}

const stateChecks = {
  tree({ pairs }) {
    const tree = new StateTree();
    for (const { key: k, value } of pairs) tree.set(parseHex(k), parseHex(value));
    return { root: hex(tree.root()) };
  },
  value({ class: subjectClass, id, value, detail }) {
    const valueBytes = parseHex(value),
      detailBytes = parseHex(detail);
    decodeValue(valueBytes);
    decodeDetail(subjectClass, detailBytes);
    return {
      key: hex(keyOf(subjectClass, parseHex(id))),
      valueHash: hex(sha256(valueBytes)),
      detailHash: hex(sha256(detailBytes)),
    };
  },
  inclusion({ key: k, value, proof, root }) {
    verifyStateInclusion(parseHex(k), parseHex(value), parseHex(proof), parseHex(root));
    return {};
  },
  absence({ key: k, proof, root }) {
    verifyAbsence(parseHex(k), parseHex(proof), parseHex(root));
    return {};
  },
};

const notes = {
  async note({ text, known }) {
    const { signedBy } = await openNote(utf8(text), known.map(parseVerifierKey));
    return { signedBy: signedBy.map(({ key: { name } }) => name) };
  },
  checkpoint({ text }) {
    const { root, ...rest } = parseCheckpoint(text);
    return { root: hex(root), ...rest };
  },
  vkey({ text }) {
    const { name, type, publicKey } = parseVerifierKey(text);
    return { name, type, publicKey: hex(publicKey) };
  },
  tlogProof({ text }) {
    const { index, path, extra, note } = parseTlogProof(utf8(text));
    return { index, path: path.map(hex), extra: hex(extra), checkpoint: textOf(note) };
  },
};

const policies = {
  async policy({ policy, note }) {
    const { log, witnesses, quorumTime } = await openByPolicy(
      utf8(note),
      parsePolicy(utf8(policy)),
    );
    return { log: log.name, witnesses, quorumTime };
  },
  cosignature: ({ payload }) => ({ time: parseCosignature(parseHex(payload)).time }),
};

async function stateProof({ text, village, vkey }) {
  const trust = { village: village && parseHex(village), key: vkey && parseVerifierKey(vkey) };
  return { status: (await verifyStateProof(utf8(text), trust)).status };
}

async function evidence({ evidence: bytes }) {
  const { misdeed, office, keyIds, checkpoint } = await verifyEvidence(parseHex(bytes));
  return { misdeed, office, keyIds: keyIds.map(hex), size: checkpoint?.size ?? 0 };
}

async function access({ village, signers, grants, requests }) {
  const standing = {
    id: parseHex(village),
    signers: signers.map(parseKey),
    grants: grants.map(({ grant, key: of }) => ({ id: parseHex(grant), key: parseKey(of) })),
  };
  const nonces = new Nonces();
  let claim;
  for (const [i, request] of requests.entries()) {
    const asked = verifyAccess({ ...request, time: big(request.time) }, standing, nonces);
    // Before the last all are accepted: a refusal there is no answer.
    claim = await (i === requests.length - 1
      ? asked
      : asked.catch((cause) => {
          throw new Error(`request ${i} is refused`, { cause });
        }));
  }
  return { key: `ed25519:${base64(claim.key.bytes)}`, grants: claim.grants.map(hex) };
}

async function history({ founding, foundedAt, steps }) {
  const ledger = new Ledger();
  for (const bytes of founding) await ledger.sequence(parseHex(bytes), big(foundedAt));
  const answers = [];
  for (const { signedStatement: bytes, time, opening: opened } of steps) {
    const shown = opened ? decodeVersioned('Opening', parseHex(opened)) : null;
    answers.push(
      await answerTo(async () => {
        const {
          entry: { index, leaf },
          pairs,
        } = await ledger.sequence(parseHex(bytes), big(time), shown);
        return {
          index,
          leaf: hex(leaf),
          pairs: hex(encodePairs(pairs)),
          stateRoot: hex(ledger.state.root()),
        };
      }),
    );
  }
  return answers;
}

// Of exports.json all vectors but the first stand on the files of the first.
function exportJudge([
  {
    input: { files: whole },
  },
]) {
  return async ({ files = whole, replaced = {}, removed = [], village, vkey, require, seen }) => {
    const shown = new Map(Object.entries({ ...files, ...replaced }));
    removed.forEach((path) => shown.delete(path));
    const read = async (path) => (shown.has(path) ? parseHex(shown.get(path)) : null);
    const trust = {
      village: village && parseHex(village),
      key: vkey && parseVerifierKey(vkey),
      full: require === 'full',
      seen: seen && { size: big(seen.size), root: parseHex(seen.root) },
    };
    const { outcome, rule, entry: index, unchecked } = await verifyExport(read, trust);
    if (outcome === 'verified') return { outcome, unchecked: unchecked.length };
    return { accept: false, outcome, ...(rule && { rule }), entry: index };
  };
}

// What the reader computed, or its refusal.
export async function answerTo(judge) {
  try {
    return { accept: true, ...(await judge()) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { code, rule } = error;
    return rule ? { accept: false, code, rule } : { accept: false, code };
  }
}

// By file: given its vectors, what answers one.
export const judgeOf = (file, vectors) =>
  file === 'exports.json' ? exportJudge(vectors) : judges[file];

const judges = {
  'access.json': access,
  'base64.json': ({ text }) => ({ bytes: hex(parseBase64(text)) }),
  'content.json': content,
  'entries.json': entry,
  'envelopes.json': (input) => envelopes[input.of](input),
  'evidence.json': evidence,
  'keys.json': key,
  'merkle.json': (input) => merkle[input.check](input),
  'notes.json': (input) => notes[input.check](input),
  'policies.json': (input) => policies[input.check](input),
  'federation.json': (input) => ({ opening, statement })[input.of](input),
  'rules.json': history,
  'rules2.json': history,
  'signatures.json': signature,
  'signed_statements.json': signedStatement,
  'state.json': (input) => stateChecks[input.check](input),
  'state_proofs.json': stateProof,
  'statements.json': statement,
};
