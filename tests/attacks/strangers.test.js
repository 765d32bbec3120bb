// SPDX-License-Identifier: AGPL-3.0-or-later

// Anybody may send anything to where envelopes are taken in: what nobody known has sent is refused
// in clear, leaves nothing, and is in nobody's way.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Raw } from '../http/client.js';
import { Gate, keepBack, post } from './gate.js';
import { Neighbour, memoryPeakOf, neighbours, removeEverybody, until } from './neighbours.js';

const { holder, peers, grants } = await neighbours('reef-clinic');
const [asker] = peers;
after(async () => {
  await strangeGate.close();
  await removeEverybody();
});

// One whom the holder has invited, and whose answer nobody at the holder's has taken in.
// Nothing that it sends arrives, save what a test carries.
const stranger = await Neighbour.settle('far-shore');
const strangeGate = await Gate.open();
strangeGate.does = keepBack;
await holder.invite(stranger, strangeGate);
await stranger.publishExcerpts();
await stranger.start();

const words = 'kelp north reef';
const recorded = async () => {
  const [question] = await holder.gate.takeAll(() => asker.askUnder(grants[0], holder, words));
  return question;
};

// The same bytes each time (xorshift), so that what fails once fails again.
let seed = 0x9e3779b9;
const noise = (size) => {
  const out = Buffer.alloc(size);
  for (let i = 0; i < size; ++i) {
    seed ^= seed << 13;
    seed ^= seed >>> 17;
    seed ^= seed << 5;
    out[i] = seed;
  }
  return out;
};

// That each is refused as a problem, and that this is all that comes of it.
async function areRefused(envelopes) {
  const [size, before] = [await holder.size(), await holder.metric('unknown')];
  for (const [i, envelope] of envelopes.entries()) {
    const { status, headers, body } = await post(holder.server, envelope);
    assert.ok(
      status >= 400 && status < 500,
      `envelope ${i}, ${envelope.length} bytes: ${status} ${body}`,
    );
    assert.equal(headers['content-type'], 'application/problem+json');
    assert.equal(JSON.parse(body).status, status);
    assert.ok(body.length < 2_000, 'it repeats what was sent');
  }
  assert.equal(await holder.size(), size);
  assert.equal(await holder.metric('unknown'), before + envelopes.length);
}

test('What is no envelope is refused, whatever it is.', async () => {
  const texts = ['', '{}', '<html>', 'GET / HTTP/1.1\r\n\r\n'].map((text) => Buffer.from(text));
  const sizes = [1, 7, 8, 16, 17, 100, 1_000, 4_096, 65_537, 1 << 20];
  await areRefused([...texts, ...sizes.map(noise), Buffer.alloc(4_096)]);
});

test('What is larger than any envelope is not taken in, whether it says so before or not.', async () => {
  const [size, peak] = [await holder.size(), memoryPeakOf(holder)];
  const head = 'POST /v1/envelopes HTTP/1.1\r\nHost: kelp-bay.invalid\r\n';
  const most = 9 << 20;
  const part = Buffer.concat([Buffer.from('10000\r\n'), noise(1 << 16), Buffer.from('\r\n')]);
  for (const sent of [
    [`${head}Content-Length: ${most}\r\n\r\n`],
    [`${head}Content-Length: ${2 ** 53}\r\n\r\n`],
    [`${head}Transfer-Encoding: chunked\r\n\r\n`, ...Array(most >> 16).fill(part)],
  ]) {
    const raw = await new Raw(holder.server.port).connected;
    for (const bytes of sent) raw.send(bytes);
    assert.match(await raw.until((text) => text.includes('\r\n\r\n')), /^HTTP\/1\.1 413 /);
    raw.destroy();
  }
  assert.equal(await holder.size(), size);
  const grownBy = memoryPeakOf(holder) - peak;
  assert.ok(grownBy < 64 << 20, `it took ${grownBy} bytes more`);
});

test('A true envelope that is cut anywhere, or has more behind it, is refused.', async () => {
  const question = await recorded();
  const { length } = question;
  const cuts = [8, 16, 24, 100, length >> 1, length - 100, length - 8, length - 1];
  const longer = [1, 8, 4_096].map((more) => Buffer.concat([question, Buffer.alloc(more)]));
  await areRefused([...cuts.map((end) => question.subarray(0, end)), ...longer]);
  assert.equal((await post(holder.server, question)).status, 200, 'it was a true one');
});

test('A true envelope with one bit flipped is refused, wherever that is.', async () => {
  const question = await recorded();
  const flipped = [];
  for (let at = 0; at < question.length; at += 97) {
    const copy = Buffer.from(question);
    copy[at] ^= 1 << (at % 8);
    flipped.push(copy);
  }
  assert.ok(flipped.length > 20);
  await areRefused(flipped);
  const before = await holder.metric('answered');
  assert.equal((await post(holder.server, question)).status, 200, 'it was a true one');
  assert.equal(await holder.metric('answered'), before + 1);
});

let strange; // a true envelope of a true village
test('A village is nobody until both councils have agreed.', async () => {
  await stranger.grantTo(holder);
  await until('a notice', () => strangeGate.envelopes.length > 0);
  [strange] = strangeGate.envelopes;
  await areRefused([strange]);
  const { status, body } = await post(holder.server, strange);
  assert.deepEqual([status, JSON.parse(body).rule], [403, 'ENV-5']);
});

test('Strangers who keep large envelopes from ending take no more memory than is set aside for all.', async () => {
  const peak = memoryPeakOf(holder);
  const most = 8 << 20;
  const strangers = [];
  for (let i = 0; i < 60; ++i) {
    const raw = await new Raw(holder.server.port).connected;
    raw.send(
      `POST /v1/envelopes HTTP/1.1\r\nHost: kelp-bay.invalid\r\nContent-Length: ${most}\r\n\r\n`,
    );
    strangers.push(raw.send(Buffer.alloc(most - 1)));
  }
  // Who is hung up on while he sends does not always get to read why.
  const isRefused = ({ received, isClosed }) => isClosed || received.length > 0;
  await until('what is beyond it is refused', () => strangers.filter(isRefused).length > 20);
  for (const { received } of strangers)
    assert.match(received.toString('latin1'), /^($|HTTP\/1\.1 503 )/);
  const { answer, failure } = await asker.askUnder(grants[0], holder, words);
  assert.equal(answer?.parts.length, 1, JSON.stringify(failure));
  assert.ok(
    strangers.some((raw) => !isRefused(raw)),
    'some are still at it',
  );
  const grownBy = memoryPeakOf(holder) - peak;
  assert.ok(grownBy < 256 << 20, `it took ${grownBy} bytes more`);
  for (const raw of strangers) raw.destroy();
});

test('A peer is answered while strangers send as much as they can.', async (t) => {
  const question = await recorded();
  const before = await holder.size();
  let isOver = false;
  let sent = 0;
  // Of each kind that costs something to refuse: much to read, a box to be tried, one that opens.
  const kinds = [noise(2 << 20), strange, strange, strange];
  const flood = async (who) => {
    const boxed = Buffer.from(question);
    boxed[(boxed.length >> 1) + who] ^= 1;
    // Where too much comes at once the server hangs up.
    const hungUp = () => ({ status: 503 });
    while (!isOver) {
      const { status } = await post(holder.server, kinds[who % 8] ?? boxed).catch(hungUp);
      assert.ok([400, 403, 422, 503].includes(status), `${status}`);
      ++sent;
    }
  };
  const strangers = Promise.all(Array.from({ length: 48 }, (_, who) => flood(who)));
  const times = [];
  const askOn = async () => {
    while (times.length < 20) {
      const began = Date.now();
      const { answer, failure } = await asker.askUnder(grants[0], holder, words);
      assert.equal(answer?.parts.length, 1, JSON.stringify(failure));
      times.push(Date.now() - began);
    }
  };
  await Promise.race([askOn(), strangers]).finally(() => {
    isOver = true;
  });
  await strangers;
  t.diagnostic(`answered in ${Math.max(...times)} ms at most, beside ${sent} of strangers'`);
  assert.ok(sent > 48, `${sent} envelopes of strangers`);
  assert.ok(Math.max(...times) < 10_000, `${times} ms`);
  // What is in the log is of the peer: an answer and its seal each.
  assert.equal(await holder.size(), before + 2 * times.length);
});

test('What a stranger sent is taken in once the village is one that was agreed with.', async () => {
  await holder.takeAnswer(stranger);
  const [size, notices] = [await holder.size(), await holder.metric('notice')];
  assert.equal((await post(holder.server, strange)).status, 200);
  assert.equal(await holder.metric('notice'), notices + 1);
  assert.equal(await holder.size(), size + 2, 'a receipt and its seal');
  assert.equal((await holder.grants()).length, 1);
});
