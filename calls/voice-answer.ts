/**
 * How long a caller waits for the first voice: from the arrival at the SIP server to the first sound of an announcement,
 * of music or of a person that goes out to the caller. Ringing tones are none, nor is what a called telephone sends
 * before it answers.
 */
import type { Clock, Timer } from '../base/clock';
import type { CallId, EndpointId } from '../base/ids';
import type { PlaySource } from '../media/ports';
import type { VoiceAnswer } from '../store/interaction';
import type { Call } from './call';

export interface VoiceAnswerDeps {
  readonly clock: Clock;
  /** From when on a call that a flow has taken is late; never with 0. */
  readonly limitMs: number;
  readonly onHeard?: ((waitMs: number) => void) | undefined;
  readonly onLate?: ((call: Call) => void) | undefined;
}

/** A call whose caller has heard nothing yet. */
interface Silent {
  readonly call: Call;
  readonly arrivedAtMs: number;
  readonly timer: Timer | undefined;
  /** Something is there to be heard. */
  hasVoice: boolean;
  /** Sound goes out to the caller. */
  isSending: boolean;
}

const VOICES: readonly PlaySource['kind'][] = ['prompt', 'music', 'speech', 'phrase', 'take'];

const sounds = (sources: readonly PlaySource[]): boolean => sources.some(({ kind }) => VOICES.includes(kind));

export class VoiceAnswers {
  private readonly silent = new Map<CallId, Silent>();

  constructor(private readonly deps: VoiceAnswerDeps) {}

  /** @param judged whether it may be late: who is put through to a person waits for that person. */
  arrived(call: Call, arrivedAtMs: number, judged: boolean): void {
    const { clock, limitMs } = this.deps;
    const leftMs = Math.max(0, arrivedAtMs + limitMs - clock.nowMs());
    const timer = judged && limitMs > 0 ? clock.after(leftMs, () => this.late(call)) : undefined;
    this.silent.set(call.callId, { call, arrivedAtMs, timer, hasVoice: false, isSending: false });
  }

  /** What is played to this leg from now on. */
  plays(call: Call, endpointId: EndpointId, sources: readonly PlaySource[]): void {
    if (call.customer?.endpointId === endpointId && sounds(sources)) this.speaks(call);
  }

  /** The customer is joined with somebody. */
  joined(call: Call, pair: readonly EndpointId[]): void {
    const { customer, phase } = call;
    if (customer && pair.includes(customer.endpointId) && phase.kind !== 'alerting') this.speaks(call);
  }

  /** Media have begun to send to this leg. */
  sending(call: Call, endpointId: EndpointId): void {
    const silent = this.silent.get(call.callId);
    if (!silent || call.customer?.endpointId !== endpointId) return;
    silent.isSending = true;
    this.check(silent);
  }

  /** Must be told of each call that has arrived; does nothing for the others. */
  ended({ callId }: Call): void {
    this.silent.get(callId)?.timer?.cancel();
    this.silent.delete(callId);
  }

  close(): void {
    for (const { call } of this.silent.values()) this.ended(call);
  }

  private speaks(call: Call): void {
    const silent = this.silent.get(call.callId);
    if (!silent) return;
    silent.hasVoice = true;
    this.check(silent);
  }

  private check({ call, arrivedAtMs, hasVoice, isSending }: Silent): void {
    if (!hasVoice || !isSending) return;
    const waitMs = Math.max(0, this.deps.clock.nowMs() - arrivedAtMs);
    this.ended(call);
    this.note(call, { waitMs });
    this.deps.onHeard?.(waitMs);
  }

  private late(call: Call): void {
    this.note(call, { late: true });
    this.deps.onLate?.(call);
  }

  private note({ log }: Call, found: VoiceAnswer): void {
    log.update({ voiceAnswer: { ...log.interaction.voiceAnswer, ...found } });
  }
}
