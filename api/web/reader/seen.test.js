// SPDX-License-Identifier: AGPL-3.0-or-later

// The program, told which checkpoint was verified before: exit codes and what it says.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { base64, parseHex } from './bytes.js';

const program = fileURLToPath(new URL('verify-export.js', import.meta.url));
const vectors = new URL('../../../spec/vectors/exports.json', import.meta.url);
const [{ input }] = JSON.parse(readFileSync(vectors, 'utf8')).vectors;

const directory = mkdtempSync(join(tmpdir(), 'holdfast-'));
after(() => rmSync(directory, { recursive: true, force: true }));
for (const [path, bytes] of Object.entries(input.files)) {
  mkdirSync(dirname(join(directory, path)), { recursive: true });
  writeFileSync(join(directory, path), parseHex(bytes));
}
const checkpoint = readFileSync(join(directory, 'checkpoint'), 'utf8');

const isSaid = (code, pattern, ...words) => {
  const village = `--village=${input.village}`;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [program, directory, village, ...words],
    { encoding: 'utf8' },
  );
  assert.equal(status, code, stdout + stderr);
  assert.match(stdout + stderr, pattern);
};
const seen = (text) => {
  const file = join(directory, 'seen');
  writeFileSync(file, text);
  return `--seen=${file}`;
};

test('a log that goes on from what was seen is verified', () => {
  isSaid(0, /^verified: 24 entries/, seen(checkpoint));
});

test('another root at the same size is refuted', () => {
  const [, , root] = checkpoint.split('\n');
  const other = checkpoint.replace(root, base64(new Uint8Array(32).fill(7)));
  isSaid(1, /^refuted: \[EXPORT-6\] .*size 24/, seen(other));
});

test('of a log that is smaller than what was seen nobody can tell', () => {
  isSaid(2, /^cannot tell: \[EXPORT-6\] .*\b24\b.*\b26\b/, seen(checkpoint.replace('24', '26')));
});

test('what was seen and is no checkpoint is nothing to hold a log to', () => {
  isSaid(2, /NOTE-1/, seen('a checkpoint'));
  isSaid(2, /no such file/, `--seen=${join(directory, 'none')}`);
  isSaid(2, /^cannot tell: /, seen('x'.repeat(1 << 17)));
});
