/** A step's working set: the state it owns, the time, the effects it has collected, and who may now be matched. */
import type { AcdEffect, AcdState, Agent, Contact } from './model';

export interface Work {
  readonly state: AcdState;
  readonly nowMs: number;
  readonly effects: AcdEffect[];
  /** Agents who have become free for something, and contacts that have begun to wait for someone else. */
  readonly freed: Agent[];
  readonly placed: Contact[];
}

export const beginWork = (state: AcdState, nowMs: number): Work => ({
  state,
  nowMs,
  effects: [],
  freed: [],
  placed: [],
});
