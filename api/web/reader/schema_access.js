// SPDX-License-Identifier: AGPL-3.0-or-later

// Who asks over HTTP: spec/access.md.
import { ascii, dataOf, digest, exactly, ids, signedKey, time, u16 } from './types.js';

export const access = {
  AccessClaim: [
    ['version', u16], ['village', digest], ['key', signedKey], ['method', ascii(1, 16)],
    ['target', ascii(1, 4096)], ['nonce', exactly(16)], ['notAfter', time], ['grants', ids(0, 32)],
  ],
  AccessToken: [['version', u16], ['claim', dataOf(1, 8192)], ['signature', exactly(64)]],
};
