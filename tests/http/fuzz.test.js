// SPDX-License-Identifier: AGPL-3.0-or-later

// Thousands of requests that are well-formed and mean ill, from a seed: HOLDFAST_SEED, else the
// same ones each time. The oracle is spec/openapi.yaml: an answer that it does not have is an error,
// and so is 500; and after all of it the log still verifies.
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, test } from 'node:test';
import { ask, kelpBay, read } from './checked.js';
import { operations } from './contract.js';
import { basisOf, bytesOf, recordOf, statementOf } from './guardian.js';

const { village, server, mere, reefs, record, hidden, grant } = await kelpBay();
after(() => village.remove());

const seed = Number(process.env.HOLDFAST_SEED ?? 1);
const requests = Number(process.env.HOLDFAST_REQUESTS ?? 4000);
const atOnce = 8;

// mulberry32
function dice(state) {
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const below = (n) => Math.floor(next() * n);
  return { below, one: (list) => list[below(list.length)], chance: (p) => next() < p };
}

const numbers = [
  '0',
  '1',
  '2',
  '7',
  '8',
  '15',
  '16',
  '17',
  '255',
  '256',
  '257',
  '1000',
  '1001',
  '65535',
  '65536',
  '2147483647',
  '2147483648',
  '4294967295',
  '4294967296',
  '9007199254740993',
  '9223372036854775807',
  '9223372036854775808',
  '18446744073709551615',
  '18446744073709551616',
  '99999999999999999999999999',
  '-0',
  '-1',
  '00',
  '01',
  '1.5',
  '1e3',
  '0x10',
  '+1',
  '',
  '%30',
  '%00',
  '%',
  '%g1',
  '%f0%9f%90%8b',
  'NaN',
  '1,2',
];
const { authorization: token } = await village.ask(
  'access',
  'GET',
  '/checkpoint',
  '--key',
  'kelp-bay',
);
const tiles = [
  '000',
  '001',
  '255',
  '999',
  'x001/000',
  'x000/000',
  'x999/x999/x999/x999/x999/x999/999',
  'x018/x446/x744/x073/x709/x551/615',
  '000.p/1',
  '000.p/7',
  '000.p/8',
  '000.p/255',
  '000.p/256',
  '000.p/0',
  '000.p/-1',
  '000.p/01',
  '000.p',
  '000.p/',
  '.p/1',
  '',
  '0',
  '0000',
  'x',
  'x000',
  'x001/',
  '../0/000',
  '%2e%2e/000',
  '000/..',
  '00a',
  '000.P/1',
  '000%2ep/1',
  '٠٠٠',
];
const classes = [
  'village',
  'slug',
  'record',
  'grant',
  'revocation',
  'foreignGrant',
  'sequence',
  'none',
  'Record',
  '',
  'x'.repeat(300),
  '%00',
];
const ids = [
  record,
  hidden,
  grant,
  village.id,
  'records',
  'reefs',
  'f'.repeat(128),
  '0'.repeat(64),
  'f'.repeat(63),
  'g'.repeat(64),
  'a',
  '-',
  '.',
  '..',
];
const headers = {
  'If-None-Match': ['*', '"1"', '"8"', 'W/"8"', '""', '"', ',,,', '"a", "b"', 'x'.repeat(2000)],
  'Accept-Encoding': [
    'gzip',
    'gzip;q=0',
    'br',
    '*',
    '',
    'gzip,gzip',
    'x'.repeat(2000),
    'deflate, gzip;q=1.0',
  ],
  'Last-Event-ID': ['0', '5', 'x', '18446744073709551615', '-1'],
  'Content-Type': ['application/json', 'text/plain', 'x', 'multipart/form-data; boundary=x'],
  Range: ['bytes=0-1', 'bytes=-1', 'bytes=9999-', 'x'],
  Authorization: ['Holdfast AAAA', 'Basic eDp4', 'Bearer x', token, `${token.slice(0, -4)}AAAA`],
  Origin: ['https://elsewhere.example', 'null'],
  Cookie: ['a=b', 'x'.repeat(4000)],
  Accept: ['*/*', 'text/html', 'x/x;q=2'],
  'X-Forwarded-For': ['127.0.0.1', "' OR 1=1"],
  'X-HTTP-Method-Override': ['DELETE'],
  'If-Match': ['"1"'],
  'If-Modified-Since': ['yesterday'],
  TE: ['trailers'],
  Upgrade: ['h2c'],
  'Max-Forwards': ['0'],
  'Content-Encoding': ['gzip'],
};

const basis = basisOf(await read(server, '/v1/checkpoint'));
const kept = recordOf(village, reefs, mere, { title: 'Fuzzed', body: 'Never.' }, basis);
const revocation = statementOf(
  village,
  'revocation',
  { domain: bytesOf(reefs), grant: bytesOf(grant) },
  basis,
);
const bodies = [
  Buffer.from(JSON.stringify(mere.draft([kept.statement], kept.contents))),
  Buffer.from(mere.signed(kept.statement)),
  Buffer.from(mere.signed(revocation)),
  Buffer.from(JSON.stringify(mere.draft([revocation]))),
  Buffer.from('{}'),
  Buffer.from('[]'),
  Buffer.alloc(0),
  Buffer.from('{"statements":"AAAA"}'),
];

// Changed in a few places: bytes flipped, left out, doubled, exchanged with those of another.
function spoiled({ below, one, chance }) {
  let bytes = Buffer.from(one(bodies));
  for (let times = below(4); times > 0 && bytes.length > 0; --times) {
    const at = below(bytes.length),
      length = below(Math.min(64, bytes.length - at) + 1);
    const piece = chance(0.5)
      ? bytes.subarray(at, at + length)
      : one(bodies).subarray(0, below(64));
    if (chance(0.4)) bytes[at] ^= 1 << below(8);
    else if (chance(0.4))
      bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
    else bytes = Buffer.concat([bytes.subarray(0, at), piece, piece, bytes.subarray(at)]);
  }
  return bytes;
}

function requestFrom(roll) {
  const { below, one, chance } = roll;
  const { path, method, parameters = [] } = one(operations);
  const values = {
    '{level}': [...'0123456789', '-1', 'entries', '٠'],
    '{tile}': tiles,
    '{index}': numbers,
    '{class}': classes,
    '{id}': ids,
    '{statement}': [...numbers, ...ids],
  };
  let target = path.replace(/\{[a-z]+\}/g, (hole) => one(values[hole] ?? [...ids, ...numbers]));
  if (chance(0.1))
    target =
      target.slice(0, below(target.length) + 1) +
      one(['/', '//', '/..', '%2f', '.', 'é', '\\', ';', '/x', '']) +
      target.slice(below(target.length));
  const names = [
    ...parameters.map(({ name }) => name).filter(Boolean),
    'from',
    'to',
    'index',
    'size',
    'limit',
    'x',
    '',
    'from%00',
  ];
  const pairs = Array.from(
    { length: chance(0.6) ? below(4) : 0 },
    () => `${one(names)}${one(['=', '=', '=', '', '=='])}${one(numbers)}`,
  );
  if (pairs.length > 0) target += `?${pairs.join(one(['&', '&', '&&', ';']))}`;
  const chosen = Object.fromEntries(
    Array.from({ length: below(4) }, () => one(Object.keys(headers))).map((name) => [
      name,
      one(headers[name]),
    ]),
  );
  if (chance(0.1)) chosen['If-None-Match'] = '*';
  const verb = chance(0.8)
    ? method.toUpperCase()
    : one(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'SEARCH']);
  const body = verb === 'POST' || chance(0.05) ? spoiled(roll) : undefined;
  return {
    verb,
    target: encodeURI(target).replace(/%25([0-9a-fA-F]{0,2})/g, '%$1'),
    headers: chosen,
    body,
    chunked: body !== undefined && chance(0.3),
  };
}

test(`Of ${requests} hostile requests each gets an answer that the document has (seed ${seed}).`, async () => {
  const agent = new http.Agent({ keepAlive: true, maxSockets: atOnce });
  const roll = dice(seed);
  const seen = new Map();
  let left = requests;
  const worker = async () => {
    while (left-- > 0) {
      const { verb, target, ...options } = requestFrom(roll);
      // A stream has no end to wait for.
      if (verb === 'GET' && /^\/v1\/events(\?|$)/.test(target)) continue;
      // An answer that ends the connection may cut off what is still being sent.
      const answer = await ask(server, verb, target, { ...options, agent }).catch((error) => {
        if (!['ECONNRESET', 'EPIPE'].includes(error.code)) {
          error.message = `${verb} ${target} ${JSON.stringify(options.headers)} ${options.body?.toString('base64').slice(0, 400)}\n${error.message}`;
          throw error;
        }
        return { status: 0 };
      });
      seen.set(answer.status, (seen.get(answer.status) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  agent.destroy();
  assert.ok((seen.get(0) ?? 0) < requests / 20, `${seen.get(0)} connections were cut off`);
  for (const status of [200, 304, 400, 404, 405])
    assert.ok(seen.get(status) > 0, `${status}: ${seen.get(status)}`);
  assert.ok(server.isRunning);
});

test('After all of it the log verifies from its first entry to its last.', async () => {
  const { size } = await read(server, '/v1/checkpoint');
  await village.ask('export', 'exported');
  const verdict = await village.verify('log', village.path('exported'), '--village', village.id);
  assert.equal(verdict.verdict, 'verified', JSON.stringify(verdict));
  assert.ok(size >= Number(basis.basisSize));
});
