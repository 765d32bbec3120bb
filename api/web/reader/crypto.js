// SPDX-License-Identifier: AGPL-3.0-or-later

// All cryptography of the reader. Elsewhere nothing is imported from node:crypto, and every use of
// verifyEd25519 awaits it: in a browser this module is replaced by one on WebCrypto, whose
// signatures are promises. Hashes are taken one by one and by the million, so they stay
// synchronous: there, SHA-256 is to be a function in plain JavaScript.
import * as crypto from 'node:crypto';
import { concat, hex, parseHex } from './bytes.js';

// Node 18 has no hash in one call, which is twice as fast.
const hashOnce = crypto.hash
  ? (bytes) => crypto.hash('sha256', bytes, 'buffer')
  : (bytes) => crypto.createHash('sha256').update(bytes).digest();

export const sha256 = (...parts) =>
  new Uint8Array(hashOnce(parts.length === 1 ? parts[0] : concat(...parts)));

export function hmacSha256(key, ...parts) {
  const hmac = crypto.createHmac('sha256', key);
  for (const part of parts) hmac.update(part);
  return new Uint8Array(hmac.digest());
}

// --- Ed25519, as spec/bytes.md reads it: what implementations differ in is refused here first ---

const littleEndian = (bytes) => BigInt('0x' + hex(Uint8Array.from(bytes).reverse()));

const p = 2n ** 255n - 19n;
const L = 2n ** 252n + 27742317777372353535851937790883648493n;

// y of the eight points of small order, without the sign of x. Among them are those with x = 0,
// which have a second spelling with the sign set.
const smallOrder = new Set([
  0n,
  1n,
  p - 1n,
  littleEndian(parseHex('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05')),
  littleEndian(parseHex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a')),
]);

function acceptablePoint(encoded) {
  const y = littleEndian(encoded) & ((1n << 255n) - 1n);
  return y < p && !smallOrder.has(y);
}

const spkiPrefix = parseHex('302a300506032b6570032100');
const keysAtMost = 1024;
const keys = new Map();

// Null for a key that is refused. Made once for each key: it costs as much as a signature.
function keyObject(publicKey) {
  const name = hex(publicKey);
  if (!keys.has(name)) {
    if (keys.size >= keysAtMost) keys.clear();
    keys.set(
      name,
      acceptablePoint(publicKey)
        ? crypto.createPublicKey({
            key: concat(spkiPrefix, publicKey),
            format: 'der',
            type: 'spki',
          })
        : null,
    );
  }
  return keys.get(name);
}

// R = [S]B - [k]A compared as bytes (OpenSSL's equation has no cofactor), S < L, A and R canonical
// and neither of small order.
export async function verifyEd25519(publicKey, message, signature) {
  if (publicKey.length !== 32 || signature.length !== 64) return false;
  if (!acceptablePoint(signature.subarray(0, 32))) return false;
  if (littleEndian(signature.subarray(32)) >= L) return false;
  const key = keyObject(publicKey);
  return key !== null && crypto.verify(null, message, key, signature);
}
