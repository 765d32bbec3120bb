// SPDX-License-Identifier: AGPL-3.0-or-later

// The state tree, a prefix tree over keys of 256 bits, and proofs about one key (spec/state.md,
// spec/proofs.md). Keys are never removed, so a tree only grows.
import { equal, hex } from './bytes.js';
import { sha256 } from './crypto.js';
import { invalid, malformed } from './refusal.js';

export const emptyRoot = sha256();
const leaf = (key, value) => sha256(key, value);
const inner = (left, right, bit) => sha256(left, right, Uint8Array.of(bit));
const bitOf = (key, bit) => (key[bit >> 3] >> (7 - (bit % 8))) & 1;

// The first bit in which they differ, or 256.
function branchOf(a, b) {
  for (let i = 0; i < 32; i++) if (a[i] !== b[i]) return 8 * i + Math.clz32(a[i] ^ b[i]) - 24;
  return 256;
}

// --- the tree: {key, value} or {bit, left, right}, each with a hash once somebody asked for it ---

function hashOf(node) {
  node.hash ??= node.key
    ? leaf(node.key, node.value)
    : inner(hashOf(node.left), hashOf(node.right), node.bit);
  return node.hash;
}

export class StateTree {
  #root = null;

  set(key, value) {
    const fresh = { key, value, hash: null };
    if (this.#root === null) {
      this.#root = fresh;
      return;
    }
    const bit = branchOf(key, this.#nearest(key).key);
    // Down to where the new leaf belongs; what lies above it will have other hashes.
    let parent = null,
      node = this.#root;
    while (node.key === undefined && node.bit < bit) {
      node.hash = null;
      parent = node;
      node = bitOf(key, node.bit) ? node.right : node.left;
    }
    const put =
      bit === 256
        ? fresh
        : bitOf(key, bit)
          ? { bit, left: node, right: fresh, hash: null }
          : { bit, left: fresh, right: node, hash: null };
    if (parent === null) this.#root = put;
    else if (bitOf(key, parent.bit)) parent.right = put;
    else parent.left = put;
  }

  // The leaf at which the walk of `key` ends.
  #nearest(key) {
    let node = this.#root;
    while (node.key === undefined) node = bitOf(key, node.bit) ? node.right : node.left;
    return node;
  }

  root() {
    return this.#root === null ? emptyRoot : hashOf(this.#root);
  }
}

// --- proofs ---

// [PROOF-5] Steps from leaf to root: branching bit and sibling.
function stepsOf(bytes) {
  if (bytes.length % 33 !== 0 || bytes.length > 33 * 256) {
    malformed('PROOF-5', `steps of ${bytes.length} bytes, want 33 each and at most 256`);
  }
  const steps = Array.from({ length: bytes.length / 33 }, (_, i) => ({
    bit: bytes[33 * i],
    sibling: bytes.subarray(33 * i + 1, 33 * i + 33),
  }));
  for (let i = 1; i < steps.length; i++) {
    if (steps[i].bit >= steps[i - 1].bit)
      malformed('PROOF-5', 'branching bits that do not fall from leaf to root');
  }
  return steps;
}

const climb = (key, hash, steps) =>
  steps.reduce(
    (below, { bit, sibling }) =>
      bitOf(key, bit) === 0 ? inner(below, sibling, bit) : inner(sibling, below, bit),
    hash,
  );

export const rootFromStateInclusion = (key, value, proof) =>
  climb(key, leaf(key, value), stepsOf(proof));

export function rootFromAbsence(key, proof) {
  if (proof.length === 0) return emptyRoot;
  if (proof.length < 64)
    malformed('PROOF-5', `${proof.length} bytes, want the leaf that is there instead`);
  const other = proof.subarray(0, 32),
    value = proof.subarray(32, 64);
  const steps = stepsOf(proof.subarray(64));
  const branch = branchOf(key, other);
  if (branch === 256) malformed('PROOF-6', 'the leaf that is shown is that of the key itself');
  if (steps.some(({ bit }) => bitOf(key, bit) !== bitOf(other, bit))) {
    malformed('PROOF-6', 'the walk of the key does not end at the leaf that is shown');
  }
  return climb(key, leaf(other, value), steps);
}

function require(root, stateRoot) {
  if (!equal(root, stateRoot))
    invalid('PROOF-7', `the proof gives state root ${hex(root)}, want ${hex(stateRoot)}`);
}

// [PROOF-7]
export const verifyStateInclusion = (key, value, proof, root) =>
  require(rootFromStateInclusion(key, value, proof), root);
export const verifyAbsence = (key, proof, root) => require(rootFromAbsence(key, proof), root);
