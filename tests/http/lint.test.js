// SPDX-License-Identifier: AGPL-3.0-or-later

// spec/openapi.yaml is a good OpenAPI document: every rule of the linter's strict set, examples
// included.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createConfig, lint } from '@redocly/openapi-core';
import { document, file, operations } from './contract.js';

const rules = {
  // The one server that the document can know is on the reader's own machine.
  'no-server-example.com': 'off',
  // /tile/entries/{tile} is no tile of a level: levels are single digits.
  'no-ambiguous-paths': 'off',
  // It does not look into extensions; the test below does.
  'no-unused-components': 'off',
  'operation-operationId': 'error',
  'operation-description': 'error',
  'no-invalid-media-type-examples': { severity: 'error', allowAdditionalProperties: false },
  'no-invalid-parameter-examples': { severity: 'error', allowAdditionalProperties: false },
  'no-invalid-schema-examples': { severity: 'error', allowAdditionalProperties: false },
};

test('The document passes the linter.', async () => {
  const config = await createConfig({ extends: ['recommended-strict'], rules });
  const problems = await lint({ ref: fileURLToPath(file), config });
  const said = problems.map(
    ({ ruleId, message, location: [at] }) => `${ruleId}: ${message} ${at?.pointer}`,
  );
  assert.deepEqual(said, []);
});

test('Every object of the document says which members it has.', () => {
  const open = [];
  const walk = (value, place) => {
    if (value === null || typeof value !== 'object') return;
    const isStrict = value.additionalProperties !== undefined || place.endsWith('/properties/body');
    if (value.type === 'object' && !isStrict) open.push(place);
    for (const [name, inner] of Object.entries(value)) walk(inner, `${place}/${name}`);
  };
  walk(document.components.schemas, '');
  assert.deepEqual(open, []);
});

test('Every component of the document is used.', () => {
  const used = new Set();
  const walk = (value) => {
    if (value === null || typeof value !== 'object') return;
    if (typeof value.$ref === 'string') used.add(value.$ref);
    Object.values(value).forEach(walk);
  };
  walk(document);
  const { securitySchemes, ...rest } = document.components;
  assert.deepEqual(Object.keys(securitySchemes), Object.keys(document.security[1]));
  const all = Object.entries(rest).flatMap(([kind, each]) =>
    Object.keys(each).map((name) => `#/components/${kind}/${name}`),
  );
  assert.deepEqual(
    all.filter((ref) => !used.has(ref)),
    [],
  );
});

test('Every operation says what it answers to what it does not understand.', () => {
  for (const { operationId, responses } of operations) {
    assert.ok(responses[400], `${operationId} has no 400`);
    assert.ok(responses.default, `${operationId} has no default`);
  }
});
