// SPDX-License-Identifier: AGPL-3.0-or-later

// Public keys and what they are called (spec/bytes.md, "Keys").
import { parseBase64, u16be } from './bytes.js';
import { sha256 } from './crypto.js';
import { malformed } from './refusal.js';
import { utf8 } from './text.js';

export const ed25519 = 1;
export const x25519 = 3;

const firstLine = utf8('holdfast/key/v1\n');

// By key, since the same few are asked for at each entry.
const known = new WeakMap();

export function keyIdOf(key) {
  let id = known.get(key);
  if (id === undefined) known.set(key, (id = sha256(firstLine, u16be(key.algorithm), key.bytes)));
  return id;
}

const algorithms = new Map([
  ['ed25519', ed25519],
  ['x25519', x25519],
]);

// `ed25519:<base64>`, `x25519:<base64>`.
export function parseKey(text) {
  const colon = text.indexOf(':');
  const algorithm = algorithms.get(text.slice(0, Math.max(colon, 0)));
  if (algorithm === undefined) malformed(null, 'want ed25519: or x25519: and base64');
  const bytes = parseBase64(text.slice(colon + 1));
  if (bytes.length !== 32) malformed(null, `a key of ${bytes.length} bytes, want 32`);
  return { algorithm, bytes };
}
