// SPDX-License-Identifier: AGPL-3.0-or-later

// Two villages that have met, each served over real sockets behind a door that sees what passes.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import http from 'node:http';
import { request } from './client.js';
import { Village } from './village.js';

export const purpose = 'the health of the bay';

// The address that an agreement has of a village. What comes is handed to the village's server, and
// kept in `letters` with what that answered, the oldest first. While it is shut, nobody is there.
class Door {
  letters = [];
  isShut = false;
  #server;

  static async open() {
    const door = new Door();
    door.#server = http.createServer((message, response) => door.#pass(message, response));
    door.#server.listen(0, '127.0.0.1');
    await once(door.#server, 'listening');
    door.address = `http://127.0.0.1:${door.#server.address().port}`;
    return door;
  }

  async #pass(message, response) {
    if (this.isShut) return message.destroy();
    const parts = [];
    for await (const part of message) parts.push(part);
    const sent = Buffer.concat(parts);
    const { method, url, headers } = message;
    const type = { 'Content-Type': headers['content-type'] };
    const handed = request(this.to, method, url, { headers: type, body: sent });
    const reply = await handed.catch(() => null);
    if (reply === null) return message.destroy();
    this.letters.push({ method, path: url, sent, reply });
    const { 'content-type': contentType } = reply.headers;
    response.writeHead(reply.status, contentType && { 'Content-Type': contentType });
    response.end(reply.body);
  }

  close() {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

// With an agent that may act, and a door.
async function makeNeighbour(name) {
  const village = await Village.make({ origin: `${name}.invalid/ledger` });
  await village.ask('key', 'new', 'speaker', '--no-passphrase');
  await village.ask('key', 'agent', 'speaker', '--may=act');
  return { village, door: await Door.open() };
}

async function meet(asker, holder) {
  const invitation = holder.village.path('invitation');
  const answer = asker.village.path('answer');
  await holder.village.ask(
    ...['peer', 'invite', asker.village.id, '--purpose', purpose],
    ...['--endpoint', holder.door.address, '--out', invitation],
  );
  await asker.village.ask(
    ...['peer', 'accept', invitation, '--yes', '--answer', answer],
    ...['--endpoint', asker.door.address],
  );
  await holder.village.ask('peer', 'accept', answer, '--yes');
}

// What the holder keeps: visits for two reasons, of one of them too few to be told of.
async function keepVisits(village) {
  const visit = (reason, i) => {
    const season = i % 2 === 0 ? 'summer' : 'winter';
    return { title: 'Visit', body: `A visit in ${season} for ${reason}.`, reason, season };
  };
  const visits = Array.from({ length: 12 }, (_, i) => visit('asthma', i));
  visits.push(visit('scurvy', 0));
  mkdirSync(village.path('documents'));
  village.write(
    'documents/visits.jsonl',
    visits.map((each) => `${JSON.stringify(each)}\n`).join(''),
  );
  const terms = ['--policy', 'read,train', '--tikanga', 'Say whose words.'];
  await village.ask('import', 'documents', ...terms);
}

async function publishShapes(village) {
  const shapes = {};
  const parameters = {
    exists: ['season:choice:summer,winter'],
    count: ['reason:text:40', 'season:choice:summer,winter'],
    histogram: ['by:choice:season'],
    excerpts: ['words:text:100'],
    answer: ['question:text:200'],
  };
  for (const [operation, each] of Object.entries(parameters))
    shapes[operation] = await village.sequence(
      ...['shape', 'publish', 'records', `--operation=${operation}`, `--title=${operation}`],
      ...each.map((parameter) => `--parameter=${parameter}`),
      ...(['count', 'histogram'].includes(operation) ? ['--minimum-cell=5'] : []),
    );
  return shapes;
}

// `asker` has a grant of `holder`'s to ask in each of its `shapes`, and has been told of it.
// `before` is the holder as it was when it had met nobody.
export async function peers() {
  const making = ['kelp-bay', 'reef-clinic'].map(makeNeighbour);
  const [asker, holder] = await Promise.all(making);
  const before = holder.village.copy('before');
  await meet(asker, holder);
  await keepVisits(holder.village);
  const shapes = await publishShapes(holder.village);
  const [{ agreement }] = (await holder.village.ask('peer', 'list')).agreements;
  const grant = await holder.village.sequence(
    ...['grant', '--agreement', agreement, '--domain', 'records', '--purpose', purpose],
    ...['--shape', Object.values(shapes).join(','), '--may', 'query', '--days', '30'],
  );
  for (const each of [asker, holder]) each.door.to = each.server = await each.village.serve();
  await logged(holder.server, 'told');
  return { asker, holder, before, shapes, grant };
}

// The line of the server's log with this event, which may have been written already.
export const logged = async (server, event) =>
  server.log.find((line) => line.event === event) ?? server.says(event);

export async function leave(...neighbours) {
  for (const { village, door } of neighbours) {
    await village.remove();
    door.close();
  }
}

export const socketOf = (village) => village.path(village.directory, 'run', 'holdfast.sock');

// The value of a series in what /metrics says.
export function figure(metrics, series) {
  const line = metrics.split('\n').find((each) => each.startsWith(`${series} `));
  assert.ok(line, series);
  return Number(line.slice(series.length + 1));
}
