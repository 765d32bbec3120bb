// SPDX-License-Identifier: AGPL-3.0-or-later

// Subjects: what K and V they have, and the pairs that entries set (spec/state.md).
import { compare, concat, firstUnsorted } from './bytes.js';
import { bytesAtMost, decode, encode } from './codec.js';
import { sha256 } from './crypto.js';
import { leafHash, rootOf } from './merkle.js';
import { malformed } from './refusal.js';
import { isOf, utf8 } from './text.js';

// class number = place in the list, and one more.
export const classes = [
  'village',
  'authority',
  'agent',
  'domain',
  'slug',
  'record',
  'grant',
  'grantee',
  'revocation',
  'spent',
  'agreement',
  'shape',
  'model',
  'steering',
  'inference',
  'receipt',
  'composition',
  'transfer',
  'decision',
  'deliberation',
  'report',
  'observation',
  'peer',
  'foreignGrant',
  'sequence',
];

export const statuses = [
  'active',
  'withdrawn',
  'superseded',
  'erased',
  'revoked',
  'spent',
  'exited',
  'retired',
  'offered',
  'suspended',
  'ended',
  'escalated',
  'reversed',
];

const final = new Set(['erased', 'revoked', 'retired', 'ended', 'reversed']);

// What has ended never changes again. A record that was withdrawn can be restored, and a peer whose
// village has ended can still be observed.
export const hasEnded = ({ subjectClass, status }) =>
  final.has(status) ||
  (subjectClass === 'steering' && status === 'withdrawn') ||
  (subjectClass === 'village' && status === 'exited');

// Whether a subject of the class can be called so.
export function isIdOf(subjectClass, id) {
  if (subjectClass === 'slug') {
    const text = String.fromCharCode(...id.subarray(0, 64));
    return text.length >= 1 && text.length <= 63 && isOf('slug', text);
  }
  return id.length === (['revocation', 'foreignGrant'].includes(subjectClass) ? 64 : 32);
}

export const keyOf = (subjectClass, id) => sha256(utf8(`holdfast/state/${subjectClass}/v1\n`), id);

// --- values and details ---

// {subjectClass, status, version, firstIndex, lastIndex, detail}, the last a hash.
export function decodeValue(bytes) {
  const { stateClass, status, ...rest } = decode('StateValue', bytes);
  return { subjectClass: classes[stateClass - 1], status: statuses[status - 1], ...rest };
}

export function encodeValue({ subjectClass, status, ...rest }) {
  return encode('StateValue', {
    stateClass: classes.indexOf(subjectClass) + 1,
    status: statuses.indexOf(status) + 1,
    ...rest,
  });
}

const detailName = (subjectClass) =>
  subjectClass[0].toUpperCase() + subjectClass.slice(1) + 'Detail';

export function decodeDetail(subjectClass, bytes) {
  return decode(detailName(subjectClass), bytes, bytesAtMost.detail);
}

export const encodeDetail = (subjectClass, detail) => encode(detailName(subjectClass), detail);

// A subject as the rules see it, with its detail open. `key` and `set` are K and V in the tree.
export function subjectOf(subjectClass, id, { status, version, firstIndex, lastIndex, detail }) {
  const value = encodeValue({
    subjectClass,
    status,
    version,
    firstIndex,
    lastIndex,
    detail: sha256(encodeDetail(subjectClass, detail)),
  });
  return {
    subjectClass,
    id,
    key: keyOf(subjectClass, id),
    set: sha256(value),
    status,
    version,
    firstIndex,
    lastIndex,
    detail,
  };
}

// The subject as the entry at `index` leaves it.
export const changedSubject = (
  { subjectClass, id, version, firstIndex, detail },
  index,
  status,
  change,
) =>
  subjectOf(subjectClass, id, {
    status,
    version: version + 1n,
    firstIndex,
    lastIndex: index,
    detail: { ...detail, ...change },
  });

export const madeSubject = (subjectClass, id, index, status, detail) =>
  subjectOf(subjectClass, id, { status, version: 1n, firstIndex: index, lastIndex: index, detail });

// --- change pairs: what one entry sets, K || V ---

const pairsAtMost = 64;

// [PAIRS-1]
export function decodePairs(bytes) {
  if (bytes.length % 64 !== 0 || bytes.length > 64 * pairsAtMost) {
    malformed(
      'PAIRS-1',
      `found ${bytes.length} bytes, want pairs of 64 and at most ${pairsAtMost}`,
    );
  }
  const pairs = Array.from({ length: bytes.length / 64 }, (_, i) => ({
    key: bytes.slice(64 * i, 64 * i + 32),
    value: bytes.slice(64 * i + 32, 64 * i + 64),
  }));
  if (firstUnsorted(pairs, ({ key }) => key) !== -1)
    malformed('PAIRS-1', 'want pairs that rise by key');
  return pairs;
}

export const encodePairs = (pairs) => concat(...pairs.flatMap(({ key, value }) => [key, value]));

export const pairsOf = (subjects) =>
  subjects.map(({ key, set }) => ({ key, value: set })).sort((a, b) => compare(a.key, b.key));

// What an entry commits of them.
export const changesRoot = (pairs) =>
  rootOf(pairs.map(({ key, value }) => leafHash(concat(key, value))));
