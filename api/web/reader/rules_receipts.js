// SPDX-License-Identifier: AGPL-3.0-or-later

// Receipts: what came from a peer, as its own log proves it (spec/exchange.md).
import { concat, equal } from './bytes.js';
import { detailOfPeer, peerOf, readShown } from './peer.js';
import { conflict, invalid } from './refusal.js';
import { signedByAgent } from './rules_agents.js';
import { foreignGrantId } from './rules_live.js';
import { KnownKeys, decodeSigned, verifySignatures } from './statement.js';

// [RECEIPT-1] Of one that has ended nobody asks whether it ended as an offer.
function acceptedAgreement(step) {
  const subject = step.the('agreement', step.body.agreement, 'RECEIPT-1');
  if (subject.status === 'offered') invalid('RECEIPT-1', 'it was not accepted yet');
  return subject;
}

// [RECEIPT-5], [RECEIPT-6] The grant shown, to be known here as a foreign grant. `theirs` is the
// peer's agreement that it is under.
function grantShown(step, shown, id, agreement) {
  const grant = shown.the('grant', id);
  const { terms } = grant.detail;
  const { notBefore, notAfter, grantee } = terms;
  if (grant.status !== 'active') invalid('RECEIPT-5', `the grant is ${grant.status}`);
  if (grantee.member !== 'agreement') invalid('RECEIPT-5', 'a grant to an auditor');
  shown.the('domain', terms.domain);
  if (shown.time < notBefore || shown.time >= notAfter || step.time >= notAfter) {
    invalid('RECEIPT-5', `from ${notBefore} to ${notAfter}, sealed at ${shown.time}`);
  }
  const theirs = shown.the('agreement', grantee.value);
  if (theirs.status !== 'active') invalid('RECEIPT-5', `its agreement is ${theirs.status}`);
  const village = theirs.detail.peer;
  if (step.isVillage(village) && !equal(theirs.detail.termsHash, agreement.detail.termsHash)) {
    invalid('RECEIPT-5', 'an agreement over other terms');
  }
  const foreign = foreignGrantId(shown.peer.id, id);
  return { id: foreign, grantee: village, terms, theirs: grantee.value };
}

// Makes it, or refreshes it where it is shown as of a later time.
function keepForeignGrant(step, shown, { id, grantee, terms }) {
  const { size } = shown.checkpoint;
  const before = step.state.get('foreignGrant', id);
  if (before?.status === 'revoked') conflict('RECEIPT-6', 'the grant was revoked before');
  const detail = { agreement: step.body.agreement, grantee, terms, size };
  if (!before) step.make('foreignGrant', id, detail);
  else if (size > before.detail.size) step.change(before, detail);
}

// [RECEIPT-8] A revocation that somebody carried, by guardians of its domain and nobody else.
async function checkCarried(bytes, shown, domain, grant) {
  if (bytes.length === 0) invalid('RECEIPT-8', 'nothing shows that it was revoked');
  const guardians = shown.the('authority', domain).detail.current;
  const signed = decodeSigned(bytes);
  const { kind, village, body } = signed.statement;
  const names = kind === 'revocation' && equal(village, shown.peer.id) &&
    equal(body.domain, domain) && equal(body.grant, grant);
  if (!names) invalid('RECEIPT-8', 'what is carried is no revocation of this grant');
  await verifySignatures(signed, new KnownKeys().add(guardians.keys));
}

// --- what is acknowledged: each gives the id of the peer's grant that it is about, or null ---

const acknowledged = {
  answer(step, shown, agreement) {
    const { detail } = shown.the('inference', step.body.of);
    if (detail.commitment.length === 0) invalid('RECEIPT-4', 'it is a refusal');
    const found = grantShown(step, shown, detail.grant, agreement);
    if (!equal(detail.agreement, found.theirs) || !step.isVillage(found.grantee)) {
      invalid('RECEIPT-5', 'an answer to another village than the grant is to');
    }
    keepForeignGrant(step, shown, found);
    return detail.grant;
  },

  refusal(step, shown) {
    const { detail } = shown.the('inference', step.body.of);
    if (detail.reason === '') invalid('RECEIPT-4', 'it is an answer');
    return null;
  },

  transfer(step, shown) {
    const { detail } = shown.the('transfer', step.body.of);
    if (detail.direction !== 'out') invalid('RECEIPT-4', 'a transfer in');
    return null;
  },

  grant(step, shown, agreement) {
    keepForeignGrant(step, shown, grantShown(step, shown, step.body.of, agreement));
    return step.body.of;
  },

  async revocation(step, shown) {
    const { of, revocation } = step.body;
    const subject = step.the('foreignGrant', foreignGrantId(shown.peer.id, of), 'RECEIPT-7');
    const { domain } = subject.detail.terms;
    const isShown =
      shown.find('grant', of)?.status === 'revoked' ||
      shown.find('revocation', concat(domain, of)) !== null;
    if (!isShown) await checkCarried(revocation, shown, domain, of);
    if (subject.status !== 'revoked') step.change(subject, {}, 'revoked');
    return of;
  },
};

// [RECEIPT-4] of a deletion: it is this village's own transfer that it is about.
function checkDeletion(step, agreement) {
  const { detail } = step.the('transfer', step.body.of, 'RECEIPT-4');
  const of = step.the('agreement', detail.agreement, 'RECEIPT-4');
  if (detail.direction !== 'out' || !equal(of.detail.peer, agreement.detail.peer)) {
    invalid('RECEIPT-4', 'no transfer out to the peer');
  }
}

// [RECEIPT-2] Whether something is to be proved. Who rejects proves nothing and carries nothing:
// nothing is asked then of what is acknowledged.
function provesSomething({ acknowledges, rejected, state, revocation }) {
  const bare = rejected !== '' || acknowledges === 'deletion';
  if (bare !== (state === null)) invalid('RECEIPT-2', `a ${acknowledges}: what proves it`);
  if (revocation.length > 0 && (bare || acknowledges !== 'revocation')) {
    invalid('RECEIPT-2', `a revocation that a receipt of ${acknowledges} carries`);
  }
  return !bare;
}

// What the peer gives, which it does while it goes on and the agreement is in force. What it takes
// back, or refuses, is taken note of for ever.
const giving = new Set(['answer', 'transfer', 'grant']);

// [RECEIPT-3]
function checkInForce(acknowledges, { status }) {
  if (giving.has(acknowledges) && status !== 'active') {
    invalid('RECEIPT-3', `the agreement is ${status}`);
  }
}

// Gives the peer, and the id of its grant that the receipt is about or null.
async function checkShown(step, agreement) {
  const { acknowledges, state } = step.body;
  const peer = step.the('peer', agreement.detail.peer, 'RECEIPT-1');
  const shown = await readShown(state, peerOf(peer));
  if (giving.has(acknowledges)) shown.checkGoesOn();
  const grant = await acknowledged[acknowledges](step, shown, agreement);
  const { status } = shown.peer.village;
  if (shown.hasHistory) step.change(peer, detailOfPeer(shown.peer), status);
  return { peer, grant };
}

export async function receipt(step) {
  const { agreement: agreementId, acknowledges, of, rejected } = step.body;
  const proves = provesSomething(step.body);
  const make = (grant) =>
    step.make('receipt', step.id, {
      agreement: agreementId, acknowledges, of, verified: rejected === '', grant,
    });
  const namesGrant = proves && ['answer', 'grant', 'revocation'].includes(acknowledges);
  if (namesGrant) step.requireAbsent('receipt', step.id);
  else make(null);
  await step.each(
    () => signedByAgent(step, 'act'),
    async () => {
      const agreement = acceptedAgreement(step);
      if (rejected !== '') return;
      checkInForce(acknowledges, agreement);
      if (!proves) return checkDeletion(step, agreement);
      const { peer, grant } = await checkShown(step, agreement);
      if (namesGrant) make({ village: peer.id, id: grant });
    },
  );
}
