// SPDX-License-Identifier: AGPL-3.0-or-later

// What passes between two villages: the structs of spec/schema/envelope.capnp.
import { u64be } from './bytes.js';
import {
  dataOf, digest, digestOrEmpty, exactly, fieldName, foreignIds, hashes, ids, line, list, optional,
  prose, slug, sorted, struct, time, u16, u32, u64, union, voidType,
} from './types.js';
import { utf8 } from './text.js';

const envelopeBytesMax = 8388608;
const signedStatement = (min) => dataOf(min, 262144);

export const envelope = {
  SealedEnvelope: [
    ['version', u16], ['to', digest], ['sealingKey', digest],
    ['box', dataOf(49, envelopeBytesMax + 1024)],
  ],
  SignedEnvelope: [
    ['version', u16], ['envelope', dataOf(1, envelopeBytesMax)], ['keyId', digest],
    ['signature', exactly(64)],
  ],
  Envelope: [
    ['version', u16], ['to', digest], ['sealingKey', digest], ['from', digest],
    ['id', exactly(16)], ['sequence', u64], ['sentAt', time], ['expiresAt', time],
    ['inReplyTo', { ...exactly(16), orEmpty: true }], ['state', struct('PeerState')],
    ['consistency', sorted(struct('Growth'), 0, 8, ({ from }) => u64be(from))],
    ['seen', dataOf(0, 65536)], ['wanted', sorted(u64, 0, 8, u64be)],
    ...union('body', {
      none: voidType, offer: struct('Proposal'), accept: struct('Proposal'),
      query: struct('Query'), answer: struct('Answer'), refusal: struct('Refusal'),
      notice: struct('Notice'), acknowledgement: struct('Acknowledgement'), checkpoint: voidType,
      freshness: struct('Freshness'),
    }),
  ],
  Growth: [['from', u64], ['proof', hashes(128)]],
  Introduction: [
    ['version', u16], ['genesis', signedStatement(1)], ['state', struct('PeerState')],
    ['terms', struct('NewTerms')],
  ],

  Proposal: [['agreement', digest], ['terms', struct('NewTerms')]],
  Query: [
    ['agreement', digest], ['grant', digest], ['shape', digest], ['purpose', line(1, 200)],
    ['arguments', sorted(struct('Argument'), 0, 16, ({ name }) => utf8(name))],
    ['salt', digestOrEmpty], ['itemsMax', u32], ['charactersMax', u32],
    ['onward', foreignIds(0, 32)],
  ],
  Argument: [['name', fieldName(1, 64)], ['value', prose(0, 16384)]],
  Answer: [
    ['inference', struct('ProvenEntry')], ['content', dataOf(1, 4194304)],
    ['cited', list(struct('CitedRecord'), 0, 64)],
  ],
  CitedRecord: [
    ['signedStatement', signedStatement(1)], ['value', dataOf(1, 256)],
    ['detail', dataOf(1, 65536)], ['proof', dataOf(0, 8448)],
  ],
  Refusal: [
    ['reason', slug(1, 63)], ['inference', optional('ProvenEntry')],
    ['behind', signedStatement(0)],
  ],
  Notice: [
    ...union('of', {
      none: voidType, revocation: signedStatement(1), deletion: digest, grant: digest,
    }),
  ],
  Freshness: [['grants', ids(1, 8)]],
  Acknowledgement: [['of', digest], ['rejected', line(0, 200)]],
};
