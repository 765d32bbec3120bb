// SPDX-License-Identifier: AGPL-3.0-or-later

// Villages that have met, each served by the real program behind a gate of its own.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { request } from '../http/client.js';
import { Village } from '../http/village.js';
import { Gate } from './gate.js';

export const purpose = 'the health of the bay';
const everybody = [];

export async function removeEverybody() {
  for (const each of everybody.splice(0)) {
    await each.gate.close();
    await each.village.remove();
  }
}

export async function until(what, condition, withinMs = 15_000) {
  const late = Date.now() + withinMs;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > late) assert.fail(`${what}: not within ${withinMs / 1000} seconds`);
    await sleep(40);
  }
}

export class Neighbour {
  // With an agent that may act. It is served once start() is called.
  static async settle(name) {
    const neighbour = new Neighbour();
    neighbour.origin = `${name}.invalid/ledger`;
    neighbour.village = await Village.make({ origin: neighbour.origin });
    neighbour.gate = await Gate.open();
    everybody.push(neighbour);
    await neighbour.village.ask('key', 'new', 'speaker', '--no-passphrase');
    await neighbour.village.ask('key', 'agent', 'speaker', '--may=act');
    return neighbour;
  }

  get id() {
    return this.village.id;
  }

  async start() {
    this.server = await this.village.serve();
    this.gate.behind = this.server;
    return this;
  }

  // As a machine that loses its power.
  async kill() {
    this.server.signal('SIGKILL');
    await this.server.ended;
  }

  // Both councils sign; each is reached through its gate, or this one through another.
  async meet(peer, gate = this.gate) {
    await this.invite(peer, gate);
    await this.takeAnswer(peer);
  }

  // The peer accepts, and here nobody has taken in its answer yet.
  async invite(peer, gate = this.gate) {
    const [invitation, acceptance] = [`invitation-${peer.id}`, `acceptance-${this.id}`];
    const terms = ['--purpose', purpose, '--endpoint', gate.url];
    await this.village.ask('peer', 'invite', peer.id, ...terms, '--out', invitation);
    peer.village.write(invitation, this.village.read(invitation));
    const answering = ['--yes', '--answer', acceptance, '--endpoint', peer.gate.url];
    await peer.village.ask('peer', 'accept', invitation, ...answering);
  }

  async takeAnswer(peer) {
    const acceptance = `acceptance-${this.id}`;
    this.village.write(acceptance, peer.village.read(acceptance));
    await this.village.ask('peer', 'accept', acceptance, '--yes');
  }

  async agreementWith(peer) {
    const { agreements } = await this.village.ask('peer', 'list');
    return agreements.find(({ village }) => village === peer.id).agreement;
  }

  // Excerpts by words, as peers may be let ask for them; the shape's id.
  async publishExcerpts() {
    const parameters = ['--parameter=words:text:300', '--items', '3', '--characters', '900'];
    const rest = ['--operation=excerpts', '--title=Excerpts', ...parameters];
    this.shape = await this.village.sequence('shape', 'publish', 'records', ...rest);
  }

  // The grant's id, once the peer knows of it.
  async let(peer) {
    const grant = await this.grantTo(peer);
    await until('told of the grant', async () => (await peer.grants()).includes(grant));
    return grant;
  }

  async grantTo(peer) {
    const agreement = await this.agreementWith(peer);
    const rest = [
      '--domain',
      'records',
      '--shape',
      this.shape,
      '--purpose',
      purpose,
      '--days',
      '9',
    ];
    return this.village.sequence('grant', '--agreement', agreement, '--may', 'query', ...rest);
  }

  async grants() {
    const { grants } = await this.village.ask('ask', '--list');
    return grants.filter(({ state }) => state === 'live').map(({ grant }) => grant);
  }

  // --- asking ---

  // `holdfast ask`, as people run it: {code, told, composition, out, complaint}.
  async ask(peer, words, ...more) {
    const said = ['ask', peer.id, '--shape', 'Excerpts', '--param', `words=${words}`, ...more];
    const { code, out, complaint } = await this.village.run(...said, '--format', 'json');
    const value = out ? JSON.parse(out) : {};
    return { ...value, told: value.told?.[0], code, out, complaint };
  }

  // The same from the server's own socket, of one grant: what one peer told.
  async askUnder(grant, peer, words) {
    const question = { village: peer.id, grant, shape: peer.shape, purpose, arguments: { words } };
    const { status, body } = await request(this.server, 'POST', '/v1/ask', {
      socketPath: this.village.path(this.village.directory, 'run', 'holdfast.sock'),
      body: JSON.stringify({ questions: [question], compose: false }),
      headers: { 'Content-Type': 'application/json' },
    });
    assert.equal(status, 200, body.toString());
    return JSON.parse(body).told[0];
  }

  compositions() {
    return this.village.ask('composition', 'list').then(({ compositions }) => compositions);
  }

  // `holdfast composition show`: {code, error} where it is not shown.
  async show(composition, ...more) {
    const said = ['composition', 'show', composition, ...more, '--format', 'json'];
    const { code, out } = await this.village.run(...said);
    return { ...JSON.parse(out), code };
  }

  // --- what its log says ---

  // The oldest first, without seals: {index, id, kind, statement}.
  async entries() {
    const { entries } = await this.village.ask('log');
    return entries.reverse();
  }

  // Each inference that answers: {index, queryId, grant}.
  async answered() {
    const all = (await this.entries()).filter(({ kind }) => kind === 'inference');
    return all
      .filter(({ statement: { body } }) => body.answered)
      .map(({ index, statement: { body } }) => ({
        index,
        queryId: body.queryId,
        grant: body.grant,
      }));
  }

  // The entry that revoked a grant of its own.
  async revocationOf(grant) {
    const all = await this.entries();
    return all.find(
      ({ kind, statement: { body } }) => kind === 'revocation' && body.grant === grant,
    );
  }

  // Its receipts that acknowledge a revocation of a peer's grant.
  async receiptsOf(grant) {
    const isOne = ({ kind, statement: { body } }) =>
      kind === 'receipt' && body.acknowledges === 'revocation' && body.of === grant;
    return (await this.entries()).filter(isOne);
  }

  async size() {
    return (await this.village.ask('status')).size;
  }

  async metric(outcome) {
    const { body } = await request(this.server, 'GET', '/metrics');
    const line = `^holdfast_envelopes_total\\{outcome="${outcome}"\\} (\\d+)$`;
    return Number(new RegExp(line, 'm').exec(body.toString())[1]);
  }

  async isWell() {
    const { status } = await request(this.server, 'GET', '/healthz');
    return status === 200 && this.server.isRunning;
  }
}

// How much memory its server has ever taken, in bytes. It is found by the village that it serves.
export function memoryPeakOf({ village }) {
  const of = `HOLDFAST_VILLAGE=${village.path(village.directory)}\0`;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      if (!readFileSync(`/proc/${pid}/environ`, 'latin1').includes(of)) continue;
      if (!readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes('\0serve\0')) continue;
      const [, kib] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'));
      return Number(kib) * 1024;
    } catch {
      // It has ended, or is another user's.
    }
  }
  return assert.fail('no server of the village');
}

export const northReef = 'The kelp at the north reef stands thin since the warm summer.';

// A holder with a record about kelp, and those who may ask it, all served: {holder, peers, grants}.
export async function neighbours(...names) {
  const all = await Promise.all(['kelp-bay', ...names].map((name) => Neighbour.settle(name)));
  const [holder, ...peers] = all;
  await holder.village.ask('record', 'add', '--title', 'Winter', '--body', northReef);
  await holder.publishExcerpts();
  for (const peer of peers) await holder.meet(peer);
  await Promise.all(all.map((each) => each.start()));
  const grants = [];
  for (const peer of peers) grants.push(await holder.let(peer));
  return { holder, peers, grants };
}
