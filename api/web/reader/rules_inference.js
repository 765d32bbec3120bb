// SPDX-License-Identifier: AGPL-3.0-or-later

// Answers and refusals (spec/asking.md).
import { empty, equal } from './bytes.js';
import { invalid } from './refusal.js';
import { hidesRecords } from './rules_asking.js';
import { signedByAgent } from './rules_agents.js';
import { usableModel } from './rules_live.js';
import { checkGrant, checkOpening, checkUsed } from './rules_use.js';

const daySeconds = 86400n;
const most = 2n ** 64n - 1n;
const capped = (count) => (count > most ? most : count);
const has = (list, id) => list.some((each) => equal(each, id));

// What is used after `count` more calls. A count whose day is over begins again.
function counted(detail, time, count) {
  const day = time / daySeconds;
  const before = detail.day === day ? detail.callsOnDay : 0n;
  return { day, callsOnDay: capped(before + count), calls: capped(detail.calls + count) };
}

// [INFER-6] Counts a call, on a grant or a steering.
function count(step, subject) {
  const { limits } = subject.detail.terms;
  const used = counted(subject.detail, step.time, 1n);
  const above = (found, limit) => limit > 0n && found > limit;
  if (above(used.calls, limits.calls) || above(used.callsOnDay, limits.callsPerDay)) {
    invalid('INFER-6', `call ${used.calls} in all and ${used.callsOnDay} of its day`);
  }
  step.change(subject, used);
}

// [INFER-4], [INFER-5] The steering under which a model speaks, or null.
function speaker(step, grant) {
  const { model, steering: id } = step.body;
  if (model.length === 0) return null;
  const steering = step.theActive('steering', id, 'INFER-4');
  if (!equal(steering.detail.domain, grant.detail.terms.domain)) {
    invalid('INFER-4', 'a steering of another domain');
  }
  if (!has(steering.detail.terms.models, model)) {
    invalid('INFER-4', 'a model that the steering does not allow');
  }
  usableModel(step, model, 'INFER-5');
  return steering;
}

// [INFER-7] As elsewhere, 0 sets no limit.
function checkSize({ items, characters }, { itemsMax, charactersMax }, grant, steering) {
  const limits = [grant, steering].map((each) => each?.detail.terms.limits.characters ?? 0n);
  const above = (found, limit) => limit > 0n && found > limit;
  if (above(items, itemsMax)) invalid('INFER-7', `${items} items, want at most ${itemsMax}`);
  for (const limit of [BigInt(charactersMax), ...limits]) {
    if (above(BigInt(characters), limit)) {
      invalid('INFER-7', `${characters} characters, want at most ${limit}`);
    }
  }
}

// [INFER-8] to [INFER-10] The records used, or null where nobody has shown which.
function usedRecords(step, { used: { member, value }, cited }, { operation }) {
  if (hidesRecords(operation) !== (member === 'hidden')) {
    invalid('INFER-8', `${operation} with the records used ${member}`);
  }
  if (member === 'records') return value;
  if (cited.length > 0) invalid('INFER-9', 'it cites what it hides');
  if (step.opening === null) {
    step.missing = true;
    return null;
  }
  checkOpening(value, step.opening);
  return step.opening.ids;
}

// [INFER-3], [INFER-9] What the statement alone says.
function checkAnswer({ model, steering, grant, shape }, { used, cited }) {
  if (grant.length === 0 || shape.length === 0) invalid('INFER-1', 'without a grant or a shape');
  if ((model.length === 0) !== (steering.length === 0)) {
    invalid('INFER-3', 'a model without steering, or the other way round');
  }
  if (used.member === 'records' && !cited.every((id) => has(used.value, id))) {
    invalid('INFER-9', 'it cites what it did not use');
  }
}

function answered(step, answer) {
  const { body } = step;
  const grant = checkGrant(step, 'query');
  const { terms } = grant.detail;
  if (!has(terms.shapes, body.shape)) invalid('INFER-1', 'a shape that the grant does not name');
  const { template } = step.theActive('shape', body.shape, 'INFER-1').detail;
  if (!terms.purposes.includes(body.purpose)) invalid('INFER-2', `no purpose '${body.purpose}'`);
  if (template.steeringNeeded && body.model.length === 0) invalid('INFER-3', 'without steering');
  const steering = speaker(step, grant);
  checkSize(answer, template, grant, steering);
  const records = usedRecords(step, answer, template);
  if (records) checkUsed(step, grant, records, 'read');
  count(step, grant);
  if (steering) count(step, steering);
}

// No limit holds for what was refused.
function refused(step, refusal) {
  const { agreement, grant: id } = step.body;
  step.the('agreement', agreement, 'INFER-11');
  if (id.length === 0) return;
  const grant = step.state.get('grant', id);
  if (grant?.status !== 'active') return;
  const { grantee } = grant.detail.terms;
  if (grantee.member === 'agreement' && equal(grantee.value, agreement)) {
    step.change(grant, counted(grant.detail, step.time, refusal.count));
  }
}

export function inference(step) {
  const { agreement, grant, queryId, outcome: { member, value } } = step.body;
  if (member === 'answered') checkAnswer(step.body, value);
  step.make('inference', step.id, {
    agreement,
    grant,
    queryId,
    commitment: value.commitment ?? empty,
    reason: value.reason ?? '',
  });
  signedByAgent(step, 'act');
  if (member === 'answered') answered(step, value);
  else refused(step, value);
}
