// SPDX-License-Identifier: AGPL-3.0-or-later

// What no vector says of trees, against the definition of RFC 6962, section 2.1.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leafHash, rootBefore, rootOf, verifyInclusion } from './merkle.js';

function pathOf(index, leaves) {
  if (leaves.length === 1) return [];
  let half = 1;
  while (2 * half < leaves.length) half *= 2;
  const left = leaves.slice(0, half), right = leaves.slice(half);
  return index < half
    ? [...pathOf(index, left), rootOf(right)]
    : [...pathOf(index - half, right), rootOf(left)];
}

test('the path of an entry holds the root before it', () => {
  for (let size = 1; size <= 40; size++) {
    const leaves = Array.from({ length: size }, (_, i) => leafHash(Uint8Array.of(i)));
    for (let index = 0; index < size; index++) {
      const path = pathOf(index, leaves);
      verifyInclusion(BigInt(index), BigInt(size), leaves[index], path, rootOf(leaves));
      const before = index === 0 ? null : rootOf(leaves.slice(0, index));
      assert.deepEqual(rootBefore(BigInt(index), BigInt(size), path), before);
    }
  }
});
