/** When a process, or what carries browsers in it, dies: its legs are opened anew, each call's in one place. */
import type { Clock } from '../../base/clock';
import type { Logger } from '../../base/log';
import type { AudioCodec, MediaEvent, OpenEndpoint } from '../ports';
import type { Book, Group, PooledEndpoint } from './book';
import { resumeDetection } from './detections';
import type { Member } from './member';
import { openSomewhere, placesFor } from './placement';

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
      endpoint.reopenings += 1;
      endpoint.seat = undefined;
    }
    const targets = new Map<Group, Promise<Member | undefined>>();
    for (const endpoint of lost) {
      const target = targets.get(endpoint.group) ?? this.placeFor(endpoint);
      targets.set(endpoint.group, target);
      const isLast = isLastAttempt(endpoint);
      void target.then((member) => {
        if (isLast()) return this.reopenAt(endpoint, member, reason);
      });
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
    const { log, emit, giveUp } = this.options;
    const { endpointId, request } = endpoint;
    if (!member) return giveUp(endpoint, reason);
    const isWanted = isLastAttempt(endpoint);
    const places = placesFor(this.options.members, member);
    const opened = await openSomewhere(endpoint, places, { request: anew(endpoint), isWanted });
    if (!isWanted()) return;
    const { port, name: mediaProcess } = endpoint.member;
    if (!opened.ok) {
      log.error({ endpointId, mediaProcess, fault: opened.fault }, 'a leg could not be opened anew');
      // This one is gone by now as well.
      if (opened.fault.code === 'unavailable' && !port.ready) return this.reopen([endpoint], reason);
      return giveUp(endpoint, reason);
    }
    endpoint.sdp = opened.value.sdp;
    endpoint.state = 'offered';
    // Done by its process before the answer of the peer, who can press no key until then.
    if (endpoint.hidesDigits) void port.hideDigits(endpointId, true);
    resumeDetection(endpoint);
    log.warn({ endpointId, mediaProcess, reason }, 'a leg has been opened anew');
    emit({ type: 'endpoint-reopened', endpointId, kind: request.kind, sdp: opened.value.sdp, reason });
  }
}

/** Whether it has neither been closed nor lost once more since this was asked for. */
const isLastAttempt = (endpoint: PooledEndpoint): (() => boolean) => {
  const { reopenings } = endpoint;
  return () => endpoint.state === 'reopening' && endpoint.reopenings === reopenings;
};

/**
 * As it was agreed before, so that the peer has as little to change as possible; how keys were agreed on goes on with the
 * session that `continues`.
 */
const anew = ({ request, codec, sdp }: PooledEndpoint): OpenEndpoint => {
  const { offer: _offer, near: _near, codecs, ...rest } = request;
  return { ...rest, codecs: preferred(codecs, codec), continues: sdp };
};

const preferred = (codecs: readonly AudioCodec[], codec: AudioCodec | undefined): readonly AudioCodec[] =>
  codec ? [codec, ...codecs.filter((other) => other !== codec)] : codecs;
