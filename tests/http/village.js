// SPDX-License-Identifier: AGPL-3.0-or-later

// A village as people make it, with the real programs, in a directory of its own, and its server.
// HOLDFAST and HOLDFAST_VERIFY name the programs.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

const program = process.env.HOLDFAST;
const verifier = process.env.HOLDFAST_VERIFY;
const startsWithin = 20_000;

const ran = (binary, words, options) =>
  new Promise((resolve) => {
    execFile(binary, words, options, (error, out, complaint) =>
      resolve({ code: error ? (error.code ?? 128) : 0, out, complaint }),
    );
  });

process.setMaxListeners(100);

// Paths are in the village's sandbox, which is where commands are run.
export class Village {
  #root;
  #servers = [];
  origin = 'kelp-bay.invalid/ledger';
  directory = 'kelp-bay';

  // `config`: lines for the end of holdfast.toml.
  static async make({ config = '', origin } = {}) {
    const village = new Village();
    if (origin) village.origin = origin;
    village.#root = mkdtempSync(join(tmpdir(), 'holdfast-http-'));
    // Where a test file fails before its tests begin, nobody removes the village.
    process.on('exit', () => village.#removeNow());
    const {
      village: id,
      vkey,
      domain,
    } = await village.ask(
      'init',
      village.directory,
      '--name',
      'Kelp Bay',
      '--origin',
      village.origin,
      '--no-passphrase',
    );
    Object.assign(village, { id, vkey, domain: domain.id });
    if (config) village.configure(config);
    return village;
  }

  path(...names) {
    return join(this.#root, ...names);
  }

  read(...names) {
    return readFileSync(this.path(...names));
  }

  write(name, text) {
    writeFileSync(this.path(name), text);
    return this.path(name);
  }

  // A key of [server] that stands there already is said anew.
  configure(lines) {
    const file = this.path(this.directory, 'holdfast.toml');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('[server]\n', `[server]\n${lines}\n`));
  }

  // The value, as TOML has it, of a key that stands in a section already.
  configureKey(section, key, value) {
    const file = this.path(this.directory, 'holdfast.toml');
    const [before, after] = readFileSync(file, 'utf8').split(`[${section}]\n`);
    const line = new RegExp(`^${key} = .*$`, 'm');
    assert.match(after, line, `${key} in [${section}]`);
    writeFileSync(file, `${before}[${section}]\n${after.replace(line, `${key} = ${value}`)}`);
  }

  // The same village again, as it is now, for what must not be done to this one.
  copy(name) {
    const isCopied = (file) => !file.endsWith('.sock');
    cpSync(this.path(this.directory), this.path(name), { recursive: true, filter: isCopied });
    const copy = Object.assign(new Village(), this, { directory: name });
    copy.#root = this.#root;
    copy.#servers = this.#servers;
    return copy;
  }

  get #options() {
    return {
      cwd: this.#root,
      env: {
        PATH: process.env.PATH,
        HOME: this.#root,
        XDG_CONFIG_HOME: this.path('config'),
        XDG_STATE_HOME: this.path('state'),
        HOLDFAST_VILLAGE: this.id ? this.path(this.directory) : '',
      },
      maxBuffer: 1 << 26,
    };
  }

  async run(...words) {
    return ran(program, words, this.#options);
  }

  // The one object that the command answers with.
  async ask(...words) {
    const { code, out, complaint } = await this.run(...words, '--format', 'json');
    assert.equal(code, 0, `holdfast ${words.join(' ')}: ${code}\n${out}${complaint}`);
    return JSON.parse(out);
  }

  // The id of the statement that the command sequenced.
  async sequence(...words) {
    return (await this.ask(...words)).statements[0].id;
  }

  addRecord(title, ...more) {
    return this.sequence('record', 'add', '--title', title, '--body', `Of ${title}.`, ...more);
  }

  // Writes a draft and gives what POST /v1/statements takes of it.
  async draft(name, ...words) {
    const { code, complaint } = await this.run(...words, '--draft', name);
    assert.equal(code, 5, `a draft of ${words.join(' ')}: ${complaint}`);
    return this.draftFiles(name);
  }

  async sign(name, ...words) {
    const { code, out, complaint } = await this.run('sign', name, ...words);
    assert.equal(code, 0, `sign ${name}: ${out}${complaint}`);
    return this.draftFiles(name);
  }

  draftFiles(name) {
    const folder = (part) => {
      if (!existsSync(this.path(name, part))) return {};
      const files = readdirSync(this.path(name, part));
      return Object.fromEntries(
        files.map((file) => [file, this.read(name, part, file).toString('base64')]),
      );
    };
    const [signatures, contents] = [folder('signatures'), folder('contents')];
    return {
      statements: this.read(name, 'statements').toString('base64'),
      signatures,
      ...(Object.keys(contents).length > 0 && { contents }),
    };
  }

  // Runs holdfast-verify; bytes among the words are handed over as files.
  async verify(...words) {
    const named = words.map((word, i) =>
      typeof word === 'string' ? word : this.write(`verify-${process.hrtime.bigint()}-${i}`, word),
    );
    const { code, out } = await ran(verifier, [...named, '--format', 'json'], this.#options);
    return { code, ...JSON.parse(out) };
  }

  // Runs a shell script, which ends at the first command that fails.
  async script(text) {
    const bins = [program, verifier].map((binary) => dirname(binary)).join(':');
    const { env, ...options } = this.#options;
    const PATH = `${bins}:${env.PATH}`;
    return ran('/bin/sh', ['-euc', text], { ...options, env: { ...env, PATH } });
  }

  async serve(...words) {
    const server = new Server(this, program, ['serve', '--log-format', 'json', ...words], {
      ...this.#options,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#servers.push(server);
    await server.listening;
    return server;
  }

  // A server that has crashed fails whoever removes its village.
  async remove() {
    for (const server of this.#servers) if (!server.wasKilled) await server.stop();
    this.#removeNow();
  }

  #removeNow() {
    for (const server of this.#servers) if (server.isRunning) server.signal('SIGKILL');
    rmSync(this.#root, { recursive: true, force: true });
  }
}

export class Server {
  #process;
  #waiting = [];
  log = [];
  wasKilled = false;

  constructor(village, binary, words, options) {
    if (!words.includes('--listen')) words.push('--listen', '127.0.0.1:0');
    this.village = village;
    this.#process = spawn(binary, words, options);
    this.ended = new Promise((resolve) => {
      this.#process.on('close', (code, signal) => resolve({ code, signal }));
    });
    this.listening = new Promise((resolve, reject) => {
      const refuse = (why) =>
        reject(new Error(`${why}\n${this.log.map((x) => JSON.stringify(x)).join('\n')}`));
      const timer = setTimeout(refuse, startsWithin, 'it does not begin to listen');
      this.ended.then(({ code, signal }) => refuse(`it ended with ${code ?? signal}`));
      createInterface(this.#process.stderr).on('line', (line) => {
        let said;
        try {
          said = JSON.parse(line);
        } catch {
          said = { event: 'not JSON', line };
        }
        this.log.push(said);
        for (const [event, resolveIt] of this.#waiting) if (said.event === event) resolveIt(said);
        if (said.event !== 'listening') return;
        clearTimeout(timer);
        this.url = new URL(said.at);
        this.port = Number(this.url.port);
        resolve(this);
      });
    });
  }

  get isRunning() {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  signal(name) {
    if (name === 'SIGKILL') this.wasKilled = true;
    this.#process.kill(name);
  }

  // The next line of its log with this event.
  says(event) {
    return new Promise((resolve) => this.#waiting.push([event, resolve]));
  }

  async stop() {
    if (this.isRunning) this.signal('SIGTERM');
    const ended = await this.ended;
    assert.deepEqual(ended, { code: 0, signal: null }, 'how the server ended');
    return ended;
  }
}
