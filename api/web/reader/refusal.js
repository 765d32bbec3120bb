// SPDX-License-Identifier: AGPL-3.0-or-later

// What breaks a requirement: a code named for whoever must act, and the requirement's id
// (spec/bytes.md, "Errors"). Everything else that is thrown is a mistake of ours.
export class Refusal extends Error {
  constructor(code, rule, message) {
    super(rule ? `[${rule}] ${message}` : message);
    this.name = 'Refusal';
    this.code = code;
    this.rule = rule;
  }
}

const refusing = (code) => (rule, message) => {
  throw new Refusal(code, rule, message);
};

export const malformed = refusing('malformed');
export const invalid = refusing('invalid');
export const unauthorised = refusing('unauthorised');
export const notFound = refusing('not found');
export const conflict = refusing('conflict');
export const unavailable = refusing('unavailable');
export const unknownVersion = refusing('unknown version');
