/**
 * Ends calls in which only the browser still believes. A SIP server that dies sends no BYE: the leg would stay connected
 * for ever. The event socket knows better, and while it is open its word counts.
 */
import type { Clock, Timer } from '../../../base/clock';
import type { SocketStatus } from '../api/event-socket';
import type { Observable } from '../api/observable';
import type { LegView } from '../phone/leg';
import type { DeskState } from './desk-state';

/** The INVITE may come before the server's announcement, and its BYE after the news of the end: both within this. */
const GRACE_MS = 2_000;

interface GhostLegsOptions {
  readonly clock: Clock;
  readonly link: { readonly state: Observable<DeskState>; readonly status: Observable<SocketStatus> };
  readonly phone: { readonly legs: Observable<readonly LegView[]>; discard(callId: string): void };
}

/** The calls of this browser that the server does not have, or has ended. */
export const ghostsAmong = (legs: readonly LegView[], { calls, supervision }: DeskState): string[] =>
  legs
    .map(({ callId }) => callId)
    .filter((callId) => callId !== supervision?.callId)
    .filter((callId) => !calls.some((call) => call.callId === callId && call.state !== 'wrap-up'));

/** Watches until the function that it returns is called. */
export const endGhostLegs = ({ clock, link, phone }: GhostLegsOptions): (() => void) => {
  const suspects = new Map<string, Timer>();
  const acquit = (callId: string): void => {
    suspects.get(callId)?.cancel();
    suspects.delete(callId);
  };
  const look = (): void => {
    const state = link.state.get();
    const informed = state.loaded && link.status.get().kind === 'open';
    const ghosts = new Set(informed ? ghostsAmong(phone.legs.get(), state) : []);
    for (const callId of [...suspects.keys()]) if (!ghosts.has(callId)) acquit(callId);
    for (const callId of ghosts) {
      if (suspects.has(callId)) continue;
      const end = (): void => {
        suspects.delete(callId);
        phone.discard(callId);
      };
      suspects.set(callId, clock.after(GRACE_MS, end));
    }
  };
  const unsubscribe = [link.state, link.status, phone.legs].map((watched) => watched.subscribe(look));
  look();
  return () => {
    for (const off of unsubscribe) off();
    for (const callId of [...suspects.keys()]) acquit(callId);
  };
};
