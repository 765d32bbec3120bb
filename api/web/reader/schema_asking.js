// SPDX-License-Identifier: AGPL-3.0-or-later

// Kinds 8, 9, 10 and 13: in which shapes a village is asked, by which models, and its answers.
import {
  bool, choiceOf, countAtLeastOne, digest, digestOrEmpty, enumOf, exactly, fieldName, foreignIds,
  i64, ids, line, lines, slug, sorted, struct, u16, u32, u64, union, voidType,
} from './types.js';
import { utf8 } from './text.js';

export const asking = {
  Shape: [
    ['domain', digest],
    ...union('step', { none: voidType, publish: struct('ShapeTemplate'), retire: digest }),
  ],
  ShapeTemplate: [
    ['operation', choiceOf('exists', 'count', 'histogram', 'excerpts', 'answer')],
    ['title', line(1, 200)],
    ['parameters', sorted(struct('Parameter'), 0, 16, (parameter) => utf8(parameter.name))],
    ['itemsMax', u32], ['charactersMax', u32], ['minimumCell', u32], ['rounding', u32],
    ['steeringNeeded', bool],
  ],
  Parameter: [
    ['name', fieldName(1, 64)],
    ...union('type', {
      none: voidType, text: u32, choice: lines(1, 64, 100), integer: struct('Range'),
      date: struct('Range'),
    }),
  ],
  Range: [['low', i64], ['high', i64]],

  Model: [
    ['domain', digest],
    ...union('step', { none: voidType, publish: struct('ModelIdentity'), retire: digest }),
  ],
  ModelIdentity: [
    ['name', line(1, 200)], ['weights', digest], ['adapter', digestOrEmpty],
    ['template', digestOrEmpty], ['engine', digestOrEmpty], ['sampling', line(0, 1024)],
    ['determinism', enumOf('unknown', 'exact', 'seeded', 'sampled')],
    ['trainingRoot', digestOrEmpty],
  ],

  Steering: [
    ['domain', digest],
    ...union('step', { none: voidType, set: struct('SteeringTerms'), withdraw: digest }),
  ],
  SteeringTerms: [
    ['models', ids(1, 16)], ['instructions', digestOrEmpty], ['limits', struct('Limits')],
  ],

  Inference: [
    ['sequence', u64], ['queryId', exactly(16)], ['agreement', digest], ['grant', digestOrEmpty],
    ['shape', digestOrEmpty], ['purpose', line(1, 200)], ['parameters', digestOrEmpty],
    ['model', digestOrEmpty], ['steering', digestOrEmpty], ['onward', foreignIds(0, 32)],
    ...union('outcome', {
      none: voidType, answered: struct('Answered'), refused: struct('Refused'),
    }),
  ],
  Answered: [
    ['commitment', digest],
    ...union('used', { none: voidType, records: ids(0, 512), hidden: struct('HiddenUse') }),
    ['cited', ids(0, 512)], ['items', u32], ['characters', u32],
  ],
  HiddenUse: [['bound', u64], ['root', digest]],
  Refused: [['reason', slug(1, 63)], ['count', countAtLeastOne]],
  Opening: [['version', u16], ['salt', digest], ['ids', ids(0, 8192)]],
};
