// SPDX-License-Identifier: AGPL-3.0-or-later

// A guardian who signs with a program of their own, whatever the rules may say of it: for what the
// real command line refuses to write.
import {
  concat,
  empty,
  hex,
  readU32be,
  u16be,
  u32be,
  u64be,
  zeros32,
} from '../../api/web/reader/bytes.js';
import { accessMessage, formatAuthorization } from '../../api/web/reader/access.js';
import { signedMessage, statementIdOf } from '../../api/web/reader/statement.js';
import { encode } from '../../api/web/reader/codec.js';
import { contentRootOf } from '../../api/web/reader/content.js';
import { keyNamed } from '../../api/web/reader/made_peer.js';
import { rootOf } from '../../api/web/reader/merkle.js';
import { utf8 } from '../../api/web/reader/text.js';
import { randomBytes } from 'node:crypto';

const base64 = (bytes) => Buffer.from(bytes).toString('base64');
const random = (count) => new Uint8Array(randomBytes(count));
export const bytesOf = (id) => new Uint8Array(Buffer.from(id, 'hex'));

export class Guardian {
  constructor(name) {
    Object.assign(this, keyNamed(name));
  }

  get publicKey() {
    return `ed25519:${base64(this.key.bytes)}`;
  }

  // What POST /v1/statements takes, with this guardian's signature.
  draft(statements, contents = {}) {
    return this.cosign({
      statements: base64(concat(...statements.flatMap((each) => [u32be(each.length), each]))),
      signatures: {},
      ...(Object.keys(contents).length > 0 && { contents }),
    });
  }

  cosign(draft) {
    const statements = statementsOf(draft);
    const size = BigInt(statements.length);
    const signature = this.sign(signedMessage(size, rootOf(statements.map(statementIdOf))));
    const file = concat(u16be(this.key.algorithm), this.key.bytes, u64be(size), signature);
    return { ...draft, signatures: { ...draft.signatures, [hex(this.id)]: base64(file) } };
  }

  // The value of the field Authorization for one GET. `rest`: what of the claim is to be otherwise.
  token(village, target, rest = {}) {
    const claim = encode('AccessClaim', {
      version: 1,
      village: bytesOf(village.id),
      key: this.key,
      method: 'GET',
      target,
      nonce: random(16),
      notAfter: BigInt(Math.floor(Date.now() / 1000)) + 45n,
      grants: [],
      ...rest,
    });
    const signature = this.sign(accessMessage(claim));
    return formatAuthorization(encode('AccessToken', { version: 1, claim, signature }));
  }

  // What POST /add takes.
  signed(statement) {
    const bytes = this.sign(signedMessage(1n, statementIdOf(statement)));
    return encode('SignedStatement', {
      version: 1,
      statement,
      signatures: [{ keyId: this.id, bytes, batchIndex: 0n, batchSize: 1n, batchPath: empty }],
    });
  }
}

export function statementsOf(draft) {
  const bytes = new Uint8Array(Buffer.from(draft.statements, 'base64'));
  const out = [];
  for (let at = 0; at < bytes.length; at += 4 + readU32be(bytes, at))
    out.push(bytes.slice(at + 4, at + 4 + readU32be(bytes, at)));
  return out;
}

// A statement's bytes. `rest`: what of it is to be otherwise than it has to be.
export function statementOf(village, member, value, rest = {}) {
  const issuedAt = BigInt(Math.floor(Date.now() / 1000));
  return encode('Statement', {
    version: 1,
    visibility: 'open',
    issuedAt,
    sequenceBy: issuedAt + 86400n,
    basisSize: 0n,
    basisRoot: zeros32,
    village: bytesOf(village.id),
    salt: random(16),
    body: { member, value },
    ...rest,
  });
}

// {statement, content} of a record in a domain.
export function recordOf(village, domain, guardian, fields, rest = {}) {
  const content = {
    version: 1,
    fields: Object.entries(fields)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, text]) => ({ name, salt: random(32), value: utf8(text) })),
  };
  const statement = statementOf(
    village,
    'record',
    {
      domain: bytesOf(domain),
      guardianship: {
        guardians: [guardian.id],
        tikanga: '',
        provenance: empty,
        labels: [],
        notices: [],
      },
      provenance: { authored: [], stewarded: [], approved: [] },
      policy: { read: true, share: false, train: false, export: false, delete: false },
      contentRoot: contentRootOf(content),
      mediaType: 'text/plain',
      language: '',
      origin: null,
    },
    rest,
  );
  const id = hex(statementIdOf(statement));
  return { statement, id, contents: { [id]: base64(encode('Content', content)) } };
}

// A grant to an auditor in a domain. `rest` and `body`: what of the statement, and of what it says, is
// to be otherwise.
export function grantOf(village, domain, who, rest = {}, body = {}) {
  const now = BigInt(Math.floor(Date.now() / 1000));
  const value = {
    domain: bytesOf(domain),
    grantee: { member: 'auditor', value: who.key },
    records: { member: 'all', value: null },
    operations: { query: false, share: false, train: false, audit: true, mirror: false },
    shapes: [],
    purposes: ['counting'],
    notBefore: now,
    notAfter: now + 86400n,
    limits: { calls: 0n, callsPerDay: 0n, minimumCell: 0, characters: 0n },
    onward: 'none',
    obligations: { attribute: false, deleteOnRevocation: false, reportUse: false },
    tikanga: '',
    ...body,
  };
  return statementOf(village, 'grant', value, rest);
}

// The basis of a statement: what its author has seen, as /v1/checkpoint has it.
export const basisOf = ({ size, root }) => ({
  basisSize: BigInt(size),
  basisRoot: new Uint8Array(Buffer.from(root, 'base64')),
});

export const idOf = (statement) => hex(statementIdOf(statement));
