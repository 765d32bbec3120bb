// SPDX-License-Identifier: AGPL-3.0-or-later

// An export whose files are something else than files, or never end: nothing waits for them.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { parseHex } from './bytes.js';
import { readerOf } from './directory.js';
import { verifyExport } from './export.js';
import { TooLarge, Unreadable } from './export_files.js';

const vectors = new URL('../../../spec/vectors/exports.json', import.meta.url);
const [{ input }] = JSON.parse(readFileSync(vectors, 'utf8')).vectors;
const village = parseHex(input.village);
const noFiles = process.platform === 'win32' && 'there are no pipes among files';

// What `change` makes of an export, judged.
async function judged(t, change) {
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  for (const [path, bytes] of Object.entries(input.files)) {
    const file = join(directory, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, parseHex(bytes));
  }
  change((path) => join(directory, path));
  return verifyExport(readerOf(directory), { village });
}

const pathIn = (folder) => Object.keys(input.files).find((path) => path.startsWith(folder));
const inPlaceOf = {
  'a pipe': (file) => execFileSync('mkfifo', [file]),
  'a device that never ends': (file) => symlinkSync('/dev/zero', file),
  'a folder': (file) => mkdirSync(file),
  'a link to itself': (file) => symlinkSync(file, file),
};
const folders = ['checkpoint', 'tile/0', 'tile/entries', 'statements', 'changes'];

for (const [what, put] of Object.entries(inPlaceOf)) {
  for (const folder of folders) {
    test(`nobody can tell of ${what} in place of ${folder}`, { skip: noFiles }, async (t) => {
      const path = pathIn(folder);
      const verdict = await judged(t, (fileOf) => {
        rmSync(fileOf(path));
        put(fileOf(path));
      });
      assert.equal(verdict.outcome, 'cannot tell');
      assert.ok(verdict.message.startsWith(path), verdict.message);
    });
  }
}

test('a pipe among openings is no opening that is missing', { skip: noFiles }, async (t) => {
  const path = pathIn('statements').replace('statements', 'openings');
  const verdict = await judged(t, (fileOf) => {
    mkdirSync(dirname(fileOf(path)), { recursive: true });
    execFileSync('mkfifo', [fileOf(path)]);
  });
  assert.equal(verdict.outcome, 'cannot tell');
});

test('a link to a file is as good as the file', { skip: noFiles }, async (t) => {
  const verdict = await judged(t, (fileOf) => {
    renameSync(fileOf('checkpoint'), fileOf('elsewhere'));
    symlinkSync('elsewhere', fileOf('checkpoint'));
  });
  assert.equal(verdict.outcome, 'verified', verdict.message);
});

test('a fault beside a pipe refutes all the same', { skip: noFiles }, async (t) => {
  const verdict = await judged(t, (fileOf) => {
    rmSync(fileOf(pathIn('statements')));
    execFileSync('mkfifo', [fileOf(pathIn('statements'))]);
    const tile = readFileSync(fileOf(pathIn('tile/0')));
    tile[70] ^= 1;
    writeFileSync(fileOf(pathIn('tile/0')), tile);
  });
  assert.equal(verdict.rule, 'EXPORT-2');
});

for (const [folder, outcome] of [
  ['checkpoint', 'refuted'], ['tile/0', 'refuted'], ['tile/entries', 'refuted'],
  ['changes', 'refuted'], ['statements', 'cannot tell'],
]) {
  test(`a file of ${folder} larger than any is not read: ${outcome}`, async (t) => {
    const verdict = await judged(t, (fileOf) => truncateSync(fileOf(pathIn(folder)), 2 ** 34));
    assert.equal(verdict.outcome, outcome, verdict.message);
  });
}

test('no more is read than may be, and nothing of what is not there', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  writeFileSync(join(directory, 'file'), 'seven b');
  const read = readerOf(directory);
  assert.equal((await read('file', 7)).length, 7);
  await assert.rejects(read('file', 6), TooLarge);
  await assert.rejects(read('.', 6), Unreadable);
  assert.equal(await read('nothing', 7), null);
  assert.equal(await read('file/nothing', 7), null);
});
