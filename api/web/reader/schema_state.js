// SPDX-License-Identifier: AGPL-3.0-or-later

// What the state commits of each class of subjects.
import { capability } from './schema_authorities.js';
import { reportView, verdict } from './schema_accounting.js';
import { agreementKind, direction, receiptOf } from './schema_exchange.js';
import {
  ascii, bool, day, digest, digestOrEmpty, exactly, foreignIds, keyName, line, lines, optional,
  sealingKey, signedKey, slug, struct, time, u16, u32, u64,
} from './types.js';

const usedOfLimits = [['day', day], ['callsOnDay', u64], ['calls', u64]];

export const state = {
  StateValue: [
    ['stateClass', u16], ['status', u16], ['version', u64], ['firstIndex', u64], ['lastIndex', u64],
    ['detail', digest],
  ],
  VillageDetail: [
    ['operator', signedKey], ['witness', signedKey], ['sealing', sealingKey], ['rules', u32],
  ],
  AuthorityDetail: [['current', struct('Authority')], ['next', struct('NextAuthority')]],
  AgentDetail: [['key', signedKey], ['capability', capability]],
  DomainDetail: [
    ['slug', slug(1, 63)], ['disclosure', struct('Disclosure')], ['trainingChanged', u64],
  ],
  SlugDetail: [['domain', digest]],
  RecordDetail: [
    ['domain', digest], ['contentRoot', digest], ['policy', struct('Policy')],
    ['labels', lines(0, 32, 64)], ['successor', digestOrEmpty], ['origin', optional('CopyOrigin')],
  ],
  GrantDetail: [['terms', struct('Grant')], ...usedOfLimits],
  GranteeDetail: [['count', u64]],
  RevocationDetail: [['grant', digest]],
  SpentDetail: [['subject', digest]],
  AgreementDetail: [
    ['peer', digest], ['termsHash', digest], ['revision', u64], ['kind', agreementKind],
    ['purpose', line(1, 200)], ['endpoint', ascii(0, 512)],
  ],
  ShapeDetail: [['domain', digest], ['template', struct('ShapeTemplate')]],
  ModelDetail: [['domain', digest], ['identity', struct('ModelIdentity')]],
  SteeringDetail: [['domain', digest], ['terms', struct('SteeringTerms')], ...usedOfLimits],
  InferenceDetail: [
    ['agreement', digest], ['grant', digestOrEmpty], ['queryId', exactly(16)],
    ['commitment', digestOrEmpty], ['reason', slug(0, 63)],
  ],
  ReceiptDetail: [
    ['agreement', digest], ['acknowledges', receiptOf], ['of', digest], ['verified', bool],
    ['grant', optional('ForeignId')],
  ],
  CompositionDetail: [['commitment', digest], ['grants', foreignIds(1, 32)]],
  TransferDetail: [['direction', direction], ['agreement', digest], ['grant', digest]],
  DecisionDetail: [
    ['domain', digest], ['action', digest], ['verdict', verdict], ['category', line(1, 64)],
    ['decidedBy', digest], ['answer', digestOrEmpty],
  ],
  DeliberationDetail: [
    ['domain', digest], ['contentRoot', digest], ['positions', u32], ['dissent', u32],
  ],
  ReportDetail: [
    ['view', reportView], ['periodStart', time], ['periodEnd', time], ['last', u64],
    ['digest', digest],
  ],
  ObservationDetail: [['village', digestOrEmpty], ['size', u64], ['root', digest]],
  PeerDetail: [
    ['agreement', digest], ['origin', keyName(1, 255)], ['village', struct('VillageDetail')],
    ['villageVersion', u64], ['council', struct('AuthorityDetail')], ['councilVersion', u64],
    ['size', u64], ['root', digest], ['observedAt', time],
  ],
  ForeignGrantDetail: [
    ['agreement', digest], ['grantee', digest], ['terms', struct('Grant')], ['size', u64],
  ],
  SequenceDetail: [['last', u64]],
};
