// SPDX-License-Identifier: AGPL-3.0-or-later

// What an entry may set whose statement is withheld, or cannot be judged because it rests on a
// withheld one (spec/log.md, "Withheld statements"): no more than its kind can.
import { equal, hex, zeros32 } from './bytes.js';
import { keyIdOf } from './key.js';
import { invalid } from './refusal.js';
import { grantDetail, revocationId } from './rules_grants.js';
import { recordDetail } from './rules_records.js';
import { changedSubject, hasEnded, keyOf, madeSubject } from './state.js';

const asBefore = (before, index, change) => changedSubject(before, index, before.status, change);

// A publication makes one; who takes it back makes that he did, and ends it.
const takenBack = (subjectClass, status) => ({
  makes: [1, 1], changes: [0, 1], all: [1, 2], of: [subjectClass],
  follows: { [subjectClass]: (before, index) => changedSubject(before, index, status, {}) },
});

// `makes`, `changes`, `all`: how many, at least and at most. `of`: the classes of what it changes,
// one of each; `always` the one without which there is no other. `follows`: the values that follow.
const limits = {
  genesis: { makes: [2, 2], changes: [0, 0], all: [2, 2], of: [] },
  seal: { makes: [0, 0], changes: [0, 0], all: [0, 0], of: [] },
  keyEvent: { makes: [0, 1], changes: [0, 1], all: [1, 1], of: ['village', 'authority', 'agent'] },
  domain: { makes: [3, 3], changes: [0, 0], all: [3, 3], of: [] },
  record: { makes: [1, 1], changes: [0, 0], all: [1, 1], of: [] },
  recordChange: {
    makes: [0, 1], changes: [1, 2], all: [1, 3], of: ['record', 'domain'], always: 'record',
    follows: {
      domain: (before, index) => asBefore(before, index, { trainingChanged: index + 1n }),
    },
  },
  grant: {
    makes: [1, 2], changes: [0, 1], all: [2, 2], of: ['grantee'],
    follows: {
      grantee: (before, index) => asBefore(before, index, { count: before.detail.count + 1n }),
    },
  },
  revocation: {
    makes: [1, 1], changes: [0, 1], all: [1, 2], of: ['grant'],
    follows: { grant: (before, index) => changedSubject(before, index, 'revoked', {}) },
  },
  agreement: { makes: [0, 2], changes: [0, 1], all: [1, 2], of: ['agreement', 'peer'] },
  shape: takenBack('shape', 'retired'),
  model: takenBack('model', 'retired'),
  steering: takenBack('steering', 'withdrawn'),
  inference: { makes: [1, 2], changes: [0, 3], all: [2, 4], of: ['sequence', 'grant', 'steering'] },
  receipt: {
    makes: [1, 3], changes: [0, 3], all: [2, 4], of: ['sequence', 'foreignGrant', 'peer'],
  },
  composition: { makes: [1, 2], changes: [0, 1], all: [2, 2], of: ['sequence'] },
  transfer: { makes: [1, 2], changes: [0, 1], all: [2, 2], of: ['sequence'] },
  decision: { makes: [1, 2], changes: [0, 2], all: [2, 3], of: ['sequence', 'decision'] },
  deliberation: { makes: [1, 1], changes: [0, 0], all: [1, 1], of: [] },
  report: { makes: [0, 1], changes: [0, 1], all: [1, 1], of: ['report'] },
  observation: { makes: [1, 1], changes: [0, 1], all: [1, 2], of: ['peer'] },
  exit: {
    makes: [0, 0], changes: [1, 1], all: [1, 1], of: ['village'],
    follows: { village: (before, index) => changedSubject(before, index, 'exited', {}) },
  },
  upgrade: { makes: [0, 0], changes: [1, 1], all: [1, 1], of: ['village'] },
};
const otherKinds = {
  makes: [0, 64], changes: [0, 64], all: [0, 64], never: ['village', 'authority', 'slug'],
};

const limitsOf = (kind) => limits[kind] ?? otherKinds;

// Whether a number that is from `low` to `high` cannot be within.
const outside = ([least, most], low, high = low) => high < least || low > most;

// [WITHHELD-3] Each of a class that the kind changes, and one of each.
function checkClass(kind, { of, never }, subjectClass, seen) {
  if (subjectClass === undefined) return;
  const wrong = never
    ? never.includes(subjectClass)
    : !of.includes(subjectClass) || seen.has(subjectClass);
  if (wrong) invalid('WITHHELD-3', `a ${kind} that changes a ${subjectClass}, or a second one`);
  seen.add(subjectClass);
}

// [WITHHELD-4] The subject, where the value that it gets follows. What a kind without rules may do
// to what has ended is not for these rules to say.
function checkValue(kind, { before, value }, index) {
  if (before.unknown || !limits[kind]) return [];
  if (hasEnded(before)) {
    invalid('WITHHELD-4', `a ${before.subjectClass} that is ${before.status}`);
  }
  const following = limits[kind].follows?.[before.subjectClass]?.(before, index);
  if (!following) return [];
  if (!equal(following.set, value)) {
    invalid('WITHHELD-4', `another value of a ${before.subjectClass} than follows`);
  }
  return [following];
}

// [WITHHELD-2] to [WITHHELD-4] Gives the subjects whose values are known all the same. `pairs` is
// null where they are withheld: then there are some.
export function checkWithheld(kind, index, pairs, state) {
  const table = limitsOf(kind);
  if (pairs === null) {
    if (table.all[1] === 0) invalid('WITHHELD-2', `a ${kind} that sets subjects`);
    return [];
  }
  if (outside(table.all, pairs.length)) {
    invalid('WITHHELD-2', `a ${kind} that sets ${pairs.length} subjects`);
  }
  const changed = pairs
    .map(({ key, value }) => ({ before: state.at(key), value }))
    .filter(({ before }) => before !== undefined);
  const seen = new Set();
  const known = changed.flatMap((change) => {
    checkClass(kind, table, change.before.subjectClass, seen);
    return checkValue(kind, change, index);
  });
  // Where pairs were withheld before, what is not known may have been there or not.
  const others = pairs.length - changed.length;
  const maybe = state.isLost ? others : 0;
  const makes = outside(table.makes, others - maybe, others);
  if (makes || outside(table.changes, changed.length, changed.length + maybe)) {
    invalid('WITHHELD-2', `a ${kind} that makes ${others} and changes ${changed.length}`);
  }
  const { always } = table;
  if (always && maybe === 0 && seen.size === changed.length && !seen.has(always)) {
    invalid('WITHHELD-3', `a ${kind} that changes no ${always}`);
  }
  return known;
}

// --- what is shown and cannot be judged ---

// The id of `grantee`, where it is known.
function granteeOf({ member, value }, state) {
  if (member === 'auditor') return keyIdOf(value);
  return state.at(keyOf('agreement', value))?.detail?.peer ?? null;
}

// The subjects that a statement names: {subjects} to the values that follow from it alone, {keys}
// to whatever value, {optional} too where they are set at all, and {free} how many others whose ids
// it does not say.
const named = {
  record: ({ id, statement: { body } }, index, { rules }) => ({
    subjects: [madeSubject('record', id, index, 'active', recordDetail(body, rules))],
    keys: [],
    optional: [],
  }),

  recordChange: ({ id, statement: { body } }, index) => ({
    subjects: body.step.member === 'withdraw'
      ? [madeSubject('spent', id, index, 'spent', { subject: body.record })]
      : [],
    keys: [keyOf('record', body.record)],
    optional: [],
  }),

  grant: ({ id, statement: { body } }, index, { state }) => {
    const grantee = granteeOf(body.grantee, state);
    return {
      subjects: [madeSubject('grant', id, index, 'active', grantDetail(body))],
      keys: grantee ? [keyOf('grantee', grantee)] : [],
      optional: [],
      // The peer of an agreement that nobody has shown.
      free: grantee ? 0 : 1,
    };
  },

  revocation: ({ id, statement: { body } }, index) => ({
    subjects: [
      madeSubject('revocation', revocationId(body.domain, body.grant), index, 'active', {
        grant: body.grant,
      }),
    ],
    keys: [],
    // Void where it names the grant of another domain, which nobody can see here.
    optional: [keyOf('grant', body.grant)],
  }),
};

function checkSet(subjects, set) {
  for (const { subjectClass, key, set: value } of subjects) {
    if (!equal(set.get(hex(key)) ?? zeros32, value)) {
      invalid('WITHHELD-5', `the ${subjectClass} does not get the value that follows`);
    }
  }
}

// [WITHHELD-5] Gives the subjects that are known from the statement. `sure` are those that its rule
// set before it met what nobody can tell; `gap`: a domain may be withheld.
export function checkNamed(signed, index, pairs, ledger, sure, gap) {
  const { state } = ledger;
  const { kind } = signed.statement;
  const set = new Map(pairs.map(({ key, value }) => [hex(key), value]));
  checkSet(sure, set);
  if (!named[kind]) return sure;
  const { subjects, keys, optional, free = 0 } = named[kind](signed, index, ledger);
  const take = (key) => { const value = set.get(hex(key)); set.delete(hex(key)); return value; };
  checkSet(subjects, set);
  subjects.forEach(({ key }) => take(key));
  if (!keys.every(take)) invalid('WITHHELD-5', 'a subject that it names is not set');
  optional.forEach(take);
  // A training mark changes a domain. Those are known, unless one was withheld or the state lost.
  const isMark = ({ key }) => {
    const before = state.at(key);
    if (before?.subjectClass) return before.subjectClass === 'domain';
    return state.isLost || (gap && before !== undefined);
  };
  const others = pairs.filter(({ key }) => set.has(hex(key)));
  const marks = kind === 'recordChange' ? others.filter(isMark).slice(0, 1) : [];
  if (others.length > marks.length + free) {
    invalid('WITHHELD-5', 'it sets what it does not name');
  }
  return [...subjects, ...sure];
}
