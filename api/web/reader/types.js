// SPDX-License-Identifier: AGPL-3.0-or-later

// The words in which the tables of schema_*.js describe fields, with the bounds of spec/bytes.md.
import { u16be, concat } from './bytes.js';
import { ed25519, keyIdOf, x25519 } from './key.js';
import { utf8 } from './text.js';

export const voidType = { is: 'void' };
export const bool = { is: 'bool' };
export const u16 = { is: 'u16' };
export const u32 = { is: 'u32' };
export const u64 = { is: 'u64' };
export const i64 = { is: 'i64' };
export const time = { is: 'i64', min: 0n, max: 2n ** 40n - 1n };
// Since 1970, as a time is in seconds.
export const day = { is: 'i64', min: 0n, max: time.max / 86400n };
export const countAtLeastOne = { is: 'u64', min: 1n, max: 2n ** 64n - 1n };
export const enumOf = (...names) => ({ is: 'enum', names });
// One whose first member, `none`, stands for nothing and is never valid.
export const choiceOf = (...names) => ({ is: 'enum', names: ['none', ...names], never: 'none' });

export const struct = (name) => ({ is: 'struct', name });
// May be absent, which is its null pointer.
export const optional = (name) => ({ is: 'struct', name, optional: true });

export const exactly = (length) => ({ is: 'data', min: length, max: length, rule: 'BOUND-1' });
export const digest = exactly(32);
export const digestOrEmpty = { is: 'data', min: 32, max: 32, orEmpty: true, rule: 'BOUND-1' };
export const dataOf = (min, max) => ({ is: 'data', min, max, rule: 'BYTES-4' });
export const hashes = (max) => ({ is: 'data', hashes: max });

const text = (textClass) => (min, max) => ({ is: 'text', textClass, min, max });
export const line = text('line');
export const prose = text('prose');
export const ascii = text('ascii');
export const keyName = text('key name');
export const slug = text('slug');
export const fieldName = text('field name');

// `sortedBy` gives the bytes by which elements rise strictly.
export const list = (of, min, max) => ({ is: 'list', of, min, max });
export const sorted = (of, min, max, sortedBy) => ({ is: 'list', of, min, max, sortedBy });

// --- what many structs have ---

export const signedKey = { ...struct('PublicKey'), algorithm: ed25519 };
export const sealingKey = { ...struct('PublicKey'), algorithm: x25519 };
export const keys = (min) => sorted(signedKey, min, 32, keyIdOf);
export const ids = (min, max) => sorted(digest, min, max, (id) => id);
export const lines = (min, max, bytesMax) => sorted(line(1, bytesMax), min, max, utf8);

// Ids in other villages.
const foreignOrder = ({ village, id }) => concat(village, id);
export const foreignIds = (min, max) => sorted(struct('ForeignId'), min, max, foreignOrder);

export const byClassAndId = ({ stateClass, id }) => concat(u16be(stateClass), id);

// The members of one union, in order.
export const union = (name, members) =>
  Object.entries(members).map(([member, type]) => [name, member, type]);
