/**
 * The non-INVITE client transaction's machine: RFC 3261 figure 6.
 *
 *               request: send, start E (unreliable), F
 *                   │
 *                   ▼
 *                trying ◄── Timer E: resend, E = min(2*E, T2)
 *                   │  │ 1xx: pass
 *                   │  ▼
 *                   │ proceeding ◄── 1xx: pass   Timer E: resend, E = T2
 *      200–699      │  │
 *      pass, K      ▼  ▼
 *                completed ◄── any response: absorb
 *                   │ Timer K
 *                   ▼
 *               terminated ◄── trying, proceeding: Timer F or transport error: inform TU
 */
import type { ArcTable } from './machine';

export type NonInviteClientState = 'trying' | 'proceeding' | 'completed' | 'terminated';

export type NonInviteClientInput = '1xx' | 'final' | 'timer-E' | 'timer-F' | 'timer-K' | 'transport-error';

export type NonInviteClientAction =
  | 'resend-request'
  | 'grow-E'
  | 'restart-E-at-T2'
  | 'stop-E-F'
  | 'start-K'
  | 'pass-provisional'
  | 'pass-final'
  | 'inform-timeout'
  | 'inform-transport-error'
  | 'terminate'
  | 'expire'
  | 'abort';

export const NON_INVITE_CLIENT_ARCS: ArcTable<NonInviteClientState, NonInviteClientInput, NonInviteClientAction> = {
  trying: {
    '1xx': { to: 'proceeding', actions: ['pass-provisional'] },
    final: { to: 'completed', actions: ['stop-E-F', 'start-K', 'pass-final'] },
    'timer-E': { to: 'trying', actions: ['grow-E', 'resend-request'] },
    'timer-F': { to: 'terminated', actions: ['inform-timeout', 'expire'] },
    'transport-error': { to: 'terminated', actions: ['inform-transport-error', 'abort'] },
  },
  proceeding: {
    '1xx': { to: 'proceeding', actions: ['pass-provisional'] },
    final: { to: 'completed', actions: ['stop-E-F', 'start-K', 'pass-final'] },
    'timer-E': { to: 'proceeding', actions: ['restart-E-at-T2', 'resend-request'] },
    'timer-F': { to: 'terminated', actions: ['inform-timeout', 'expire'] },
    'transport-error': { to: 'terminated', actions: ['inform-transport-error', 'abort'] },
  },
  completed: {
    '1xx': { to: 'completed', actions: [] },
    final: { to: 'completed', actions: [] },
    'timer-K': { to: 'terminated', actions: ['terminate'] },
    'transport-error': { to: 'completed', actions: [] },
  },
  terminated: {},
};
