// SPDX-License-Identifier: AGPL-3.0-or-later

// The words in which schema.js describes fields, with the bounds of spec/bytes.md.

export const voidType = { is: 'void' };
export const bool = { is: 'bool' };
export const u16 = { is: 'u16' };
export const u32 = { is: 'u32' };
export const u64 = { is: 'u64' };
export const i64 = { is: 'i64' };
export const time = { is: 'i64', min: 0n, max: 2n ** 40n - 1n };
export const enumOf = (...names) => ({ is: 'enum', names });

// A kind that has its number and no rules yet: whoever meets it cannot tell.
export const later = { is: 'struct', later: true };

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
