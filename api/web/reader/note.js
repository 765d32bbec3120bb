// SPDX-License-Identifier: AGPL-3.0-or-later

// Signed notes, verifier keys, cosignatures and checkpoints (spec/log.md; C2SP signed-note,
// tlog-checkpoint, tlog-cosignature).
import { equal, hex, parseBase64, parseDecimal, readU64be } from './bytes.js';
import { sha256, verifyEd25519 } from './crypto.js';
import { malformed, unauthorised, unknownVersion } from './refusal.js';
import { isOf, textOf, utf8 } from './text.js';

export const noteBytesAtMost = 65536;
const signaturesAtMost = 64;

export const plain = 0x01;
export const cosigning = 0x04;
const signatureBytes = { [plain]: 64, [cosigning]: 72 };

// --- verifier keys: {name, type, publicKey, hash} ---

// [NOTE-5]
function checkedName(name) {
  const { length } = utf8(name);
  if (length < 1 || length > 255 || !isOf('key name', name))
    malformed('NOTE-5', `'${name}' is no key name`);
  return name;
}

const keyHashOf = (name, type, publicKey) =>
  sha256(utf8(name), Uint8Array.of(0x0a, type), publicKey).subarray(0, 4);

export const verifierKey = (name, type, publicKey) => ({
  name,
  type,
  publicKey,
  hash: keyHashOf(name, type, publicKey),
});

// [NOTE-6] `<name>+<key hash>+<base64(type || key)>`; only the last part may have a plus in it.
export function parseVerifierKey(text) {
  const [name, hash, ...rest] = text.split('+');
  if (rest.length === 0) malformed('NOTE-6', 'want a name, a key hash and a key');
  checkedName(name);
  const key = parseBase64(rest.join('+'), 'NOTE-6');
  if (key.length === 0) malformed('NOTE-6', 'no key');
  const type = key[0];
  if (signatureBytes[type] === undefined)
    unknownVersion('NOTE-6', `found key type ${type}, want 1 or 4`);
  if (key.length !== 33) malformed('NOTE-6', `a key of ${key.length - 1} bytes, want 32`);
  const found = verifierKey(name, type, key.slice(1));
  if (hex(found.hash) !== hash) malformed('NOTE-6', `key hash ${hash}, want ${hex(found.hash)}`);
  return found;
}

// --- notes ---

function parseSignatureLine(line) {
  const space = line.indexOf(' ', 2);
  if (!line.startsWith('\u2014 ') || space === -1)
    malformed('NOTE-1', 'a signature line of another form');
  const name = checkedName(line.slice(2, space));
  const payload = parseBase64(line.slice(space + 1), 'NOTE-1');
  if (payload.length < 5)
    malformed('NOTE-1', `a signature of ${payload.length} bytes, want at least 5`);
  return { name, hash: payload.subarray(0, 4), payload: payload.subarray(4) };
}

// [NOTE-1] {text, signatures: [{name, hash, payload}]}
export function parseNote(bytes) {
  if (bytes.length > noteBytesAtMost)
    malformed('NOTE-1', `found ${bytes.length} bytes, want at most ${noteBytesAtMost}`);
  if (bytes.some((byte) => byte < 0x20 && byte !== 0x0a))
    malformed('NOTE-1', 'a control character');
  const all = textOf(bytes, 'NOTE-1');
  const gap = all.lastIndexOf('\n\n');
  if (gap === -1 || !all.endsWith('\n'))
    malformed('NOTE-1', 'want a text, an empty line and signature lines');
  const lines = all.slice(gap + 2, -1).split('\n');
  if (gap + 2 === all.length || lines.length > signaturesAtMost) {
    malformed('NOTE-1', `want 1 to ${signaturesAtMost} signature lines`);
  }
  return { text: all.slice(0, gap + 1), signatures: lines.map(parseSignatureLine) };
}

// [NOTE-7] Big-endian seconds, then the signature.
export function parseCosignature(payload) {
  if (payload.length !== 72)
    malformed('NOTE-7', `a cosignature of ${payload.length} bytes, want 72`);
  const time = readU64be(payload, 0);
  if (time >= 1n << 63n) malformed('NOTE-7', `a cosignature of the time ${time}`);
  return { time, signature: payload.subarray(8) };
}

// The time of a cosignature, null of a plain signature.
async function verifyNoteSignature(key, text, payload) {
  const { time, signature } =
    key.type === cosigning ? parseCosignature(payload) : { time: null, signature: payload };
  const message = utf8(time === null ? text : `cosignature/v1\ntime ${time}\n${text}`);
  if (!(await verifyEd25519(key.publicKey, message, signature))) {
    unauthorised('NOTE-2', `the signature of ${key.name} does not verify`);
  }
  return time;
}

// [NOTE-2], [NOTE-3] {text, signedBy: [{key, time}]}, by those of the keys `known` that signed.
export async function openNote(bytes, known) {
  const { text, signatures } = parseNote(bytes);
  const signedBy = [];
  for (const { name, hash, payload } of signatures) {
    const key = known.find((each) => each.name === name && equal(each.hash, hash));
    if (key) signedBy.push({ key, time: await verifyNoteSignature(key, text, payload) });
  }
  if (signedBy.length === 0) unauthorised('NOTE-3', 'no known key has signed');
  return { text, signedBy };
}

// --- checkpoints ---

// [NOTE-4] {origin, size, root, extensions} of the text of a note.
export function parseCheckpoint(text) {
  if (!text.endsWith('\n')) malformed('NOTE-4', 'a last line that does not end');
  const [origin, decimal, root64, ...extensions] = text.slice(0, -1).split('\n');
  if (root64 === undefined) malformed('NOTE-4', 'want a line each of origin, size and root');
  const bytes = utf8(origin).length;
  if (bytes < 1 || bytes > 255 || !isOf('line', origin))
    malformed('NOTE-4', 'an origin that is no line of 1 to 255 bytes');
  const size = parseDecimal(decimal, 1n << 63n);
  if (size === null) malformed('NOTE-4', `'${decimal.slice(0, 32)}' is no size`);
  const root = parseBase64(root64, 'NOTE-4');
  if (root.length !== 32) malformed('NOTE-4', `a root of ${root.length} bytes, want 32`);
  if (extensions.includes('')) malformed('NOTE-4', 'an empty line');
  return { origin, size, root, extensions };
}
