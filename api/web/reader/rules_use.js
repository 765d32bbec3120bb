// SPDX-License-Identifier: AGPL-3.0-or-later

// What may be used under a grant, by an answer as by a transfer (spec/asking.md), and what an
// answer that hides the records it used committed to.
import { equal, hex, zeros32 } from './bytes.js';
import { hmacSha256 } from './crypto.js';
import { leafHash, rootOf } from './merkle.js';
import { Refusal, invalid } from './refusal.js';
import { liveForeignGrant, liveGrant } from './rules_live.js';

const has = (list, id) => list.some((each) => equal(each, id));

function isWithin({ member, value }, record) {
  if (member === 'all') return true;
  return member === 'ids'
    ? has(value, record.id)
    : value.some((label) => record.detail.labels.includes(label));
}

// Which of its records a label stands on, only the origin can say.
const reachesCopy = ({ member, value }, of) =>
  member === 'all' || (member === 'ids' && has(value, of));

// One of them lets the village that asks have what is their origin's.
function checkReaches(step, onward, asker, origin, operation, what) {
  let why = null;
  for (const { village, id } of onward) {
    try {
      const { grantee, terms } = liveForeignGrant(step, village, id, 'USE-6').detail;
      const covers = reachesCopy(terms.records, origin.record);
      if (equal(grantee, asker) && terms.operations[operation] && covers) return;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      why = error;
    }
  }
  if (why) throw why;
  invalid('USE-6', `no grant of the origin of ${what} to the village that asks`);
}

// [USE-6]
function checkOrigin(step, { id, detail: { origin } }, policy, asker) {
  const came = liveForeignGrant(step, origin.village, origin.grant, 'USE-6');
  if (came.detail.terms.onward !== 'withOriginsGrant') {
    invalid('USE-6', `the copy ${hex(id)} came under a grant without onward use`);
  }
  const named = step.body.onward.filter(({ village }) => equal(village, origin.village));
  checkReaches(step, named, asker, origin, policy === 'read' ? 'query' : 'share', hex(id));
}

function checkRecord(step, id, terms, policy, asker) {
  const record = step.theActive('record', id, 'USE-4');
  if (!equal(record.detail.domain, terms.domain)) invalid('USE-4', `${hex(id)}: another domain`);
  if (!isWithin(terms.records, record)) invalid('USE-4', `${hex(id)}: not one of the grant's`);
  if (!record.detail.policy[policy]) invalid('USE-5', `${hex(id)}: its policy forbids ${policy}`);
  if (record.detail.origin) checkOrigin(step, record, policy, asker);
}

// [USE-1] to [USE-3] Gives the grant.
export function checkGrant(step, operation) {
  const { agreement, grant: id } = step.body;
  const grant = liveGrant(step, id, 'USE-1');
  const { grantee, operations } = grant.detail.terms;
  if (grantee.member !== 'agreement' || !equal(grantee.value, agreement)) {
    invalid('USE-2', 'the grant is to another one');
  }
  if (!operations[operation]) invalid('USE-3', `the grant does not let ${operation}`);
  return grant;
}

// [USE-4] to [USE-6] `policy`: what each record's has to permit.
export function checkUsed(step, grant, records, policy) {
  const asker = step.the('agreement', step.body.agreement, 'USE-2').detail.peer;
  for (const id of records) checkRecord(step, id, grant.detail.terms, policy, asker);
}

// The root over what was used, padded to the bound.
export function hiddenRoot(bound, { salt, ids }) {
  const padded = [...ids, ...new Array(Number(bound) - ids.length).fill(zeros32)];
  return rootOf(padded.map((id) => leafHash(hmacSha256(salt, id))));
}

// [INFER-10]
export function checkOpening({ bound, root }, opening) {
  const { length } = opening.ids;
  if (BigInt(length) > bound) invalid('INFER-10', `${length} ids, its bound is ${bound}`);
  const found = hiddenRoot(bound, opening);
  if (!equal(found, root)) invalid('INFER-10', `root ${hex(root)}, the opening has ${hex(found)}`);
}
