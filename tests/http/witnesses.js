// SPDX-License-Identifier: AGPL-3.0-or-later

// A village among others that are its witnesses, all of them served over real sockets.
import { read } from './checked.js';
import { Village } from './village.js';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const everybody = [];
export async function make(name) {
  const village = await Village.make({ origin: `${name}.invalid/ledger` });
  everybody.push(village);
  return village;
}
export async function removeEverybody() {
  for (const village of everybody.splice(0)) await village.remove();
}

// A village that cosigns for `log`. Once it has been served, `line` is what a policy says of it.
class Witness {
  constructor(name, village) {
    Object.assign(this, { name, village });
  }

  // At the same address each time.
  async start() {
    const at = this.port ? ['--listen', `127.0.0.1:${this.port}`] : [];
    this.server = await this.village.serve(...at);
    this.port = this.server.port;
    this.key = this.server.log.find(({ event }) => event === 'witnessing').as;
    return this;
  }

  stop() {
    return this.server.stop();
  }

  get line() {
    return `witness ${this.name} ${this.key} http://127.0.0.1:${this.port}/witness\n`;
  }
}

export async function makeWitness(name, log) {
  const village = await make(name);
  village.configureKey('witness', 'logs', JSON.stringify([log.vkey]));
  return new Witness(name, village).start();
}

// So many of the witnesses, which have names and lines, are enough for the log.
export function setPolicy(log, witnesses, quorum) {
  const lines = witnesses.map(({ line }) => line).join('');
  const names = witnesses.map(({ name }) => name).join(' ');
  const group = `group enough ${quorum} ${names}\nquorum enough\n`;
  log.write(`${log.directory}/witnesses.policy`, `log ${log.vkey}\n${lines}${group}`);
  log.configureKey('witness', 'policy', '"witnesses.policy"');
}
export const policyOf = (log) => log.path(log.directory, 'witnesses.policy');

// A village with witnesses of these names, of which two, or all where there are fewer, are enough.
export async function among(...names) {
  const log = await make('kelp-bay');
  const witnesses = [];
  for (const name of names) witnesses.push(await makeWitness(name, log));
  setPolicy(log, witnesses, Math.min(2, names.length));
  return { log, witnesses };
}

export async function until(what, condition) {
  for (let tries = 0; tries < 400; ++tries) {
    const value = await condition();
    if (value) return value;
    await sleep(50);
  }
  return assert.fail(`${what}: not within 20 seconds`);
}

export const parts = (server) => read(server, '/v1/checkpoint');
// What is witnessed, once that is all of the log by so many witnesses.
export const allWitnessed = (server, by = 1) =>
  until(`witnessed by ${by}`, async () => {
    const { witnessed } = await parts(server);
    return witnessed.behind === 0 && witnessed.witnesses.length >= by && witnessed;
  });

export const anchorOf = (village) => village.path('state', 'holdfast', 'anchors', village.id);
export const overridesOf = (village) =>
  readFileSync(village.path(village.directory, 'run', 'overrides'), 'utf8');
