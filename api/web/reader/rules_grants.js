// SPDX-License-Identifier: AGPL-3.0-or-later

// Grants, and that they are taken back (spec/rules.md).
import { concat, equal } from './bytes.js';
import { keyIdOf } from './key.js';
import { conflict, invalid, notFound } from './refusal.js';
import { agreementInForce } from './rules_live.js';

const longest = 366n * 86400n;

export const revocationId = (domain, grant) => concat(domain, grant);

// What follows from the statement alone.
export const grantDetail = (terms) => ({ terms, day: 0n, callsOnDay: 0n, calls: 0n });

function checkOperations({ query, share, train, audit, mirror }, auditor, byCouncil) {
  const others = query || share || train;
  if (byCouncil && (!auditor || !audit || others || mirror)) {
    invalid('GRANT-2', 'a grant of the council is one to an auditor, to audit');
  }
  if (!others && !audit && !mirror) invalid('GRANT-4', 'it allows nothing');
  if (auditor && others) invalid('GRANT-4', 'an auditor may audit and mirror only');
}

// No kind of rules version 1 makes an agreement or a shape.
function checkVersionOne({ log: { rules }, body: { grantee, shapes } }) {
  if (rules > 1) return;
  if (grantee.member === 'agreement') notFound('GRANT-3', 'there is no such agreement');
  if (shapes.length > 0) notFound('GRANT-6', 'there is no such shape');
}

export function grant(step) {
  const { domain, grantee, operations, shapes, notBefore, notAfter } = step.body;
  const auditor = grantee.member === 'auditor';
  checkOperations(operations, auditor, step.isVillage(domain));
  if (notBefore >= notAfter || step.time >= notAfter || notAfter > step.time + longest) {
    invalid('GRANT-5', `from ${notBefore} to ${notAfter}, sequenced at ${step.time}`);
  }
  if (step.state.exists('revocation', revocationId(domain, step.id))) {
    conflict('GRANT-7', 'it was revoked before it was sequenced');
  }
  checkVersionOne(step);
  if (operations.query && shapes.length === 0) invalid('GRANT-8', 'to query, and no shape');
  step.make('grant', step.id, grantDetail(step.body));
  const authority = step.authorityOver(domain, 'GRANT-1');
  const granteeId = auditor
    ? keyIdOf(grantee.value)
    : agreementInForce(step, grantee.value, 'GRANT-3').detail.peer;
  for (const id of shapes) {
    const shape = step.theActive('shape', id, 'GRANT-6');
    if (!equal(shape.detail.domain, domain)) invalid('GRANT-6', 'a shape of another domain');
  }
  step.signedBy(step.thresholdOf(authority));
  const known = step.state.get('grantee', granteeId);
  if (known) step.change(known, { count: known.detail.count + 1n });
  else step.make('grantee', granteeId, { count: 1n });
}

export function revocation(step) {
  const { domain, grant: id } = step.body;
  step.make('revocation', revocationId(domain, id), { grant: id });
  step.signedBy(step.anyOf(step.authorityOver(domain, 'GRANT-1')));
  // Void where it names the grant of another domain: it makes its own subject and touches nothing.
  const subject = step.state.get('grant', id);
  if (subject && equal(subject.detail.terms.domain, domain)) step.change(subject, {}, 'revoked');
}
