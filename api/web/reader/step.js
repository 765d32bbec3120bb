// SPDX-License-Identifier: AGPL-3.0-or-later

// One entry being judged: what its kind's rules may read, and what it sets.
import { equal, hex } from './bytes.js';
import { keyIdOf } from './key.js';
import { conflict, invalid, notFound, unauthorised } from './refusal.js';
import { changedSubject, madeSubject } from './state.js';
import { unjudged } from './state_view.js';

export const keyIdsOf = (keys) => keys.map((key) => hex(keyIdOf(key)));

// Whose signatures count, ids in hex, and how many of them there must be.
const role = (keyIds, need, rule) => ({ keyIds: new Set(keyIds), need, rule });

export class Step {
  changes = [];
  missing = false; // an opening, without which not all could be checked
  #signers;

  // `log` is what the entries before say: {village, origin, rules, sealedRoots}. `signers` are key
  // ids in hex, or null where not all of them are known.
  constructor({ state, log, entry, signed, signers, opening = null }) {
    this.state = state;
    this.log = log;
    this.index = entry.index;
    this.time = entry.time;
    this.id = signed.id;
    this.statement = signed.statement;
    this.body = signed.statement.body;
    this.opening = opening;
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
    return this.the('domain', id, rule);
  }

  // One that the statement needs.
  the(subjectClass, id, rule) {
    return (
      this.state.get(subjectClass, id) ?? notFound(rule, `there is no ${subjectClass} ${hex(id)}`)
    );
  }

  theActive(subjectClass, id, rule) {
    const subject = this.the(subjectClass, id, rule);
    if (subject.status !== 'active') {
      invalid(rule, `the ${subjectClass} ${hex(id)} is ${subject.status}, want active`);
    }
    return subject;
  }

  // A domain's guardians, or the council where the domain is the village.
  authorityOver(domain, rule) {
    if (!this.isVillage(domain)) this.domain(domain, rule);
    return this.authority(domain);
  }

  isVillage(id) {
    return equal(id, this.villageId);
  }

  // --- what is set ---

  // [STATE-1]
  requireAbsent(subjectClass, id) {
    if (this.state.exists(subjectClass, id))
      conflict('STATE-1', `the ${subjectClass} ${hex(id)} is there already`);
  }

  // It is set first: that is sure even where nobody can tell whether it was there.
  make(subjectClass, id, detail, status = 'active') {
    this.changes.push(madeSubject(subjectClass, id, this.index, status, detail));
    this.requireAbsent(subjectClass, id);
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

  // At least one key of all the authorities.
  anyOfAll(authorities) {
    const all = authorities.flatMap(({ detail: { current } }) => keyIdsOf(current.keys));
    return role(all, 1, 'SIGN-2');
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
