/**
 * One call to several contacts of a phone (RFC 3261, 16.6 and 16.7): those with the same preference ring at once, the
 * next ones when all of those have failed. The first answer wins and the others are cancelled.
 */
import type { ErrorCode } from '../../base/errors';
import { invariant } from '../../base/errors';
import type { Fault, Result } from '../../base/result';
import { ok } from '../../base/result';
import type { OutgoingCall, OutgoingEvents, SipDialog } from '../ports';
import type { PreparedCall } from './gateway-call';

export type PlaceCall = (call: PreparedCall, events: OutgoingEvents) => OutgoingCall;

/** What a refusal says about the person rather than about one device: it ends the search (RFC 3261, 16.7, step 5). */
const FINAL: ReadonlySet<ErrorCode> = new Set(['declined']);

/** Which of several failures the caller is told: what a person did before what a device could not. */
const TELLING: readonly ErrorCode[] = ['declined', 'busy', 'no_answer', 'not_acceptable_media'];

/**
 * ```
 * ringing(group) --all of it failed--> ringing(next group) --…--> over
 *     |--answer, decline, cancel--> over (the others are cancelled)
 * ```
 */
export class ForkedCall implements OutgoingCall {
  readonly answered: Promise<Result<SipDialog>>;
  private settle: (result: Result<SipDialog>) => void = () => undefined;
  private ringing: OutgoingCall[] = [];
  private readonly failures: Fault[] = [];
  private over = false;

  /** @param groups by falling preference; none of them empty. */
  constructor(
    private readonly groups: readonly (readonly PreparedCall[])[],
    private readonly events: OutgoingEvents,
    private readonly place: PlaceCall,
  ) {
    this.answered = new Promise((resolve) => (this.settle = resolve));
    this.ringGroup(0);
  }

  cancel(): void {
    this.finish({ ok: false, fault: { code: 'closed', message: 'the call was cancelled' } });
  }

  private ringGroup(index: number): void {
    const group = this.groups[index];
    if (!group) return this.finish({ ok: false, fault: this.mostTelling() });
    const calls = group.map((call) => this.place(call, this.eventsOf(group.length)));
    this.ringing = [...calls];
    for (const call of calls) void call.answered.then((result) => this.onResult(call, result, index));
  }

  /** Sound of a phone that only rings is passed on when it is the only one: there is one way for it. */
  private eventsOf(contacts: number): OutgoingEvents {
    return {
      onCallId: (callId) => this.events.onCallId?.(callId),
      onRinging: (dialog) => this.events.onRinging?.(dialog),
      onProgress: (status, sdp) => {
        if (this.over) return;
        this.events.onProgress?.(status, contacts === 1 ? sdp : undefined);
      },
    };
  }

  private onResult(call: OutgoingCall, result: Result<SipDialog>, index: number): void {
    this.ringing = this.ringing.filter((other) => other !== call);
    if (result.ok) {
      // Two answered at once (RFC 3261, 13.2.2.4): the later one is let go.
      if (this.over) return void result.value.hangup('SIP;cause=200;text="Call completed elsewhere"');
      return this.finish(ok(result.value));
    }
    if (this.over) return;
    this.failures.push(result.fault);
    if (FINAL.has(result.fault.code)) return this.finish(result);
    if (this.ringing.length === 0) this.ringGroup(index + 1);
  }

  private mostTelling(): Fault {
    const telling = TELLING.flatMap((code) => this.failures.find((fault) => fault.code === code) ?? []);
    const fault = telling[0] ?? this.failures[0];
    invariant(fault, 'a fork has at least one contact');
    return fault;
  }

  private finish(result: Result<SipDialog>): void {
    if (this.over) return;
    this.over = true;
    for (const call of this.ringing.splice(0)) call.cancel();
    this.settle(result);
  }
}

/** Neighbours with the same preference, in their order. */
export const groupByPreference = <Item extends { readonly q: number }>(items: readonly Item[]): Item[][] => {
  const groups: Item[][] = [];
  for (const item of items) {
    const last = groups.at(-1);
    if (last?.[0]?.q === item.q) last.push(item);
    else groups.push([item]);
  }
  return groups;
};
