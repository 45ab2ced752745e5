/**
 * The non-INVITE server transaction's machine: RFC 3261 figure 8, with RFC 4320's rule that nothing is answered once
 * the client must have given up.
 *
 *                 request
 *                   │ pass to TU, start the deadline of 64*T1
 *                   ▼
 *                trying ◄── request: absorb
 *                   │  │ 1xx from TU: send
 *                   │  ▼
 *                   │ proceeding ◄── 1xx from TU: send   request: resend
 *    final from TU  │  │
 *    send, J        ▼  ▼
 *                completed ◄── request: resend   final from TU: drop
 *                   │ Timer J
 *                   ▼
 *               terminated ◄── transport error or deadline, in any state before
 */
import type { ArcTable } from './machine';

export type NonInviteServerState = 'trying' | 'proceeding' | 'completed' | 'terminated';

export type NonInviteServerInput = 'request' | 'tu-1xx' | 'tu-final' | 'timer-J' | 'deadline' | 'transport-error';

export type NonInviteServerAction =
  | 'send-response'
  | 'resend-response'
  | 'stop-deadline'
  | 'start-J'
  | 'inform-transport-error'
  | 'expire'
  | 'terminate'
  | 'abort';

export const NON_INVITE_SERVER_ARCS: ArcTable<NonInviteServerState, NonInviteServerInput, NonInviteServerAction> = {
  trying: {
    request: { to: 'trying', actions: [] },
    'tu-1xx': { to: 'proceeding', actions: ['send-response'] },
    'tu-final': { to: 'completed', actions: ['stop-deadline', 'start-J', 'send-response'] },
    deadline: { to: 'terminated', actions: ['expire'] },
  },
  proceeding: {
    request: { to: 'proceeding', actions: ['resend-response'] },
    'tu-1xx': { to: 'proceeding', actions: ['send-response'] },
    'tu-final': { to: 'completed', actions: ['stop-deadline', 'start-J', 'send-response'] },
    deadline: { to: 'terminated', actions: ['expire'] },
    'transport-error': { to: 'terminated', actions: ['inform-transport-error', 'abort'] },
  },
  completed: {
    request: { to: 'completed', actions: ['resend-response'] },
    'tu-final': { to: 'completed', actions: [] },
    'timer-J': { to: 'terminated', actions: ['terminate'] },
    'transport-error': { to: 'terminated', actions: ['inform-transport-error', 'abort'] },
  },
  terminated: {},
};
