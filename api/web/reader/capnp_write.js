// SPDX-License-Identifier: AGPL-3.0-or-later

// The canonical bytes of plain values, as capnp_read.js makes them (spec/bytes.md, "Canonical
// bytes"). First each struct becomes its two sections, cut behind the last word that is not zero;
// then they are laid out in the order in which a walk meets them.
import { layouts } from './schema.js';
import { utf8 } from './text.js';
import { isPointer } from './layout.js';

// --- sections: null, {data, pointers}, {bytes}, {numbers}, {items} or {structs} ---

function writeNumber(view, { is, names }, at, value) {
  switch (is) {
    case 'bool':
      view.setUint8(at >> 3, view.getUint8(at >> 3) | (value ? 1 << (at % 8) : 0));
      break;
    case 'enum':
      view.setUint16(2 * at, names.indexOf(value), true);
      break;
    case 'u16':
      view.setUint16(2 * at, value, true);
      break;
    case 'u32':
      view.setUint32(4 * at, value, true);
      break;
    case 'u64':
      view.setBigUint64(8 * at, value, true);
      break;
    case 'i64':
      view.setBigInt64(8 * at, value, true);
      break;
  }
}

function sectionsOf(name, value) {
  const layout = layouts[name];
  const data = new Uint8Array(8 * layout.dataWords);
  const view = new DataView(data.buffer);
  const pointers = new Array(layout.pointers).fill(null);
  const put = ({ type, at }, given) => {
    if (isPointer(type)) pointers[at] = objectOf(type, given);
    else if (type.is !== 'void') writeNumber(view, type, at, given);
  };
  for (const field of layout.fields) {
    const { name, discriminant, members } = field;
    if (members === undefined) {
      put(field, value[name]);
    } else {
      const number = members.findIndex((member) => member.name === value[name].member);
      writeNumber(view, { is: 'u16' }, discriminant, number);
      put(members[number], value[name].value);
    }
  }
  let words = layout.dataWords;
  while (words > 0 && data.subarray(8 * words - 8, 8 * words).every((byte) => byte === 0)) words--;
  while (pointers.length > 0 && pointers.at(-1) === null) pointers.pop();
  return { data: data.subarray(0, 8 * words), pointers };
}

// What is empty, or a struct of defaults, is a null pointer.
function objectOf(type, value) {
  if (value === null || value.length === 0) return null;
  switch (type.is) {
    case 'text':
      return { bytes: utf8(value + '\0') };
    case 'data':
      return { bytes: value };
    case 'list':
      if (type.of.is === 'u64') return { numbers: value };
      return type.of.is === 'struct'
        ? { structs: value.map((item) => sectionsOf(type.of.name, item)) }
        : { items: value.map((item) => objectOf(type.of, item)) };
    default: {
      const sections = sectionsOf(type.name, value);
      return sections.data.length + sections.pointers.length === 0 ? null : sections;
    }
  }
}

// --- laying out ---

const sum = (objects) => objects.reduce((words, object) => words + wordsOf(object), 0);
const widest = (lengths) => lengths.reduce((a, b) => Math.max(a, b), 0);

// How wide the elements of a list are: as the widest of them needs.
function widthOf(structs) {
  const dataWords = widest(structs.map(({ data }) => data.length / 8));
  const pointers = widest(structs.map((struct) => struct.pointers.length));
  return { dataWords, pointers, words: dataWords + pointers };
}

function wordsOf(object) {
  if (object === null) return 0;
  if (object.data) return object.data.length / 8 + object.pointers.length + sum(object.pointers);
  if (object.bytes) return Math.ceil(object.bytes.length / 8);
  if (object.numbers) return object.numbers.length;
  if (object.items) return object.items.length + sum(object.items);
  const { structs } = object;
  return (
    1 +
    structs.length * widthOf(structs).words +
    structs.reduce((words, { pointers }) => words + sum(pointers), 0)
  );
}

class Writer {
  words = 0;

  constructor(words) {
    this.bytes = new Uint8Array(8 * words);
    this.view = new DataView(this.bytes.buffer);
  }

  // Gives the place of `words` new words.
  take(words) {
    this.words += words;
    return this.words - words;
  }

  put(at, bytes) {
    this.bytes.set(bytes, 8 * at);
  }

  pointer(at, low, high) {
    this.view.setInt32(8 * at, low, true);
    this.view.setUint32(8 * at + 4, high, true);
  }

  object(slot, object) {
    if (object === null) return;
    const offset = (this.words - slot - 1) << 2;
    if (object.data) {
      const at = this.take(object.data.length / 8 + object.pointers.length);
      this.pointer(slot, offset, object.data.length / 8 + object.pointers.length * 0x10000);
      this.sections(at, object.data.length / 8, object);
    } else if (object.bytes) {
      const at = this.take(Math.ceil(object.bytes.length / 8));
      this.pointer(slot, offset | 1, object.bytes.length * 8 + 2);
      this.put(at, object.bytes);
    } else if (object.numbers) {
      const at = this.take(object.numbers.length);
      this.pointer(slot, offset | 1, object.numbers.length * 8 + 5);
      object.numbers.forEach((n, i) => this.view.setBigUint64(8 * (at + i), n, true));
    } else if (object.items) {
      const at = this.take(object.items.length);
      this.pointer(slot, offset | 1, object.items.length * 8 + 6);
      object.items.forEach((item, i) => this.object(at + i, item));
    } else {
      this.structs(slot, offset, object.structs);
    }
  }

  sections(at, dataWords, { data, pointers }) {
    this.put(at, data);
    pointers.forEach((object, i) => this.object(at + dataWords + i, object));
  }

  structs(slot, offset, structs) {
    const { dataWords, pointers, words } = widthOf(structs);
    const tag = this.take(1 + structs.length * words);
    this.pointer(slot, offset | 1, structs.length * words * 8 + 7);
    this.pointer(tag, structs.length << 2, dataWords + pointers * 0x10000);
    structs.forEach((struct, i) => this.sections(tag + 1 + i * words, dataWords, struct));
  }
}

export function writeStruct(name, value) {
  const object = objectOf({ is: 'struct', name }, value);
  const writer = new Writer(1 + wordsOf(object));
  writer.object(writer.take(1), object);
  return writer.bytes;
}
