/** Alarms of agents who are not ready for longer than the reason allows, such as a break. */
import type { Clock, Timer } from '../base/clock';
import type { StandingAlarms } from '../base/standing-alarms';
import type { DeskAgent, Desks } from './ports';

export interface PauseAlarmsDeps {
  readonly clock: Clock;
  readonly standing: Pick<StandingAlarms, 'raise' | 'clear'>;
  readonly desks: Pick<Desks, 'agents' | 'onEvent'>;
  /** By reason; a reason that is not here may last for ever. */
  readonly limitsMs: Readonly<Record<string, number>>;
}

interface Pause {
  readonly reason: string;
  readonly sinceMs: number;
  readonly timer: Timer;
}

export class PauseAlarms {
  private readonly pauses = new Map<string, Pause>();
  private readonly unsubscribe: () => void;

  constructor(private readonly deps: PauseAlarmsDeps) {
    this.unsubscribe = deps.desks.onEvent((event) => {
      if (event.type === 'agent') this.changed(event.agent);
    });
    for (const agent of deps.desks.agents()) this.changed(agent);
  }

  /** Idempotent. */
  close(): void {
    this.unsubscribe();
    for (const { timer } of this.pauses.values()) timer.cancel();
    this.pauses.clear();
  }

  private changed(agent: DeskAgent): void {
    const { agentId, state, notReadyReason, sinceMs } = agent;
    const known = this.pauses.get(agentId);
    const reason = state === 'not-ready' ? notReadyReason : undefined;
    if (known && known.reason === reason && known.sinceMs === sinceMs) return;
    if (known) this.over(agent, known);
    const limitMs = reason === undefined ? undefined : this.deps.limitsMs[reason];
    if (reason === undefined || limitMs === undefined) return;
    const { clock } = this.deps;
    const leftMs = Math.max(0, sinceMs + limitMs - clock.nowMs());
    const timer = clock.after(leftMs, () => this.tooLong(agent, { reason, limitMs }));
    this.pauses.set(agentId, { reason, sinceMs, timer });
  }

  private tooLong(
    { agentId, displayName }: DeskAgent,
    { reason, limitMs }: { readonly reason: string; readonly limitMs: number },
  ): void {
    const minutes = Math.round(limitMs / 60_000);
    this.deps.standing.raise(`pause/${agentId}`, {
      kind: 'pause-too-long',
      severity: 'warning',
      message: `${displayName} has been not ready (${reason}) for more than ${minutes} minutes.`,
      details: { agentId, agent: displayName, reason, minutes },
    });
  }

  private over({ agentId, displayName }: DeskAgent, { timer }: Pause): void {
    timer.cancel();
    this.pauses.delete(agentId);
    this.deps.standing.clear(`pause/${agentId}`, {
      kind: 'pause-over',
      message: `${displayName} is back.`,
      details: { agentId, agent: displayName },
    });
  }
}
