// SPDX-License-Identifier: AGPL-3.0-or-later

// One entry being judged: what its kind's rules may read, and what it sets.
import { hex } from './bytes.js';
import { keyIdOf } from './key.js';
import { conflict, notFound, unauthorised } from './refusal.js';
import { changedSubject, madeSubject } from './state.js';
import { unjudged } from './state_view.js';

export const keyIdsOf = (keys) => keys.map((key) => hex(keyIdOf(key)));

// Whose signatures count, ids in hex, and how many of them there must be.
const role = (keyIds, need, rule) => ({ keyIds: new Set(keyIds), need, rule });

export class Step {
  changes = [];
  #signers;

  // `log` is what the entries before say: {village, sealedRoots}. `signers` are key ids in hex, or
  // null where not all of them are known.
  constructor({ state, log, entry, signed, signers }) {
    this.state = state;
    this.log = log;
    this.index = entry.index;
    this.time = entry.time;
    this.id = signed.id;
    this.statement = signed.statement;
    this.body = signed.statement.body;
    this.#signers = signers;
  }

  get signers() {
    return this.#signers ?? unjudged('a key that is not shown has signed');
  }

  // --- what is read ---

  get villageId() {
    return this.log.village;
  }

  village() {
    return this.state.get('village', this.villageId);
  }

  // The council's, by the village's id, or a domain's guardians'.
  authority(id) {
    return (
      this.state.get('authority', id) ?? notFound('AUTH-5', `there is no authority ${hex(id)}`)
    );
  }

  domain(id, rule) {
    return this.state.get('domain', id) ?? notFound(rule, `there is no domain ${hex(id)}`);
  }

  // --- what is set ---

  // [STATE-1]
  requireAbsent(subjectClass, id) {
    if (this.state.exists(subjectClass, id))
      conflict('STATE-1', `the ${subjectClass} ${hex(id)} is there already`);
  }

  make(subjectClass, id, detail, status = 'active') {
    this.requireAbsent(subjectClass, id);
    this.changes.push(madeSubject(subjectClass, id, this.index, status, detail));
  }

  change(subject, detail, status = subject.status) {
    this.changes.push(changedSubject(subject, this.index, status, detail));
  }

  // --- who signs ---

  thresholdOf({ detail: { current } }) {
    return role(keyIdsOf(current.keys), current.threshold, 'SIGN-2');
  }

  anyOf({ detail: { current } }) {
    return role(keyIdsOf(current.keys), 1, 'SIGN-2');
  }

  allOf(keys) {
    return role(keyIdsOf(keys), keys.length, 'SIGN-3');
  }

  // Keys that were promised stand in `next` by their ids alone.
  promised({ threshold, keyIds }) {
    return role(keyIds.map(hex), threshold, 'SIGN-2');
  }

  signedBy(...roles) {
    for (const signer of this.signers) {
      if (!roles.some(({ keyIds }) => keyIds.has(signer)))
        unauthorised('SIGN-1', `key ${signer} counts for nothing here`);
    }
    for (const { keyIds, need, rule } of roles) {
      const found = this.signers.filter((signer) => keyIds.has(signer)).length;
      if (found < need) unauthorised(rule, `${found} of a set's keys signed, want ${need}`);
    }
  }
}
