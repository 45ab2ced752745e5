/**
 * Closes connections to listening apps that have nothing left to do. Each request that is routed to a URI opens one;
 * drachtio-srf closes it by `endSession`, but only if the app remembers to.
 */
import type { Timer } from '../../../base/clock';
import type { ControlSession } from '../control/session';
import type { EdgeCore } from '../core';

const CHECK_PERIOD_MS = 5_000;

export class IdleConnections {
  private readonly idleSinceMs = new Map<ControlSession, number>();
  private readonly timer: Timer;

  constructor(private readonly core: EdgeCore) {
    this.timer = core.clock.every(Math.min(CHECK_PERIOD_MS, core.limits.dialledIdleMs), () => this.check());
  }

  close(): void {
    this.timer.cancel();
    this.idleSinceMs.clear();
  }

  private check(): void {
    const { control, clock, limits, log } = this.core;
    const { dialled } = control;
    const busy = dialled.length === 0 ? new Set<ControlSession>() : this.busy();
    const idle = dialled.filter((session) => !busy.has(session) && !control.wantsAny(session));
    for (const session of [...this.idleSinceMs.keys()]) if (!idle.includes(session)) this.idleSinceMs.delete(session);
    for (const session of idle) {
      const sinceMs = this.idleSinceMs.get(session);
      if (sinceMs === undefined) this.idleSinceMs.set(session, clock.monotonicMs());
      else if (clock.monotonicMs() - sinceMs >= limits.dialledIdleMs) {
        log.debug({ session: session.id }, 'the connection to a listening app has nothing left to do');
        session.close();
      }
    }
  }

  /** Apps that have a request, a dialog or a proxied request under way. */
  private busy(): Set<unknown> {
    const { incoming, outgoing, dialogs, proxies } = this.core;
    return new Set<unknown>([
      ...incoming.owners().map(({ session }) => session),
      ...outgoing.sessions(),
      ...dialogs.all().map(({ owner }) => owner.session),
      ...[...proxies].map(({ asker }) => asker),
    ]);
  }
}
