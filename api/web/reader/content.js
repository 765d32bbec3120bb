// SPDX-License-Identifier: AGPL-3.0-or-later

// Contents: the fields of a record, each committed by itself (spec/content.md).
import { equal, hex, u16be, u32be } from './bytes.js';
import { decodeVersioned } from './codec.js';
import { hmacSha256 } from './crypto.js';
import { leafHash, rootOf } from './merkle.js';
import { invalid } from './refusal.js';
import { utf8 } from './text.js';

const firstLine = utf8('holdfast/field/v1\n');

// F
export function commitmentOf({ name, salt, value }) {
  const bytes = utf8(name);
  return hmacSha256(salt, firstLine, u16be(bytes.length), bytes, u32be(value.length), value);
}

export const decodeContent = (bytes) => decodeVersioned('Content', bytes);

export const contentRootOf = ({ fields }) =>
  rootOf(fields.map((field) => leafHash(commitmentOf(field))));

// [CONTENT-1]
export function verifyContent(content, record) {
  const root = contentRootOf(content);
  if (!equal(root, record.contentRoot)) {
    invalid('CONTENT-1', `content root ${hex(root)}, the record has ${hex(record.contentRoot)}`);
  }
}
