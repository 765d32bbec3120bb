// SPDX-License-Identifier: AGPL-3.0-or-later

// The log's tree, RFC 6962: roots, inclusion, consistency (spec/proofs.md). Indices and sizes are
// BigInts: they come from outside and have 64 bits.
import { equal } from './bytes.js';
import { sha256 } from './crypto.js';
import { invalid, malformed } from './refusal.js';

const leafPrefix = Uint8Array.of(0);
const nodePrefix = Uint8Array.of(1);

export const leafHash = (data) => sha256(leafPrefix, data);
export const node = (left, right) => sha256(nodePrefix, left, right);
export const emptyRoot = sha256();

// Leaves one after another: `subtrees` are the roots of the full subtrees, the largest first.
export class GrowingTree {
  size = 0;
  subtrees = [];

  add(leaf) {
    let root = leaf;
    for (let rest = this.size; rest % 2 === 1; rest = (rest - 1) / 2)
      root = node(this.subtrees.pop(), root);
    this.subtrees.push(root);
    this.size++;
    return this;
  }

  root() {
    return this.size === 0
      ? emptyRoot
      : this.subtrees.reduceRight((right, left) => node(left, right));
  }
}

export function rootOf(leafHashes) {
  const tree = new GrowingTree();
  for (const leaf of leafHashes) tree.add(leaf);
  return tree.root();
}

export const splitHashes = (bytes) =>
  Array.from({ length: bytes.length / 32 }, (_, i) => bytes.subarray(32 * i, 32 * i + 32));

// --- inclusion ---

// Climbs from `fn` in a tree whose last leaf is `sn`: calls `step` with each hash of the path and
// whether it stands on the left. False where the path has not the length that they require.
function climb(path, fn, sn, step) {
  for (const hash of path) {
    if (sn === 0n) return false;
    const left = (fn & 1n) === 1n || fn === sn;
    step(hash, left);
    if (left)
      while ((fn & 1n) === 0n && fn !== 0n) {
        fn >>= 1n;
        sn >>= 1n;
      }
    fn >>= 1n;
    sn >>= 1n;
  }
  return sn === 0n;
}

export const hasLength = (path, index, size) =>
  index < size && climb(path, index, size - 1n, () => {});

// [PROOF-1]
export function rootFromInclusion(index, size, leaf, path) {
  let root = leaf;
  const step = (hash, left) => {
    root = left ? node(hash, root) : node(root, hash);
  };
  if (index >= size || !climb(path, index, size - 1n, step)) {
    malformed('PROOF-1', `a path of ${path.length} hashes for ${index} in ${size}`);
  }
  return root;
}

// The root at the size `index`, from the path of the entry there: the hashes on its left are those
// of the full subtrees before it. Null at index 0.
export function rootBefore(index, size, path) {
  let root = null;
  climb(path, index, size - 1n, (hash, left) => {
    if (left) root = root === null ? hash : node(hash, root);
  });
  return root;
}

// [PROOF-2]
export function verifyInclusion(index, size, leaf, path, root) {
  if (!equal(rootFromInclusion(index, size, leaf, path), root)) {
    invalid('PROOF-2', `entry ${index} is not in the tree of ${size}`);
  }
}

// --- consistency ---

// [PROOF-3] The roots at both sizes that the proof implies; `oldRoot` where it stands for a proof's
// first hash.
export function rootsFromConsistency(oldSize, newSize, oldRoot, proof) {
  const said = `a proof of ${proof.length} hashes from ${oldSize} to ${newSize}`;
  if (oldSize <= 0n || oldSize > newSize) malformed('PROOF-3', said);
  if (oldSize === newSize) {
    if (proof.length > 0) malformed('PROOF-3', said);
    return { oldRoot, newRoot: oldRoot };
  }
  if (proof.length === 0) malformed('PROOF-3', said);
  const powerOfTwo = (oldSize & (oldSize - 1n)) === 0n;
  const [seed, ...path] = powerOfTwo ? [oldRoot, ...proof] : proof;
  let fn = oldSize - 1n,
    sn = newSize - 1n;
  while ((fn & 1n) === 1n) {
    fn >>= 1n;
    sn >>= 1n;
  }
  let fr = seed,
    sr = seed;
  const right = climb(path, fn, sn, (hash, left) => {
    if (left) fr = node(hash, fr);
    sr = left ? node(hash, sr) : node(sr, hash);
  });
  if (!right) malformed('PROOF-3', said);
  return { oldRoot: fr, newRoot: sr };
}

// [PROOF-4]
export function verifyConsistency(oldSize, newSize, oldRoot, newRoot, proof) {
  const found = rootsFromConsistency(oldSize, newSize, oldRoot, proof);
  if (!equal(found.oldRoot, oldRoot) || !equal(found.newRoot, newRoot)) {
    invalid('PROOF-4', `the log of ${newSize} does not continue that of ${oldSize}`);
  }
}
