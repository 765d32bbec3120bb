// SPDX-License-Identifier: AGPL-3.0-or-later

// The files of an export in a directory, which somebody else has made: what stands in the place of
// a file may be anything, and reading it has to end.
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { TooLarge, Unreadable } from './export_files.js';

// Not to wait for the other end of a pipe that somebody has put into an export.
const flags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;

// Null where there is none.
async function openFile(directory, path) {
  try {
    return await open(join(directory, path), flags);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(error.code)) return null;
    throw new Unreadable(path, error.code);
  }
}

// As many bytes as it had when it was opened, or fewer: it may be one that never ends.
async function readAll(file, size) {
  const bytes = new Uint8Array(size);
  let done = 0;
  while (done < size) {
    const { bytesRead } = await file.read(bytes, done, size - done, done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return bytes.subarray(0, done);
}

// Gives `read` of export_files.js. Paths come from the reader alone, never from what it reads. A
// link to a file is as good as the file.
export const readerOf = (directory) => async (path, atMost) => {
  const file = await openFile(directory, path);
  if (file === null) return null;
  try {
    const about = await file.stat();
    if (!about.isFile()) throw new Unreadable(path, 'no regular file');
    if (about.size > atMost) throw new TooLarge(path);
    return await readAll(file, about.size);
  } finally {
    await file.close();
  }
};
