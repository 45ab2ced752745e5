/** Where the SIP messages of a call are found: in the edge while they are fresh, in the store when the call failed. */
import type { TraceReader } from '../api/ports';
import { traceSchema } from '../api/contract/trace';
import type { TracedMessageView } from '../api/contract/trace';
import type { Clock, Timer } from '../base/clock';
import { messageOf } from '../base/errors';
import type { Logger } from '../base/log';
import type { Result } from '../base/result';
import { fail, ok } from '../base/result';
import type { Gateway } from '../signaling/gateway';
import type { Interaction } from '../store/interaction';
import type { TraceStore } from '../store/traces';

export interface SipTracesDependencies {
  readonly gateway: Pick<Gateway, 'trace' | 'connected'>;
  readonly store: TraceStore;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The call's last messages, such as the ACK to a refusal, are on their way when its interaction is written. */
const SETTLE_MS = 2_000;

/** Failed calls whose messages wait to be kept. When a carrier is down, the first ones tell as much as all. */
const MAX_WAITING = 20;

export class SipTraces implements TraceReader {
  private readonly waiting = new Map<string, Timer>();

  constructor(private readonly deps: SipTracesDependencies) {}

  async read(interaction: Interaction): Promise<Result<readonly TracedMessageView[]>> {
    const { gateway, store } = this.deps;
    const fresh = await gateway.trace(interaction.sipCallIds ?? []);
    if (fresh.ok && fresh.value.length > 0) return fresh;
    const kept = traceSchema.safeParse({ messages: await store.get(interaction._id) });
    if (kept.success) return ok(kept.data.messages);
    if (!fresh.ok) {
      return fail(
        fresh.fault.code,
        `The SIP messages of a call are ${noun(fresh.fault.code)}: ${fresh.fault.message}.`,
      );
    }
    const cure = 'the messages of calls that succeed are kept for a short while only';
    return fail('not_found', `No SIP messages of interaction ${interaction._id} are kept any more; ${cure}.`);
  }

  /** To be told of every interaction that was saved: keeps the messages of those that failed. */
  saved({ _id, outcome, endedAtMs, sipCallIds }: Interaction): void {
    const hasFailed = endedAtMs !== undefined && outcome?.result === 'failed' && (sipCallIds ?? []).length > 0;
    if (!hasFailed || this.waiting.has(_id) || this.waiting.size >= MAX_WAITING) return;
    const timer = this.deps.clock.after(SETTLE_MS, () => void this.keep(_id, sipCallIds ?? []));
    this.waiting.set(_id, timer);
  }

  /** Messages that wait are not kept any more. Idempotent. */
  close(): void {
    for (const timer of this.waiting.values()) timer.cancel();
    this.waiting.clear();
  }

  private async keep(interactionId: string, callIds: readonly string[]): Promise<void> {
    const { gateway, store, clock, log } = this.deps;
    try {
      const fresh = await gateway.trace(callIds);
      if (!fresh.ok || fresh.value.length === 0) return;
      await store.save({ interactionId, atMs: clock.nowMs(), messages: fresh.value });
    } catch (error) {
      log.warn({ interactionId, reason: messageOf(error) }, 'the SIP messages of a failed call were not kept');
    } finally {
      this.waiting.delete(interactionId);
    }
  }
}

const noun = (code: string): string => (code === 'unsupported' ? 'not kept' : 'out of reach');
