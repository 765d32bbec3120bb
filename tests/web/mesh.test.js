// SPDX-License-Identifier: AGPL-3.0-or-later

// The verifier, as it is run, and the reader in JavaScript accept the ledgers of villages that have asked
// one another, and refute each of them where one byte of one file is another. HOLDFAST_EXPORTS names a
// directory of exports "export-<village>", HOLDFAST_SAID what the demonstration said that made them, with
// each village's id; HOLDFAST_VERIFY the program.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { parseHex } from '../../api/web/reader/bytes.js';
import { verifyExport } from '../../api/web/reader/export.js';

const all = process.env.HOLDFAST_EXPORTS;
const program = process.env.HOLDFAST_VERIFY;
const said = readFileSync(process.env.HOLDFAST_SAID, 'utf8');
const work = mkdtempSync(join(tmpdir(), 'holdfast-mesh-readers-'));
after(() => rmSync(work, { recursive: true, force: true }));

const verdictOf = (directory, village) =>
  new Promise((resolve) => {
    const words = ['log', directory, '--village', village, '--format', 'json'];
    execFile(program, words, (error, out) => resolve(JSON.parse(out)));
  });
const asRead = (directory, village) =>
  verifyExport(
    async (path) => {
      const file = join(directory, path);
      return existsSync(file) ? new Uint8Array(readFileSync(file)) : null;
    },
    { village: parseHex(village) },
  );

// A file of each kind that an export has, and where in it one bit is turned.
const tampered = [
  ['statements', (bytes) => Math.floor(bytes.length / 2)],
  ['tile/entries', (bytes) => Math.floor(bytes.length / 2)],
  ['changes', (bytes) => Math.floor(bytes.length / 2)],
  ['checkpoint', (bytes) => bytes.length - 20],
];
const firstFile = (directory, below) => {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .map((each) => join(each.parentPath ?? each.path, each.name))
    .filter((path) => path.startsWith(join(directory, below)) && readFileSync(path).length > 40);
  assert.ok(files.length > 0, `no file below ${below}`);
  return files.sort()[0];
};

const names = readdirSync(all).filter((name) => /^export-[a-z]+$/.test(name));
test('There are five.', () => assert.equal(names.length, 5));

for (const name of names)
  test(`${name} is accepted, and refuted with any byte of it changed.`, async () => {
    const directory = join(all, name);
    const village = new RegExp(`log ${name} --village=([0-9a-f]{64})`).exec(said)[1];
    assert.equal((await verdictOf(directory, village)).verdict, 'verified');
    assert.equal((await asRead(directory, village)).outcome, 'verified');
    for (const [below, where] of tampered) {
      const copy = join(work, name);
      rmSync(copy, { recursive: true, force: true });
      cpSync(directory, copy, { recursive: true });
      const file = firstFile(copy, below);
      const bytes = readFileSync(file);
      bytes[where(bytes)] ^= 1;
      writeFileSync(file, bytes);
      assert.equal((await verdictOf(copy, village)).verdict, 'refuted', `verifier, ${below}`);
      assert.equal((await asRead(copy, village)).outcome, 'refuted', `reader, ${below}`);
    }
  });
