// SPDX-License-Identifier: AGPL-3.0-or-later

// What is live: its time has come and not gone, and everything that it rests on is active
// (spec/state.md, spec/exchange.md). Nothing cascades, so each of these is looked up.
import { concat } from './bytes.js';
import { invalid } from './refusal.js';

export const foreignGrantId = (village, grant) => concat(village, grant);

const isInTime = ({ notBefore, notAfter }, time) => notBefore <= time && time < notAfter;

// The agreement, active, with a peer whose village goes on.
export function agreementInForce(step, id, rule) {
  const agreement = step.theActive('agreement', id, rule);
  step.theActive('peer', agreement.detail.peer, rule);
  return agreement;
}

// A grant of this village's, with its agreement.
export function liveGrant(step, id, rule) {
  const grant = step.theActive('grant', id, rule);
  const { terms } = grant.detail;
  if (!isInTime(terms, step.time)) {
    invalid(rule, `from ${terms.notBefore} to ${terms.notAfter}, it is ${step.time}`);
  }
  if (terms.grantee.member === 'agreement') agreementInForce(step, terms.grantee.value, rule);
  return grant;
}

// A grant of a peer's, as this village last saw it.
export function liveForeignGrant(step, village, id, rule) {
  const grant = step.theActive('foreignGrant', foreignGrantId(village, id), rule);
  const { terms, agreement } = grant.detail;
  if (!isInTime(terms, step.time)) {
    invalid(rule, `from ${terms.notBefore} to ${terms.notAfter}, it is ${step.time}`);
  }
  agreementInForce(step, agreement, rule);
  return grant;
}

// Active, and none of the records that it was trained on was taken away since.
export function usableModel(step, id, rule) {
  const model = step.theActive('model', id, rule);
  const { domain, identity } = model.detail;
  if (identity.trainingRoot.length === 0) return model;
  const { trainingChanged } = step.domain(domain, rule).detail;
  if (trainingChanged > model.firstIndex) {
    invalid(rule, `published in entry ${model.firstIndex}, training changed at ${trainingChanged}`);
  }
  return model;
}
