// SPDX-License-Identifier: AGPL-3.0-or-later

// A log and its state, entry after entry: what the rules read, and what is admitted.
import { zeros32 } from './bytes.js';
import { checkPlace, entryFor } from './entry.js';
import { GrowingTree } from './merkle.js';
import { unavailable } from './refusal.js';
import { apply } from './rules.js';
import { changesRoot, pairsOf } from './state.js';
import { State } from './state_view.js';
import { KnownKeys, decodeSigned, keysNamedBy, verifySignatures } from './statement.js';

export class Ledger {
  village = null;
  origin = null;
  rules = 1; // in force; a genesis judges itself by the first
  sealedRoots = new Map(); // the log's root by size, of sizes that end in a seal
  state = new State();
  last = null;
  tree = new GrowingTree();
  keys = new KnownKeys();
  #verified = new Set();

  get size() {
    return BigInt(this.tree.size);
  }

  // The key ids that signed.
  signersOf(signed) {
    return verifySignatures(signed, this.keys, this.#verified);
  }

  apply(entry, signed, signers, opening) {
    return apply(this.state, this, entry, signed, signers, opening);
  }

  // Takes what was judged: an entry, where its statement is shown the keys that it names.
  append(entry, signed) {
    this.tree.add(entry.leaf);
    if (entry.kind === 'seal') this.sealedRoots.set(this.size, this.tree.root());
    if (this.size === 1n && signed) this.village = signed.id;
    if (signed) this.#learn(signed.statement);
    this.last = entry;
  }

  #learn(statement) {
    this.keys.add(keysNamedBy(statement));
    const { kind, body } = statement;
    if (['genesis', 'upgrade'].includes(kind)) this.rules = body.rules;
    if (kind === 'genesis') this.origin = body.origin;
  }

  // Sequences a signed statement at a time, as an operator would. A refusal leaves no trace.
  async sequence(bytes, time, opening = null) {
    const signed = decodeSigned(bytes);
    const place = { index: this.size, time };
    const signers = await this.signersOf(signed);
    const { changes, missing } = await this.apply(place, signed, signers, opening);
    if (missing) unavailable('INFER-10', 'nobody shows what the answer used');
    const pairs = pairsOf(changes);
    const entry = entryFor({
      ...place,
      kind: signed.statement.kind,
      previous: this.last?.leaf ?? zeros32,
      statement: signed.hash,
      changes: changesRoot(pairs),
    });
    checkPlace(entry, this.last);
    this.state.set(pairs, changes);
    this.append(entry, signed);
    return { entry, pairs };
  }
}
