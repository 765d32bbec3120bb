// SPDX-License-Identifier: AGPL-3.0-or-later

// Kinds 5, 14, 15 and 16: what passes between two villages, and what is shown of a peer.
import {
  ascii, byClassAndId, choiceOf, dataOf, digest, digestOrEmpty, exactly, fieldName, foreignIds,
  hashes, ids, line, list, optional, prose, sorted, struct, u16, u64, union, voidType,
} from './types.js';
import { utf8 } from './text.js';

export const agreementKind = choiceOf('peer', 'hierarchical', 'consortium');
export const receiptOf =
  choiceOf('answer', 'refusal', 'revocation', 'deletion', 'transfer', 'grant');
export const direction = choiceOf('out', 'in');

const termsSignatures = sorted(struct('TermsSignature'), 1, 64, ({ keyId }) => keyId);

export const exchange = {
  Agreement: [
    ['agreement', digestOrEmpty], ['expectedVersion', u64],
    ...union('step', {
      none: voidType, offer: struct('Offer'), accept: termsSignatures, amend: struct('NewTerms'),
      suspend: voidType, resume: struct('NewTerms'), end: voidType,
    }),
  ],
  Offer: [
    ['genesis', dataOf(1, 262144)], ['state', struct('PeerState')], ['terms', struct('NewTerms')],
  ],
  NewTerms: [
    ['endpoint', ascii(0, 512)], ['terms', struct('Terms')], ['signatures', termsSignatures],
  ],
  TermsSignature: [['keyId', digest], ['bytes', exactly(64)]],
  Terms: [
    ['villageLow', digest], ['villageHigh', digest], ['revision', u64], ['kind', agreementKind],
    ['purpose', line(1, 200)], ['text', prose(0, 16384)],
  ],

  // what another village's log and state say, with proofs
  PeerState: [
    ['history', list(struct('ProvenEntry'), 0, 64)], ['checkpoint', dataOf(1, 65536)],
    ['seal', struct('ProvenEntry')],
    ['subjects', sorted(struct('ProvenSubject'), 1, 16, byClassAndId)],
  ],
  ProvenEntry: [
    ['entry', dataOf(1, 1024)], ['signedStatement', dataOf(1, 262144)], ['path', hashes(64)],
  ],
  ProvenSubject: [
    ['stateClass', u16], ['id', dataOf(1, 64)], ['value', dataOf(1, 256)],
    ['detail', dataOf(1, 65536)], ['proof', dataOf(0, 8448)],
  ],

  Receipt: [
    ['sequence', u64], ['agreement', digest], ['acknowledges', receiptOf], ['of', digest],
    ['envelope', digestOrEmpty], ['rejected', line(0, 200)], ['state', optional('PeerState')],
    ['revocation', dataOf(0, 262144)],
  ],
  Composition: [
    ['sequence', u64], ['inputs', ids(1, 32)], ['refusals', ids(0, 32)],
    ['used', foreignIds(0, 512)], ['grants', foreignIds(1, 32)], ['model', digestOrEmpty],
    ['commitment', digest], ['purpose', line(1, 200)],
  ],
  ForeignId: [['village', digest], ['id', digest]],
  Transfer: [
    ['sequence', u64], ['direction', direction], ['agreement', digest], ['grant', digest],
    ['records', ids(1, 512)], ['onward', foreignIds(0, 32)],
    ['fields', sorted(fieldName(1, 64), 0, 64, utf8)], ['hops', list(digest, 0, 16)],
  ],
};
