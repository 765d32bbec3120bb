// SPDX-License-Identifier: AGPL-3.0-or-later

// Entries, and where they stand (spec/log.md; the rules ENTRY-1 to ENTRY-6 of spec/rules.md).
import { equal, hex, zeros32 } from './bytes.js';
import { decodeVersioned, encode } from './codec.js';
import { sha256 } from './crypto.js';
import { leafHash } from './merkle.js';
import { invalid } from './refusal.js';
import { kindNumber, kinds } from './schema.js';
import { changesRoot } from './state.js';

// `kind` is a name, or null where this reader knows none.
export function decodeEntry(bytes) {
  const entry = decodeVersioned('Entry', bytes);
  return { ...entry, number: entry.kind, kind: kinds[entry.kind] ?? null, leaf: leafHash(bytes) };
}

// The entry that a sequencer would write.
export function entryFor({ kind, index, time, previous, statement, changes }) {
  return decodeEntry(
    encode('Entry', {
      version: 1,
      kind: kindNumber(kind),
      index,
      time,
      previous,
      statement,
      changes,
    }),
  );
}

// `last` is the entry before, or null at the beginning.
export function checkPlace(entry, last) {
  const index = last === null ? 0n : last.index + 1n;
  if (entry.index !== index) invalid('ENTRY-1', `index ${entry.index}, want ${index}`);
  const previous = last === null ? zeros32 : last.leaf;
  if (!equal(entry.previous, previous))
    invalid('ENTRY-2', `previous ${hex(entry.previous)}, want ${hex(previous)}`);
  if (last !== null && entry.time < last.time)
    invalid('ENTRY-3', `time ${entry.time}, before it ${last.time}`);
}

// [ENTRY-5] Of the bytes, before they are taken apart.
export function checkCommitment(entry, bytes) {
  const hash = sha256(bytes);
  if (!equal(entry.statement, hash))
    invalid('ENTRY-5', `statement ${hex(entry.statement)}, want ${hex(hash)}`);
}

// [ENTRY-4]
export function checkKind(entry, { statement: { kind } }) {
  if (entry.kind !== kind) invalid('ENTRY-4', `kind ${entry.number}, its statement is a ${kind}`);
}

// [ENTRY-6]
export function checkChanges(entry, pairs) {
  const root = changesRoot(pairs);
  if (!equal(entry.changes, root))
    invalid('ENTRY-6', `changes ${hex(entry.changes)}, want ${hex(root)}`);
}
