// SPDX-License-Identifier: AGPL-3.0-or-later

// Shapes, models and steering (spec/asking.md).
import { equal, hex } from './bytes.js';
import { conflict, invalid } from './refusal.js';
import { usableModel } from './rules_live.js';

// What a publication or a setting makes, by its domain's threshold.
function give(step, subjectClass, rule, detail, check) {
  const { domain } = step.body;
  step.make(subjectClass, step.id, { domain, ...detail });
  check(step.domain(domain, rule));
  step.signedBy(step.thresholdOf(step.authority(domain)));
}

// Anyone takes it back, once: what is spent is not used again.
function takeBack(step, subjectClass, id, domainRule, rule, status) {
  const { domain } = step.body;
  step.make('spent', step.id, { subject: id }, 'spent');
  step.domain(domain, domainRule);
  const subject = step.theActive(subjectClass, id, rule);
  if (!equal(subject.detail.domain, domain)) {
    invalid(rule, `the ${subjectClass} ${hex(id)} is of another domain`);
  }
  step.signedBy(step.anyOf(step.authority(domain)));
  step.change(subject, {}, status);
}

// --- shapes ---

export const hidesRecords = (operation) => ['exists', 'count', 'histogram'].includes(operation);

// [SHAPE-2]
function checkTemplate({ operation, parameters, itemsMax, charactersMax, steeringNeeded }) {
  for (const { name, type: { member, value } } of parameters) {
    if (member === 'text' && value < 1) invalid('SHAPE-2', `a text ${name} of no bytes`);
    if (value.low > value.high) invalid('SHAPE-2', `${name} from ${value.low} to ${value.high}`);
  }
  if (!hidesRecords(operation) && (itemsMax < 1 || charactersMax < 1)) {
    invalid('SHAPE-2', `${operation} of ${itemsMax} items and ${charactersMax} characters`);
  }
  if (operation === 'answer' && !steeringNeeded) invalid('SHAPE-2', 'an answer without steering');
}

// [SHAPE-3]
function checkDisclosure({ operation, minimumCell, rounding }, { detail: { disclosure } }) {
  if (!hidesRecords(operation)) return;
  if (minimumCell < disclosure.minimumCell || rounding < disclosure.rounding) {
    invalid('SHAPE-3', `cells of ${minimumCell}, rounded to ${rounding}: less than the domain's`);
  }
}

export function shape(step) {
  const { member, value } = step.body.step;
  if (member === 'retire') return takeBack(step, 'shape', value, 'SHAPE-1', 'SHAPE-4', 'retired');
  checkTemplate(value);
  return give(step, 'shape', 'SHAPE-1', { template: value }, (domain) =>
    checkDisclosure(value, domain));
}

// --- models ---

// [MODEL-2] Whoever signs has seen the last record to train on that was taken back.
function checkTraining({ trainingRoot }, basisSize, { detail: { trainingChanged } }) {
  if (trainingRoot.length > 0 && basisSize < trainingChanged) {
    conflict('MODEL-2', `basis ${basisSize}, training changed at ${trainingChanged}`);
  }
}

export function model(step) {
  const { member, value } = step.body.step;
  if (member === 'retire') return takeBack(step, 'model', value, 'MODEL-1', 'MODEL-3', 'retired');
  return give(step, 'model', 'MODEL-1', { identity: value }, (domain) =>
    checkTraining(value, step.statement.basisSize, domain));
}

// --- steering ---

export function steering(step) {
  const { member, value } = step.body.step;
  if (member === 'withdraw') {
    return takeBack(step, 'steering', value, 'STEER-1', 'STEER-3', 'withdrawn');
  }
  const unused = { day: 0n, callsOnDay: 0n, calls: 0n };
  return give(step, 'steering', 'STEER-1', { terms: value, ...unused }, () =>
    value.models.forEach((id) => usableModel(step, id, 'STEER-2')));
}
