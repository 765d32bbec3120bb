// SPDX-License-Identifier: AGPL-3.0-or-later

// Grants, and that they are taken back (spec/rules.md).
import { concat, equal } from './bytes.js';
import { keyIdOf } from './key.js';
import { conflict, invalid, notFound } from './refusal.js';

const longest = 366n * 86400n;

export const revocationId = (domain, grant) => concat(domain, grant);

// What follows from the statement alone.
export const grantDetail = (terms) => ({ terms, day: 0n, callsOnDay: 0n, calls: 0n });

const isByCouncil = (step) => equal(step.body.domain, step.villageId);

// The domain's guardians, or the council where the domain is the village.
function giver(step) {
  const { domain } = step.body;
  if (!isByCouncil(step)) step.domain(domain, 'GRANT-1');
  return step.authority(domain);
}

function checkOperations({ query, share, train, audit, mirror }, auditor, byCouncil) {
  const others = query || share || train;
  if (byCouncil && (!auditor || !audit || others || mirror)) {
    invalid('GRANT-2', 'a grant of the council is one to an auditor, to audit');
  }
  if (!others && !audit && !mirror) invalid('GRANT-4', 'it allows nothing');
  if (auditor && others) invalid('GRANT-4', 'an auditor may audit and mirror only');
}

export function grant(step) {
  const { domain, grantee, operations, shapes, notBefore, notAfter } = step.body;
  const auditor = grantee.member === 'auditor';
  checkOperations(operations, auditor, isByCouncil(step));
  if (notBefore >= notAfter || step.time >= notAfter || notAfter > step.time + longest) {
    invalid('GRANT-5', `from ${notBefore} to ${notAfter}, sequenced at ${step.time}`);
  }
  if (step.state.exists('revocation', revocationId(domain, step.id))) {
    conflict('GRANT-7', 'it was revoked before it was sequenced');
  }
  step.requireAbsent('grant', step.id);
  const authority = giver(step);
  // No kind of this version makes an agreement or a shape.
  if (!auditor) notFound('GRANT-3', 'there is no such agreement');
  if (shapes.length > 0) notFound('GRANT-6', 'there is no such shape');
  step.signedBy(step.thresholdOf(authority));
  step.make('grant', step.id, grantDetail(step.body));
  const granteeId = keyIdOf(grantee.value);
  const known = step.state.get('grantee', granteeId);
  if (known) step.change(known, { count: known.detail.count + 1n });
  else step.make('grantee', granteeId, { count: 1n });
}

export function revocation(step) {
  const { domain, grant: id } = step.body;
  step.requireAbsent('revocation', revocationId(domain, id));
  step.signedBy(step.anyOf(giver(step)));
  step.make('revocation', revocationId(domain, id), { grant: id });
  // Void where it names the grant of another domain: it makes its own subject and touches nothing.
  const subject = step.state.get('grant', id);
  if (subject && equal(subject.detail.terms.domain, domain)) step.change(subject, {}, 'revoked');
}
