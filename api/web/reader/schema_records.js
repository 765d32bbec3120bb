// SPDX-License-Identifier: AGPL-3.0-or-later

// Kinds 6, 7, 11 and 12, and the contents of records: what is held, and consent.
import {
  ascii, bool, dataOf, digest, digestOrEmpty, enumOf, fieldName, ids, line, lines, list, optional,
  prose, signedKey, sorted, struct, time, u16, u32, u64, union, voidType,
} from './types.js';
import { utf8 } from './text.js';

export const records = {
  // kinds 6 and 7
  Record: [
    ['domain', digest], ['guardianship', struct('Guardianship')],
    ['provenance', struct('Provenance')], ['policy', struct('Policy')], ['contentRoot', digest],
    ['mediaType', ascii(1, 127)], ['language', ascii(0, 35)], ['origin', optional('CopyOrigin')],
  ],
  Guardianship: [
    ['guardians', ids(1, 32)], ['tikanga', prose(0, 4096)], ['provenance', digestOrEmpty],
    ['labels', lines(0, 32, 64)], ['notices', lines(0, 32, 64)],
  ],
  Provenance: [
    ['authored', list(struct('Attribution'), 0, 32)],
    ['stewarded', list(struct('Attribution'), 0, 32)],
    ['approved', list(struct('Attribution'), 0, 32)],
  ],
  Attribution: [['keyId', digestOrEmpty], ['role', line(0, 100)]],
  Policy: [['read', bool], ['share', bool], ['train', bool], ['export', bool], ['delete', bool]],
  CopyOrigin: [['village', digest], ['record', digest], ['grant', digestOrEmpty]],
  RecordChange: [
    ['record', digest], ['expectedVersion', u64],
    ...union('step', {
      none: voidType, supersede: digest, handOver: digest, withdraw: voidType, restore: voidType,
      erase: voidType,
    }),
  ],

  // kinds 11 and 12
  Grant: [
    ['domain', digest],
    ...union('grantee', { none: voidType, agreement: digest, auditor: signedKey }),
    ...union('records', { all: voidType, ids: ids(1, 512), labels: lines(1, 32, 64) }),
    ['operations', struct('Operations')], ['shapes', ids(0, 64)], ['purposes', lines(1, 16, 200)],
    ['notBefore', time], ['notAfter', time], ['limits', struct('Limits')],
    ['onward', enumOf('none', 'withOriginsGrant')], ['obligations', struct('Obligations')],
    ['tikanga', prose(0, 4096)],
  ],
  Operations: [
    ['query', bool], ['share', bool], ['train', bool], ['audit', bool], ['mirror', bool],
  ],
  Limits: [['calls', u64], ['callsPerDay', u64], ['minimumCell', u32], ['characters', u64]],
  Obligations: [['attribute', bool], ['deleteOnRevocation', bool], ['reportUse', bool]],
  Revocation: [['domain', digest], ['grant', digest]],

  // content
  Content: [
    ['version', u16],
    ['fields', sorted(struct('ContentField'), 1, 256, (field) => utf8(field.name))],
  ],
  ContentField: [['name', fieldName(1, 64)], ['salt', digest], ['value', dataOf(0, 4194304)]],
};
