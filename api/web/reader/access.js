// SPDX-License-Identifier: AGPL-3.0-or-later

// Who asks over HTTP, and whether a server is to believe it (spec/access.md).
import { base64, concat, equal, hex, parseBase64 } from './bytes.js';
import { decodeVersioned } from './codec.js';
import { sha256, verifyEd25519 } from './crypto.js';
import { keyIdOf } from './key.js';
import { malformed, unauthorised } from './refusal.js';
import { utf8 } from './text.js';

const scheme = 'Holdfast ';
// In base64url, of the largest token.
const charactersAtMost = 2 * 8192;
const aheadAtMost = 60n;

export const accessMessage = (claim) => concat(utf8('holdfast/access/v1\n'), sha256(claim));

// The value of the field Authorization.
export const formatAuthorization = (token) =>
  scheme + base64(token).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

function parseBase64Url(text) {
  if (/[^A-Za-z0-9_-]/.test(text)) malformed(null, 'want base64url without padding');
  const padding = '='.repeat((4 - (text.length % 4)) % 4);
  if (padding.length === 3) malformed(null, 'base64url of one character too many');
  return parseBase64(text.replaceAll('-', '+').replaceAll('_', '/') + padding);
}

// {claim, bytes, signature} of the field's value: the claim, and its bytes as they were signed.
export function parseAuthorization(value) {
  if (!value.startsWith(scheme) || value.length > charactersAtMost + scheme.length)
    malformed(null, 'want Holdfast and base64url of an access token');
  const token = decodeVersioned('AccessToken', parseBase64Url(value.slice(scheme.length)));
  const claim = decodeVersioned('AccessClaim', token.claim);
  return { claim, bytes: token.claim, signature: token.signature };
}

// Nonces until they end, each of its key.
export class Nonces {
  #ends = new Map();

  // [ACCESS-4]
  use({ key, nonce, notAfter }, time) {
    for (const [each, end] of this.#ends) if (end <= time) this.#ends.delete(each);
    const name = hex(keyIdOf(key)) + hex(nonce);
    if (this.#ends.has(name)) unauthorised('ACCESS-4', 'a nonce that was used already');
    this.#ends.set(name, notAfter);
  }
}

const sameKey = (a, b) => a.algorithm === b.algorithm && equal(a.bytes, b.bytes);

// The claim of whoever asks. `request` is {authorization, method, target, time}, as it came and
// when; `village` {id, signers, grants}: the keys that may sign in it, and its grants to audit as
// {id, key}; `nonces` what this server remembers.
export async function verifyAccess({ authorization, method, target, time }, village, nonces) {
  const { claim, bytes, signature } = parseAuthorization(authorization);
  if (!equal(claim.village, village.id)) unauthorised('ACCESS-2', 'a token for another village');
  if (claim.method !== method || claim.target !== target)
    unauthorised('ACCESS-2', `a token for ${claim.method} ${claim.target}`);
  if (claim.notAfter <= time || claim.notAfter > time + aheadAtMost)
    unauthorised('ACCESS-3', `a token until ${claim.notAfter}, and it is ${time}`);
  if (!(await verifyEd25519(claim.key.bytes, accessMessage(bytes), signature)))
    unauthorised('ACCESS-1', 'the signature does not verify');
  const isNamed = ({ id, key }) =>
    sameKey(key, claim.key) && claim.grants.some((each) => equal(each, id));
  if (!village.signers.some((key) => sameKey(key, claim.key)) && !village.grants.some(isNamed))
    unauthorised('ACCESS-5', 'a key that is nobody’s here');
  nonces.use(claim, time);
  return claim;
}
