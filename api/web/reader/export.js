// SPDX-License-Identifier: AGPL-3.0-or-later

// An export, judged as a whole (spec/log.md, "Export").
import { equal } from './bytes.js';
import {
  CannotTell,
  Refuted,
  Tiles,
  TooLarge,
  bundleSize,
  findingOf,
  missing,
  orNothing,
  readBundle,
  readCheckpoint,
  readTile,
} from './export_files.js';
import { GrowingTree, leafHash } from './merkle.js';
import {
  noteBytesAtMost,
  openNote,
  parseCheckpoint,
  parseNote,
  plain,
  verifierKey,
} from './note.js';
import { malformed, unauthorised } from './refusal.js';
import { Replay } from './replay.js';
import { Unjudged } from './state_view.js';

const nothing = new Uint8Array(0);
const withheld = Array.from({ length: bundleSize }, () => nothing);

// The checkpoint, signed by the key that is trusted, if a key is.
async function openCheckpoint(read, key) {
  try {
    const note = await readCheckpoint(read, noteBytesAtMost);
    const { text } = key ? await openNote(note, [key]) : parseNote(note);
    const checkpoint = parseCheckpoint(text);
    if (checkpoint.extensions.length > 0)
      malformed('NOTE-4', 'a log of this kind has no extension lines');
    if (key && key.name !== checkpoint.origin) {
      unauthorised('EXPORT-5', `a checkpoint of ${checkpoint.origin}, want ${key.name}`);
    }
    return { note, ...checkpoint };
  } catch (error) {
    if (error instanceof TooLarge)
      throw new Refuted('NOTE-1', null, 'a checkpoint larger than any');
    throw findingOf(error, null);
  }
}

// The bundles under a checkpoint: number and width of each.
function* bundlesOf(size) {
  for (let first = 0n; first < size; first += BigInt(bundleSize)) {
    const left = size - first;
    yield {
      number: Number(first) / bundleSize,
      width: left < bundleSize ? Number(left) : bundleSize,
    };
  }
}

// The leaf hashes of a bundle: of its entries, or where these are missing as the tile has them, which
// is enough to tell what log it is. `note` is told of what is not there; null where that is both.
async function leavesOf(read, number, width, note) {
  const entries = await orNothing(readBundle(read, 'tile/entries', number, width), note);
  if (entries !== null) return entries.map(leafHash);
  note(missing('a file of tile/entries'));
  return orNothing(readTile(read, 0, number, width), note);
}

// [EXPORT-2], [EXPORT-3] The tree, over bytes that nobody has taken apart yet. Gives the root that the log
// had at the size of what was `seen`, or null where it does not reach so far.
async function checkTree(read, { size, root }, seen, note) {
  const tree = new GrowingTree();
  const tiles = new Tiles(read, note);
  const seenAt = seen ? Number(seen.size) : null;
  let rootThen = null;
  for (const { number, width } of bundlesOf(size)) {
    const leaves = await leavesOf(read, number, width, note);
    if (leaves === null) return rootThen;
    for (const leaf of leaves) {
      tree.add(leaf);
      await tiles.add(leaf);
      if (tree.size === seenAt) rootThen = tree.root();
    }
  }
  await tiles.finish();
  checkRoot(tree, root);
  return rootThen;
}

function checkRoot(tree, root) {
  if (equal(tree.root(), root)) return;
  throw new Refuted('EXPORT-3', null, "the checkpoint's root is not the root over the entries");
}

// What the entries say, as far as they are there.
async function replayEntries(read, { size }, replay, note) {
  for (const { number, width } of bundlesOf(size)) {
    const take = (folder) => orNothing(readBundle(read, folder, number, width), note);
    const entries = await take('tile/entries');
    if (entries === null) return;
    const takeBeside = async (folder) => {
      const items = await take(folder);
      if (items === null && folder !== 'openings') note(missing(`a file of ${folder}`));
      return items ?? withheld;
    };
    const [statements, changes, openings] = [
      await takeBeside('statements'),
      await takeBeside('changes'),
      await takeBeside('openings'),
    ];
    for (const [i, entry] of entries.entries()) {
      await replay.add(entry, statements[i], changes[i], openings[i]);
    }
  }
}

// [EXPORT-4], [EXPORT-5], and that the operator in force signed. Files that were exchanged between
// the two readings are found by the root.
async function checkHead({ note, origin, size, root }, replay) {
  const {
    ledger: { tree, last },
    genesis,
    rulesKnown,
  } = replay;
  checkRoot(tree, root);
  if (rulesKnown && last?.kind !== 'seal') {
    throw new Refuted(
      'EXPORT-4',
      last && Number(last.index),
      `the last entry under size ${size} is no seal`,
    );
  }
  if (genesis && genesis.origin !== origin) {
    throw new Refuted('EXPORT-5', null, `a checkpoint of ${origin}, want ${genesis.origin}`);
  }
  try {
    await openNote(note, [verifierKey(origin, plain, replay.operator().bytes)]);
  } catch (error) {
    if (error instanceof Unjudged) throw new CannotTell(null, null, error.message);
    throw findingOf(error, null);
  }
}

// [EXPORT-6] Behind all else: a log that is wrong by itself is refuted for that.
function checkSeen(seen, rootThen, size, note) {
  if (rootThen !== null && !equal(rootThen, seen.root)) {
    throw new Refuted('EXPORT-6', null, `another root at size ${seen.size} than was seen before`);
  }
  // No proof of anything: whoever has an old copy shows the same.
  if (size < seen.size) {
    note(new CannotTell('EXPORT-6', null, `size ${size}, and ${seen.size} was seen before`));
  }
}

async function judge(read, { village = null, key = null, full = false, seen = null }) {
  const checkpoint = await openCheckpoint(read, key);
  const replay = new Replay(village);
  const note = (finding) => replay.note(finding);
  const rootThen = await checkTree(read, checkpoint, seen, note);
  await replayEntries(read, checkpoint, replay, note);
  const { unchecked, ledger } = replay;
  if (ledger.size === checkpoint.size) {
    await checkHead(checkpoint, replay).catch((error) => {
      if (!(error instanceof CannotTell)) throw error;
      replay.note(error);
    });
  }
  if (seen) checkSeen(seen, rootThen, checkpoint.size, note);
  if (replay.cannotTell) throw replay.cannotTell;
  if (full && unchecked.length > 0) {
    throw new CannotTell(null, unchecked[0], 'not everything is shown');
  }
  return {
    outcome: 'verified',
    size: ledger.size,
    root: checkpoint.root,
    village: ledger.village,
    time: ledger.last.time,
    unchecked,
  };
}

// `trust` is {village} or {key} or both, an id and a verifier key; `full` where all statements are
// to be shown; `seen` {size, root} of the last checkpoint that was verified under the same trust,
// where one was. Gives {outcome: 'verified', size, root, village, time, unchecked}, of which size
// and root are to be remembered, or {outcome: 'refuted' | 'cannot tell', rule, entry, message}.
export async function verifyExport(read, trust) {
  try {
    return await judge(read, trust);
  } catch (error) {
    if (!(error instanceof Refuted) && !(error instanceof CannotTell)) throw error;
    const { outcome, rule, entry, message } = error;
    return { outcome, rule, entry, message };
  }
}
