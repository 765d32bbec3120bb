// SPDX-License-Identifier: AGPL-3.0-or-later

// Decisions, deliberations, reports and exit (spec/accounting.md).
import { empty, equal, hex, parseHex } from './bytes.js';
import { conflict, invalid } from './refusal.js';
import { agentOf, signedByAgent } from './rules_agents.js';

// --- decisions ---

const opposite = { allow: 'deny', deny: 'allow' };

// [DECIDE-5] What the statement alone says.
function checkVerdict({ verdict, of: { member } }) {
  const wrong =
    (member === 'appeal' && verdict !== 'escalate') ||
    (member === 'closing' && verdict === 'escalate') ||
    (member === 'reversal' && verdict === 'escalate');
  if (wrong) invalid('DECIDE-5', `${member} with the verdict ${verdict}`);
}

// A key of the council or of the domain's guardians.
function signedByPerson(step) {
  const { sequence, domain } = step.body;
  const council = step.authority(step.villageId);
  const people = step.isVillage(domain) ? [council] : [council, step.authority(domain)];
  step.signedBy(step.anyOfAll(people));
  if (sequence !== 0n) invalid('DECIDE-6', `sequence ${sequence}, want 0`);
}

function checkSigners(step) {
  const { verdict, sequence, of: { member } } = step.body;
  if (member === 'itself') {
    return verdict === 'escalate'
      ? signedByAgent(step, 'propose', 'act')
      : signedByAgent(step, 'act');
  }
  // A key may be a person's and an agent's: who signs for an agent counts its statements.
  const [signer] = step.signers;
  if (member === 'appeal' && sequence > 0n && agentOf(step, signer)) {
    return signedByAgent(step, 'propose', 'act');
  }
  return signedByPerson(step);
}

// What becomes of the decision that is answered.
const answers = {
  appeal: { of: 'active', to: 'escalated', detail: () => ({}) },
  closing: {
    of: 'escalated', to: 'active', detail: ({ verdict }, decidedBy) => ({ verdict, decidedBy }),
  },
  reversal: { of: 'active', to: 'reversed', detail: () => ({}) },
};

function answerTo(step, { member, value: id }, decidedBy) {
  const { domain, expectedVersion, verdict } = step.body;
  const answered = step.the('decision', id, 'DECIDE-2');
  if (!equal(answered.detail.domain, domain)) invalid('DECIDE-2', 'a decision of another domain');
  if (expectedVersion !== answered.version) {
    conflict('DECIDE-3', `expected version ${expectedVersion}, it is ${answered.version}`);
  }
  const { of, to, detail } = answers[member];
  if (answered.status !== of) invalid('DECIDE-4', `it is ${answered.status}, want ${of}`);
  if (member === 'reversal' && verdict !== opposite[answered.detail.verdict]) {
    invalid('DECIDE-5', `${verdict} reverses no ${answered.detail.verdict}`);
  }
  step.change(answered, { answer: step.id, ...detail(step.body, decidedBy) }, to);
}

export function decision(step) {
  const { domain, action, verdict, category, expectedVersion, of } = step.body;
  const own = of.member === 'itself';
  if (own && expectedVersion !== 0n) conflict('DECIDE-3', `expected version ${expectedVersion}`);
  checkVerdict(step.body);
  const decidedBy = parseHex(step.signers[0]);
  const detail = { domain, action, verdict, category, decidedBy, answer: empty };
  step.make('decision', step.id, detail, own && verdict === 'escalate' ? 'escalated' : 'active');
  if (!step.isVillage(domain)) step.domain(domain, 'DECIDE-1');
  checkSigners(step);
  if (!own) answerTo(step, of, decidedBy);
}

// --- deliberations ---

export function deliberation(step) {
  const { domain, contentRoot, positions, dissent } = step.body;
  const texts = new Set(positions.map(({ text }) => hex(text)));
  if (!dissent.every((text) => texts.has(hex(text)))) {
    invalid('DELIB-2', 'a dissent that is the text of no position');
  }
  const counts = { positions: positions.length, dissent: dissent.length };
  step.make('deliberation', step.id, { domain, contentRoot, ...counts });
  step.signedBy(step.thresholdOf(step.authorityOver(domain, 'DELIB-1')));
}

// --- reports ---

// UTC.
const beginsAMonth = (time) =>
  time % 86400n === 0n && new Date(Number(time) * 1000).getUTCDate() === 1;

// [REPORT-1], without what the last report says.
function checkPeriod({ periodStart, periodEnd }, time) {
  const whole = beginsAMonth(periodStart) && beginsAMonth(periodEnd) && periodStart < periodEnd;
  if (!whole) invalid('REPORT-1', `from ${periodStart} to ${periodEnd}: want whole months`);
  if (periodEnd > time) invalid('REPORT-1', `until ${periodEnd}, it is ${time}`);
}

// [REPORT-1], [REPORT-2], [REPORT-4]
function checkContinues({ periodStart, first, previous }, last) {
  if (last && periodStart < last.periodEnd) {
    invalid('REPORT-1', `from ${periodStart}, the last report is until ${last.periodEnd}`);
  }
  const want = last ? last.last + 1n : 0n;
  if (first !== want) invalid('REPORT-2', `from entry ${first}, want ${want}`);
  if (!equal(previous, last ? last.digest : empty)) {
    invalid('REPORT-4', 'another digest of the last report');
  }
}

export function report(step) {
  const { view, periodStart, periodEnd, first, last, root, digest } = step.body;
  checkPeriod(step.body, step.time);
  if (first > last || last >= step.index) invalid('REPORT-2', `entries ${first} to ${last}`);
  const sealed = step.log.sealedRoots.get(last + 1n);
  if (!sealed || !equal(sealed, root)) invalid('REPORT-3', `entry ${last} is no seal, or its root`);
  const before = step.state.get('report', step.villageId);
  checkContinues(step.body, before?.detail);
  step.signedBy(step.thresholdOf(step.authority(step.villageId)));
  const detail = { view, periodStart, periodEnd, last, digest };
  if (before) step.change(before, detail);
  else step.make('report', step.villageId, detail);
}

// --- exit ---

export function exit(step) {
  step.signedBy(step.thresholdOf(step.authority(step.villageId)));
  step.change(step.village(), {}, 'exited');
}
