// SPDX-License-Identifier: AGPL-3.0-or-later

// An agreement with another village, which is made up: its operator and its council are here.
import assert from 'node:assert/strict';
import { compare, empty } from '../../api/web/reader/bytes.js';
import { MadePeer } from '../../api/web/reader/made_peer.js';
import { termsMessage } from '../../api/web/reader/rules_agreements.js';
import { read, submit } from './checked.js';
import { basisOf, bytesOf, Guardian, idOf, statementOf } from './guardian.js';

// Puts a key that is here into the council, where one of two is enough as before.
export async function joinCouncil(village, server, who) {
  const spares = village.path(`${village.directory}-spares`);
  const draft = await village.draft(
    'joining',
    ...['key', 'rotate', 'council', '--spare', `${spares}/council-spare-1.key`],
    ...['--set', 'kelp-bay', '--set', who.publicKey, '--threshold', '1', '--no-passphrase'],
  );
  const { status, value } = await submit(server, who.cosign(draft));
  assert.equal(status, 200, JSON.stringify(value));
}

export class Meeting {
  static async with(village, server, councillor) {
    return Object.assign(new Meeting(), {
      village,
      server,
      councillor,
      peer: await MadePeer.found(),
    });
  }

  get terms() {
    const [villageLow, villageHigh] = [bytesOf(this.village.id), this.peer.id].sort(compare);
    const text = 'Ask before you take.';
    return { villageLow, villageHigh, revision: 1n, kind: 'peer', purpose: 'the bay', text };
  }

  #consentOf(...councillors) {
    const message = termsMessage(this.terms);
    return councillors
      .sort((a, b) => compare(a.id, b.id))
      .map((each) => ({ keyId: each.id, bytes: each.sign(message) }));
  }

  // Signed by this village's councillor; the statement's id.
  async #say(agreement, expectedVersion, member, value = null) {
    const basis = basisOf(await read(this.server, '/v1/checkpoint'));
    const body = { agreement, expectedVersion, step: { member, value } };
    const statement = statementOf(this.village, 'agreement', body, basis);
    const answer = await submit(this.server, this.councillor.draft([statement]));
    assert.equal(answer.status, 200, JSON.stringify(answer.value));
    return idOf(statement);
  }

  async offer() {
    const value = {
      genesis: this.peer.items[0].signedStatement,
      state: this.peer.shows([], ['authority', this.peer.id]),
      terms: { endpoint: '', terms: this.terms, signatures: this.#consentOf(this.councillor) },
    };
    this.agreement = await this.#say(empty, 0n, 'offer', value);
  }

  accept() {
    const theirs = new Guardian('council');
    const both = this.#consentOf(this.councillor, theirs);
    return this.#say(bytesOf(this.agreement), 1n, 'accept', both);
  }

  suspend() {
    return this.#say(bytesOf(this.agreement), 0n, 'suspend');
  }
}
