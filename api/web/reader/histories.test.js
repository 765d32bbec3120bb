// SPDX-License-Identifier: AGPL-3.0-or-later

// Generated histories: HOLDFAST_HISTORIES names a directory of exports, each with an expect.json
// {village, outcome, rule, entry} by the program that made it. The outcome must be the same. Where
// several rules refuse another reader may name another one: of these, differences are counted.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseHex } from './bytes.js';
import { verifyExport } from './export.js';

const all = process.env.HOLDFAST_HISTORIES;

const readerOf = (directory) => async (path) => {
  const file = join(directory, path);
  return existsSync(file) ? new Uint8Array(readFileSync(file)) : null;
};

test('generated histories', { skip: !all && 'HOLDFAST_HISTORIES is not set' }, async (t) => {
  const differ = { rule: [], entry: [] };
  const names = readdirSync(all)
    .filter((name) => existsSync(join(all, name, 'expect.json')))
    .sort();
  assert.ok(names.length > 0, `no history in ${all}`);
  for (const name of names) {
    const directory = join(all, name);
    const want = JSON.parse(readFileSync(join(directory, 'expect.json'), 'utf8'));
    const found = await verifyExport(readerOf(directory), { village: parseHex(want.village) });
    for (const what of ['rule', 'entry']) {
      if ((found[what] ?? null) !== (want[what] ?? null)) {
        differ[what].push(`${name}: ${found[what]}, want ${want[what]}`);
      }
    }
    await t.test(name, () => assert.equal(found.outcome, want.outcome, found.message));
  }
  for (const [what, list] of Object.entries(differ)) {
    t.diagnostic(`${list.length} of ${names.length} name another ${what}`);
    list.slice(0, 16).forEach((line) => t.diagnostic(line));
  }
});
