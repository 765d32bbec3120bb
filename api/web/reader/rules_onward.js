// SPDX-License-Identifier: AGPL-3.0-or-later

// Compositions of several villages' answers, and transfers (spec/exchange.md).
import { equal, hex } from './bytes.js';
import { invalid } from './refusal.js';
import { signedByAgent } from './rules_agents.js';
import { agreementInForce, liveForeignGrant, usableModel } from './rules_live.js';
import { checkGrant, checkUsed } from './rules_use.js';

const nameOf = ({ village, id }) => `${hex(village)} ${hex(id)}`;

// [COMPOSE-1]
function verifiedReceipt(step, id, of) {
  const { detail } = step.the('receipt', id, 'COMPOSE-1');
  if (!detail.verified || detail.acknowledges !== of) {
    invalid('COMPOSE-1', `${hex(id)} is no verified receipt of ${of}`);
  }
  return detail;
}

export function composition(step) {
  const { inputs, refusals, used, grants, model, commitment, purpose } = step.body;
  const villages = new Set(grants.map(({ village }) => hex(village)));
  if (!used.every(({ village }) => villages.has(hex(village)))) {
    invalid('COMPOSE-4', 'a record of a village that did not answer');
  }
  step.make('composition', step.id, { commitment, grants });
  signedByAgent(step, 'act');
  const named = inputs.map((id) => verifiedReceipt(step, id, 'answer').grant);
  refusals.forEach((id) => verifiedReceipt(step, id, 'refusal'));
  for (const { village, id } of named) {
    const { purposes } = liveForeignGrant(step, village, id, 'COMPOSE-2').detail.terms;
    if (!purposes.includes(purpose)) invalid('COMPOSE-3', `${hex(id)} has no purpose '${purpose}'`);
  }
  const want = new Set(named.map(nameOf));
  if (want.size !== grants.length || !grants.every((grant) => want.has(nameOf(grant)))) {
    invalid('COMPOSE-4', 'other grants than those of its inputs');
  }
  if (model.length > 0) usableModel(step, model, 'COMPOSE-5');
}

// --- transfers ---

function checkIn(step, peer) {
  const { grant: id, hops } = step.body;
  const { terms, grantee } = liveForeignGrant(step, peer, id, 'TRANSFER-2').detail;
  if (!terms.operations.share) invalid('TRANSFER-2', 'the grant does not let share');
  if (!step.isVillage(grantee)) invalid('TRANSFER-2', 'the grant is to another village');
  if (hops.length === 0 || !equal(hops.at(-1), peer)) {
    invalid('TRANSFER-3', 'the last hop is not the peer');
  }
}

export function transfer(step) {
  const { direction, agreement: agreementId, grant, records, hops } = step.body;
  if (hops.some((hop) => step.isVillage(hop))) invalid('TRANSFER-3', 'a hop is this village');
  step.make('transfer', step.id, { direction, agreement: agreementId, grant });
  signedByAgent(step, 'act');
  const agreement = agreementInForce(step, agreementId, 'TRANSFER-1');
  if (direction === 'in') checkIn(step, agreement.detail.peer);
  else checkUsed(step, checkGrant(step, 'share'), records, 'share');
}
