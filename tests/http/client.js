// SPDX-License-Identifier: AGPL-3.0-or-later

// Requests as a well-behaved client makes them, and bytes as a hostile one sends them.
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';

const giveUpAfter = 20_000;

// {status, headers, raw, body}: `headers` by lower-case name, `raw` as they came.
export function request(
  server,
  method,
  path,
  { headers = {}, body, chunked = false, ca, agent = false, socketPath } = {},
) {
  return new Promise((resolve, reject) => {
    const { request: send } = server.url.protocol === 'https:' ? https : http;
    const { hostname, port } = server.url;
    const length =
      body === undefined
        ? {}
        : chunked
          ? { 'Transfer-Encoding': 'chunked' }
          : { 'Content-Length': Buffer.byteLength(body) };
    const sent = send(
      {
        ...(socketPath ? { socketPath } : { hostname, port }),
        method,
        path,
        headers: { ...length, ...headers },
        agent,
        ca,
        timeout: giveUpAfter,
      },
      (response) => {
        const parts = [];
        response.on('data', (part) => parts.push(part));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode,
            headers: response.headers,
            raw: response.rawHeaders,
            body: Buffer.concat(parts),
          }),
        );
      },
    );
    sent.on('error', reject);
    sent.on('timeout', () => sent.destroy(new Error(`no answer to ${method} ${path}`)));
    sent.end(body);
  });
}

// --- raw bytes ---

// A connection on which anything can be sent. `received` grows.
export class Raw {
  received = Buffer.alloc(0);
  isClosed = false;

  constructor(port, { allowHalfOpen = false, localAddress } = {}) {
    this.socket = net.connect({ port, host: '127.0.0.1', allowHalfOpen, localAddress });
    this.socket.on('data', (part) => {
      this.received = Buffer.concat([this.received, part]);
    });
    this.socket.on('error', () => {});
    this.closed = new Promise((resolve) => {
      this.socket.on('close', () => {
        this.isClosed = true;
        resolve();
      });
    });
    this.ended = new Promise((resolve) => {
      this.socket.on('end', resolve);
      this.socket.on('close', resolve);
    });
    this.connected = new Promise((resolve, reject) => {
      this.socket.on('connect', () => resolve(this));
      this.socket.on('error', reject);
    });
    this.connected.catch(() => {});
  }

  send(bytes) {
    this.socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
    return this;
  }

  // Until what came makes `test` true.
  async until(test, withinMs = 5_000) {
    const late = Date.now() + withinMs;
    while (!test(this.received.toString('latin1'))) {
      if (Date.now() > late || (this.isClosed && !test(this.received.toString('latin1'))))
        throw new Error(
          `${this.isClosed ? 'closed' : 'nothing more'} after ${JSON.stringify(this.received.toString('latin1').slice(-400))}`,
        );
      await new Promise((resolve) => setTimeout(resolve, 3));
    }
    return this.received.toString('latin1');
  }

  destroy() {
    this.socket.destroy();
  }
}

// Sends bytes and takes what comes until the other side closes, or says nothing for a while. `methods`
// of the requests, where one of them is HEAD. With `enough` responses it waits hardly for more.
export async function exchange(
  port,
  bytes,
  { quietMs = 250, end = false, withinMs = 5_000, methods = [], enough = Infinity } = {},
) {
  const raw = new Raw(port, { allowHalfOpen: true });
  await raw.connected;
  raw.send(bytes);
  if (end) raw.socket.end();
  const late = Date.now() + withinMs;
  let before = -1,
    since = Date.now(),
    ended = false;
  raw.ended.then(() => (ended = true));
  while (!ended && Date.now() < late) {
    if (raw.received.length !== before) {
      before = raw.received.length;
      since = Date.now();
    } else {
      const count = raw.received.toString('latin1').split(/(?:^|\n|\})HTTP\/1\.[01] /).length - 1;
      if (Date.now() - since > (count < enough ? quietMs : 30)) break;
    }
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
  raw.destroy();
  return { responses: parseResponses(raw.received, methods), ended };
}

// Takes responses apart without Node's parser, which would hide what it does not like.
export function parseResponses(bytes, methods = []) {
  const out = [];
  while (bytes.length > 0) {
    const end = bytes.indexOf('\r\n\r\n');
    if (end === -1)
      throw new Error(`a head without end: ${JSON.stringify(bytes.toString('latin1'))}`);
    const [first, ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
    const said = /^HTTP\/1\.[01] ([1-5][0-9][0-9]) [ -~]*$/.exec(first);
    if (!said) throw new Error(`no status line: ${JSON.stringify(first)}`);
    const headers = {};
    for (const line of lines) {
      const colon = line.indexOf(': ');
      if (colon < 1) throw new Error(`no field: ${JSON.stringify(line)}`);
      headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 2);
    }
    const status = Number(said[1]);
    const hasBody = status >= 200 && ![204, 304].includes(status) && methods[out.length] !== 'HEAD';
    const length = hasBody ? Number(headers['content-length'] ?? 0) : 0;
    const body = bytes.subarray(end + 4, end + 4 + length);
    if (body.length < length) throw new Error(`a body of ${body.length} bytes, want ${length}`);
    out.push({ status, headers, body });
    bytes = bytes.subarray(end + 4 + length);
    if (headers['transfer-encoding']) break;
  }
  return out;
}

// --- Server-Sent Events ---

// Listens as a browser would; `next(test)` gives the first event from now on that passes.
export class Listener {
  events = [];
  #taken = 0;

  constructor(server, path, headers = {}) {
    const { hostname, port } = server.url;
    this.request = http.get({ hostname, port, path, headers, agent: false });
    this.request.on('error', () => {});
    this.open = new Promise((resolve, reject) => {
      this.request.on('error', reject);
      this.request.on('response', (response) => {
        this.response = response;
        this.closed = new Promise((done) => response.on('close', done));
        let text = '';
        response.setEncoding('utf8');
        response.on('error', () => {});
        response.on('data', (part) => {
          text += part;
          for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n')) {
            this.#take(text.slice(0, end));
            text = text.slice(end + 2);
          }
        });
        resolve(this);
      });
    });
  }

  #take(block) {
    const event = { at: Date.now() };
    for (const line of block.split('\n')) {
      if (line.startsWith(':')) continue;
      const colon = line.indexOf(': ');
      event[line.slice(0, colon)] = line.slice(colon + 2);
    }
    if (event.data !== undefined) this.events.push({ ...event, data: JSON.parse(event.data) });
  }

  async next(test = () => true, withinMs = 5_000) {
    const late = Date.now() + withinMs;
    while (Date.now() < late) {
      while (this.#taken < this.events.length) {
        const event = this.events[this.#taken++];
        if (test(event)) return event;
      }
      await new Promise((resolve) => setTimeout(resolve, 3));
    }
    throw new Error(`no such event among ${this.events.length}`);
  }

  close() {
    this.request.destroy();
  }
}
