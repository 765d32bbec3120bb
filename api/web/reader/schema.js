// SPDX-License-Identifier: AGPL-3.0-or-later

// The structs of spec/schema and their bounds. Fields stand in the order of their numbers, which is
// all that their places in the bytes need.
import { layoutOf } from './layout.js';
import { malformed, unknownVersion } from './refusal.js';
import { access } from './schema_access.js';
import { accounting } from './schema_accounting.js';
import { asking } from './schema_asking.js';
import { authorities } from './schema_authorities.js';
import { envelope } from './schema_envelope.js';
import { evidence } from './schema_evidence.js';
import { exchange } from './schema_exchange.js';
import { records } from './schema_records.js';
import { state } from './schema_state.js';
import {
  dataOf, digest, enumOf, exactly, hashes, sorted, struct, time, u16, u64, union, voidType,
} from './types.js';

// kind number = place in the list.
export const kinds = [
  'none', 'genesis', 'seal', 'keyEvent', 'domain', 'agreement', 'record', 'recordChange',
  'shape', 'model', 'steering', 'grant', 'revocation', 'inference', 'receipt', 'composition',
  'transfer', 'decision', 'deliberation', 'report', 'observation', 'exit', 'upgrade',
];
export const kindNumber = (kind) => kinds.indexOf(kind);

const structOf = (kind) => struct(kind[0].toUpperCase() + kind.slice(1));
const [none, ...all] = kinds;
const bodies = Object.fromEntries([[none, voidType], ...all.map((kind) => [kind, structOf(kind)])]);

// What is signed, what is sequenced.
const statements = {
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
};

const tables = [
  statements, authorities, records, asking, exchange, accounting, evidence, state, access, envelope,
];

export const layouts = Object.fromEntries(
  tables.flatMap((table) =>
    Object.entries(table).map(([name, fields]) => [name, layoutOf(fields)])));

const classesAtMost = 25;
const statusesAtMost = 13;

// What bytes.md requires of a struct besides the bounds of its fields.
export const checks = {
  Agreement({ agreement, step: { member } }, place) {
    if ((agreement.length === 0) !== (member === 'offer')) {
      malformed('BOUND-4', `${place}: an offer names no agreement, and all else does`);
    }
  },
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
  HiddenUse({ bound }, place) {
    if (bound < 1n || bound > 8192n || (bound & (bound - 1n)) !== 0n) {
      malformed('BOUND-5', `${place}: found a bound of ${bound}, want a power of two to 8192`);
    }
  },
  InferenceDetail({ commitment, reason }, place) {
    if ((commitment.length === 0) !== (reason !== '')) {
      malformed('BOUND-4', `${place}: want a commitment or a reason, and not both`);
    }
  },
  Query({ arguments: { length }, salt }, place) {
    if ((length === 0) !== (salt.length === 0)) {
      malformed('BOUND-1', `${place}.salt: want 32 bytes where there are arguments, else none`);
    }
  },
  StateValue({ stateClass, status }, place) {
    if (stateClass > classesAtMost)
      unknownVersion('BYTES-1', `${place}: found class ${stateClass}`);
    if (stateClass === 0) malformed('BOUND-4', `${place}: found class 0`);
    if (status === 0 || status > statusesAtMost) {
      malformed('BOUND-4', `${place}: found status ${status}, want 1 to ${statusesAtMost}`);
    }
  },
};
