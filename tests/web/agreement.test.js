// SPDX-License-Identifier: AGPL-3.0-or-later

// The verifier, as it is run, and the reader in JavaScript say the same of generated histories, and
// what who made them says: outcome, rule and entry. HOLDFAST_HISTORIES names a directory of exports,
// each with an expect.json; HOLDFAST_VERIFY the program.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseHex } from '../../api/web/reader/bytes.js';
import { verifyExport } from '../../api/web/reader/export.js';

const all = process.env.HOLDFAST_HISTORIES;
const program = process.env.HOLDFAST_VERIFY;
const exits = { verified: 0, refuted: 1, 'cannot tell': 2 };
const rulesAtLeast = 130;

const readerOf = (directory) => async (path) => {
  const file = join(directory, path);
  return existsSync(file) ? new Uint8Array(readFileSync(file)) : null;
};

const asRead = async (directory, village) => {
  const { outcome, rule, entry } = await verifyExport(readerOf(directory), {
    village: parseHex(village),
  });
  return { outcome, rule: rule ?? null, entry: entry ?? null };
};

const asVerified = (directory, village) =>
  new Promise((resolve, reject) => {
    const words = ['log', directory, '--village', village, '--format', 'json', '--jobs', '1'];
    execFile(program, words, (error, out, complaint) => {
      const code = error ? error.code : 0;
      try {
        const { verdict, entry, error: refusal } = JSON.parse(out);
        assert.equal(code, exits[verdict], `exit status of "${verdict}"`);
        resolve({ outcome: verdict, rule: refusal?.rule ?? null, entry: entry ?? null });
      } catch (wrong) {
        reject(new Error(`${program}: ${code}: ${complaint}`, { cause: wrong }));
      }
    });
  });

test('generated histories', async (t) => {
  const names = readdirSync(all).filter((name) => existsSync(join(all, name, 'expect.json')));
  const rules = new Set();
  let verified = 0;
  for (const name of names.sort((a, b) => a - b)) {
    const directory = join(all, name);
    const { village, ...want } = JSON.parse(readFileSync(join(directory, 'expect.json'), 'utf8'));
    if (want.rule) rules.add(want.rule);
    if (want.outcome === 'verified') ++verified;
    await t.test(`${name}: ${want.outcome} ${want.rule ?? ''}`, async () => {
      const program = asVerified(directory, village);
      assert.deepEqual(await asRead(directory, village), want, 'the reader');
      assert.deepEqual(await program, want, 'holdfast-verify');
    });
  }
  // Or the histories are not those that this is about.
  assert.ok(names.length >= 100 && verified >= 50, `${names.length} histories`);
  assert.ok(rules.size >= rulesAtLeast, `${rules.size} rules broken`);
  t.diagnostic(`${names.length} histories, ${verified} lawful, ${rules.size} rules broken`);
});
