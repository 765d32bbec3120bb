// SPDX-License-Identifier: AGPL-3.0-or-later

// Histories of spec/vectors/rules2.json with statements, pairs and openings withheld: what is
// honest is never refuted, and what no kind may do is, however little is shown.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { empty, equal, parseHex } from './bytes.js';
import { decodeVersioned, encode } from './codec.js';
import { entryFor } from './entry.js';
import { Refuted } from './export_files.js';
import { Ledger } from './ledger.js';
import { Refusal } from './refusal.js';
import { Replay } from './replay.js';
import { isOpen } from './rules_statement.js';
import { kindNumber } from './schema.js';
import {
  changedSubject, changesRoot, decodePairs, encodePairs, madeSubject, pairsOf,
} from './state.js';
import { State } from './state_view.js';

const read = (file) =>
  JSON.parse(readFileSync(new URL(`../../../spec/vectors/${file}`, import.meta.url))).vectors;
const histories = read('rules2.json');
const named = (name) => histories.find((history) => history.name === name).input;

const shownEntry = (entry, statement, pairs, opening) => ({
  kind: entry.kind,
  entry,
  bytes: encode('Entry', { ...entry, version: 1, kind: kindNumber(entry.kind) }),
  statement,
  pairs: encodePairs(pairs),
  opening,
});

// What an operator sequences of a history: {ledger, shown}. `until` names the last step.
async function sequenced({ founding, foundedAt, steps }, until = null) {
  const ledger = new Ledger();
  const shown = [];
  const take = async (bytes, time, opening) => {
    const opened = opening.length > 0 ? decodeVersioned('Opening', opening) : null;
    const { entry, pairs } = await ledger.sequence(bytes, BigInt(time), opened);
    shown.push(shownEntry(entry, bytes, pairs, opening));
  };
  for (const bytes of founding) await take(parseHex(bytes), foundedAt, empty);
  for (const { what, signedStatement, time, opening = '' } of steps) {
    await take(parseHex(signedStatement), time, parseHex(opening)).catch((error) => {
      if (!(error instanceof Refusal)) throw error;
    });
    if (what === until) break;
  }
  return { ledger, shown };
}

// `hide` says what of an entry is withheld: {statement, pairs, opening}.
async function replayed(shown, hide) {
  const replay = new Replay(null);
  for (const [i, { bytes, statement, pairs, opening, kind }] of shown.entries()) {
    const hidden = hide({ kind, i }) ?? {};
    await replay.add(
      bytes,
      hidden.statement ? empty : statement,
      hidden.pairs ? empty : pairs,
      hidden.opening || hidden.statement ? empty : opening,
    );
  }
  return replay;
}

const closed = ({ kind }) => ({ statement: !isOpen(kind) });

// The same ones each time.
function* numbers(seed) {
  for (;;) yield (seed = (seed * 1103515245 + 12345) % 2 ** 31) / 2 ** 31;
}

for (const { name, input } of histories) {
  test(`whatever is withheld, an honest history is not refuted: ${name}`, async () => {
    const { shown } = await sequenced(input);
    const hides = shown.filter(({ opening }) => opening.length > 0).length;
    const all = await replayed(shown, () => ({ opening: true }));
    assert.equal(all.unchecked.length, hides);
    assert.equal((await replayed(shown, closed)).cannotTell, null);
    const dice = numbers(1);
    const throws = (chance) => dice.next().value < chance;
    await replayed(shown, () => ({ statement: throws(0.3), pairs: throws(0.03) }));
  });
}

// --- one more entry, which no operator may sequence ---

async function refuted(rule, shown, hide) {
  await assert.rejects(replayed(shown, hide), (error) => {
    assert.ok(error instanceof Refuted, error);
    assert.equal(error.rule, rule);
    return true;
  });
}

async function refutedBy(rule, input, until, forge, hide = closed) {
  const { ledger, shown } = await sequenced(input, until);
  const place = { index: ledger.size, time: ledger.last.time, previous: ledger.last.leaf };
  const { kind, subjects, opening = empty } = forge(ledger, place, shown);
  const pairs = pairsOf(subjects);
  const changes = changesRoot(pairs);
  const entry = entryFor({ ...place, kind, statement: new Uint8Array(32), changes });
  await refuted(rule, [...shown, shownEntry(entry, empty, pairs, opening)], hide);
}

const id = (n) => new Uint8Array(32).fill(n);
const made = (index, n) => madeSubject('spent', id(n), index, 'spent', { subject: id(1) });
const lastOf = (ledger, subjectClass, shown) => {
  for (const { pairs } of [...shown].reverse()) {
    for (let at = 0; at < pairs.length; at += 64) {
      const subject = ledger.state.at(pairs.subarray(at, at + 32));
      if (subject.subjectClass === subjectClass) return subject;
    }
  }
  throw new Error(`there is no ${subjectClass}`);
};

test('an answer that is withheld sets at most four subjects', () =>
  refutedBy('WITHHELD-2', named('inference'), 'an answer', (_, { index }) => ({
    kind: 'inference', subjects: [1, 2, 3, 4, 5].map((n) => made(index, n)),
  })));

test('a deliberation that is withheld changes nothing', () =>
  refutedBy('WITHHELD-3', named('deliberations'), null, (ledger, { index }, shown) => ({
    kind: 'deliberation',
    subjects: [changedSubject(lastOf(ledger, 'domain', shown), index, 'active', {})],
  })));

test('an answer that is withheld touches no domain', () =>
  refutedBy('WITHHELD-3', named('inference'), 'an answer', (ledger, { index }, shown) => ({
    kind: 'inference',
    subjects: [
      made(index, 1), changedSubject(lastOf(ledger, 'domain', shown), index, 'active', {}),
    ],
  })));

test('a retirement that is withheld retires', () =>
  refutedBy('WITHHELD-4', named('inference'), 'a count', (ledger, { index }, shown) => ({
    kind: 'shape',
    subjects: [
      made(index, 1), changedSubject(lastOf(ledger, 'shape', shown), index, 'active', {}),
    ],
  }), () => ({})));

test('an exit that is withheld ends the village and changes nothing else of it', () =>
  refutedBy('WITHHELD-4', named('agreements'), null, (ledger, { index }) => ({
    kind: 'exit',
    subjects: [
      changedSubject(ledger.state.get('village', ledger.village), index, 'exited', { rules: 7 }),
    ],
  })));

test('a kind that the rules in force do not have cannot be withheld', () =>
  refutedBy('RULES-2', read('rules.json').find(({ name }) => name === 'domains').input, null,
    (_, { index }) => ({ kind: 'inference', subjects: [made(index, 1), made(index, 2)] })));

test('an opening stands beside an answer alone', () =>
  refutedBy('EXPORT-1', named('deliberations'), null, (_, { index }) => ({
    kind: 'deliberation', subjects: [made(index, 1)], opening: Uint8Array.of(1),
  }), () => ({})));

test('a withdrawal that is shown is spent, whatever its record was', async () => {
  const { ledger, shown } =
    await sequenced(named('inference'), 'a record that the model was trained on is withdrawn');
  const { entry, statement, pairs } = shown.pop();
  const index = entry.index;
  const spent = lastOf(ledger, 'spent', [{ pairs }]);
  const other = madeSubject('spent', spent.id, index, 'active', spent.detail);
  const forged = decodePairs(pairs).map(({ key, value }) =>
    equal(key, spent.key) ? { key, value: other.set } : { key, value });
  const again = entryFor({ ...entry, changes: changesRoot(forged) });
  const hide = ({ kind }) => ({ statement: kind === 'record' });
  await refuted('WITHHELD-5', [...shown, shownEntry(again, statement, forged, empty)], hide);
});

test('an answer under a grant that is withheld makes what it says', async () => {
  const { shown } = await sequenced(named('inference'), 'an answer');
  const { entry, statement, pairs } = shown.pop();
  const forged = decodePairs(pairs).map(({ key, value }) =>
    ({ key, value: value.map((byte) => byte ^ 1) }));
  const again = entryFor({ ...entry, changes: changesRoot(forged) });
  const hide = ({ kind }) => ({ statement: kind === 'grant' });
  await refuted('WITHHELD-5', [...shown, shownEntry(again, statement, forged, empty)], hide);
});

test('a subject that is set to nobody knows what is of the class that it was', () => {
  const state = new State();
  const subject = made(1n, 1);
  state.apply([subject]);
  state.set([{ key: subject.key, value: id(2) }], []);
  assert.deepEqual(state.at(subject.key), { subjectClass: 'spent', unknown: true });
});
