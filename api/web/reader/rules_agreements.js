// SPDX-License-Identifier: AGPL-3.0-or-later

// Agreements: two councils sign the same terms (spec/exchange.md).
import { compare, concat, equal, hex, zeros32 } from './bytes.js';
import { encode } from './codec.js';
import { sha256, verifyEd25519 } from './crypto.js';
import { keyIdOf } from './key.js';
import { detailOfPeer, peerOfGenesis, readShown } from './peer.js';
import { conflict, invalid, unauthorised } from './refusal.js';
import { keyIdsOf } from './step.js';
import { utf8 } from './text.js';

// --- terms ---

const firstLine = utf8('holdfast/agreement/v1\n');

const termsHashOf = (terms) => sha256(encode('Terms', terms));
const messageOf = (termsHash) => concat(firstLine, termsHash);
// What a council signs to consent.
export const termsMessage = (terms) => messageOf(termsHashOf(terms));

// [AGREE-4], [AGREE-5] `councils` are those whose keys may sign, `needed` those that have to.
async function checkSignatures(termsHash, signatures, councils, needed) {
  const keys = new Map(
    councils.flatMap(({ current }) => current.keys).map((key) => [hex(keyIdOf(key)), key]));
  const message = messageOf(termsHash);
  for (const { keyId, bytes } of signatures) {
    const key = keys.get(hex(keyId));
    if (!key) unauthorised('AGREE-4', `key ${hex(keyId)} is of neither council`);
    if (!(await verifyEd25519(key.bytes, message, bytes))) {
      unauthorised('AGREE-4', `the signature of key ${hex(keyId)} does not verify`);
    }
  }
  const signers = new Set(signatures.map(({ keyId }) => hex(keyId)));
  for (const { current: { threshold, keys: set } } of needed) {
    const found = keyIdsOf(set).filter((keyId) => signers.has(keyId)).length;
    if (found < threshold) unauthorised('AGREE-5', `${found} of a council, want ${threshold}`);
  }
}

// [AGREE-1] The other village of the terms.
function otherVillage(step, { villageLow, villageHigh }) {
  if (compare(villageLow, villageHigh) >= 0) invalid('AGREE-1', 'villages out of order');
  if (step.isVillage(villageLow)) return villageHigh;
  if (step.isVillage(villageHigh)) return villageLow;
  return invalid('AGREE-1', 'terms of other villages');
}

const detailOf = ({ endpoint, terms }) => ({
  termsHash: termsHashOf(terms),
  revision: terms.revision,
  kind: terms.kind,
  purpose: terms.purpose,
  endpoint,
});

// --- offer ---

// [AGREE-3] The revision that was agreed on last, with a peer known before; nothing that was
// consented to can be used again.
function lastRevision(step, known) {
  if (!known) return 0n;
  const last = step.the('agreement', known.detail.agreement, 'AGREE-3');
  if (last.status !== 'ended') conflict('AGREE-3', `an agreement that is ${last.status}`);
  return last.detail.revision;
}

// [AGREE-9] Against what is known of the peer from before.
function checkAgainstKnown({ detail }, { peer, checkpoint }) {
  const older =
    checkpoint.size < detail.size ||
    peer.village.version < detail.villageVersion ||
    peer.council.version < detail.councilVersion;
  if (older) conflict('AGREE-9', 'an older state of the peer than is known');
}

async function offer(step, { genesis, state, terms: newTerms }) {
  const { terms, signatures } = newTerms;
  const other = otherVillage(step, terms);
  if (terms.revision < 1n) conflict('AGREE-2', 'revision 0');
  const detail = detailOf(newTerms);
  step.make('agreement', step.id, { peer: other, ...detail }, 'offered');
  const before = step.state.get('peer', other);
  const revision = lastRevision(step, before);
  if (terms.revision <= revision) conflict('AGREE-2', `revision ${terms.revision}`);
  const shown = await readShown(state, await peerOfGenesis(genesis, other));
  shown.checkGoesOn();
  shown.the('authority', other);
  if (before) checkAgainstKnown(before, shown);
  const council = step.authority(step.villageId);
  const ours = council.detail, theirs = shown.peer.council.detail;
  await checkSignatures(detail.termsHash, signatures, [ours, theirs], [ours]);
  step.signedBy(step.thresholdOf(council));
  const peer = { agreement: step.id, origin: shown.peer.origin, ...detailOfPeer(shown.peer) };
  if (before) step.change(before, peer, 'active');
  else step.make('peer', other, { ...peer, size: 0n, root: zeros32, observedAt: 0n });
}

// --- what follows ---

// From which status to which; `spends` where anyone of the council does it, once.
const steps = {
  accept: { from: ['offered'], to: 'active' },
  amend: { from: ['active'], to: 'active' },
  suspend: { from: ['active'], to: 'suspended', spends: true },
  resume: { from: ['suspended'], to: 'active' },
  end: { from: ['offered', 'active', 'suspended'], to: 'ended', spends: true },
};

// What both councils sign: the terms of the offer, or new ones.
async function checkBoth(step, subject, member, value, council) {
  const signatures = member === 'accept' ? value : value.signatures;
  const change = member === 'accept' ? {} : detailOf(value);
  if (member !== 'accept') {
    if (!equal(otherVillage(step, value.terms), subject.detail.peer)) {
      invalid('AGREE-1', 'terms with another village');
    }
    if (value.terms.revision <= subject.detail.revision) {
      conflict('AGREE-2', `revision ${value.terms.revision}, it is ${subject.detail.revision}`);
    }
  }
  const theirs = step.the('peer', subject.detail.peer, 'AGREE-6').detail.council;
  const both = [council.detail, theirs];
  await checkSignatures(change.termsHash ?? subject.detail.termsHash, signatures, both, both);
  return change;
}

export async function agreement(step) {
  const { agreement: id, expectedVersion, step: { member, value } } = step.body;
  const { from, to, spends } = steps[member] ?? {};
  if ((spends || member === 'offer') && expectedVersion !== 0n) {
    conflict('AGREE-8', `expected version ${expectedVersion}, want 0`);
  }
  if (member === 'offer') return offer(step, value);
  if (spends) step.make('spent', step.id, { subject: id }, 'spent');
  if (value?.terms) otherVillage(step, value.terms);
  const subject = step.the('agreement', id, 'AGREE-6');
  if (!from.includes(subject.status)) invalid('AGREE-7', `the agreement is ${subject.status}`);
  if (!spends && expectedVersion !== subject.version) {
    conflict('AGREE-8', `expected version ${expectedVersion}, it is ${subject.version}`);
  }
  const council = step.authority(step.villageId);
  const change = spends ? {} : await checkBoth(step, subject, member, value, council);
  step.signedBy(spends ? step.anyOf(council) : step.thresholdOf(council));
  return step.change(subject, change, to);
}
