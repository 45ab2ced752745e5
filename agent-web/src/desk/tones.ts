/** Which tone (theme/tokens.css) stands for which state. */
import type { AgentState } from '../../../api/contract/common';
import type { ExtensionStateName } from '../../../api/contract/extensions';
import type { CallPhase } from './current-call';

export const AGENT_TONES: Record<AgentState, string> = {
  'signed-out': 'tone-idle',
  'not-ready': 'tone-idle',
  ready: 'tone-ready',
  offered: 'tone-ringing',
  busy: 'tone-busy',
  'wrap-up': 'tone-wrap',
};

export const PHASE_TONES: Record<CallPhase | 'idle', string> = {
  idle: 'tone-idle',
  ringing: 'tone-ringing',
  dialling: 'tone-busy',
  connected: 'tone-busy',
  held: 'tone-ringing',
  consulting: 'tone-busy',
  'wrap-up': 'tone-wrap',
};

export const EXTENSION_TONES: Record<ExtensionStateName, string> = {
  free: 'tone-ready',
  away: 'tone-idle',
  ringing: 'tone-ringing',
  talking: 'tone-busy',
  busy: 'tone-wrap',
  offline: 'tone-idle',
};
