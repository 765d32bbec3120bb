// SPDX-License-Identifier: AGPL-3.0-or-later

// From canonical bytes to plain values and back, one meaning having one encoding: what is read is
// written afresh, and has to give the same bytes (spec/bytes.md).
import { equal, isZeros } from './bytes.js';
import { Segment, readStruct, readVersion } from './capnp_read.js';
import { writeStruct } from './capnp_write.js';
import { malformed, unknownVersion } from './refusal.js';

export { writeStruct as encode };

export const bytesAtMost = {
  Statement: 65536,
  SignedStatement: 262144,
  Entry: 1024,
  StateValue: 256,
  detail: 65536,
  Opening: 393216,
  Evidence: 1048576,
  Content: 16777216 + 65536,
  AccessClaim: 8192,
  AccessToken: 8192,
  SealedEnvelope: 8388608 + 2048,
  SignedEnvelope: 8388608 + 1024,
  Envelope: 8388608,
  Introduction: 33554432,
};

// The version is read first, before any bound of this one is asked after: in every version it is
// bytes 8 and 9, the root pointer having the offset 0 and the struct some data. 0 where it stands
// nowhere, as in what is no whole number of words.
const versionOf = (bytes) =>
  bytes.length >= 16 &&
  bytes.length % 8 === 0 &&
  isZeros(bytes.subarray(0, 4)) &&
  !isZeros(bytes.subarray(4, 6))
    ? bytes[8] + 256 * bytes[9]
    : 0;

// Whether they say that they are of a version which this reader does not know.
export const isNewer = (bytes) => versionOf(bytes) > 1;

function decoded(name, bytes, atMost, versioned) {
  if (bytes.length > atMost)
    malformed('BYTES-4', `${name}: found ${bytes.length} bytes, want at most ${atMost}`);
  const segment = new Segment(bytes);
  const where = segment.root(name);
  if (versioned && readVersion(segment, where) === 0)
    malformed('BYTES-1', `${name}: found version 0, want 1`);
  const value = readStruct(segment, { name }, where, 0, name);
  if (!equal(writeStruct(name, value), bytes))
    malformed('BYTES-3', `${name}: not its canonical bytes`);
  return value;
}

export const decode = (name, bytes, atMost = bytesAtMost[name]) =>
  decoded(name, bytes, atMost, false);

// [BYTES-1] Statement, SignedStatement, Entry, Opening, Content, Evidence, access tokens, and what
// passes between villages.
export function decodeVersioned(name, bytes) {
  if (isNewer(bytes))
    unknownVersion('BYTES-1', `${name}: found version ${versionOf(bytes)}, want 1`);
  return decoded(name, bytes, bytesAtMost[name], true);
}
