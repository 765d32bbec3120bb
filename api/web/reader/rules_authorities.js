// SPDX-License-Identifier: AGPL-3.0-or-later

// Genesis, key events, domains, upgrades: who may act (spec/rules.md).
import { equal, hex } from './bytes.js';
import { keyIdOf } from './key.js';
import { conflict, invalid, unknownVersion } from './refusal.js';
import { keyIdsOf } from './step.js';
import { utf8 } from './text.js';

const newestRules = 2;

const sameKey = (a, b) => equal(keyIdOf(a), keyIdOf(b));

// [AUTH-1] to [AUTH-3] of a set that comes into force.
function checkSet(set, next, revealed) {
  if (set.threshold < 1 || set.threshold > set.keys.length) {
    invalid('AUTH-1', `a threshold of ${set.threshold} for ${set.keys.length} keys`);
  }
  if (next.threshold < 1 || next.threshold > next.keyIds.length) {
    invalid('AUTH-2', `a threshold of ${next.threshold} for ${next.keyIds.length} promised keys`);
  }
  const shown = new Set(keyIdsOf([...set.keys, ...revealed]));
  if (next.keyIds.some((keyId) => shown.has(hex(keyId)))) {
    invalid('AUTH-3', 'a promised key that is shown already');
  }
}

// [AUTH-4]
function checkApart(set, { operator, witness }) {
  if (sameKey(operator, witness)) invalid('AUTH-4', 'one key for operator and witness');
  if (set.keys.some((key) => sameKey(key, operator) || sameKey(key, witness))) {
    invalid('AUTH-4', "the operator's or the witness's key in a set");
  }
}

export function genesis(step) {
  const { rules, operator, witness, sealing, council, councilNext } = step.body;
  if (rules < 1) invalid('GENESIS-2', 'rules 0');
  if (rules > newestRules) unknownVersion('RULES-1', `a village under rules ${rules}`);
  if (sameKey(operator, witness)) invalid('GENESIS-3', "the witness's key is the operator's");
  checkSet(council, councilNext, []);
  checkApart(council, { operator, witness });
  step.signedBy(step.allOf(council.keys), step.allOf([operator]));
  step.make('village', step.id, { operator, witness, sealing, rules });
  step.make('authority', step.id, { current: council, next: councilNext });
}

// --- key events ---

function checkVersion({ expectedVersion }, version) {
  if (expectedVersion !== version)
    conflict('KEY-1', `expected version ${expectedVersion}, it is ${version}`);
}

function rotate(step, id, { set, next, revealed }) {
  checkSet(set, next, revealed);
  const authority = step.authority(id);
  checkVersion(step.body, authority.version);
  checkApart(set, step.village().detail);
  const promised = step.promised(authority.detail.next);
  const ofNewSet = step.allOf(set.keys);
  for (const keyId of keyIdsOf(revealed)) {
    if (!promised.keyIds.has(keyId)) invalid('KEY-4', `the revealed key ${keyId} was not promised`);
    if (!step.signers.includes(keyId)) invalid('KEY-4', `the revealed key ${keyId} did not sign`);
    if (ofNewSet.keyIds.has(keyId)) invalid('KEY-4', `the revealed key ${keyId} is in the new set`);
  }
  step.signedBy(promised, ofNewSet);
  const shown = new Set([...ofNewSet.keyIds, ...keyIdsOf(revealed)]);
  const hidden = step.signers.find((signer) => !shown.has(signer));
  if (hidden) invalid('KEY-6', `the signer ${hidden} is not shown in full`);
  step.change(authority, { current: set, next });
}

// `name` is the village's key that is to be another one.
function replaceKey(step, name, key, ...roles) {
  const village = step.village();
  const council = step.authority(step.villageId);
  checkVersion(step.body, village.version);
  if (name !== 'sealing') {
    if (sameKey(key, village.detail[name === 'operator' ? 'witness' : 'operator'])) {
      invalid('AUTH-4', 'one key for operator and witness');
    }
    if (council.detail.current.keys.some((each) => sameKey(each, key)))
      invalid('AUTH-4', 'a key of the council');
  }
  step.signedBy(step.thresholdOf(council), ...roles);
  step.change(village, { [name]: key });
}

const changes = {
  council: (step, rotation) => rotate(step, step.villageId, rotation),

  domain(step, { domain: id, rotation }) {
    step.domain(id, 'KEY-2');
    rotate(step, id, rotation);
  },

  operator(step, { key, fromSize, fromRoot }) {
    // Only behind a seal is there a root at the entry's own index.
    const root = step.log.sealedRoots.get(step.index);
    if (fromSize !== step.index || !root || !equal(root, fromRoot)) {
      invalid('KEY-3', `from size ${fromSize}, want ${step.index}, sealed, and the log's root`);
    }
    replaceKey(step, 'operator', key, step.allOf([key]));
  },

  witness: (step, key) => replaceKey(step, 'witness', key),
  sealing: (step, key) => replaceKey(step, 'sealing', key),

  agent(step, { key, capability }) {
    const id = keyIdOf(key);
    const agent = step.state.get('agent', id);
    if (agent?.status === 'retired') invalid('KEY-5', `the agent ${hex(id)} is retired for good`);
    checkVersion(step.body, agent?.version ?? 0n);
    step.signedBy(step.thresholdOf(step.authority(step.villageId)));
    const status = capability === 'never' ? 'retired' : 'active';
    if (agent) step.change(agent, { capability }, status);
    else step.make('agent', id, { key, capability }, status);
  },
};

export const keyEvent = (step) => changes[step.body.change.member](step, step.body.change.value);

// --- domains, upgrades ---

export function domain(step) {
  const { slug, guardians, next, disclosure } = step.body;
  const name = utf8(slug);
  checkSet(guardians, next, []);
  step.requireAbsent('slug', name);
  checkApart(guardians, step.village().detail);
  step.signedBy(step.thresholdOf(step.authority(step.villageId)), step.allOf(guardians.keys));
  step.make('slug', name, { domain: step.id });
  step.make('domain', step.id, { slug, disclosure, trainingChanged: 0n });
  step.make('authority', step.id, { current: guardians, next });
}

export function upgrade(step) {
  const village = step.village();
  const { rules } = step.body;
  if (rules !== village.detail.rules + 1)
    invalid('UPGRADE-1', `rules ${rules}, in force are ${village.detail.rules}`);
  step.signedBy(step.thresholdOf(step.authority(step.villageId)));
  step.change(village, { rules });
}
