// SPDX-License-Identifier: AGPL-3.0-or-later

// What a village's ledger may become, one entry at a time (spec/rules.md). Pure: the answer depends
// on state, log, entry, statement and signers alone, and changes none of them.
import { equal, hex, isZeros } from './bytes.js';
import { invalid, notFound, unknownVersion } from './refusal.js';
import { domain, genesis, keyEvent, upgrade } from './rules_authorities.js';
import { grant, revocation } from './rules_grants.js';
import { record, recordChange } from './rules_records.js';
import { Step } from './step.js';

function seal(step) {
  const { coveredSize, stateRoot } = step.body;
  if (coveredSize !== step.index) invalid('SEAL-2', `it covers ${coveredSize}, want ${step.index}`);
  const root = step.state.root();
  if (!equal(stateRoot, root)) invalid('SEAL-3', `state root ${hex(stateRoot)}, want ${hex(root)}`);
  step.signedBy(step.allOf([step.village().detail.operator]));
}

// By rules version. A later one starts from those of the version before.
const kindsOf = new Map([
  [1, { genesis, seal, keyEvent, domain, record, recordChange, grant, revocation, upgrade }],
]);

// --- what every statement must meet ---

const openKinds = new Set(['genesis', 'seal', 'keyEvent', 'domain', 'report', 'exit', 'upgrade']);
const partiesKinds = new Set([
  'agreement',
  'grant',
  'revocation',
  'inference',
  'receipt',
  'transfer',
]);

// [STMT-2] Which visibilities are open enough.
function visibilitiesOf(kind) {
  if (openKinds.has(kind)) return ['open'];
  return partiesKinds.has(kind)
    ? ['open', 'peers', 'parties']
    : ['open', 'peers', 'parties', 'guardians'];
}

export const isOpen = (kind) => openKinds.has(kind);

// Where a genesis and the first seal stand: all that can be said under rules that nobody knows.
export function checkBeginning(index, kind) {
  if ((index === 0n) !== (kind === 'genesis')) invalid('GENESIS-1', `a ${kind} at index ${index}`);
  if (index === 1n && kind !== 'seal') invalid('SEAL-1', `a ${kind} at index 1`);
}

function checkVillage({ index, statement, villageId }) {
  const { village } = statement;
  if (index === 0n) {
    if (!isZeros(village)) invalid('STMT-1', 'a genesis that names a village');
  } else if (!equal(village, villageId)) {
    notFound('STMT-1', `village ${hex(village)}, want ${hex(villageId)}`);
  }
}

function checkTimes({ time, statement: { issuedAt, sequenceBy } }) {
  if (issuedAt > time + 600n) invalid('TIME-1', `issued at ${issuedAt}, sequenced at ${time}`);
  if (sequenceBy < time) invalid('TIME-2', `to be sequenced by ${sequenceBy}, it was at ${time}`);
  if (issuedAt > sequenceBy || sequenceBy > issuedAt + 366n * 86400n) {
    invalid('TIME-3', `issued at ${issuedAt}, to be sequenced by ${sequenceBy}`);
  }
}

function checkBasis({ index, log, statement: { basisSize, basisRoot } }) {
  if (index < 2n) {
    if (basisSize !== 0n || !isZeros(basisRoot)) invalid('BASIS-1', `a basis in entry ${index}`);
    return;
  }
  const root = basisSize <= index ? log.sealedRoots.get(basisSize) : undefined;
  if (!root) invalid('BASIS-2', `basis ${basisSize} is no sealed size`);
  if (!equal(root, basisRoot))
    invalid('BASIS-3', `basis root ${hex(basisRoot)}, want ${hex(root)}`);
}

// [VILLAGE-1]
function outlivesTheVillage(kind, body) {
  if (kind === 'recordChange') return ['withdraw', 'erase'].includes(body.step.member);
  return ['seal', 'revocation', 'observation'].includes(kind);
}

// Gives the subjects that the entry sets. `state` is a State; `log` {village, rules in force,
// sealedRoots: roots by sealed size}; `entry` {index, time}; `signers` are key ids in hex, each of
// a signature that verified. What reads no state comes first, here and in each kind: it is judged
// even where the state is withheld.
export function apply(state, log, entry, signed, signers) {
  const step = new Step({ state, log, entry, signed, signers });
  const { kind, visibility } = signed.statement;
  checkBeginning(step.index, kind);
  const kinds =
    kindsOf.get(log.rules) ?? unknownVersion('RULES-1', `the village is under rules ${log.rules}`);
  checkVillage(step);
  if (!visibilitiesOf(kind).includes(visibility)) invalid('STMT-2', `a ${kind} for ${visibility}`);
  checkTimes(step);
  checkBasis(step);
  if (
    step.index > 0n &&
    step.village().status === 'exited' &&
    !outlivesTheVillage(kind, step.body)
  ) {
    invalid('VILLAGE-1', 'the village has ended');
  }
  const judge = kinds[kind] ?? invalid('RULES-2', `a ${kind} under rules ${log.rules}`);
  judge(step);
  return step.changes;
}
