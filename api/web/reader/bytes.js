// SPDX-License-Identifier: AGPL-3.0-or-later

// Bytes, their order, and their two spellings in text (spec/bytes.md, "Notation").
import { malformed } from './refusal.js';

export const empty = new Uint8Array(0);
export const zeros32 = new Uint8Array(32);

export function concat(...parts) {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

export function compare(a, b) {
  const common = Math.min(a.length, b.length);
  for (let i = 0; i < common; i++) if (a[i] !== b[i]) return a[i] - b[i];
  return a.length - b.length;
}

export const equal = (a, b) => a.length === b.length && compare(a, b) === 0;
export const isZeros = (bytes) => bytes.every((byte) => byte === 0);

// The first place where `items` stop to rise strictly, or -1.
export function firstUnsorted(items, keyOf = (item) => item) {
  for (let i = 1; i < items.length; i++) {
    if (compare(keyOf(items[i - 1]), keyOf(items[i])) >= 0) return i;
  }
  return -1;
}

// --- integers: unsigned big-endian, as everywhere outside of Cap'n Proto structs ---

function bigEndian(value, width) {
  const out = new Uint8Array(width);
  let rest = BigInt(value);
  for (let i = width - 1; i >= 0; i--) {
    out[i] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  if (rest !== 0n) throw new RangeError(`${value} does not fit ${width} bytes`);
  return out;
}

export const u16be = (value) => bigEndian(value, 2);
export const u32be = (value) => bigEndian(value, 4);
export const u64be = (value) => bigEndian(value, 8);

export const readU16be = (bytes, at) => bytes[at] * 0x100 + bytes[at + 1];
export const readU32be = (bytes, at) => readU16be(bytes, at) * 0x10000 + readU16be(bytes, at + 2);
export const readU64be = (bytes, at) =>
  (BigInt(readU32be(bytes, at)) << 32n) | BigInt(readU32be(bytes, at + 4));

// Decimal without sign or leading zeros, below `limit`; null for anything else. A text longer than
// any such number is not turned into one.
export function parseDecimal(text, limit) {
  if (text.length > 20 || !/^(0|[1-9][0-9]*)$/.test(text)) return null;
  const value = BigInt(text);
  return value < limit ? value : null;
}

// --- hex ---

const hexOf = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

export function hex(bytes) {
  let out = '';
  for (const byte of bytes) out += hexOf[byte];
  return out;
}

export function parseHex(text) {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/.test(text)) malformed(null, 'want lowercase hex');
  return Uint8Array.from({ length: text.length / 2 }, (_, i) =>
    parseInt(text.slice(2 * i, 2 * i + 2), 16),
  );
}

// --- base64: RFC 4648 section 4, one spelling for every value ---

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const valueOf = new Map(Array.from(alphabet, (character, value) => [character, value]));

export function base64(bytes) {
  let out = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i;
    const word =
      (bytes[i] << 16) | ((left > 1 ? bytes[i + 1] : 0) << 8) | (left > 2 ? bytes[i + 2] : 0);
    out += alphabet[word >> 18] + alphabet[(word >> 12) & 63];
    out += (left > 1 ? alphabet[(word >> 6) & 63] : '=') + (left > 2 ? alphabet[word & 63] : '=');
  }
  return out;
}

// Refusals name the rule of whatever the text stands in.
export function parseBase64(text, rule = null) {
  if (text.length % 4 !== 0)
    malformed(rule, `base64 of ${text.length} characters, want a multiple of 4`);
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const digits = text.length - padding;
  const out = new Uint8Array(Math.floor((digits * 6) / 8));
  let bits = 0,
    word = 0,
    at = 0;
  for (let i = 0; i < digits; i++) {
    const value = valueOf.get(text[i]);
    if (value === undefined) malformed(rule, `no base64 at character ${i}`);
    word = ((word << 6) | value) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out[at++] = (word >> bits) & 0xff;
    }
  }
  // What is left over belongs to no byte: where it could be anything, one value had many spellings.
  if ((word & ((1 << bits) - 1)) !== 0)
    malformed(rule, 'base64 with unused bits that are not zero');
  return out;
}
