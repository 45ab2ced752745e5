/** An ACD that knows nothing yet. */
import { Deadlines } from './index/deadlines';
import type { AcdRules, AcdState } from './model';

export const emptyState = (rules: AcdRules = {}): AcdState => ({
  queues: new Map(),
  agents: new Map(),
  contacts: new Map(),
  nowMs: 0,
  arrivals: 0,
  decisions: 0,
  holders: new Map(),
  callbacks: new Map(),
  kept: new Map(),
  deadlines: new Deadlines(),
  rules,
});
