// SPDX-License-Identifier: AGPL-3.0-or-later

// What stands between a village and its peers, at the address that the agreement names: it carries
// envelopes, reads along, and does to them whatever a test has it do.
import { createServer } from 'node:http';
import { request } from '../http/client.js';

export const kinds = { 'Content-Type': 'application/octet-stream' };
export const post = (server, body) =>
  request(server, 'POST', '/v1/envelopes', { body, headers: kinds });

// --- what it does with an envelope, as `gate.does` ---

// Carries it, and the reply back.
export const carry = async (envelope, answer, gate) => {
  const { status, headers, body } = await gate.forward(envelope);
  const type = headers['content-type'];
  answer.writeHead(status, type ? { 'Content-Type': type } : {}).end(body);
};

// A line that is cut: whoever sent it learns nothing.
export const cut = (envelope, answer) => answer.destroy();

// Keeps it back. The sender is told so in a way that it does not try again after.
export const keepBack = (envelope, answer) => answer.writeHead(422).end();

export class Gate {
  #server;
  behind = null; // whom it carries to
  does = carry;
  envelopes = []; // as they came, the oldest first

  static async open() {
    const gate = new Gate();
    gate.#server = createServer(async (asked, answer) => {
      answer.on('error', () => {});
      try {
        const parts = [];
        for await (const part of asked) parts.push(part);
        const envelope = Buffer.concat(parts);
        gate.envelopes.push(envelope);
        await gate.does(envelope, answer, gate);
      } catch {
        answer.destroy();
      }
    });
    await new Promise((resolve) => gate.#server.listen(0, '127.0.0.1', resolve));
    return gate;
  }

  get url() {
    return `http://127.0.0.1:${this.#server.address().port}`;
  }

  forward(envelope) {
    return post(this.behind, envelope);
  }

  // While `sends` runs it does so; what `sends` gives.
  async meanwhile(does, sends) {
    const { does: before } = this;
    this.does = does;
    try {
      return await sends();
    } finally {
      this.does = before;
    }
  }

  // The envelopes of `sends`, all of which are kept back.
  async takeAll(sends) {
    const before = this.envelopes.length;
    await this.meanwhile(keepBack, sends);
    return this.envelopes.slice(before);
  }

  close() {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(resolve));
  }
}
