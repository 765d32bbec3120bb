// SPDX-License-Identifier: AGPL-3.0-or-later

// Who acts for a village: what its genesis says, and what later statements made of it. Followed by
// whoever is shown no more of a log than that (spec/exchange.md, spec/evidence.md).
import { invalid, unknownVersion } from './refusal.js';
import { exit } from './rules_accounting.js';
import { genesis, keyEvent, newestRules, upgrade } from './rules_authorities.js';
import {
  checkStatement, checkTimes, checkVillage, checkVillageGoesOn, checkVisibility,
} from './rules_statement.js';
import { State } from './state_view.js';
import { KnownKeys, verifySignatures } from './statement.js';
import { Step } from './step.js';

// The subjects that a genesis makes, [village, council]. Its entry is not shown: some time fits
// where the statement's own times do.
export async function founding(signed) {
  const { kind, issuedAt } = signed.statement;
  if (kind !== 'genesis') invalid('GENESIS-1', `a ${kind} for a genesis`);
  const signers = await verifySignatures(signed, new KnownKeys());
  const log = { village: signed.id };
  const step = new Step({
    state: new State(), log, entry: { index: 0n, time: issuedAt }, signed, signers,
  });
  checkStatement(step);
  genesis(step);
  return step.changes;
}

const followed = { keyEvent, upgrade, exit };

function checkFollowed({ kind, body }, rules) {
  const other = kind === 'keyEvent' && ['domain', 'agent'].includes(body.change.member);
  if (!followed[kind] || other) {
    invalid(null, `a ${kind}, which changes neither village nor council`);
  }
  if (kind === 'exit' && rules < 2) invalid('RULES-2', `an exit under rules ${rules}`);
}

// Judges one that follows, sequenced at {index, time}, with `root` that of the log at the size
// `index`. Gives {signers, changes}; `state`, which has the village and its council, stays as it
// is.
export async function judgeNext(state, id, signed, { index, time, root }) {
  const village = state.get('village', id);
  const { rules, operator } = village.detail;
  const council = state.get('authority', id).detail.current.keys;
  const signers = await verifySignatures(signed, new KnownKeys().add([operator, ...council]));
  if (rules > newestRules) unknownVersion('RULES-1', `the village is under rules ${rules}`);
  checkFollowed(signed.statement, rules);
  const log = { village: id, rules, sealedRoots: new Map([[index, root]]) };
  const step = new Step({ state, log, entry: { index, time }, signed, signers });
  checkVillage(step);
  checkVisibility(step);
  checkTimes(step);
  checkVillageGoesOn(step);
  await followed[signed.statement.kind](step);
  return { signers, changes: step.changes };
}
