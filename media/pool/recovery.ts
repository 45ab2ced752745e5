/** When a process, or what carries browsers in it, dies: its legs are opened anew, each call's in one place. */
import type { Clock } from '../../base/clock';
import type { Logger } from '../../base/log';
import type { AudioCodec, MediaEvent, OpenEndpoint } from '../ports';
import { moveTo } from './book';
import type { Book, Group, PooledEndpoint } from './book';
import type { Member } from './member';
import { placesFor } from './placement';

export interface RecoveryOptions {
  readonly book: Book;
  readonly members: readonly Member[];
  readonly clock: Clock;
  readonly log: Logger;
  readonly emit: (event: MediaEvent) => void;
  /** Gives up a leg: it is gone for good. */
  readonly giveUp: (endpoint: PooledEndpoint, reason: LossReason) => void;
}

export type LossReason = Extract<MediaEvent, { type: 'endpoint-reopened' }>['reason'];

/** With a single process its restart is waited for; who waits longer has hung up. */
const PATIENCE_MS = 5000;
const LOOK_AGAIN_MS = 50;

export class Recovery {
  private closed = false;

  constructor(private readonly options: RecoveryOptions) {}

  close(): void {
    this.closed = true;
  }

  /** Opens legs anew; where to is decided for each call once. */
  reopen(lost: readonly PooledEndpoint[], reason: LossReason): void {
    for (const endpoint of lost) {
      endpoint.state = 'reopening';
      endpoint.seat = undefined;
    }
    const targets = new Map<Group, Promise<Member | undefined>>();
    for (const endpoint of lost) {
      const target = targets.get(endpoint.group) ?? this.placeFor(endpoint);
      targets.set(endpoint.group, target);
      void target.then((member) => this.reopenAt(endpoint, member, reason));
    }
  }

  /** A process that takes over; waits for one. Undefined when none has come. */
  async someMember(near: Member | undefined): Promise<Member | undefined> {
    const { members, clock } = this.options;
    const untilMs = clock.monotonicMs() + PATIENCE_MS;
    for (;;) {
      const [member] = placesFor(members, near);
      if (member || this.closed || clock.monotonicMs() >= untilMs) return member;
      await new Promise<void>((resolve) => void clock.after(LOOK_AGAIN_MS, resolve));
    }
  }

  /** Where others of the call are; the own process, if only the worker died there; else where there is room. */
  private placeFor(endpoint: PooledEndpoint): Promise<Member | undefined> {
    const { endpoints } = this.options.book;
    const isThere = ({ group, state, member }: PooledEndpoint): boolean =>
      group === endpoint.group && state === 'open' && member.port.ready;
    return this.someMember([...endpoints.values()].find(isThere)?.member ?? endpoint.member);
  }

  private async reopenAt(endpoint: PooledEndpoint, member: Member | undefined, reason: LossReason): Promise<void> {
    if (endpoint.state !== 'reopening') return;
    const { log, emit, giveUp } = this.options;
    const { endpointId, request } = endpoint;
    if (!member) return giveUp(endpoint, reason);
    moveTo(endpoint, member);
    const opened = await member.port.openEndpoint(anew(endpoint));
    if (this.isElsewhere(endpoint, member)) return void member.port.closeEndpoint(endpointId);
    if (!opened.ok) {
      log.error({ endpointId, mediaProcess: member.name, fault: opened.fault }, 'a leg could not be opened anew');
      // Its process may have died as well, and then it is tried elsewhere.
      if (opened.fault.code !== 'unavailable' || member.port.ready) giveUp(endpoint, reason);
      return;
    }
    endpoint.sdp = opened.value.sdp;
    endpoint.state = 'offered';
    if (endpoint.hidesDigits) await member.port.hideDigits(endpointId, true);
    log.warn({ endpointId, mediaProcess: member.name, reason }, 'a leg has been opened anew');
    emit({ type: 'endpoint-reopened', endpointId, kind: request.kind, sdp: opened.value.sdp, reason });
  }

  /** Closed, or lost once more, meanwhile. */
  private isElsewhere(endpoint: PooledEndpoint, member: Member): boolean {
    return endpoint.state !== 'reopening' || endpoint.member !== member;
  }
}

/** As it was agreed before, so that the peer has as little to change as possible. */
const anew = ({ request, codec, sdp }: PooledEndpoint): OpenEndpoint => {
  const { offer: _offer, near: _near, codecs, ...rest } = request;
  const secured = /^m=audio \d+ RTP\/SAVP/m.test(sdp);
  return { ...rest, ...(secured && { srtp: 'required' }), codecs: preferred(codecs, codec), continues: sdp };
};

const preferred = (codecs: readonly AudioCodec[], codec: AudioCodec | undefined): readonly AudioCodec[] =>
  codec ? [codec, ...codecs.filter((other) => other !== codec)] : codecs;
