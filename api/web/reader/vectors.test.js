// SPDX-License-Identifier: AGPL-3.0-or-later

// Every vector of every file of spec/vectors: whether to accept and what is computed must agree;
// so must "unknown version", and the code and rule of each other refusal.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { answerTo, judgeOf } from './vectors.js';

const folder = fileURLToPath(new URL('../../../spec/vectors/', import.meta.url));

// Integers of 64 bits become decimal text: JSON.parse would round them. They stand at the end of a
// line, where no text of JSON reaches over lines.
function readVectors(file) {
  const text = readFileSync(folder + file, 'utf8').replace(/(: |^ +)(\d{16,})(,?)$/gm, '$1"$2"$3');
  const { format, vectors } = JSON.parse(text);
  assert.equal(format, 'holdfast/vectors/v1');
  return vectors;
}

// As the files spell it: numbers as JSON has them, decimal text where readVectors made some.
const plainly = (answer) =>
  JSON.parse(
    JSON.stringify(answer, (_, value) =>
      typeof value !== 'bigint' ? value : value < 10n ** 15n ? Number(value) : `${value}`,
    ),
  );

for (const file of readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .sort()) {
  test(file, async (t) => {
    const vectors = readVectors(file);
    const judge = judgeOf(file, vectors);
    assert.ok(judge, 'no judge for this file');
    for (const { name, input, expect } of vectors) {
      const said = expect.steps ?? expect;
      const answer = expect.steps ? judge(input) : answerTo(() => judge(input));
      await t.test(name, async () => assert.deepEqual(plainly(await answer), said));
    }
  });
}
