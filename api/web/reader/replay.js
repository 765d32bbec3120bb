// SPDX-License-Identifier: AGPL-3.0-or-later

// Judges the entries of a log one after another, as far as they are shown (spec/rules.md;
// spec/log.md, "Withheld statements"). Throws what refutes; what nobody can tell is noted, for
// something behind it may refute.
import { equal, hex } from './bytes.js';
import { decodeVersioned, isNewer } from './codec.js';
import { checkChanges, checkCommitment, checkKind, checkPlace, decodeEntry } from './entry.js';
import { CannotTell, Refuted, findingOf } from './export_files.js';
import { Ledger } from './ledger.js';
import { emptyRoot, leafHash } from './merkle.js';
import { Refusal, invalid } from './refusal.js';
import { ruleOf } from './rules.js';
import { checkBeginning, isOpen } from './rules_statement.js';
import { decodePairs, pairsOf } from './state.js';
import { Unjudged } from './state_view.js';
import { decodeSigned } from './statement.js';
import { checkNamed, checkWithheld } from './withheld.js';

const namesKeys = new Set(['genesis', 'keyEvent', 'domain']);

export class Replay {
  ledger = new Ledger();
  unchecked = []; // indices of entries that could not be judged
  cannotTell = null; // the first finding of this sort
  genesis = null; // its body, where it is shown
  #rulesKnown = true;
  #keysKnown = true; // a key that stands in no statement may stand in a withheld one

  // `village` is the id that is trusted, or null.
  constructor(village) {
    this.trusted = village;
  }

  get rulesKnown() {
    return this.#rulesKnown;
  }

  note(finding) {
    this.cannotTell ??= finding;
  }

  // The operator's key in force, where it is known.
  operator() {
    const { state, village } = this.ledger;
    if (!this.#rulesKnown || village === null)
      throw new Unjudged('the operator in force is not known');
    return state.get('village', village).detail.operator;
  }

  #unknownRules(rule, index, message) {
    this.note(new CannotTell(rule, index, message));
    this.#rulesKnown = false;
  }

  // `statement` and `pairs` are empty where withheld, or where there are none.
  async add(entryBytes, statement, pairsBytes, opening) {
    const index = this.ledger.tree.size;
    try {
      if (isNewer(entryBytes)) this.#addNewer(entryBytes, index);
      else await this.#addEntry(decodeEntry(entryBytes), statement, pairsBytes, opening);
    } catch (error) {
      throw findingOf(error, index);
    }
  }

  // An entry of a newer version has its place in the tree, and what it says nobody knows.
  #addNewer(bytes, index) {
    this.#unknownRules('BYTES-1', index, 'an entry of a newer version');
    const time = this.ledger.last?.time ?? 0n;
    this.ledger.append({ index: BigInt(index), leaf: leafHash(bytes), kind: null, time }, null);
  }

  async #addEntry(entry, statementBytes, pairsBytes, opening) {
    checkPlace(entry, this.ledger.last);
    if (this.#rulesKnown || entry.index === 1n) checkBeginning(entry.index, entry.kind);
    if (this.#rulesKnown && entry.number === 0)
      invalid('ENTRY-4', 'kind 0, which no statement is of');
    const pairs =
      pairsBytes.length === 0 && !equal(entry.changes, emptyRoot) ? null : decodePairs(pairsBytes);
    if (pairs !== null) checkChanges(entry, pairs);
    if (statementBytes.length > 0) checkCommitment(entry, statementBytes);
    const signed = statementBytes.length === 0 ? null : this.#decode(entry, statementBytes);
    if (signed) checkKind(entry, signed);
    if (entry.index === 0n && signed?.statement.kind === 'genesis') {
      this.genesis = signed.statement.body;
    }
    const opened = this.#rulesKnown ? this.#open(entry, signed, opening) : null;
    if (this.#rulesKnown) await this.#judge(entry, signed, pairs, opened);
    else this.unchecked.push(Number(entry.index));
    this.ledger.append(entry, signed);
  }

  // Null where it is of a kind or version that this reader does not know.
  #decode(entry, bytes) {
    try {
      return decodeSigned(bytes, (id) => this.#checkTrust(entry, id));
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== 'unknown version') throw error;
      this.#unknownRules(error.rule, Number(entry.index), error.message);
      return null;
    }
  }

  // [EXPORT-5]
  #checkTrust({ index }, id) {
    if (index !== 0n || !this.trusted || equal(id, this.trusted)) return;
    throw new Refuted('EXPORT-5', 0, `village ${hex(id)}, trusted is ${hex(this.trusted)}`);
  }

  // What an answer used that hides it; null where that is withheld, or where there is none.
  #open({ kind, index }, signed, bytes) {
    if (bytes.length === 0) return null;
    const hides = signed
      ? signed.statement.body.outcome?.value.used?.member === 'hidden'
      : kind === 'inference';
    if (!hides) invalid('EXPORT-1', `an opening of a ${kind}`);
    try {
      return decodeVersioned('Opening', bytes);
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== 'unknown version') throw error;
      this.note(new CannotTell(error.rule, Number(index), error.message));
      return null;
    }
  }

  async #judge(entry, signed, pairs, opening) {
    try {
      if (!signed) {
        if (entry.kind !== null) ruleOf(entry.kind, this.ledger.rules);
        throw new Unjudged('withheld');
      }
      const signers = await this.#signersOf(signed);
      const { changes, missing } = await this.ledger.apply(entry, signed, signers, opening);
      checkChanges(entry, pairsOf(changes));
      this.ledger.state.apply(changes);
      if (missing) this.unchecked.push(Number(entry.index));
    } catch (error) {
      if (error instanceof Refusal && error.code === 'unknown version') {
        this.#unknownRules(error.rule, Number(entry.index), error.message);
      } else if (!(error instanceof Unjudged)) {
        throw error;
      }
      this.unchecked.push(Number(entry.index));
      if (this.#rulesKnown) this.#hold(entry, signed, pairs, error.sure ?? []);
    }
  }

  // Null where one of them may be named by what is withheld.
  async #signersOf(signed) {
    try {
      return await this.ledger.signersOf(signed);
    } catch (error) {
      if (error instanceof Refusal && error.rule === 'SIG-3' && !this.#keysKnown) return null;
      throw error;
    }
  }

  // Holds an entry that cannot be judged to what its kind can.
  #hold({ index, kind, number }, signed, pairs, sure) {
    const entry = Number(index);
    const { state } = this.ledger;
    if (isOpen(kind))
      this.note(
        new CannotTell('WITHHELD-1', entry, `a ${kind} that is withheld, or cannot be judged`),
      );
    const shown =
      signed && pairs
        ? checkNamed(signed, index, pairs, this.ledger, sure, !this.#keysKnown)
        : [];
    const follow = checkWithheld(kind, index, pairs, state);
    if (kind === null)
      return this.#unknownRules('RULES-1', entry, `a withheld statement of kind ${number}`);
    if (!signed && namesKeys.has(kind)) this.#keysKnown = false;
    if (!signed && ['genesis', 'upgrade'].includes(kind)) this.#rulesKnown = false;
    if (pairs === null) {
      this.note(new CannotTell('WITHHELD-6', entry, 'its change pairs are withheld as well'));
      return state.lose();
    }
    return state.set(pairs, [...follow, ...shown]);
  }
}
