// SPDX-License-Identifier: AGPL-3.0-or-later

// The state before an entry, as far as a reader knows it. From whoever sees all statements nothing is
// hidden; for others a subject may be known to be set while its value is not (spec/log.md,
// "Withheld statements").
import { hex } from './bytes.js';
import { keyOf, pairsOf } from './state.js';
import { StateTree } from './state_tree.js';

// Thrown where a rule would read what was withheld: neither admitted nor refused.
export class Unjudged extends Error {}

export class State {
  #subjects = new Map();  // by K in hex; null where the value is not known
  #tree = new StateTree();
  #lost = false;          // pairs were withheld: there may be subjects that nobody was told of

  // The subject with its detail, or null where there is none.
  get(subjectClass, id) {
    const subject = this.at(keyOf(subjectClass, id));
    if (subject === null) throw new Unjudged(`the ${subjectClass} was set by what is withheld`);
    return subject ?? null;
  }

  exists(subjectClass, id) { return this.at(keyOf(subjectClass, id)) !== undefined; }

  // The subject, null where its value is not known, undefined where there is none.
  at(key) {
    const subject = this.#subjects.get(hex(key));
    if (subject === undefined && this.#lost) throw new Unjudged('change pairs are withheld');
    return subject;
  }

  root() {
    if (this.#lost) throw new Unjudged('change pairs are withheld');
    return this.#tree.root();
  }

  // Sets `pairs`, of which `subjects` are known.
  set(pairs, subjects) {
    const known = new Map(subjects.map((subject) => [hex(subject.key), subject]));
    for (const { key, value } of pairs) {
      this.#subjects.set(hex(key), known.get(hex(key)) ?? null);
      this.#tree.set(key, value);
    }
  }

  apply(subjects) { this.set(pairsOf(subjects), subjects); }

  // What was set from here on nobody can say, so what is known of it may be of yesterday.
  lose() {
    this.#lost = true;
    this.#subjects.forEach((_, key) => this.#subjects.set(key, null));
  }
}
