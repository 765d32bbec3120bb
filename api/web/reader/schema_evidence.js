// SPDX-License-Identifier: AGPL-3.0-or-later

// What convicts a key of a village: an object of its own, and part of an observation.
import {
  dataOf, digest, hashes, list, struct, u16, union, voidType,
} from './types.js';

const note = dataOf(1, 65536);
const signedStatement = dataOf(1, 262144);

export const evidence = {
  Evidence: [
    ['version', u16], ['genesis', signedStatement], ['history', list(signedStatement, 0, 64)],
    ...union('of', {
      none: voidType, twoRoots: struct('TwoRoots'), rewritten: struct('Rewritten'),
      revokedLive: struct('RevokedLive'), unsealed: struct('Unsealed'),
      revived: struct('Revived'), twoOperators: struct('TwoOperators'),
    }),
  ],
  TwoRoots: [['first', note], ['second', note]],
  Rewritten: [['older', note], ['newer', note], ['oldRoot', digest], ['proof', hashes(64)]],
  RevokedLive: [
    ['checkpoint', note], ['seal', struct('ProvenEntry')], ['grant', dataOf(1, 65536)],
    ['revocation', struct('ProvenEntry')], ['state', struct('ProvenValue')],
  ],
  // A leaf may be anything that a tree can hold, so nothing at all too.
  Unsealed: [
    ['checkpoint', note], ['leaf', dataOf(0, 65536)], ['path', hashes(64)],
    ['signedStatement', dataOf(0, 262144)],
  ],
  Revived: [
    ['checkpoint', note], ['earlier', struct('ProvenEntry')], ['later', struct('ProvenEntry')],
    ['stateClass', u16], ['id', dataOf(1, 64)],
    ['ended', struct('ProvenValue')], ['alive', struct('ProvenValue')],
  ],
  TwoOperators: [['first', signedStatement], ['second', signedStatement]],
  ProvenValue: [['value', dataOf(1, 256)], ['proof', dataOf(0, 8448)]],
};
