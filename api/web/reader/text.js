// SPDX-License-Identifier: AGPL-3.0-or-later

// Texts and their classes (spec/bytes.md, "Texts"). What is left out makes a signed text look like
// another one.
import { malformed } from './refusal.js';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

export const utf8 = (text) => encoder.encode(text);

// [TEXT-1] UTF-8 in shortest form, no surrogates (the decoder is fatal about both), no NUL.
export function textOf(bytes, rule = 'TEXT-1') {
  let text;
  try {
    text = decoder.decode(bytes);
  } catch {
    malformed(rule, 'found bytes that are not UTF-8');
  }
  if (text.includes('\0')) malformed(rule, 'found NUL in a text');
  return text;
}

const control = '\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069';
const space = '\\p{White_Space}';

const classes = {
  line: new RegExp(`^[^${control}]*$`, 'u'),
  prose: new RegExp(`^(?:[^${control}]|[\\n\\t])*$`, 'u'),
  ascii: /^[\u0020-\u007e]*$/,
  'key name': new RegExp(`^[^${control}${space}+]*$`, 'u'),
  slug: /^(?!-)[a-z0-9-]*$/,
  'field name': /^[a-z0-9_.-]*$/,
};

// [TEXT-2]
export const isOf = (textClass, text) => classes[textClass].test(text);

// [TEXT-3] The length, in bytes of UTF-8, then the rest: nothing is decoded that is too long.
export function boundedText(bytes, { textClass, min, max }, place) {
  if (bytes.length < min || bytes.length > max) {
    malformed('TEXT-3', `${place}: found ${bytes.length} bytes, want ${min} to ${max}`);
  }
  const text = textOf(bytes);
  if (!isOf(textClass, text))
    malformed('TEXT-2', `${place}: found a character that no ${textClass} has`);
  return text;
}
