// SPDX-License-Identifier: AGPL-3.0-or-later

// What spec/openapi.yaml says of a response, and whether that is so. Strict: a path, a method, a
// status, a header or a media type that does not stand there is an error.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';

export const file = new URL('../../spec/openapi.yaml', import.meta.url);
export const document = parse(readFileSync(file, 'utf8'));

const ajv = new Ajv2020({ strict: false, allErrors: true, validateSchema: false });
addFormats(ajv);
ajv.addSchema(document, 'openapi');

// Of every message, whatever it is about.
const ofHttp = [
  'server',
  'date',
  'connection',
  'keep-alive',
  'content-length',
  'content-type',
  'transfer-encoding',
];

const escaped = (part) =>
  encodeURIComponent(String(part).replaceAll('~', '~0').replaceAll('/', '~1'));

// The value behind references, and where it stands.
function find(...place) {
  let value = document;
  for (const part of place) value = value?.[part];
  if (value?.$ref === undefined) return { value, place };
  const parts = value.$ref
    .slice(2)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  return find(...parts);
}

const validators = new Map();
function check(place, value, what) {
  const ref = `openapi#/${place.map(escaped).join('/')}`;
  if (!validators.has(ref)) validators.set(ref, ajv.compile({ $ref: ref }));
  const validate = validators.get(ref);
  if (validate(value)) return;
  const why = validate.errors.map(
    (e) => `${e.instancePath} ${e.message} ${JSON.stringify(e.params)}`,
  );
  assert.fail(`${what}\n${why.slice(0, 8).join('\n')}\n${JSON.stringify(value)?.slice(0, 2000)}`);
}

// --- which operation it is ---

// A {tile} has slashes, and whatever is below /tile/ is asked for as one.
const asPattern = (path) =>
  new RegExp(
    `^${path
      .replace('{level}/{tile}', '{tile}')
      .replace('{tile}', '.+')
      .replace(/\{[a-z]+\}/g, '[^/]+')}$`,
  );
const paths = Object.keys(document.paths)
  .map((path) => ({ path, pattern: asPattern(path) }))
  .sort(
    (a, b) => a.path.split('{').length - b.path.split('{').length || b.path.length - a.path.length,
  );

// Also where a path stands twice, with other methods.
function operationOf(method, target) {
  const [path] = target.split('?');
  const fitting = paths.filter(({ pattern }) => pattern.test(path));
  if (fitting.length === 0) return { place: ['x-every-path', 'elsewhere'], status: 404 };
  if (method === 'OPTIONS') return { place: ['x-every-path', 'options'], status: 204 };
  const wanted = method === 'HEAD' ? 'get' : method.toLowerCase();
  const found = fitting.find(({ path: each }) => document.paths[each][wanted]);
  if (!found) return { place: ['x-every-path', 'otherMethods'], status: 405 };
  return { place: ['paths', found.path, wanted] };
}

// --- what was seen ---

const seen = new Set();
export const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({ path, method, ...operation })),
);
// Operations and statuses of the document that no response was checked against, "getTile 503".
export const neverSeen = () =>
  operations
    .flatMap(({ operationId, responses }) =>
      Object.keys(responses).map((status) => `${operationId} ${status}`),
    )
    .filter((each) => !each.endsWith(' default') && !seen.has(each));

// --- responses ---

function placeOfResponse(method, target, status) {
  const { place, status: only } = operationOf(method, target);
  if (only !== undefined && status === only) return place;
  if (only !== undefined) {
    const anyhow = find('components', 'responses', 'NoRequest').value['x-statuses'];
    assert.ok(anyhow.includes(status), `${method} ${target}: status ${status}, want ${only}`);
    return ['components', 'responses', 'NoRequest'];
  }
  const { operationId, responses } = find(...place).value;
  if (responses[status] !== undefined) {
    seen.add(`${operationId} ${status}`);
    return [...place, 'responses', String(status)];
  }
  const anyhow = find(...place, 'responses', 'default').value?.['x-statuses'] ?? [];
  assert.ok(
    anyhow.includes(status),
    `${method} ${target}: status ${status} is not in the document`,
  );
  return [...place, 'responses', 'default'];
}

// `response`: {status, headers, body}. Gives the body as the media type has it: an object of JSON,
// text, or bytes.
export function checkResponse(method, target, { status, headers, body }) {
  const what = `${method} ${target} ${status}`;
  const { value: said, place } = find(...placeOfResponse(method, target, status));
  for (const name of Object.keys(said.headers ?? {})) {
    const header = find(...place, 'headers', name);
    const found = headers[name.toLowerCase()];
    if (found === undefined) assert.ok(!header.value.required, `${what}: no header ${name}`);
    else check([...header.place, 'schema'], found, `${what}: header ${name}`);
  }
  const known = [...ofHttp, ...Object.keys(said.headers ?? {}).map((name) => name.toLowerCase())];
  for (const name of Object.keys(headers))
    assert.ok(known.includes(name), `${what}: header ${name} is not in the document`);
  if (said.content === undefined) {
    assert.equal(body.length, 0, `${what}: a body`);
    return null;
  }
  const type = headers['content-type'];
  assert.ok(said.content[type], `${what}: media type ${type} is not in the document`);
  if (method === 'HEAD') {
    assert.equal(body.length, 0, `${what}: a body`);
    return null;
  }
  const bytes = headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
  const schema = [...place, 'content', type, 'schema'];
  if (type === 'text/event-stream') return bytes;
  if (type === 'application/octet-stream') {
    check(schema, bytes.toString('latin1'), what);
    return bytes;
  }
  const text = bytes.toString('utf8');
  if (!type.endsWith('json')) {
    check(schema, text, what);
    return text;
  }
  assert.match(text, /^[\n -~]*$/, `${what}: only ASCII`);
  const json = JSON.parse(text);
  check(schema, json, what);
  if (json.type === 'about:blank') assert.equal(json.status, status, `${what}: its member status`);
  return json;
}

export const checkSchema = (name, value) =>
  check(['components', 'schemas', name], value, `a ${name}`);
