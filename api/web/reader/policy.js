// SPDX-License-Identifier: AGPL-3.0-or-later

// Whom a reader of checkpoints trusts: a file of its own, C2SP tlog-policy (spec/log.md).
import { parseDecimal, hex } from './bytes.js';
import { cosigning, openNote, parseCheckpoint, parseVerifierKey, plain } from './note.js';
import { Refusal, malformed, unauthorised } from './refusal.js';
import { textOf } from './text.js';

// The spec names no bound; nobody trusts so many.
const policyBytesAtMost = 1 << 20;

class Parser {
  logs = [];
  witnesses = [];
  names = new Map(); // of witnesses and groups: what reaches it
  grouped = new Set();
  publicKeys = new Set();
  quorum = undefined;

  key(text, type) {
    let key;
    try {
      key = parseVerifierKey(text ?? '');
    } catch (error) {
      if (error instanceof Refusal && error.code === 'malformed')
        malformed('POLICY-1', error.message);
      throw error;
    }
    if (key.type !== type)
      malformed('POLICY-1', `${key.name}: a key of type ${key.type}, want ${type}`);
    const name = hex(key.publicKey);
    if (this.publicKeys.has(name))
      malformed('POLICY-1', `${key.name}: its key stands in a line before`);
    this.publicKeys.add(name);
    return key;
  }

  define(name, what) {
    if (name === undefined || name === 'none' || this.names.has(name))
      malformed('POLICY-1', `a name '${name}'`);
    this.names.set(name, what);
  }

  named(name) {
    return (
      this.names.get(name) ?? malformed('POLICY-1', `'${name}' is not defined before it is used`)
    );
  }

  line(words) {
    switch (words[0]) {
      case 'log':
        return this.log(words);
      case 'witness':
        return this.witness(words);
      case 'group':
        return this.group(words);
      case 'quorum':
        return this.setQuorum(words);
      default:
        return malformed('POLICY-1', `a line that begins with '${words[0]}'`);
    }
  }

  log([, vkey, url, ...rest]) {
    if (rest.length > 0) malformed('POLICY-1', `'${rest[0]}' behind a URL`);
    this.logs.push(this.key(vkey, plain));
  }

  witness([, name, vkey, url, ...rest]) {
    if (rest.length > 0) malformed('POLICY-1', `'${rest[0]}' behind a URL`);
    const witness = { name, key: this.key(vkey, cosigning) };
    this.define(name, { witness });
    this.witnesses.push(witness);
  }

  group([, name, threshold, ...memberNames]) {
    const members = memberNames.map((member) => {
      if (this.grouped.has(member)) malformed('POLICY-1', `'${member}' is in a group already`);
      this.grouped.add(member);
      return this.named(member);
    });
    const limit = BigInt(members.length) + 1n;
    const needed =
      threshold === 'all'
        ? limit - 1n
        : threshold === 'any'
          ? 1n
          : parseDecimal(threshold ?? '', limit);
    if (members.length === 0 || needed === null || needed === 0n)
      malformed('POLICY-1', `'${name}': ${threshold} of ${members.length}`);
    this.define(name, { needed: Number(needed), members });
  }

  setQuorum([, name, ...rest]) {
    if (this.quorum !== undefined || name === undefined || rest.length > 0)
      malformed('POLICY-1', 'want one quorum line with one name');
    this.quorum = name === 'none' ? null : this.named(name);
  }
}

// [POLICY-1] {logs, witnesses: [{name, key}], names, quorum}, where quorum is null for `none`.
export function parsePolicy(bytes) {
  if (bytes.length > policyBytesAtMost) malformed('POLICY-1', `found ${bytes.length} bytes`);
  const text = textOf(bytes, 'POLICY-1');
  if (!text.endsWith('\n')) malformed('POLICY-1', 'a last line that does not end');
  if (/[^\P{Cc}\n\t]/u.test(text)) malformed('POLICY-1', 'a control character');
  const parser = new Parser();
  for (const line of text.slice(0, -1).split('\n')) {
    const words = line.split(/[ \t]+/).filter((word) => word !== '');
    if (words.length > 0 && !words[0].startsWith('#')) parser.line(words);
  }
  if (parser.quorum === undefined) malformed('POLICY-1', 'no quorum line');
  return parser;
}

// The latest time such that what is of this time or later reaches `quorum`; null where nothing
// does. Names are defined before they are used: their times come in that order and nothing nests.
function quorumTimeOf(quorum, names, timeByWitness) {
  const times = new Map();
  for (const what of names.values()) {
    if (what.witness) {
      times.set(what, timeByWitness.get(what.witness.name) ?? null);
      continue;
    }
    const reached = what.members.map((member) => times.get(member)).filter((time) => time !== null);
    const latestFirst = reached.sort((a, b) => (a < b ? 1 : a > b ? -1 : 0));
    times.set(what, latestFirst[what.needed - 1] ?? null);
  }
  return times.get(quorum);
}

// [POLICY-2], [POLICY-3] {checkpoint, log, witnesses, quorumTime} of a signed checkpoint.
export async function openByPolicy(bytes, { logs, witnesses, names, quorum }) {
  const { text, signedBy } = await openNote(bytes, [...logs, ...witnesses.map(({ key }) => key)]);
  const checkpoint = parseCheckpoint(text);
  const log = signedBy.find(({ key }) => key.type === plain && key.name === checkpoint.origin);
  if (!log) unauthorised('POLICY-2', `no log of the policy signed for ${checkpoint.origin}`);
  const timeByWitness = new Map();
  for (const { name, key } of witnesses) {
    // Who cosigned twice counts once, with the later time.
    const times = signedBy.filter((signed) => signed.key === key).map(({ time }) => time);
    if (times.length > 0)
      timeByWitness.set(
        name,
        times.reduce((a, b) => (a > b ? a : b)),
      );
  }
  const quorumTime = quorum === null ? null : quorumTimeOf(quorum, names, timeByWitness);
  if (quorum !== null && quorumTime === null)
    unauthorised('POLICY-3', `the quorum is not reached by ${timeByWitness.size} witnesses`);
  return { checkpoint, log: log.key, witnesses: [...timeByWitness.keys()], quorumTime };
}
