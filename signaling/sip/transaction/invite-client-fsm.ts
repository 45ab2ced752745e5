/**
 * The INVITE client transaction's machine: RFC 3261 figure 5 as corrected by RFC 6026, section 7.2.
 *
 *               request: send INVITE, start A (unreliable), B
 *                   │
 *                   ▼
 *       ┌──────  calling ◄── Timer A: resend, A*2
 *       │           │ 1xx: pass, stop A, B
 *       │ 300–699   ▼
 *       ├────── proceeding ◄── 1xx: pass
 *       │ send ACK, │       │
 *       │ pass, D   │       │ 2xx: pass, M   (from calling too)
 *       ▼           │       ▼
 *   completed       │    accepted ◄── 2xx: pass
 *  300–699: send ACK│       │
 *       │ Timer D   │       │ Timer M
 *       └───────────┼───────┴──► terminated
 *                   └── 64*T1 after our CANCEL: inform TU ──► terminated
 *   calling ── Timer B or transport error: inform TU ──► terminated
 *   completed ── transport error of the ACK ──► terminated
 */
import type { ArcTable } from './machine';

export type InviteClientState = 'calling' | 'proceeding' | 'completed' | 'accepted' | 'terminated';

export type InviteClientInput =
  '1xx' | '2xx' | '300-699' | 'timer-A' | 'timer-B' | 'timer-D' | 'timer-M' | 'cancel-deadline' | 'transport-error';

export type InviteClientAction =
  | 'resend-request'
  | 'double-A'
  | 'stop-A-B'
  | 'stop-cancel-deadline'
  | 'start-D'
  | 'start-M'
  | 'send-ack'
  | 'pass-provisional'
  | 'pass-final'
  | 'inform-timeout'
  | 'inform-transport-error'
  | 'terminate'
  | 'expire'
  | 'abort';

export const INVITE_CLIENT_ARCS: ArcTable<InviteClientState, InviteClientInput, InviteClientAction> = {
  calling: {
    '1xx': { to: 'proceeding', actions: ['stop-A-B', 'pass-provisional'] },
    '2xx': { to: 'accepted', actions: ['stop-A-B', 'start-M', 'pass-final'] },
    '300-699': { to: 'completed', actions: ['stop-A-B', 'send-ack', 'start-D', 'pass-final'] },
    'timer-A': { to: 'calling', actions: ['double-A', 'resend-request'] },
    'timer-B': { to: 'terminated', actions: ['inform-timeout', 'expire'] },
    'transport-error': { to: 'terminated', actions: ['inform-transport-error', 'abort'] },
  },
  proceeding: {
    '1xx': { to: 'proceeding', actions: ['pass-provisional'] },
    '2xx': { to: 'accepted', actions: ['stop-cancel-deadline', 'start-M', 'pass-final'] },
    '300-699': { to: 'completed', actions: ['stop-cancel-deadline', 'send-ack', 'start-D', 'pass-final'] },
    'cancel-deadline': { to: 'terminated', actions: ['inform-timeout', 'expire'] },
    // A late report about an INVITE that evidently arrived.
    'transport-error': { to: 'proceeding', actions: [] },
  },
  completed: {
    '1xx': { to: 'completed', actions: [] },
    '2xx': { to: 'completed', actions: [] },
    '300-699': { to: 'completed', actions: ['send-ack'] },
    'timer-D': { to: 'terminated', actions: ['terminate'] },
    // Deviation: the TU has its final response already and hears of the lost ACK only as the reason of the end.
    'transport-error': { to: 'terminated', actions: ['abort'] },
  },
  accepted: {
    '1xx': { to: 'accepted', actions: [] },
    '2xx': { to: 'accepted', actions: ['pass-final'] },
    '300-699': { to: 'accepted', actions: [] },
    'timer-M': { to: 'terminated', actions: ['terminate'] },
    'transport-error': { to: 'accepted', actions: [] },
  },
  terminated: {},
};
