#!/usr/bin/env node
// SPDX-License-Identifier: AGPL-3.0-or-later

// Verifies an exported directory. Exit code 0: verified, 1: refuted, 2: cannot tell.
import { basename, dirname } from 'node:path';
import { parseHex } from './bytes.js';
import { readerOf } from './directory.js';
import { verifyExport } from './export.js';
import { noteBytesAtMost, parseCheckpoint, parseNote, parseVerifierKey } from './note.js';
import { Refusal } from './refusal.js';

const usage =
  'usage: verify-export.js DIR [--village=HEX] [--vkey=NAME+HASH+KEY] [--require=full]' +
  ' [--seen=CHECKPOINT]\n' +
  '       CHECKPOINT: the file of that name in the copy that was verified before';

function parseArguments(all) {
  const options = new Map(
    all
      .filter((each) => each.startsWith('--'))
      .map((each) => {
        const [name, ...value] = each.slice(2).split('=');
        return [name, value.join('=')];
      }),
  );
  const directories = all.filter((each) => !each.startsWith('--'));
  const known = ['village', 'vkey', 'require', 'seen'];
  const village = options.get('village'),
    vkey = options.get('vkey'),
    require = options.get('require');
  const wrong =
    directories.length !== 1 ||
    [...options.keys()].some((name) => !known.includes(name)) ||
    (village === undefined && vkey === undefined) ||
    (village !== undefined && village.length !== 64) ||
    (require !== undefined && require !== 'full');
  if (wrong) return null;
  try {
    return {
      directory: directories[0],
      seen: options.get('seen'),
      trust: {
        village: village && parseHex(village),
        key: vkey && parseVerifierKey(vkey),
        full: require === 'full',
      },
    };
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}

function words({ outcome, rule, entry, message, size, time, unchecked }) {
  if (outcome !== 'verified') {
    const where = entry === null ? '' : `: entry ${entry}`;
    // Refusals name their rule themselves.
    const named = rule && !message.startsWith('[') ? `[${rule}] ` : '';
    return `${outcome}${where}: ${named}${message}`;
  }
  const sealed = new Date(Number(time) * 1000).toISOString().replace('.000', '');
  const rest =
    unchecked.length === 0
      ? 'all judged'
      : `${unchecked.length} of them withheld or not to be judged`;
  return `verified: ${size} entries, sealed ${sealed}, ${rest}`;
}

// [EXPORT-6] What whoever runs this has verified before, and kept: no signature is asked of it.
async function readSeen(path) {
  const note = await readerOf(dirname(path))(basename(path), noteBytesAtMost);
  if (note === null) throw new Error(`${path}: no such file`);
  const { size, root } = parseCheckpoint(parseNote(note).text);
  return { size, root };
}

// Parts of what is said come from the export: none of it may steer a terminal.
const say = (line) => console.log(line.replace(/\p{C}/gu, '?'));

// Whatever goes wrong, it is no refutation.
process.exitCode = 2;
const given = parseArguments(process.argv.slice(2));
if (given === null) {
  console.error(usage);
} else {
  try {
    if (given.seen !== undefined) given.trust.seen = await readSeen(given.seen);
    const verdict = await verifyExport(readerOf(given.directory), given.trust);
    say(words(verdict));
    process.exitCode = { verified: 0, refuted: 1, 'cannot tell': 2 }[verdict.outcome];
  } catch (error) {
    say(`cannot tell: ${error.message}`);
  }
}
