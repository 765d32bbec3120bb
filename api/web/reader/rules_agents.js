// SPDX-License-Identifier: AGPL-3.0-or-later

// Agents: keys that the council lets act or propose (spec/rules.md, "Agents").
import { parseHex } from './bytes.js';
import { conflict, unauthorised } from './refusal.js';

// An agent in office, or null.
export function agentOf(step, keyId) {
  const agent = step.state.get('agent', parseHex(keyId));
  return agent?.status === 'active' ? agent : null;
}

// [AGENT-1], [AGENT-2] `capabilities`: those that are enough. Sets the agent's sequence.
export function signedByAgent(step, ...capabilities) {
  const { signers, body } = step;
  if (signers.length !== 1) unauthorised('AGENT-1', `${signers.length} keys signed, want an agent`);
  const agent = agentOf(step, signers[0]);
  if (!capabilities.includes(agent?.detail.capability)) {
    unauthorised('AGENT-1', `the key ${signers[0]} is no agent that may ${capabilities[0]}`);
  }
  const last = step.state.get('sequence', agent.id);
  if (body.sequence <= (last?.detail.last ?? 0n)) {
    conflict('AGENT-2', `sequence ${body.sequence}, the last was ${last?.detail.last ?? 0n}`);
  }
  if (last) step.change(last, { last: body.sequence });
  else step.make('sequence', agent.id, { last: body.sequence });
}
