// SPDX-License-Identifier: AGPL-3.0-or-later

// The tables name the fields of the files in spec/schema, all of them and in their order: a field
// left out would move those behind it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { bytesAtMost, decode, encode } from './codec.js';
import { layouts } from './schema.js';

const text = ['holdfast.capnp', 'envelope.capnp']
  .map((file) => readFileSync(new URL(`../../../spec/schema/${file}`, import.meta.url), 'utf8'))
  .join('')
  .replace(/\s*#.*$/gm, '')
  .replaceAll('Ledger.', '');

const enums = new Map();
for (const [, name, body] of text.matchAll(/^enum (\w+) \{([^}]*)\}/gm)) {
  enums.set(name, [...body.matchAll(/(\w+) @\d+;/g)].map(([, member]) => member));
}

const plainTypes = {
  Void: 'void', Bool: 'bool', UInt16: 'u16', UInt32: 'u32', UInt64: 'u64', Int64: 'i64',
  Text: 'text', Data: 'data',
};

function typeNamed(name) {
  const of = name.match(/^List\((\w+)\)$/);
  if (of) return `list of ${typeNamed(of[1])}`;
  if (enums.has(name)) return `enum ${enums.get(name)}`;
  return plainTypes[name] ?? `struct ${name}`;
}

function typeOf(type) {
  if (type.is === 'list') return `list of ${typeOf(type.of)}`;
  if (type.is === 'enum') return `enum ${type.names}`;
  return type.is === 'struct' ? `struct ${type.name}` : type.is;
}

// The fields of a struct of the schema, those of a union with its name in front; `of`, where it has
// none.
function fieldsOf(body) {
  const fields = [];
  const rest = body.replace(/(?:(\w+) :)?union \{([^}]*)\}/g, (_, union = 'of', members) => {
    for (const [, name, number, type] of members.matchAll(/(\w+) @(\d+) :([\w()]+);/g)) {
      fields.push([Number(number), `${union}.${name}`, typeNamed(type)]);
    }
    return '';
  });
  for (const [, name, number, type] of rest.matchAll(/(\w+) @(\d+) :([\w()]+);/g)) {
    fields.push([Number(number), name, typeNamed(type)]);
  }
  return fields.sort(([a], [b]) => a - b).map(([, name, type]) => `${name}: ${type}`);
}

const structs = new Map();
for (const [, name, body] of text.matchAll(/^struct (\w+) \{\n(.*?)^\}/gms)) {
  structs.set(name, fieldsOf(body));
}

for (const [name, { fields }] of Object.entries(layouts)) {
  test(name, () => {
    const found = fields.flatMap((field) =>
      field.members
        ? field.members.map((member) => ({ ...member, name: `${field.name}.${member.name}` }))
        : [field],
    );
    const said = found.map((field) => `${field.name}: ${typeOf(field.type)}`);
    assert.deepEqual(said, structs.get(name));
  });
}

// What a village's own program never writes, a peer may show.
test('a detail of an inference has a commitment or a reason', () => {
  const id = new Uint8Array(32).fill(1), none = new Uint8Array(0);
  const read = (commitment, reason) =>
    decode('InferenceDetail', encode('InferenceDetail', {
      agreement: id, grant: none, queryId: new Uint8Array(16), commitment, reason,
    }), bytesAtMost.detail);
  assert.equal(read(none, 'no').reason, 'no');
  assert.equal(read(id, '').commitment.length, 32);
  assert.throws(() => read(id, 'no'), { rule: 'BOUND-4' });
  assert.throws(() => read(none, ''), { rule: 'BOUND-4' });
});

test('a day of use is one that a time can fall on', () => {
  const type = layouts.GrantDetail.fields.find(({ name }) => name === 'day').type;
  assert.equal(type, layouts.SteeringDetail.fields.find(({ name }) => name === 'day').type);
  assert.deepEqual([type.min, type.max], [0n, (2n ** 40n - 1n) / 86400n]);
});

test('every struct of the schema has its table', () => {
  assert.deepEqual(Object.keys(layouts).sort(), [...structs.keys()].sort());
});
