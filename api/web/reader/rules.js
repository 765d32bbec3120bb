// SPDX-License-Identifier: AGPL-3.0-or-later

// What a village's ledger may become, one entry at a time (spec/rules.md). Pure: the answer depends
// on state, log, entry, statement, signers and opening alone, and changes none of them.
import { equal, hex } from './bytes.js';
import { invalid, unknownVersion } from './refusal.js';
import { decision, deliberation, exit, report } from './rules_accounting.js';
import { agreement } from './rules_agreements.js';
import { model, shape, steering } from './rules_asking.js';
import { domain, genesis, keyEvent, upgrade } from './rules_authorities.js';
import { grant, revocation } from './rules_grants.js';
import { inference } from './rules_inference.js';
import { observation } from './rules_observations.js';
import { composition, transfer } from './rules_onward.js';
import { receipt } from './rules_receipts.js';
import { record, recordChange } from './rules_records.js';
import { checkBeginning, checkStatement } from './rules_statement.js';
import { Unjudged } from './state_view.js';
import { Step } from './step.js';

function seal(step) {
  const { coveredSize, stateRoot } = step.body;
  if (coveredSize !== step.index) invalid('SEAL-2', `it covers ${coveredSize}, want ${step.index}`);
  const root = step.state.root();
  if (!equal(stateRoot, root)) invalid('SEAL-3', `state root ${hex(stateRoot)}, want ${hex(root)}`);
  step.signedBy(step.allOf([step.village().detail.operator]));
}

const first =
  { genesis, seal, keyEvent, domain, record, recordChange, grant, revocation, upgrade };
const second = {
  ...first, agreement, shape, model, steering, inference, receipt, composition, transfer, decision,
  deliberation, report, observation, exit,
};

// By rules version. A later one starts from those of the version before.
const kindsOf = new Map([
  [1, first],
  [2, second],
]);

// [RULES-1], [RULES-2]
export function ruleOf(kind, rules) {
  const kinds =
    kindsOf.get(rules) ?? unknownVersion('RULES-1', `the village is under rules ${rules}`);
  return kinds[kind] ?? invalid('RULES-2', `a ${kind} under rules ${rules}`);
}

// Gives the step that the entry is, with the `changes` that it makes and whether an opening is
// `missing`. `state` is a State; `log` {village, origin, rules in force, sealedRoots: roots by
// sealed size}; `entry` {index, time}; `signers` are key ids in hex, each of a signature that
// verified; `opening` is what a hidden answer used, or null. What reads no state comes first, then
// what is made whatever the state is, here and in each kind: so the one is judged even where the
// state is withheld, and the other is `sure` of a statement that cannot be judged.
export async function apply(state, log, entry, signed, signers, opening = null) {
  const step = new Step({ state, log, entry, signed, signers, opening });
  const { kind } = signed.statement;
  checkBeginning(step.index, kind);
  const judge = ruleOf(kind, log.rules);
  let unknown = null;
  const asFarAsKnown = async (check) => {
    try {
      await check(step);
    } catch (error) {
      if (!(error instanceof Unjudged)) throw error;
      unknown ??= error;
    }
  };
  await asFarAsKnown(checkStatement);
  await asFarAsKnown(judge);
  if (unknown) throw Object.assign(unknown, { sure: step.changes });
  return step;
}
