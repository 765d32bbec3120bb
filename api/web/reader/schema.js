// SPDX-License-Identifier: AGPL-3.0-or-later

// The structs of spec/schema/holdfast.capnp and their bounds, those of kinds without rules left
// out. Fields stand in the order of their numbers, which is all that their places in the bytes
// need.
import { utf8 } from './text.js';
import { ed25519, keyIdOf, x25519 } from './key.js';
import { layoutOf } from './layout.js';
import { malformed, unknownVersion } from './refusal.js';
import {
  ascii, bool, dataOf, digest, digestOrEmpty, enumOf, exactly, fieldName, hashes, i64, keyName,
  later, line, list, optional, prose, slug, sorted, struct, time, u16, u32, u64, voidType,
} from './types.js';

const signedKey = { ...struct('PublicKey'), algorithm: ed25519 };
const sealingKey = { ...struct('PublicKey'), algorithm: x25519 };
const keys = (min) => sorted(signedKey, min, 32, keyIdOf);
const ids = (min, max) => sorted(digest, min, max, (id) => id);
const lines = (min, max, bytesMax) => sorted(line(1, bytesMax), min, max, utf8);

const capability = enumOf('never', 'propose', 'act');

// The members of one union, in order.
const union = (name, members) =>
  Object.entries(members).map(([member, type]) => [name, member, type]);

// kind number = place in the list.
const bodies = {
  none: voidType,
  genesis: struct('Genesis'),
  seal: struct('Seal'),
  keyEvent: struct('KeyEvent'),
  domain: struct('Domain'),
  agreement: later,
  record: struct('Record'),
  recordChange: struct('RecordChange'),
  shape: later,
  model: later,
  steering: later,
  grant: struct('Grant'),
  revocation: struct('Revocation'),
  inference: later,
  receipt: later,
  composition: later,
  transfer: later,
  decision: later,
  deliberation: later,
  report: later,
  observation: later,
  exit: later,
  upgrade: struct('Upgrade'),
};

export const kinds = Object.keys(bodies);
export const hasRules = (kind) => kind in bodies && !bodies[kind].later;
export const kindNumber = (kind) => kinds.indexOf(kind);

const fieldsOf = {
  // keys and authority
  PublicKey: [['algorithm', u16], ['bytes', digest]],
  Authority: [['threshold', u16], ['keys', keys(1)]],
  NextAuthority: [['threshold', u16], ['keyIds', ids(1, 32)]],

  // what is signed, what is sequenced
  SignedStatement: [
    ['version', u16],
    ['statement', dataOf(1, 65536)],
    ['signatures', sorted(struct('Signature'), 1, 128, (signature) => signature.keyId)],
  ],
  Signature: [
    ['keyId', digest], ['bytes', exactly(64)], ['batchIndex', u64], ['batchSize', u64],
    ['batchPath', hashes(64)],
  ],
  Entry: [
    ['version', u16], ['kind', u16], ['index', u64], ['time', time], ['previous', digest],
    ['statement', digest], ['changes', digest],
  ],
  Statement: [
    ['version', u16],
    ['visibility', enumOf('open', 'peers', 'parties', 'guardians')],
    ['issuedAt', time], ['sequenceBy', time],
    ['basisSize', u64], ['basisRoot', digest],
    ['village', digest], ['salt', exactly(16)],
    ...union('body', bodies),
  ],

  // kinds 1 to 4
  Genesis: [
    ['rules', u32], ['name', line(1, 200)], ['origin', keyName(1, 255)],
    ['communityType', line(1, 64)],
    ['operator', signedKey], ['witness', signedKey], ['sealing', sealingKey],
    ['council', struct('Authority')], ['councilNext', struct('NextAuthority')],
    ['terms', prose(0, 16384)], ['substrate', struct('Substrate')],
  ],
  Substrate: [
    ['hardware', line(0, 1024)], ['weights', line(0, 1024)], ['jurisdiction', line(0, 1024)],
  ],
  Seal: [['coveredSize', u64], ['stateRoot', digest]],
  KeyEvent: [
    ['expectedVersion', u64],
    ...union('change', {
      none: voidType,
      council: struct('Rotation'),
      domain: struct('DomainRotation'),
      operator: struct('OperatorChange'),
      witness: signedKey,
      sealing: sealingKey,
      agent: struct('AgentKey'),
    }),
  ],
  Rotation: [
    ['set', struct('Authority')], ['next', struct('NextAuthority')], ['revealed', keys(0)],
  ],
  DomainRotation: [['domain', digest], ['rotation', struct('Rotation')]],
  OperatorChange: [['key', signedKey], ['fromSize', u64], ['fromRoot', digest]],
  AgentKey: [['key', signedKey], ['capability', capability]],
  Domain: [
    ['slug', slug(1, 63)], ['title', line(1, 200)],
    ['guardians', struct('Authority')], ['next', struct('NextAuthority')],
    ['tikanga', prose(0, 4096)], ['disclosure', struct('Disclosure')],
  ],
  Disclosure: [['minimumCell', u32], ['rounding', u32]],

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
  CopyOrigin: [['village', digest], ['record', digest]],
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

  // kind 22
  Upgrade: [['rules', u32]],

  // content
  Content: [
    ['version', u16],
    ['fields', sorted(struct('ContentField'), 1, 256, (field) => utf8(field.name))],
  ],
  ContentField: [['name', fieldName(1, 64)], ['salt', digest], ['value', dataOf(0, 4194304)]],

  // state
  StateValue: [
    ['stateClass', u16], ['status', u16], ['version', u64], ['firstIndex', u64], ['lastIndex', u64],
    ['detail', digest],
  ],
  VillageDetail: [
    ['operator', signedKey], ['witness', signedKey], ['sealing', sealingKey], ['rules', u32],
  ],
  AuthorityDetail: [['current', struct('Authority')], ['next', struct('NextAuthority')]],
  AgentDetail: [['key', signedKey], ['capability', capability], ['sequence', u64]],
  DomainDetail: [
    ['slug', slug(1, 63)], ['disclosure', struct('Disclosure')], ['trainingChanged', u64],
  ],
  SlugDetail: [['domain', digest]],
  RecordDetail: [
    ['domain', digest], ['contentRoot', digest], ['policy', struct('Policy')],
    ['labels', lines(0, 32, 64)], ['successor', digestOrEmpty],
  ],
  GrantDetail: [['terms', struct('Grant')], ['day', i64], ['callsOnDay', u64], ['calls', u64]],
  GranteeDetail: [['count', u64]],
  RevocationDetail: [['grant', digest]],
  SpentDetail: [['subject', digest]],
};

export const layouts = Object.fromEntries(
  Object.entries(fieldsOf).map(([name, fields]) => [name, layoutOf(fields)]));

// What bytes.md requires of a struct besides the bounds of its fields.
export const checks = {
  Attribution({ keyId, role }, place) {
    if (keyId.length === 0 && role === '') {
      malformed('TEXT-3', `${place}.role: found 0 bytes, want 1 to 100`);
    }
    if (keyId.length !== 0 && role !== '') {
      malformed('BOUND-4', `${place}: found a key id and a role`);
    }
  },
  Content({ fields }, place) {
    const bytes = fields.reduce((sum, field) => sum + field.value.length, 0);
    if (bytes > 16777216) {
      malformed('BYTES-4', `${place}: found values of ${bytes} bytes, want at most 16777216`);
    }
  },
  StateValue({ stateClass, status }, place) {
    if (stateClass > 24) unknownVersion('BYTES-1', `${place}: found class ${stateClass}`);
    if (stateClass === 0) malformed('BOUND-4', `${place}: found class 0`);
    if (status === 0 || status > 8) {
      malformed('BOUND-4', `${place}: found status ${status}, want 1 to 8`);
    }
  },
};
