// SPDX-License-Identifier: AGPL-3.0-or-later

// How a vector of envelopes.json is judged, by what it says that its bytes are. Of a box it says
// what is inside, since the reader opens none. Test code, not part of the reader.
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { concat, hex, parseHex } from './bytes.js';
import { encode } from './codec.js';
import { sha256 } from './crypto.js';
import {
  argumentsCommitment, checkSender, checkTime, decodeEnvelope, decodeIntroduction,
  decodeSignedEnvelope, openEnvelope, readIntroduction,
} from './envelope.js';
import { x25519 } from './key.js';
import { decodeDetail } from './state.js';

const hashOf = (bytes) => hex(sha256(bytes));
const hashOrNull = (bytes) => (bytes.length === 0 ? null : hashOf(bytes));
const hexOrNull = (bytes) => (bytes === null || bytes.length === 0 ? null : hex(bytes));

const pkcs8 = parseHex('302e020100300506032b656e04220420');

function sealingKeyOf(secret) {
  const key = concat(pkcs8, parseHex(secret));
  const pair = createPrivateKey({ key, format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(pair).export({ format: 'der', type: 'spki' });
  return { algorithm: x25519, bytes: new Uint8Array(spki.subarray(-32)) };
}

const allBytes = ({ bytes, zerosBehind = 0 }) =>
  concat(parseHex(bytes), new Uint8Array(zerosBehind));

const saidOfTerms = ({ endpoint, terms, signatures }) => ({
  endpoint,
  terms: hashOf(encode('Terms', terms)),
  signers: signatures.map(({ keyId }) => hex(keyId)),
});
const proposal = ({ agreement, terms }) => ({ agreement: hex(agreement), ...saidOfTerms(terms) });

const says = {
  offer: proposal,
  accept: proposal,
  query: (query) => ({
    agreement: hex(query.agreement),
    grant: hex(query.grant),
    shape: hex(query.shape),
    purpose: query.purpose,
    arguments: query.arguments.length,
    commitment: hexOrNull(argumentsCommitment(query)),
    itemsMax: query.itemsMax,
    charactersMax: query.charactersMax,
    onward: query.onward.length,
  }),
  answer: ({ inference, content, cited }) => ({
    inference: hashOf(inference.signedStatement),
    content: hashOf(content),
    cited: cited.map(({ signedStatement }) => hashOf(signedStatement)),
  }),
  refusal: ({ reason, inference, behind }) => ({
    reason,
    inference: inference && hashOf(inference.signedStatement),
    behind: hashOrNull(behind),
  }),
  notice: ({ of: { member, value } }) => ({
    of: member,
    [member]: member === 'revocation' ? hashOf(value) : hex(value),
  }),
  acknowledgement: ({ of, rejected }) => ({ of: hex(of), rejected }),
  checkpoint: () => ({}),
  freshness: ({ grants }) => ({ grants: grants.map(hex) }),
};

const saidOf = (envelope) => ({
  to: hex(envelope.to),
  sealingKey: hex(envelope.sealingKey),
  from: hex(envelope.from),
  id: hex(envelope.id),
  sequence: envelope.sequence,
  sentAt: envelope.sentAt,
  expiresAt: envelope.expiresAt,
  inReplyTo: hexOrNull(envelope.inReplyTo),
  consistency: envelope.consistency.map(({ from }) => from),
  seen: hashOrNull(envelope.seen),
  wanted: envelope.wanted,
  body: envelope.body.member,
  says: says[envelope.body.member](envelope.body.value),
});
const saidOfSigned = ({ envelope, bytes, keyId, hash }) => ({
  ...saidOf(envelope),
  envelope: hashOf(bytes),
  hash: hex(hash),
  signer: hex(keyId),
});
const saidOfIntroduction = ({ genesis, terms }) => ({
  genesis: hashOf(genesis),
  ...saidOfTerms(terms),
});

export const envelopes = {
  async sealed(input) {
    const { village, secrets, signed, time, known } = input;
    const openBox = () => signed && parseHex(signed);
    const keys = secrets.map(sealingKeyOf);
    const opened = openEnvelope(allBytes(input), parseHex(village), keys, openBox);
    checkTime(opened.envelope, BigInt(time));
    await checkSender(opened, decodeDetail('peer', parseHex(known)));
    return saidOfSigned(opened);
  },
  signed: (input) => saidOfSigned(decodeSignedEnvelope(allBytes(input))),
  envelope: (input) => saidOf(decodeEnvelope(allBytes(input))),
  async introduction(input) {
    const introduction = decodeIntroduction(allBytes(input));
    const said = saidOfIntroduction(introduction);
    if (!input.village) return said;
    const { village } = await readIntroduction(introduction, parseHex(input.village));
    return { ...said, village: hex(village) };
  },
};
