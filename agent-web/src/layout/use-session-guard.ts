/**
 * Notices a session that is over. A refused WebSocket looks like a lost one to a page, so after failures the session
 * itself is asked for: if it is gone the agent signs in again, if the telephone's password is new it is taken over.
 */
import { useEffect } from 'react';
import type { Session } from '../../../api/contract/rest';
import { ApiError } from '../api/http';
import { useObservable } from '../api/observable';
import { readSession } from '../api/resources';
import type { LeaveReason } from '../app';
import type { DeskTools } from '../desk/desk-context';
import { usePhoneStatus } from '../phone/use-phone-status';

interface SessionGuardOptions {
  readonly tools: DeskTools;
  readonly onLeave: (reason: LeaveReason) => void;
  readonly onRenewed: (session: Session) => void;
}

const SUSPICIOUS_ATTEMPTS = 2;

export const useSessionGuard = ({ tools, onLeave, onRenewed }: SessionGuardOptions): void => {
  const socket = useObservable(tools.link.status);
  const phone = usePhoneStatus(tools.phone);
  const over =
    socket.kind === 'closed' && (socket.reason === 'expired' || socket.reason === 'signed-out') && socket.reason;
  const suspicion =
    socket.kind === 'waiting' && socket.attempt >= SUSPICIOUS_ATTEMPTS
      ? `socket ${socket.attempt}`
      : phone.kind === 'waiting' && phone.refused && `phone ${phone.retryAtMs}`;

  useEffect(() => {
    if (over) onLeave(over);
  }, [over, onLeave]);

  useEffect(() => {
    if (!suspicion) return undefined;
    let gone = false;
    readSession().then(
      (session) => {
        if (!gone && session.sip?.password !== tools.session.sip?.password) onRenewed(session);
      },
      (error: unknown) => {
        if (!gone && error instanceof ApiError && error.code === 'unauthenticated') onLeave('expired');
      },
    );
    return () => {
      gone = true;
    };
  }, [suspicion, tools, onLeave, onRenewed]);
};
