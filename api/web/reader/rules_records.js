// SPDX-License-Identifier: AGPL-3.0-or-later

// Records and what becomes of them (spec/rules.md).
import { empty, equal, hex } from './bytes.js';
import { conflict, invalid, notFound } from './refusal.js';
import { liveForeignGrant } from './rules_live.js';
import { keyIdsOf } from './step.js';

// What follows from the statement alone.
export const recordDetail = ({ domain, contentRoot, policy, guardianship, origin }, rules) => ({
  domain,
  contentRoot,
  policy,
  labels: guardianship.labels,
  successor: empty,
  origin: rules > 1 ? origin : null,
});

// [RECORD-4]
function checkOrigin(step, { village, grant }) {
  if (grant.length === 0) invalid('RECORD-4', 'a copy that names no grant');
  const { terms, grantee } = liveForeignGrant(step, village, grant, 'RECORD-4').detail;
  if (!step.isVillage(grantee)) invalid('RECORD-4', 'a grant to another village');
  if (!terms.operations.share) invalid('RECORD-4', 'a grant that does not let share');
}

export function record(step) {
  const { rules } = step.log;
  const { domain, guardianship, origin } = step.body;
  if (origin && equal(origin.village, step.villageId))
    invalid('RECORD-3', 'a copy from this village itself');
  if (origin && rules === 1 && origin.grant.length > 0)
    invalid('RECORD-4', 'a copy under a grant, under rules 1');
  step.make('record', step.id, recordDetail(step.body, rules));
  step.domain(domain, 'RECORD-1');
  const guardians = step.authority(domain);
  const current = new Set(keyIdsOf(guardians.detail.current.keys));
  const stranger = guardianship.guardians.map(hex).find((keyId) => !current.has(keyId));
  if (stranger) invalid('RECORD-2', `${stranger} guards nothing in this domain`);
  if (origin && rules > 1) checkOrigin(step, origin);
  step.signedBy(step.thresholdOf(guardians));
}

// --- changes ---

function checkStatus({ status }, ...allowed) {
  if (!allowed.includes(status))
    invalid('CHANGE-3', `the record is ${status}, want ${allowed.join(' or ')}`);
}

// Where a record may have been trained upon, its domain remembers when that ended.
function markTraining(step, { detail: { policy, domain } }) {
  if (policy.train)
    step.change(step.domain(domain, 'CHANGE-5'), { trainingChanged: step.index + 1n });
}

const guardiansOf = (step, { detail: { domain } }) => step.authority(domain);

const steps = {
  supersede(step, subject, successorId) {
    checkStatus(subject, 'active');
    const successor = step.state.get('record', successorId);
    if (!successor) notFound('CHANGE-4', `there is no record ${hex(successorId)}`);
    if (equal(successorId, subject.id)) invalid('CHANGE-4', 'a record as its own successor');
    if (successor.status !== 'active') invalid('CHANGE-4', `the successor is ${successor.status}`);
    if (!equal(successor.detail.domain, subject.detail.domain))
      invalid('CHANGE-4', 'a successor of another domain');
    step.signedBy(step.thresholdOf(guardiansOf(step, subject)));
    step.change(subject, { successor: successorId }, 'superseded');
  },

  handOver(step, subject, receiving) {
    checkStatus(subject, 'active');
    step.domain(receiving, 'CHANGE-5');
    if (equal(receiving, subject.detail.domain))
      invalid('CHANGE-5', 'handed over to the domain that has it');
    step.signedBy(
      step.thresholdOf(guardiansOf(step, subject)),
      step.thresholdOf(step.authority(receiving)),
    );
    step.change(subject, { domain: receiving });
    markTraining(step, subject);
  },

  withdraw(step, subject) {
    checkStatus(subject, 'active', 'superseded');
    step.signedBy(step.anyOf(guardiansOf(step, subject)));
    step.change(subject, {}, 'withdrawn');
    step.make('spent', step.id, { subject: subject.id }, 'spent');
    markTraining(step, subject);
  },

  restore(step, subject) {
    checkStatus(subject, 'withdrawn');
    step.signedBy(step.thresholdOf(guardiansOf(step, subject)));
    step.change(subject, {}, subject.detail.successor.length > 0 ? 'superseded' : 'active');
  },

  erase(step, subject) {
    checkStatus(subject, 'active', 'superseded', 'withdrawn');
    step.signedBy(step.thresholdOf(guardiansOf(step, subject)));
    step.change(subject, {}, 'erased');
    markTraining(step, subject);
  },
};

export function recordChange(step) {
  const {
    record: id,
    expectedVersion,
    step: { member, value },
  } = step.body;
  const withdrawal = member === 'withdraw';
  // It names no version, so that nothing that happens beside it can stop it; nor is it used twice.
  if (withdrawal && expectedVersion !== 0n)
    invalid('CHANGE-2', 'a withdrawal that expects a version');
  if (withdrawal) step.requireAbsent('spent', step.id);
  const subject = step.state.get('record', id);
  if (!subject) notFound('CHANGE-1', `there is no record ${hex(id)}`);
  if (!withdrawal && expectedVersion !== subject.version) {
    conflict('CHANGE-2', `expected version ${expectedVersion}, it is ${subject.version}`);
  }
  steps[member](step, subject, value);
}
