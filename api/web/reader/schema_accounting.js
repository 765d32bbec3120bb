// SPDX-License-Identifier: AGPL-3.0-or-later

// Kinds 17 to 21: how a village decides, disagrees, reports, watches others, and ends.
import {
  choiceOf, dataOf, digest, digestOrEmpty, hashes, ids, line, list, struct, time, u64, union,
  voidType,
} from './types.js';

export const verdict = choiceOf('allow', 'deny', 'escalate');
export const reportView = choiceOf('open', 'full');

export const accounting = {
  Decision: [
    ['sequence', u64], ['domain', digest], ['expectedVersion', u64], ['contentRoot', digest],
    ['action', digest], ['verdict', verdict], ['category', line(1, 64)],
    ...union('of', { itself: voidType, appeal: digest, closing: digest, reversal: digest }),
  ],
  Deliberation: [
    ['domain', digest], ['contentRoot', digest], ['matter', digest],
    ['positions', list(struct('Position'), 1, 64)], ['outcome', digest], ['dissent', ids(0, 64)],
    ['proposals', list(digest, 0, 64)],
  ],
  Position: [['holder', digest], ['text', digest]],
  Report: [
    ['view', reportView], ['periodStart', time], ['periodEnd', time], ['first', u64],
    ['last', u64], ['root', digest], ['digest', digest], ['previous', digestOrEmpty],
  ],
  Observation: [
    ...union('of', {
      none: voidType, peer: struct('PeerCheckpoint'), own: dataOf(1, 65536),
      evidence: dataOf(1, 65536),
    }),
  ],
  PeerCheckpoint: [
    ['agreement', digest], ['state', struct('PeerState')], ['consistency', hashes(64)],
  ],
  Exit: [['manifest', digest]],
};
