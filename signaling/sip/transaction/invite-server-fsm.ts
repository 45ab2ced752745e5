/**
 * The INVITE server transaction's machine: RFC 3261 figure 7 as corrected by RFC 6026, section 7.1.
 *
 *                    INVITE
 *                      │ pass to TU, start the 200 ms of the 100
 *                      ▼
 *               ┌─ proceeding ─┐◄── 1xx from TU: send   INVITE: resend   200 ms: send 100   transport error: inform TU
 *     300–699   │              │ 2xx from TU
 *     send, G, H│              │ send, L
 *               ▼              ▼
 *          completed        accepted ◄── 2xx from TU: send   INVITE: absorb   ACK: pass to TU   transport error: inform TU
 *      INVITE: resend          │
 *      Timer G: resend         │ Timer L
 *        │         │           │
 *    ACK │  Timer H│ inform TU │
 *        ▼         │           │
 *    confirmed     │           │
 *        │ Timer I │           │
 *        └─────────┴───────────┴──► terminated
 */
import type { ArcTable } from './machine';

export type InviteServerState = 'proceeding' | 'completed' | 'confirmed' | 'accepted' | 'terminated';

export type InviteServerInput =
  | 'invite'
  | 'ack'
  | 'tu-1xx'
  | 'tu-2xx'
  | 'tu-300-699'
  | 'trying-due'
  | 'timer-G'
  | 'timer-H'
  | 'timer-I'
  | 'timer-L'
  | 'transport-error';

export type InviteServerAction =
  | 'send-response'
  | 'resend-response'
  | 'send-100'
  | 'stop-trying'
  | 'start-G'
  | 'double-G'
  | 'start-H'
  | 'start-I'
  | 'start-L'
  | 'stop-G-H'
  | 'report-ack'
  | 'pass-ack'
  | 'inform-no-ack'
  | 'inform-transport-error'
  | 'terminate'
  | 'expire';

export const INVITE_SERVER_ARCS: ArcTable<InviteServerState, InviteServerInput, InviteServerAction> = {
  proceeding: {
    invite: { to: 'proceeding', actions: ['resend-response'] },
    // Not legal, but a peer may send anything at any time.
    ack: { to: 'proceeding', actions: [] },
    'trying-due': { to: 'proceeding', actions: ['send-100'] },
    'tu-1xx': { to: 'proceeding', actions: ['stop-trying', 'send-response'] },
    'tu-2xx': { to: 'accepted', actions: ['stop-trying', 'start-L', 'send-response'] },
    'tu-300-699': { to: 'completed', actions: ['stop-trying', 'start-G', 'start-H', 'send-response'] },
    'transport-error': { to: 'proceeding', actions: ['inform-transport-error'] },
  },
  completed: {
    invite: { to: 'completed', actions: ['resend-response'] },
    ack: { to: 'confirmed', actions: ['stop-G-H', 'start-I', 'report-ack'] },
    'timer-G': { to: 'completed', actions: ['resend-response', 'double-G'] },
    'timer-H': { to: 'terminated', actions: ['inform-no-ack', 'expire'] },
    'transport-error': { to: 'completed', actions: ['inform-transport-error'] },
  },
  confirmed: {
    invite: { to: 'confirmed', actions: [] },
    ack: { to: 'confirmed', actions: [] },
    'timer-I': { to: 'terminated', actions: ['terminate'] },
    'transport-error': { to: 'confirmed', actions: [] },
  },
  accepted: {
    invite: { to: 'accepted', actions: [] },
    ack: { to: 'accepted', actions: ['pass-ack'] },
    'tu-2xx': { to: 'accepted', actions: ['send-response'] },
    'timer-L': { to: 'terminated', actions: ['terminate'] },
    'transport-error': { to: 'accepted', actions: ['inform-transport-error'] },
  },
  terminated: {},
};
