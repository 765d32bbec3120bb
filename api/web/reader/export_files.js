// SPDX-License-Identifier: AGPL-3.0-or-later

// The files of an export (spec/log.md, "Export"): where they are, and that they have their form.
// `read(path, atMost)` gives a file's bytes, or null where there is none; it throws TooLarge, and
// Unreadable.
import { equal, readU16be, readU32be } from './bytes.js';
import { bytesAtMost, isNewer } from './codec.js';
import { node, splitHashes } from './merkle.js';
import { Refusal } from './refusal.js';

export class TooLarge extends Error {}

// What a check of an export finds. `entry` is the index where it shows, or null.
export class Refuted extends Error {
  constructor(rule, entry, message) {
    super(message);
    Object.assign(this, { outcome: 'refuted', rule, entry });
  }
}

export class CannotTell extends Error {
  constructor(rule, entry, message) {
    super(message);
    Object.assign(this, { outcome: 'cannot tell', rule, entry });
  }
}

// What stands in a file's place and is none: a pipe, a device, a folder; or a file that is closed
// to the reader.
export class Unreadable extends CannotTell {
  constructor(path, what) {
    super(null, null, `${path}: ${what}`);
  }
}

export const missing = (what) => new CannotTell(null, null, `${what} is missing`);

// What cannot be read is as if it were missing, and noted: something else may still refute.
export async function orNothing(reading, note) {
  try {
    return await reading;
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    note(error);
    return null;
  }
}

export const bundleSize = 256;

// 1234067 is x001/x234/067; `width` below 256 says that the file is a partial one.
export function pathOf(folder, number, width = bundleSize) {
  const digits = `${number}`;
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/.{3}/g);
  const name = groups.map((group, i) => (i < groups.length - 1 ? `x${group}` : group)).join('/');
  return `${folder}/${name}${width < bundleSize ? `.p/${width}` : ''}`;
}

// What a file is that is larger than any of this version: one of no version, or of a newer one.
const malformedFile = (message) => new Refuted('EXPORT-1', null, message);
const perhapsNewer = (message) => new CannotTell(null, null, message);

// {bytes, whole}: a log that has grown keeps only the full file, of which the beginning counts.
// Null where there is neither.
async function readPart(read, folder, number, width, atMost, tooLarge) {
  const take = async (path) => {
    try {
      return await read(path, atMost);
    } catch (error) {
      if (!(error instanceof TooLarge)) throw error;
      throw tooLarge(`${path} is larger than ${atMost} bytes`);
    }
  };
  const bytes = await take(pathOf(folder, number, width));
  if (bytes !== null || width === bundleSize) return bytes && { bytes, whole: true };
  const full = await take(pathOf(folder, number));
  return full && { bytes: full, whole: false };
}

export async function readCheckpoint(read, atMost) {
  const bytes = await read('checkpoint', atMost);
  if (bytes === null) throw new CannotTell(null, null, 'there is no checkpoint');
  return bytes;
}

// --- bundles: items with their lengths in front ---

const wide = (prefix, itemAtMost) => bundleSize * (prefix + itemAtMost);

// `length` reads the prefix, `bound` says how long an item may be.
const bundles = {
  'tile/entries': {
    prefix: 2,
    length: readU16be,
    atMost: wide(2, 0xffff),
    bound: bytesAtMost.Entry,
    tooLarge: malformedFile,
  },
  statements: {
    prefix: 4,
    length: readU32be,
    atMost: wide(4, bytesAtMost.SignedStatement),
    bound: bytesAtMost.SignedStatement,
    tooLarge: perhapsNewer,
  },
  changes: {
    prefix: 4,
    length: readU32be,
    atMost: wide(4, 4096),
    bound: 4096,
    tooLarge: malformedFile,
  },
  openings: {
    prefix: 4,
    length: readU32be,
    atMost: wide(4, bytesAtMost.Opening),
    bound: bytesAtMost.Opening,
    tooLarge: perhapsNewer,
  },
};

// [EXPORT-1] The `width` items of a bundle; null where it is not there. An item larger than its
// bound says that it is of a newer version, or is refuted.
export async function readBundle(read, folder, number, width) {
  const { prefix, length, atMost, bound, tooLarge } = bundles[folder];
  const part = await readPart(read, folder, number, width, atMost, tooLarge);
  if (part === null) return null;
  const { bytes, whole } = part;
  const where = pathOf(folder, number, width);
  const items = [];
  let at = 0;
  while (items.length < width) {
    const end = at + prefix <= bytes.length ? at + prefix + length(bytes, at) : Infinity;
    if (end > bytes.length)
      throw new Refuted(
        'EXPORT-1',
        null,
        `${where} ends within item ${items.length}, want ${width}`,
      );
    const item = bytes.subarray(at + prefix, end);
    if (item.length > bound && (folder === 'changes' || !isNewer(item))) {
      const entry = bundleSize * number + items.length;
      throw new Refuted(
        'EXPORT-1',
        entry,
        `${where}: an item of ${item.length} bytes, want at most ${bound}`,
      );
    }
    items.push(item);
    at = end;
  }
  if (whole && at !== bytes.length)
    throw new Refuted(
      'EXPORT-1',
      null,
      `${where}: ${bytes.length - at} bytes behind the last item`,
    );
  return items;
}

// --- hash tiles ---

// [EXPORT-1] The `width` hashes of a tile; null where it is not there.
export async function readTile(read, level, number, width) {
  const folder = `tile/${level}`;
  const part = await readPart(read, folder, number, width, 32 * bundleSize, malformedFile);
  if (part === null) return null;
  const { bytes, whole } = part;
  const want = whole ? 32 * width : 32 * bundleSize;
  if (bytes.length !== want) {
    const where = pathOf(folder, number, width);
    throw new Refuted('EXPORT-1', null, `${where}: ${bytes.length} bytes, want ${want}`);
  }
  return splitHashes(bytes).slice(0, width);
}

// Takes leaf hashes and compares each tile as soon as it is whole. `note` is told of those that are
// not there.
export class Tiles {
  #levels = []; // of each: hashes of the tile that is filling, and its number

  constructor(read, note) {
    this.read = read;
    this.note = note;
  }

  async add(hash, level = 0) {
    const tile = (this.#levels[level] ??= { number: 0, hashes: [] });
    tile.hashes.push(hash);
    if (tile.hashes.length < bundleSize) return;
    await this.#compare(level, tile);
    this.#levels[level] = { number: tile.number + 1, hashes: [] };
    await this.add(perfectRoot(tile.hashes), level + 1);
  }

  // The partial ones.
  async finish() {
    for (const [level, tile] of this.#levels.entries()) {
      if (tile.hashes.length > 0) await this.#compare(level, tile);
    }
  }

  async #compare(level, { number, hashes }) {
    const where = pathOf(`tile/${level}`, number, hashes.length);
    const tile = await orNothing(readTile(this.read, level, number, hashes.length), this.note);
    if (tile === null) return this.note(missing(where));
    const wrong = hashes.findIndex((hash, i) => !equal(hash, tile[i]));
    if (wrong === -1) return;
    const entry = (bundleSize * number + wrong) * bundleSize ** level;
    throw new Refuted('EXPORT-2', entry, `${where}: hash ${wrong} is not that of its subtree`);
  }
}

function perfectRoot(hashes) {
  let level = hashes;
  while (level.length > 1) {
    level = Array.from({ length: level.length / 2 }, (_, i) =>
      node(level[2 * i], level[2 * i + 1]),
    );
  }
  return level[0];
}

// A refusal of something that an export shows, as a finding about an entry.
export function findingOf(error, entry) {
  if (!(error instanceof Refusal)) return error;
  const { code, rule, message } = error;
  const Finding = ['unknown version', 'unavailable'].includes(code) ? CannotTell : Refuted;
  return new Finding(rule, entry, message);
}
