// SPDX-License-Identifier: AGPL-3.0-or-later

// What no vector says of trees, against the definition of RFC 6962, section 2.1.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pathOf } from './made_peer.js';
import { leafHash, rootBefore, rootOf, verifyInclusion } from './merkle.js';

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
