// SPDX-License-Identifier: AGPL-3.0-or-later

// An export, judged as a whole (spec/log.md, "Export").
import { equal } from './bytes.js';
import {
  CannotTell, Refuted, Tiles, TooLarge, bundleSize, findingOf, readBundle, readCheckpoint,
} from './export_files.js';
import { noteBytesAtMost, openNote, parseCheckpoint, parseNote, plain, verifierKey } from './note.js';
import { Replay } from './replay.js';
import { Unjudged } from './state_view.js';

const nothing = new Uint8Array(0);
const none = Array.from({ length: bundleSize }, () => nothing);

// The checkpoint, signed by the key that is trusted, if a key is.
async function openCheckpoint(read, key) {
  try {
    const note = await readCheckpoint(read, noteBytesAtMost);
    const { text } = key ? await openNote(note, [key]) : parseNote(note);
    const checkpoint = parseCheckpoint(text);
    if (checkpoint.extensions.length > 0) throw new Refuted('NOTE-4', null, 'a checkpoint of this log has no extension lines');
    if (key && key.name !== checkpoint.origin) throw new Refuted('EXPORT-5', null, `a checkpoint of ${checkpoint.origin}, want ${key.name}`);
    return { note, ...checkpoint };
  } catch (error) {
    throw error instanceof TooLarge ? new Refuted('NOTE-1', null, 'a checkpoint larger than any') : findingOf(error, null);
  }
}

// The entries, bundle by bundle; stops where the log itself is missing.
async function replayEntries(read, size, replay) {
  const missing = (path) => replay.note(new CannotTell(null, null, `${path} is missing`));
  const tiles = new Tiles(read, missing);
  for (let number = 0; BigInt(bundleSize) * BigInt(number) < size; number++) {
    const left = size - BigInt(bundleSize) * BigInt(number);
    const width = left < bundleSize ? Number(left) : bundleSize;
    const take = async (folder) => {
      const items = await readBundle(read, folder, number, width);
      if (items === null && folder !== 'openings') missing(`a file of ${folder}`);
      return items;
    };
    const entries = await take('tile/entries');
    if (entries === null) return;
    const statements = await take('statements') ?? none;
    const changes = await take('changes') ?? none;
    const openings = await take('openings') ?? none;
    for (const [i, entry] of entries.entries()) {
      await replay.add(entry, statements[i], changes[i], openings[i]);
      await tiles.add(replay.ledger.last.leaf);
    }
  }
  await tiles.finish();
}

// [EXPORT-3] to [EXPORT-5], and that the operator in force signed.
async function checkHead({ note, origin, size, root }, replay) {
  const { ledger, genesis } = replay;
  if (!equal(ledger.tree.root(), root)) throw new Refuted('EXPORT-3', null, "the checkpoint's root is not the root over the entries");
  const { last } = ledger;
  if (last === null || (last.kind !== 'seal' && last.number !== undefined)) {
    throw new Refuted('EXPORT-4', last && Number(last.index), `the last entry under the checkpoint of ${size} is no seal`);
  }
  if (genesis && genesis.origin !== origin) throw new Refuted('EXPORT-5', null, `a checkpoint of ${origin}, want ${genesis.origin}`);
  try {
    await openNote(note, [verifierKey(origin, plain, replay.operator().bytes)]);
  } catch (error) {
    if (error instanceof Unjudged) throw new CannotTell(null, null, error.message);
    throw findingOf(error, null);
  }
}

async function judge(read, { village = null, key = null, full = false }) {
  const checkpoint = await openCheckpoint(read, key);
  const replay = new Replay(village);
  await replayEntries(read, checkpoint.size, replay);
  const { unchecked, cannotTell, ledger } = replay;
  if (ledger.size < checkpoint.size) throw cannotTell;
  try {
    await checkHead(checkpoint, replay);
  } catch (error) {
    throw error instanceof CannotTell ? cannotTell ?? error : error;
  }
  if (cannotTell) throw cannotTell;
  if (full && unchecked.length > 0) throw new CannotTell(null, unchecked[0], 'not all statements are shown');
  return { outcome: 'verified', size: checkpoint.size, village: ledger.village, time: ledger.last.time, unchecked };
}

// `trust` is {village} or {key} or both, an id and a verifier key; `full` where all statements are to be
// shown. Gives {outcome: 'verified', size, village, time, unchecked}, or {outcome: 'refuted' | 'cannot tell',
// rule, entry, message}.
export async function verifyExport(read, trust) {
  try {
    return await judge(read, trust);
  } catch (error) {
    if (!(error instanceof Refuted) && !(error instanceof CannotTell)) throw error;
    const { outcome, rule, entry, message } = error;
    return { outcome, rule, entry, message };
  }
}
