/** Counts the waits of all queues while they end: for the wallboard, for alarms, and for who keeps them. */
import type { Clock } from '../base/clock';
import type { QueueId } from '../base/ids';
import type { AcdState } from '../acd/core/model';
import { figuresOf } from '../acd/metrics';
import type { Counts, QueueFigures } from '../acd/metrics';
import type { Observed } from '../acd/runner';
import { RecentFigures } from '../acd/tally/recent-figures';
import { WaitTally } from '../acd/tally/wait-tally';
import type { EndedWait } from '../acd/tally/wait-tally';

/** What wallboards show. */
export const SHOWN_MINUTES = 30;

export interface QueueFiguresDeps {
  readonly clock: Pick<Clock, 'nowMs'>;
  /** Each wait that has ended, and again when its agent was done with the contact. */
  readonly keep?: ((wait: EndedWait, handleMs?: number) => void) | undefined;
}

export class QueueFigureBook {
  private readonly recentFigures = new RecentFigures();
  private tally: WaitTally | undefined;

  constructor(private readonly deps: QueueFiguresDeps) {}

  /** Goes on from where the ACD does. */
  begin(state: AcdState): void {
    const { clock, keep } = this.deps;
    this.tally = new WaitTally(state, {
      onEnded: (wait) => {
        this.recentFigures.add(wait, clock.nowMs());
        keep?.(wait);
      },
      onHandled: (wait, handleMs) => {
        this.recentFigures.handled(wait, handleMs, clock.nowMs());
        keep?.(wait, handleMs);
      },
    });
  }

  observe(observed: Observed): void {
    this.tally?.observe(observed);
  }

  recent(queueId: QueueId, minutes: number): Counts {
    return this.recentFigures.of(queueId, minutes, this.deps.clock.nowMs());
  }

  shown(queueId: QueueId): QueueFigures {
    return figuresOf(this.recent(queueId, SHOWN_MINUTES));
  }
}
