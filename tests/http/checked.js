// SPDX-License-Identifier: AGPL-3.0-or-later

// Requests whose answers are held against spec/openapi.yaml, and a village to ask.
import { checkResponse } from './contract.js';
import { request } from './client.js';
import { Guardian } from './guardian.js';
import { Village } from './village.js';
import assert from 'node:assert/strict';

// The response, and in `value` its body as the document has it.
export async function ask(server, method, path, options = {}) {
  const response = await request(server, method, path, options);
  return { ...response, value: checkResponse(method, path, response) };
}

export const get = (server, path, headers = {}) => ask(server, 'GET', path, { headers });

// The value of what has to be answered with 200.
export async function read(server, path, headers = {}) {
  const { status, value } = await get(server, path, headers);
  assert.equal(status, 200, `GET ${path}: ${JSON.stringify(value)}`);
  return value;
}

export const submit = (server, draft) =>
  ask(server, 'POST', '/v1/statements', {
    headers: { 'Content-Type': 'application/json' },
    body: typeof draft === 'string' || Buffer.isBuffer(draft) ? draft : JSON.stringify(draft),
  });

export const add = (server, bytes) => ask(server, 'POST', '/add', { body: Buffer.from(bytes) });

// What a refusal has to say.
export function refused({ status, value }, want, { code, rule } = {}) {
  assert.equal(status, want, JSON.stringify(value));
  if (code !== undefined) assert.equal(value.code, code, value.detail);
  if (rule !== undefined) assert.equal(value.rule, rule, value.detail);
  return value;
}

// Kelp Bay: an open record and a hidden one, a grant that was revoked and a hidden one, and a domain
// "reefs" whose guardian is `mere`, whom the command line does not know.
export async function kelpBay() {
  const village = await Village.make();
  const mere = new Guardian('mere'),
    auditor = new Guardian('auditor');
  const record = await village.addRecord('Low tide');
  const hidden = await village.addRecord('Council minutes', '--visibility', 'guardians');
  const granting = ['grant', '--auditor', auditor.publicKey, '--days', '30', '--purpose'];
  const grant = await village.sequence(...granting, 'yearly audit');
  const revocation = await village.sequence('revoke', grant);
  const another = new Guardian('another').publicKey;
  const hiddenGrant = await village.sequence(
    'grant',
    '--auditor',
    another,
    '--days',
    '30',
    '--purpose',
    'council only',
    '--visibility',
    'guardians',
  );
  const server = await village.serve();
  const founding = await village.draft(
    'reefs-draft',
    'domain',
    'new',
    'reefs',
    '--title',
    'Reefs',
    '--guardian',
    mere.publicKey,
    '--no-passphrase',
  );
  const { value } = await submit(server, mere.cosign(founding));
  const reefs = value.statements[0].id;
  return { village, server, mere, auditor, record, hidden, grant, revocation, hiddenGrant, reefs };
}
