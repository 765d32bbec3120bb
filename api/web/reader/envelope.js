// SPDX-License-Identifier: AGPL-3.0-or-later

// What another village sends, and whether it is looked at (spec/envelopes.md). A box is opened by
// whoever calls: neither Node nor a browser has XSalsa20-Poly1305, and the reader no dependency.
import { compare, concat, equal, hex, u32be } from './bytes.js';
import { decodeVersioned } from './codec.js';
import { commitmentOf } from './content.js';
import { sha256, verifyEd25519 } from './crypto.js';
import { keyIdOf } from './key.js';
import { peerOf, peerOfGenesis, readShown } from './peer.js';
import { invalid, unauthorised } from './refusal.js';
import { classes, decodeValue } from './state.js';
import { decodeSigned } from './statement.js';
import { utf8 } from './text.js';

const firstLine = utf8('holdfast/envelope/v1\n');
const skew = 300n;
const lifeAtMost = 86400n;

export const envelopeMessage = (envelope) => concat(firstLine, sha256(envelope));

// What an inference commits of a query's arguments; null where there are none.
export function argumentsCommitment({ arguments: pairs, salt }) {
  if (pairs.length === 0) return null;
  const parts = pairs.flatMap(({ name, value }) => [utf8(name), utf8(value)]);
  const value = concat(...parts.flatMap((part) => [u32be(part.length), part]));
  return commitmentOf({ name: 'arguments', salt, value });
}

export const decodeEnvelope = (bytes) => decodeVersioned('Envelope', bytes);

// {envelope, bytes, keyId, signature, hash}: `bytes` are those that the signature is over.
export function decodeSignedEnvelope(all) {
  const { envelope: bytes, keyId, signature } = decodeVersioned('SignedEnvelope', all);
  return { envelope: decodeEnvelope(bytes), bytes, keyId, signature, hash: sha256(all) };
}

// [ENV-1] to [ENV-3] `keys` are the X25519 keys of the village `own`; `openBox(box, key)` gives
// what was sealed to that key, or null.
export function openEnvelope(bytes, own, keys, openBox) {
  const { to, sealingKey, box } = decodeVersioned('SealedEnvelope', bytes);
  if (!equal(to, own)) invalid('ENV-1', `to ${hex(to)}, this is ${hex(own)}`);
  const key = keys.find((each) => equal(keyIdOf(each), sealingKey));
  if (!key) invalid('ENV-2', `sealed to ${hex(sealingKey)}, which is no key of this village's`);
  const inside = openBox(box, key);
  if (inside === null) invalid('ENV-2', 'a box that was not sealed to the key that it names');
  const opened = decodeSignedEnvelope(inside);
  const { envelope } = opened;
  if (!equal(envelope.to, to) || !equal(envelope.sealingKey, sealingKey))
    invalid('ENV-3', 'to another, or under another key, inside than in clear');
  return opened;
}

// [ENV-4]
export function checkTime({ sentAt, expiresAt, body: { member } }, now) {
  if (member === 'notice') return;
  if (sentAt > now + skew) invalid('ENV-4', `sent at ${sentAt}, it is ${now}`);
  if (expiresAt - sentAt > lifeAtMost) invalid('ENV-4', `to live ${expiresAt - sentAt} seconds`);
  if (expiresAt <= now - skew) invalid('ENV-4', `over at ${expiresAt}, it is ${now}`);
}

// --- who sent it ---

const turnsCouncil = ({ signedStatement }) => {
  const { kind, body } = decodeSigned(signedStatement).statement;
  return kind === 'keyEvent' && body.change.member === 'council';
};

// Version of a subject as it is shown; 0 where it is not, or is none.
function shownVersion({ subjects }, subjectClass) {
  const found = subjects.find(({ stateClass }) => classes[stateClass - 1] === subjectClass);
  return found ? decodeValue(found.value).version : 0n;
}

// The history without what has been followed already: the last event of the village makes the
// version that is shown, the one before it one less, and so with the council.
function newsOf(state, { villageVersion, councilVersion }) {
  if (state.history.length === 0) return [];
  const left = {
    village: { version: shownVersion(state, 'village'), followed: villageVersion },
    council: { version: shownVersion(state, 'authority'), followed: councilVersion },
  };
  const isNews = (proven) => {
    const of = turnsCouncil(proven) ? left.council : left.village;
    const { version } = of;
    of.version -= 1n;
    return version < 0n || version > of.followed;
  };
  return [...state.history].reverse().filter(isNews).reverse();
}

// [ENV-6], [PEER-2] to [PEER-6] What the state of an opened envelope proves to whom knows of the
// sender what the detail `known` says.
export async function checkSender({ envelope, bytes, keyId, signature }, known) {
  const { state, from } = envelope;
  const peer = peerOf({ id: from, status: 'active', detail: known });
  const shown = await readShown({ ...state, history: newsOf(state, known) }, peer);
  const agent = shown.find('agent', keyId);
  if (!agent) unauthorised('ENV-6', `signed by ${hex(keyId)}, which is no agent that is shown`);
  const { status, detail: { key, capability } } = agent;
  if (status !== 'active' || capability !== 'act')
    unauthorised('ENV-6', `an agent that is ${status} and may ${capability}`);
  if (!equal(keyIdOf(key), keyId)) unauthorised('ENV-6', 'an agent with the key of another');
  if (!(await verifyEd25519(key.bytes, envelopeMessage(bytes), signature)))
    unauthorised('ENV-6', 'the signature of the envelope does not verify');
  return shown;
}

// --- introductions ---

export const decodeIntroduction = (bytes) => decodeVersioned('Introduction', bytes);

// [AGREE-1], [PEER-1] to [PEER-7] The id of the village that hands it to the village `own`, and
// what is proved of it.
export async function readIntroduction({ genesis, state, terms: { terms } }, own) {
  const { id, statement } = decodeSigned(genesis);
  if (statement.kind !== 'genesis') invalid('PEER-1', `a ${statement.kind} for a genesis`);
  const [low, high] = compare(own, id) < 0 ? [own, id] : [id, own];
  if (equal(low, high) || !equal(terms.villageLow, low) || !equal(terms.villageHigh, high))
    invalid('AGREE-1', 'terms of other villages');
  const shown = await readShown(state, await peerOfGenesis(genesis, id));
  shown.checkGoesOn();
  shown.the('authority', id);
  return { village: id, shown };
}
