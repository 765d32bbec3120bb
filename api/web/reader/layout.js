// SPDX-License-Identifier: AGPL-3.0-or-later

// Where the fields of a struct lie. Cap'n Proto fixes that by the order of the field numbers alone,
// so the tables in schema.js name fields in this order and no offsets.

const sizeOf = { bool: 0, u16: 4, enum: 4, u32: 5, u64: 6, i64: 6 }; // as powers of two bits
export const isPointer = (type) => ['text', 'data', 'list', 'struct'].includes(type.is);

// Data: at most one hole of each size is left over, the other half of what was split.
class Data {
  words = 0;
  holes = [];

  // An offset in units of the size.
  take(size) {
    if (size === 6) return this.words++;
    const hole = this.holes[size];
    if (hole !== undefined) {
      this.holes[size] = undefined;
      return hole;
    }
    const half = 2 * this.take(size + 1);
    this.holes[size] = half + 1;
    return half;
  }
}

// Members of a union lie over each other. The discriminant comes with its second member.
class Union {
  members = 0;
  discriminant = null;
  pointer = null;
  data = null;

  place(type, data, newPointer) {
    this.members++;
    if (this.members === 2) this.discriminant = data.take(4);
    if (type.is === 'void') return null;
    if (isPointer(type)) return (this.pointer ??= newPointer());
    const size = sizeOf[type.is];
    this.data ??= { size, at: data.take(size) };
    // No union of the schema has data members of two sizes; if one comes, its layout goes here.
    if (this.data.size !== size) throw new Error('a union with data of two sizes');
    return this.data.at;
  }
}

// fields: [name, type] in order of their numbers; a union's members are [union name, member, type].
// Gives {dataWords, pointers, fields}: of a field {name, type, at}, of a union {name, discriminant,
// members}, where its first member stands. `at` is in units of the field's size.
export function layoutOf(fields) {
  const data = new Data();
  let pointers = 0;
  const newPointer = () => pointers++;
  const unions = new Map();
  const placed = [];
  for (const field of fields) {
    const type = field.at(-1);
    if (field.length === 2) {
      const at = isPointer(type) ? newPointer() : data.take(sizeOf[type.is]);
      placed.push({ name: field[0], type, at });
      continue;
    }
    const [name, member] = field;
    if (!unions.has(name)) {
      unions.set(name, new Union());
      placed.push({ name, members: [] });
    }
    const union = placed.find((each) => each.name === name);
    union.members.push({ name: member, type, at: unions.get(name).place(type, data, newPointer) });
    union.discriminant = unions.get(name).discriminant;
  }
  return { dataWords: data.words, pointers, fields: placed };
}
