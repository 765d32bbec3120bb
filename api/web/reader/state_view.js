// SPDX-License-Identifier: AGPL-3.0-or-later

// The state before an entry, as far as a reader knows it. From whoever sees all statements nothing
// is hidden; for others a subject may be known to be set while its value is not (spec/log.md,
// "Withheld statements").
import { hex } from './bytes.js';
import { keyOf, pairsOf } from './state.js';
import { StateTree } from './state_tree.js';

// Thrown where a rule would read what was withheld: neither admitted nor refused.
export class Unjudged extends Error {}

export const unjudged = (message) => {
  throw new Unjudged(message);
};

const withoutValue = ({ subjectClass }) => ({ subjectClass, unknown: true });

export class State {
  // By K in hex. Where a value is not known, `unknown`.
  #subjects = new Map();
  #tree = new StateTree();
  #lost = false; // pairs were withheld: there may be subjects that nobody was told of

  // The subject with its detail, or null where there is none.
  get(subjectClass, id) {
    const subject = this.at(keyOf(subjectClass, id));
    if (subject?.unknown)
      throw new Unjudged(`the ${subjectClass} ${hex(id)} was set by what cannot be judged`);
    if (!subject && this.#lost)
      throw new Unjudged(`whether there is a ${subjectClass} ${hex(id)} is withheld`);
    return subject ?? null;
  }

  exists(subjectClass, id) {
    const there = this.at(keyOf(subjectClass, id)) !== undefined;
    if (!there && this.#lost)
      throw new Unjudged(`whether there is a ${subjectClass} ${hex(id)} is withheld`);
    return there;
  }

  // What is known of K; undefined where it was not set, as far as is known.
  at(key) {
    return this.#subjects.get(hex(key));
  }

  get isLost() {
    return this.#lost;
  }

  root() {
    if (this.#lost) throw new Unjudged('change pairs are withheld');
    return this.#tree.root();
  }

  // Sets `pairs`, of which `subjects` are known.
  set(pairs, subjects) {
    const known = new Map(subjects.map((subject) => [hex(subject.key), subject]));
    for (const { key, value } of pairs) {
      const name = hex(key);
      const subject = known.get(name);
      // K is of one class, whatever it is set to.
      const before = this.#subjects.get(name);
      this.#subjects.set(
        name,
        subject && !this.#lost ? subject : withoutValue(subject ?? before ?? {}),
      );
      this.#tree.set(key, value);
    }
  }

  apply(subjects) {
    this.set(pairsOf(subjects), subjects);
  }

  // Pairs are withheld: every value may be another one from here on. Classes never change.
  lose() {
    this.#lost = true;
    this.#subjects.forEach((subject, name) => this.#subjects.set(name, withoutValue(subject)));
  }
}
