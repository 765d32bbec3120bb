// SPDX-License-Identifier: AGPL-3.0-or-later

// All tests of routes in one process, and at the end: that nothing stands in the document which no
// test has seen.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import './reading.test.js';
import './proofs.test.js';
import './submission.test.js';
import './malformed.test.js';
import './holding.test.js';
import './semantics.test.js';
import './watching.test.js';
import './witness.test.js';
import './access.test.js';
import './agreements.test.js';
import './commands.test.js';
import './envelopes.test.js';
import { neverSeen } from './contract.js';

// A store that cannot be read is not made here.
const isWriting = (each) => /^(addStatement|submitDraft|postEnvelope|askPeers|refreshGrants) /.test(each);
const isOut = (each) => / 503$/.test(each) && !isWriting(each);

test('Every route of the document was asked, and gave every answer that stands there.', () => {
  assert.deepEqual(
    neverSeen().filter((each) => !isOut(each)),
    [],
  );
});
