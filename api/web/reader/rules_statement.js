// SPDX-License-Identifier: AGPL-3.0-or-later

// What every statement must meet, whatever its kind (spec/rules.md).
import { equal, hex, isZeros } from './bytes.js';
import { invalid, notFound } from './refusal.js';

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

export function checkVillage({ index, statement, villageId }) {
  const { village } = statement;
  if (index === 0n) {
    if (!isZeros(village)) invalid('STMT-1', 'a genesis that names a village');
  } else if (!equal(village, villageId)) {
    notFound('STMT-1', `village ${hex(village)}, want ${hex(villageId)}`);
  }
}

export function checkTimes({ time, statement: { issuedAt, sequenceBy } }) {
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

// What is admitted all the same: what takes back, destroys or watches.
function outlivesTheVillage(kind, body) {
  if (kind === 'recordChange') return ['withdraw', 'erase'].includes(body.step.member);
  return ['seal', 'revocation', 'observation'].includes(kind);
}

// [STMT-2]
export function checkVisibility({ statement: { kind, visibility } }) {
  if (!visibilitiesOf(kind).includes(visibility)) invalid('STMT-2', `a ${kind} for ${visibility}`);
}

// [VILLAGE-1]
export function checkVillageGoesOn(step) {
  if (step.village().status === 'exited' && !outlivesTheVillage(step.statement.kind, step.body)) {
    invalid('VILLAGE-1', 'the village has ended');
  }
}

export function checkStatement(step) {
  checkVillage(step);
  checkVisibility(step);
  checkTimes(step);
  checkBasis(step);
  if (step.index > 0n) checkVillageGoesOn(step);
}