// SPDX-License-Identifier: AGPL-3.0-or-later

// Clients that are slow, silent, many or gone: each costs the server little and for a bounded time,
// and the others are served meanwhile.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { ask, read } from './checked.js';
import { Listener, Raw } from './client.js';
import { Village } from './village.js';

const idleSeconds = 2,
  transferSeconds = 1;
const village = await Village.make({
  config: `idle_seconds = ${idleSeconds}\ntransfer_seconds = ${transferSeconds}`,
});
after(() => village.remove());
for (let i = 0; i < 3; ++i) await village.addRecord(`Tide ${i}`);
const server = await village.serve();

const head = (...lines) => lines.join('\r\n') + '\r\n\r\n';
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const figure = async (at, name) =>
  Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(await read(at, '/metrics'))[1]);

// Until the server closes; the seconds that it took.
async function closes(raw, withinSeconds) {
  const begin = Date.now();
  const late = Symbol('late');
  const first = await Promise.race([raw.ended, wait(withinSeconds * 1000).then(() => late)]);
  assert.notEqual(first, late, `open after ${withinSeconds} s`);
  raw.destroy();
  return (Date.now() - begin) / 1000;
}

// Sends one byte after the other until the server has had enough; the seconds that it took.
async function drips(raw, byte, everyMs, withinSeconds) {
  const timer = setInterval(() => raw.socket.writable && raw.send(byte), everyMs);
  try {
    return await closes(raw, withinSeconds);
  } finally {
    clearInterval(timer);
  }
}

test('Whoever says nothing is let go after the time that the village sets.', async () => {
  const silent = await new Raw(server.port).connected;
  const after = await new Raw(server.port).connected;
  after.send(head('GET /healthz HTTP/1.1', 'Host: x'));
  const [one, two] = await Promise.all([closes(silent, 20), closes(after, 20)]);
  assert.ok(one >= idleSeconds - 0.2 && two >= idleSeconds - 0.2, `${one} s, ${two} s`);
});

test('A head that comes byte by byte does not get more time for it.', async () => {
  const raw = await new Raw(server.port).connected;
  raw.send('GET /checkpoint HTTP/1.1\r\nHost: x\r\nX: ');
  const seconds = await drips(raw, 'y', 100, 20);
  assert.ok(seconds >= idleSeconds - 0.2, `${seconds} s`);
});

test('A body that comes byte by byte is given up, and answers nothing.', async () => {
  const raw = await new Raw(server.port).connected;
  raw.send(head('POST /add HTTP/1.1', 'Host: x', 'Content-Length: 1000'));
  await drips(raw, 'y', 100, 20);
  assert.ok(!raw.received.toString().startsWith('HTTP/1.1 2'));
});

test('Whoever does not read what they asked for is cut off, and nobody else waits.', async () => {
  const page = head('GET /v1/entries?limit=1000 HTTP/1.1', 'Host: x');
  const slow = await Promise.all(Array.from({ length: 20 }, () => new Raw(server.port).connected));
  for (const raw of slow) {
    raw.socket.pause();
    raw.send(page.repeat(4000));
  }
  for (let i = 0; i < 20; ++i) {
    const begin = Date.now();
    await read(server, '/v1/checkpoint');
    assert.ok(Date.now() - begin < 2000, `${Date.now() - begin} ms`);
  }
  const late = Date.now() + 20_000;
  while ((await figure(server, 'holdfast_connections_open')) > 5 && Date.now() < late)
    await wait(200);
  assert.ok((await figure(server, 'holdfast_connections_open')) <= 5);
  for (const raw of slow) raw.destroy();
});

test('A listener who does not read is cut off in the end, and others go on to hear.', async () => {
  const deaf = await new Raw(server.port).connected;
  deaf.socket.pause();
  deaf.send(head('GET /v1/events?from=0 HTTP/1.1', 'Host: x'));
  const listener = await new Listener(server, '/v1/events').open;
  await village.addRecord('Heard');
  assert.equal((await listener.next(({ event }) => event === 'entry')).data.kind, 'record');
  listener.close();
  deaf.destroy();
});

test('Whoever goes away in the middle is no trouble.', async () => {
  const begun = [
    '',
    'G',
    head('GET /v1/entries?limit=1000 HTTP/1.1', 'Host: x'),
    head('GET /v1/entries HTTP/1.1', 'Host: x').repeat(200),
    head('POST /add HTTP/1.1', 'Host: x', 'Content-Length: 1000') + 'half',
    head('POST /add HTTP/1.1', 'Host: x', 'Content-Length: 4') + 'full',
    head('POST /v1/statements HTTP/1.1', 'Host: x', 'Transfer-Encoding: chunked') + '5\r\nhel',
    head('GET /v1/events?from=0 HTTP/1.1', 'Host: x'),
    head('POST /add HTTP/1.1', 'Host: x', 'Content-Length: 9', 'Expect: 100-continue'),
  ];
  for (let round = 0; round < 40; ++round)
    for (const bytes of begun) {
      const raw = await new Raw(server.port).connected;
      raw.send(bytes);
      if (round % 2) await wait(1);
      if (round % 4 < 2) raw.socket.resetAndDestroy();
      else raw.destroy();
    }
  assert.equal((await read(server, '/healthz')).status, 'ok');
});

// As many as the system lets one process open, of ten thousand.
test('Ten thousand who are silent leave room for one who asks.', async (t) => {
  const idle = await Village.make({ config: 'idle_seconds = 60' });
  try {
    const at = await idle.serve();
    const silent = [];
    try {
      for (let batch = 0; batch < 50; ++batch)
        silent.push(
          ...(await Promise.all(Array.from({ length: 200 }, () => new Raw(at.port).connected))),
        );
    } catch (error) {
      assert.ok(['EMFILE', 'EADDRNOTAVAIL'].includes(error.code), error);
    }
    t.diagnostic(`${silent.length} connections`);
    assert.ok(silent.length >= 400, `${silent.length} connections`);
    for (let i = 0; i < 50; ++i) {
      const begin = Date.now();
      await read(at, '/v1/entries');
      assert.ok(Date.now() - begin < 2000, `${Date.now() - begin} ms`);
    }
    assert.ok((await figure(at, 'holdfast_connections_open')) >= silent.length);
    assert.ok(silent.every(({ isClosed }) => !isClosed));
    await idle.addRecord('Still sequenced');
    assert.equal((await read(at, '/v1/checkpoint')).size, 6);
    for (const raw of silent.slice(0, 10))
      raw.send(head('GET /healthz HTTP/1.1', 'Host: x', 'Connection: close'));
    for (const raw of silent.slice(0, 10))
      assert.match(await raw.until((text) => text.endsWith('}\n')), /^HTTP\/1.1 200/);
    for (const raw of silent) raw.destroy();
  } finally {
    await idle.remove();
  }
});

test('Beyond as many connections as the village allows, one more is closed at once.', async () => {
  const few = await Village.make({ config: 'connections_max = 20' });
  try {
    const at = await few.serve();
    const open = await Promise.all(Array.from({ length: 20 }, () => new Raw(at.port).connected));
    await wait(200);
    for (let i = 0; i < 10; ++i) {
      const more = await new Raw(at.port).connected;
      await closes(more, 5);
      assert.equal(more.received.length, 0);
    }
    open[0].send(head('GET /healthz HTTP/1.1', 'Host: x'));
    assert.match(await open[0].until((text) => text.endsWith('}\n')), /^HTTP\/1.1 200/);
    open[1].destroy();
    await wait(200);
    assert.equal(await figure(at, 'holdfast_connections_refused_total'), 10);
    for (const raw of open) raw.destroy();
  } finally {
    await few.remove();
  }
});

test('One address gets no more connections than its share, and another one gets its own.', async () => {
  const shared = await Village.make({ config: 'connections_per_client_max = 3' });
  try {
    const at = await shared.serve();
    const open = await Promise.all(Array.from({ length: 3 }, () => new Raw(at.port).connected));
    await wait(200);
    await closes(await new Raw(at.port).connected, 5);
    const other = new Raw(at.port, { localAddress: '127.0.0.2' });
    await other.connected;
    other.send(head('GET /healthz HTTP/1.1', 'Host: x'));
    assert.match(await other.until((text) => text.endsWith('}\n')), /^HTTP\/1.1 200/);
    for (const raw of [...open, other]) raw.destroy();
    await wait(200);
    assert.equal((await read(at, '/healthz')).status, 'ok');
  } finally {
    await shared.remove();
  }
});

test('Only a readable village is served, and a second server says that there is one.', async () => {
  const { code, complaint } = await village.run('serve', '--listen', '127.0.0.1:0');
  assert.equal(code, 3, complaint);
  const taken = await village.run('serve', '--listen', `127.0.0.1:${server.port}`);
  assert.equal(taken.code, 3, taken.complaint);
  const nowhere = await village.run('serve', '--listen', 'nowhere');
  assert.ok([1, 2].includes(nowhere.code), `${nowhere.code}: ${nowhere.complaint}`);
});

test('Four who are slow to submit do not keep a revocation out.', async () => {
  const usual = await Village.make();
  const slow = [];
  try {
    const at = await usual.serve();
    for (let i = 0; i < 4; ++i) {
      const raw = await new Raw(at.port).connected;
      raw.send(
        head('POST /v1/statements HTTP/1.1', 'Host: x', `Content-Length: ${64 << 20}`) + '{',
      );
      slow.push(raw);
    }
    await wait(300);
    // No statement, which is all that should be wrong with it.
    const { status, value } = await ask(at, 'POST', '/add', { body: 'revocation' });
    assert.equal(status, 400, value.detail);
  } finally {
    for (const raw of slow) raw.destroy();
    await usual.remove();
  }
});

test('A village sets its own limits of heads, and of bodies that are read at once.', async () => {
  const strict = await Village.make({ config: 'head_kib = 1\nbodies_mib = 1' });
  try {
    const at = await strict.serve();
    const long = { 'X-Long': 'x'.repeat(1100) };
    const { status, value } = await ask(at, 'GET', '/checkpoint', { headers: long });
    assert.deepEqual([status, /1024 bytes/.test(value.detail)], [431, true], value.detail);
    const large = await ask(at, 'POST', '/v1/statements', { body: 'x'.repeat(2 << 20) });
    assert.equal(large.status, 503, large.value.detail);
    assert.equal((await ask(at, 'POST', '/v1/statements', { body: '{}' })).status, 400);
  } finally {
    await strict.remove();
  }
});

test('A limit that makes no sense is refused with what is allowed.', async () => {
  const wrong = await Village.make({ config: 'head_kib = 0' });
  try {
    const { code, complaint } = await wrong.run('serve');
    assert.notEqual(code, 0);
    assert.match(complaint, /server\.head_kib is 0.*1 to 1024/s);
  } finally {
    await wrong.remove();
  }
});
