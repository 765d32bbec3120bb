// SPDX-License-Identifier: AGPL-3.0-or-later

// Commands of the village's own machine beside its server: one process is the writer.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { get, read, refused, submit } from './checked.js';
import { EventListener } from './events.js';
import { Village } from './village.js';
