// SPDX-License-Identifier: AGPL-3.0-or-later

// Reads a struct eagerly into plain values: numbers, BigInts for 64 bits, strings, byte arrays,
// lists, objects, and {member, value} for a union. Reads what Cap'n Proto allows, within the
// segment and the limits of [BYTES-2]; that it is the canonical spelling is asked in codec.js.
import { firstUnsorted } from './bytes.js';
import { malformed, unknownVersion } from './refusal.js';
import { boundedText } from './text.js';
import { isPointer } from './layout.js';
import { checks, layouts } from './schema.js';

const nestingAtMost = 16;
const absent = { at: 0, dataWords: 0, pointers: 0 };

export class Segment {
  constructor(bytes) {
    if (bytes.length === 0 || bytes.length % 8 !== 0) {
      malformed('BYTES-2', `found ${bytes.length} bytes, want whole words and at least one`);
    }
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.words = bytes.length / 8;
    this.unvisited = this.words;
  }

  // Objects that share words would let a few bytes stand for a great many.
  visit(at, words, place) {
    if (at < 0 || at + words > this.words)
      malformed('BYTES-2', `${place}: a pointer out of the segment`);
    this.unvisited -= words;
    if (this.unvisited < 0) malformed('BYTES-2', `${place}: more words visited than there are`);
  }

  // null, {at, dataWords, pointers} or {at, width, count}; `at` in words.
  pointer(at, place) {
    const low = this.view.getInt32(8 * at, true);
    const high = this.view.getUint32(8 * at + 4, true);
    if (low === 0 && high === 0) return null;
    const target = at + 1 + (low >> 2);
    switch (low & 3) {
      case 0:
        return { at: target, dataWords: high & 0xffff, pointers: high >>> 16 };
      case 1:
        return { at: target, width: high & 7, count: high >>> 3 };
      // It could be followed, and canonical bytes have none, being one segment.
      case 2:
        return malformed('BYTES-3', `${place}: a far pointer`);
      default:
        return malformed('BYTES-2', `${place}: neither a struct's pointer nor a list's`);
    }
  }

  // The root pointer is the first word.
  root(name) {
    this.visit(0, 1, name);
    return this.structAt(this.pointer(0, name), name);
  }

  structAt(pointer, place) {
    if (pointer === null) return absent;
    if (pointer.width !== undefined)
      malformed('BYTES-2', `${place}: a list where a struct belongs`);
    this.visit(pointer.at, pointer.dataWords + pointer.pointers, place);
    return pointer;
  }
}

// The pointer in a slot of a struct; what lies behind its sections is null.
function pointerIn(segment, where, slot, place) {
  return slot < where.pointers ? segment.pointer(where.at + where.dataWords + slot, place) : null;
}

function readNumber(segment, where, { is }, at) {
  const bits = { bool: 1, u16: 16, enum: 16, u32: 32, u64: 64, i64: 64 }[is];
  const inside = (at + 1) * bits <= where.dataWords * 64;
  const wide = bits === 64;
  if (!inside) return wide ? 0n : 0;
  const byte = 8 * where.at + ((at * bits) >> 3);
  switch (is) {
    case 'bool':
      return (segment.bytes[byte] >> (at % 8)) & 1;
    case 'u32':
      return segment.view.getUint32(byte, true);
    case 'u64':
      return segment.view.getBigUint64(byte, true);
    case 'i64':
      return segment.view.getBigInt64(byte, true);
    default:
      return segment.view.getUint16(byte, true);
  }
}

// Of a struct that begins with one.
export const readVersion = (segment, where) => readNumber(segment, where, { is: 'u16' }, 0);

function boundedNumber(value, type, place) {
  if (type.is === 'bool') return value === 1;
  if (type.is === 'enum') {
    const name = type.names[value];
    if (name === undefined || name === type.never)
      malformed('BOUND-4', `${place}: found enumerator ${value}`);
    return name;
  }
  if (type.min !== undefined && (value < type.min || value > type.max)) {
    malformed('BOUND-5', `${place}: found ${value}, want ${type.min} to ${type.max}`);
  }
  return value;
}

function readBytes(segment, pointer, place) {
  if (pointer === null) return segment.bytes.subarray(0, 0);
  if (pointer.width !== 2) malformed('BYTES-2', `${place}: not a list of bytes`);
  segment.visit(pointer.at, Math.ceil(pointer.count / 8), place);
  return segment.bytes.subarray(8 * pointer.at, 8 * pointer.at + pointer.count);
}

function readText(segment, pointer, type, place) {
  let bytes = readBytes(segment, pointer, place);
  if (pointer !== null) {
    if (bytes.at(-1) !== 0) malformed('BYTES-2', `${place}: a text without its NUL`);
    bytes = bytes.subarray(0, -1);
  }
  return boundedText(bytes, type, place);
}

function boundedData(bytes, type, place) {
  const { length } = bytes;
  if (type.hashes !== undefined) {
    if (length % 32 !== 0) malformed('BOUND-1', `${place}: found ${length} bytes, want 32 a hash`);
    if (length > 32 * type.hashes)
      malformed('BOUND-2', `${place}: found ${length / 32}, want at most ${type.hashes}`);
  } else if (!(type.orEmpty && length === 0) && (length < type.min || length > type.max)) {
    malformed(type.rule, `${place}: found ${length} bytes, want ${type.min} to ${type.max}`);
  }
  return bytes.slice();
}

function readList(segment, pointer, type, depth, place) {
  const count = pointer === null ? 0 : elementsOf(segment, pointer, type.of, place);
  if (count < type.min || count > type.max) {
    malformed('BOUND-2', `${place}: found ${count}, want ${type.min} to ${type.max}`);
  }
  const items = Array.from({ length: count }, (_, i) =>
    readElement(segment, pointer, type.of, i, depth, `${place}[${i}]`),
  );
  const unsorted = type.sortedBy ? firstUnsorted(items, type.sortedBy) : -1;
  if (unsorted !== -1)
    malformed('BOUND-3', `${place}[${unsorted}]: want a sorted list without duplicates`);
  return items;
}

function readElement(segment, pointer, of, i, depth, place) {
  switch (of.is) {
    case 'struct':
      return readStruct(segment, of, pointer.element(i), depth, place);
    case 'u64':
      return segment.view.getBigUint64(8 * (pointer.at + i), true);
    default:
      return readPointer(segment, of, segment.pointer(pointer.at + i, place), depth, place);
  }
}

// How many there are; leaves in `pointer` where the elements of a list of structs lie.
function elementsOf(segment, pointer, of, place) {
  if (of.is !== 'struct') {
    // A word for each, either way.
    const [width, elements] = of.is === 'u64' ? [5, 'numbers of 64 bits'] : [6, 'pointers'];
    if (pointer.width !== width) malformed('BYTES-2', `${place}: not a list of ${elements}`);
    segment.visit(pointer.at, pointer.count, place);
    return pointer.count;
  }
  if (pointer.width !== 7) malformed('BYTES-2', `${place}: not a list of structs`);
  segment.visit(pointer.at, 1 + pointer.count, place);
  const low = segment.view.getUint32(8 * pointer.at, true);
  const sections = segment.view.getUint32(8 * pointer.at + 4, true);
  const dataWords = sections & 0xffff,
    pointers = sections >>> 16;
  const count = low >>> 2;
  if ((low & 3) !== 0 || count * (dataWords + pointers) !== pointer.count) {
    malformed('BYTES-2', `${place}: a list's tag that does not fit its words`);
  }
  pointer.element = (i) => ({
    at: pointer.at + 1 + i * (dataWords + pointers),
    dataWords,
    pointers,
  });
  return count;
}

function readPointer(segment, type, pointer, depth, place) {
  switch (type.is) {
    case 'text':
      return readText(segment, pointer, type, place);
    case 'data':
      return boundedData(readBytes(segment, pointer, place), type, place);
    case 'list':
      return readList(segment, pointer, type, depth + 1, place);
    default:
      if (pointer === null && type.optional) return null;
      return readStruct(segment, type, segment.structAt(pointer, place), depth + 1, place);
  }
}

function readField(segment, where, { type, at }, depth, place) {
  if (type.is === 'void') return null;
  return isPointer(type)
    ? readPointer(segment, type, pointerIn(segment, where, at, place), depth, place)
    : boundedNumber(readNumber(segment, where, type, at), type, place);
}

// [BOUND-4] exactly one member, and not `none`; [BYTES-1] of a statement one that this reader has a
// codec for.
function memberOf(segment, where, { discriminant, members }, ofStatement, place) {
  const number = readNumber(segment, where, { is: 'u16' }, discriminant);
  const member = members[number];
  const said = `${place}: found member ${number}`;
  if (ofStatement && member === undefined) unknownVersion('BYTES-1', said);
  if (member === undefined || member.name === 'none') malformed('BOUND-4', said);
  return member;
}

export function readStruct(segment, type, where, depth, place) {
  if (depth > nestingAtMost)
    malformed('BYTES-2', `${place}: nested more than ${nestingAtMost} deep`);
  const value = {};
  for (const field of layouts[type.name].fields) {
    const at = `${place}.${field.name}`;
    if (field.members === undefined) {
      value[field.name] = readField(segment, where, field, depth, at);
    } else {
      const member = memberOf(segment, where, field, type.name === 'Statement', at);
      const inside = `${place}.${member.name}`;
      value[field.name] = {
        member: member.name,
        value: readField(segment, where, member, depth, inside),
      };
    }
  }
  if (type.algorithm !== undefined && value.algorithm !== type.algorithm) {
    malformed('BOUND-6', `${place}: found algorithm ${value.algorithm}, want ${type.algorithm}`);
  }
  checks[type.name]?.(value, place);
  return value;
}
