// SPDX-License-Identifier: AGPL-3.0-or-later

// A real HTTP server for tests: the files of a directory, and a few answers that a file server has.
//
//   node node_server.mjs DIRECTORY [--tls KEY CERTIFICATE | --socket PATH]
//
// Prints its URL, and ends when its standard input does. /echo answers what was sent, /packed answers
// gzip where it may, /tagged answers 304 to its own tag.
import { createServer } from 'node:http';
import { createSecureServer } from 'node:http2';
import { readFile, stat } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { gzipSync } from 'node:zlib';

const [directory, mode, first, second] = process.argv.slice(2);

const bodyOf = async (request) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString('latin1');
};

const answer = async (request, response) => {
  if (request.url === '/echo') {
    response.writeHead(200, { 'content-type': 'application/json' });
    const { method, headers, httpVersion } = request;
    response.end(JSON.stringify({ method, headers, httpVersion, body: await bodyOf(request) }));
  } else if (request.url === '/packed') {
    const zeros = Buffer.alloc(100_000);
    const packs = /gzip/.test(request.headers['accept-encoding'] ?? '');
    response.writeHead(200, packs ? { 'content-encoding': 'gzip' } : {});
    response.end(packs ? gzipSync(zeros) : zeros);
  } else if (request.url === '/tagged') {
    const known = request.headers['if-none-match'] === '"seven"';
    response.writeHead(known ? 304 : 200, { etag: '"seven"' });
    response.end(known ? undefined : 'the seventh');
  } else {
    const file = join(directory, normalize(decodeURI(request.url)));
    const found = await stat(file).catch(() => null);
    if (found === null || !found.isFile()) {
      response.writeHead(404).end('no such file');
      return;
    }
    response.writeHead(200, { 'content-type': 'application/octet-stream' });
    response.end(await readFile(file));
  }
};

const server =
  mode === '--tls'
    ? createSecureServer(
        { key: readFileSync(first), cert: readFileSync(second), allowHTTP1: true },
        answer,
      )
    : createServer(answer);
const where = mode === '--socket' ? [first] : [0, '127.0.0.1'];
server.listen(...where, () => {
  const scheme = mode === '--tls' ? 'https' : 'http';
  console.log(mode === '--socket' ? 'http://localhost' : `${scheme}://localhost:${server.address().port}`);
});
// Whoever started it is gone.
process.stdin.on('end', () => process.exit(0)).resume();
