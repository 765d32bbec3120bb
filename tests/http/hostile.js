// SPDX-License-Identifier: AGPL-3.0-or-later

// Bytes that no honest client sends, and what may become of them.
import assert from 'node:assert/strict';
import { read } from './checked.js';
import { exchange } from './client.js';
import { checkSchema } from './contract.js';

export const head = (...lines) => lines.join('\r\n') + '\r\n\r\n';
export const next = head('GET /checkpoint HTTP/1.1', 'Host: next');
export const post = (...lines) => head('POST /add HTTP/1.1', 'Host: x', ...lines);

export async function survives(server) {
  assert.ok(server.isRunning, 'the server has ended');
  assert.equal((await read(server, '/healthz')).status, 'ok');
}

// The statuses that come back must be one of the lists `allowed`; none is ever 500.
export async function expectStatuses(server, bytes, ...allowed) {
  const enough = Math.max(...allowed.map((each) => each.length)) || Infinity;
  const { responses, ended } = await exchange(server.port, bytes, { enough, quietMs: 400 });
  const found = responses.map(({ status }) => status);
  const sent = JSON.stringify(bytes.toString('latin1').slice(0, 300));
  const what = `${sent}: ${found} ${ended ? 'and closed' : ''}`;
  assert.ok(!found.includes(500), what);
  const isAllowed = allowed.some((each) => JSON.stringify(each) === JSON.stringify(found));
  assert.ok(isAllowed, `${what}, want ${allowed.map((each) => `[${each}]`).join(' or ')}`);
  const refusal = responses.at(-1);
  if (refusal && refusal.status >= 400) {
    assert.equal(refusal.headers['content-type'], 'application/problem+json', what);
    const problem = JSON.parse(refusal.body.toString());
    checkSchema('Problem', problem);
    assert.equal(problem.status, refusal.status);
  }
  return responses;
}

// Of requests that two readers could take for different ones, the first is refused and nothing that
// stands behind it is answered.
export async function isRefused(server, bytes, ...more) {
  await expectStatuses(server, bytes + next, [400], ...more);
  await survives(server);
}
