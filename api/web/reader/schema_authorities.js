// SPDX-License-Identifier: AGPL-3.0-or-later

// Keys and authority, and kinds 1 to 4 and 22: who may act.
import {
  digest, enumOf, ids, keyName, keys, line, prose, sealingKey, signedKey, slug, struct,
  u16, u32, u64, union, voidType,
} from './types.js';

export const capability = enumOf('never', 'propose', 'act');

export const authorities = {
  // keys and authority
  PublicKey: [['algorithm', u16], ['bytes', digest]],
  Authority: [['threshold', u16], ['keys', keys(1)]],
  NextAuthority: [['threshold', u16], ['keyIds', ids(1, 32)]],

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

  // kind 22
  Upgrade: [['rules', u32]],
};
