// SPDX-License-Identifier: AGPL-3.0-or-later

// What was asked and what was answered is in no file of either village in clear, and in no line of
// their logs: neither while they run nor after they were stopped or killed.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { neighbours, purpose, removeEverybody } from './neighbours.js';

const { holder, peers } = await neighbours('reef-clinic');
const [asker] = peers;
after(removeEverybody);

const title = 'Quillback by the lantern cove';
const told = 'Ember cuttlefish rested under the copper kelp at neap tide.';
const asked = 'copper kelp where the harbour seals sang twice';
const secrets = [title, told, asked, 'Ember cuttlefish', 'lantern cove', 'seals sang'];

// A text as it may stand in a file: plain, in two bytes a character, in hex, and in base64 wherever
// it begins in a group of three.
const formsOf = (text) => {
  const bytes = Buffer.from(text);
  const base64 = [0, 1, 2].map((shift) => {
    const all = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
    return all.slice(shift === 0 ? 0 : 4, -4).replace(/=+$/, '');
  });
  const hex = bytes.toString('hex');
  return [
    bytes,
    Buffer.from(text, 'utf16le'),
    ...[hex, hex.toUpperCase(), ...base64].map((x) => Buffer.from(x)),
  ];
};

// {file, form} of each place where one of the texts stands below a village's sandbox, and in its log.
function placesOf(neighbour, texts) {
  const root = neighbour.village.path('.');
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((each) =>
    each.isFile(),
  );
  const all = files.map((each) => [each.name, readFileSync(join(each.path, each.name))]);
  all.push([
    'log',
    Buffer.from(neighbour.server.log.map((line) => JSON.stringify(line)).join('\n')),
  ]);
  assert.ok(all.length > 8, `${all.length} files`);
  const places = [];
  for (const text of texts)
    for (const form of formsOf(text))
      for (const [file, bytes] of all) if (bytes.includes(form)) places.push({ text, file });
  return places;
}

const nothingStands = () => {
  for (const each of [holder, asker]) assert.deepEqual(placesOf(each, secrets), []);
};

test('What is plain by its nature is found, so that what is not found is not there.', () => {
  for (const each of [holder, asker])
    assert.ok(placesOf(each, [purpose]).some(({ file }) => file === 'data.mdb'));
  assert.ok(placesOf(holder, ['peers are answered']).some(({ file }) => file === 'log'));
  holder.village.write('in-base64', Buffer.from(`x${told}`).toString('base64'));
  assert.deepEqual(
    placesOf(holder, secrets)
      .map(({ file }) => file)
      .at(0),
    'in-base64',
  );
  holder.village.write('in-base64', '');
});

test('Neither question nor answer is in any file or log line, while both villages run.', async () => {
  await holder.village.ask('record', 'add', '--title', title, '--body', told);
  const said = await asker.ask(holder, asked);
  assert.equal(said.code, 0, said.out);
  assert.ok(
    said.told.answer.parts.some(({ text }) => text === told),
    said.out,
  );
  nothingStands();
  // It is kept all the same, for the asker's people.
  const shown = await asker.village.ask('composition', 'show', said.composition);
  assert.ok(shown.answers[0].parts.some(({ text }) => text === told));
  nothingStands();
});

test('Nor what was refused, by whom it may be asked or by how.', async () => {
  // By the asker itself, before anything is sent; and by the holder, under a purpose of its own.
  const shape = ['--shape', 'Excerpts', '--param', `words=${asked}`, '--param', `other=${asked}`];
  const { code, out } = await asker.village.run('ask', holder.id, ...shape, '--format', 'json');
  assert.equal(JSON.parse(out).error.rule, 'ASK-1', out);
  assert.notEqual(code, 0);
  nothingStands();
  nothingStands();
});

test('Nor after one was stopped and the other killed, nor once they run again.', async () => {
  await asker.server.stop();
  await asker.ask(holder, asked);
  await holder.kill();
  nothingStands();
  await holder.start();
  await asker.start();
  const { code } = await asker.ask(holder, asked);
  assert.equal(code, 0);
  nothingStands();
});
