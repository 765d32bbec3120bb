// SPDX-License-Identifier: AGPL-3.0-or-later

// The commands of the documents run as they stand against a real server: what is marked "sh example",
// in order. What they say that they print is printed.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, test } from 'node:test';
import { Village } from './village.js';

const examplesOf = (document) => {
  const text = readFileSync(new URL(`../../${document}`, import.meta.url), 'utf8');
  const blocks = [...text.matchAll(/^```sh example\n(.*?)^```$/gms)].map(([, block]) => block);
  assert.ok(blocks.length > 0, document);
  return blocks.join('');
};

let village, server, grant;
const auditor = 'auditor';

// As the worked example has it: entries 4, 6 and 8 are a record, a grant to audit and its revocation.
beforeEach(async () => {
  village = await Village.make();
  await village.addRecord('Low tide');
  const { publicKey } = await village.ask('key', 'new', auditor, '--no-passphrase');
  const granting = ['grant', '--auditor', publicKey, '--purpose', 'yearly audit'];
  grant = await village.sequence(...granting);
  await village.ask('revoke', grant);
  server = await village.serve();
});
afterEach(() => village.remove());

// Those who run them have these from the village's people.
const run = async (document, more = {}) => {
  const known = { at: server.url.origin, id: village.id, vkey: village.vkey, grant, ...more };
  const given = Object.entries(known).map(([name, value]) => `${name}='${value}'\n`);
  const commands = examplesOf(document).replaceAll('http://127.0.0.1:8462', server.url.origin);
  const { code, out, complaint } = await village.script(given.join('') + commands);
  assert.equal(code, 0, `${document}\n${out}\n${complaint}`);
  const said = [...commands.matchAll(/# VERIFIED: (.*)$/gm)].flatMap(([, words]) => words.split(', '));
  for (const words of said)
    assert.match(out, new RegExp(words.replaceAll(' ', ' +')), `${document}: ${words}`);
  return out;
};

test('Those of spec/http.md: a checkpoint, two proofs that are checked, and a submission.', async () => {
  await village.draft('tide', 'record', 'add', '--title', 'High tide', '--body', 'At noon.');
  const out = await run('spec/http.md');
  assert.ok(out.startsWith(`${village.origin}\n10\n`), out);
  const answer = JSON.parse(out.slice(out.lastIndexOf('\n{')));
  assert.equal(out.match(/^VERIFIED/gm).length, 2, out);
  assert.equal(answer.statements[0].index, 10);
  assert.equal(answer.statements[0].knownAlready, false);
});

test('Those of docs/serving.md: proofs that need no server, and what a token shows.', async () => {
  const { keys } = await village.ask('key', 'list');
  const { publicKey } = keys.find(({ name }) => name === auditor);
  const granting = ['grant', '--auditor', publicKey, '--purpose', 'another audit'];
  const live = await village.sequence(...granting);
  await village.addRecord('Council minutes', '--visibility', 'guardians');
  const out = await run('docs/serving.md', { grant: live });
  assert.equal(out.match(/^VERIFIED/gm).length, 2, out);
  assert.match(out, /"visibility": "guardians"/);
});
