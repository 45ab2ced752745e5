/** The legs of the pool: in which process each is, and what is agreed with its peer. */
import { fail, ok } from '../../base/result';
import type { Result } from '../../base/result';
import type { EndpointId } from '../../base/ids';
import type { MediaEvent, MediaPort, OpenedEndpoint } from '../ports';
import type { Book, PooledEndpoint } from './book';
import { forgiven } from './joins';
import type { Joins } from './joins';
import type { Member } from './member';
import { nobody, openSomewhere, placesFor } from './placement';
import type { PooledPlays } from './plays';
import type { PooledRecordings } from './recordings';

export interface PartiesOptions {
  readonly book: Book;
  readonly members: readonly Member[];
  readonly joins: Joins;
  readonly plays: PooledPlays;
  readonly recordings: PooledRecordings;
  /** Another leg of the call that a leg is opened for, where its request names none. */
  readonly neighbourOf?: ((endpointId: EndpointId) => EndpointId | undefined) | undefined;
  readonly emit: (event: MediaEvent) => void;
}

const DONE = ok(undefined);

export class Parties {
  constructor(private readonly options: PartiesOptions) {}

  readonly open: MediaPort['openEndpoint'] = async (request) => {
    const { book, members, neighbourOf } = this.options;
    const { endpointId, near = neighbourOf?.(endpointId), ...rest } = request;
    if (book.endpoints.has(endpointId)) return fail('conflict', `endpoint ${endpointId} is open already`);
    const beside = near === undefined ? undefined : book.endpoints.get(near);
    const places = placesFor(members, beside?.member);
    const [member] = places;
    if (!member) return nobody();
    const endpoint = book.addEndpoint(request, { group: beside?.group ?? endpointId, member });
    const isWanted = (): boolean => endpoint.state !== 'closed';
    const opened = await openSomewhere(endpoint, places, { request: { endpointId, ...rest }, isWanted });
    if (opened.ok) return this.agreed(endpoint, opened);
    this.forget(endpoint);
    return opened;
  };

  readonly acceptAnswer: MediaPort['acceptAnswer'] = (endpointId, sdp) =>
    this.negotiate(endpointId, ({ port }) => port.acceptAnswer(endpointId, sdp));

  readonly answerReoffer: MediaPort['answerReoffer'] = (endpointId, offer) =>
    this.negotiate(endpointId, ({ port }) => port.answerReoffer(endpointId, offer));

  readonly close: MediaPort['closeEndpoint'] = async (endpointId) => {
    const endpoint = this.options.book.endpoints.get(endpointId);
    if (!endpoint) return DONE;
    // Sent first, so that its process hears of it before it hears what becomes of the others.
    const closed = endpoint.member.port.closeEndpoint(endpointId);
    this.options.plays.endAway(endpoint);
    this.forget(endpoint);
    return forgiven(await closed);
  };

  /** It is gone for good. */
  lose(endpoint: PooledEndpoint, event: Extract<MediaEvent, { type: 'endpoint-lost' }>): void {
    this.forget(endpoint);
    this.options.emit(event);
  }

  private negotiate(
    endpointId: EndpointId,
    ask: (member: Member) => Promise<Result<OpenedEndpoint>>,
  ): Promise<Result<OpenedEndpoint>> {
    return this.options.book.at(endpointId, async (endpoint) => {
      const answered = await ask(endpoint.member);
      return answered.ok ? this.agreed(endpoint, answered) : answered;
    });
  }

  /** Who was away is back: everything that it is in goes on. */
  private agreed(
    endpoint: PooledEndpoint,
    opened: { readonly ok: true; readonly value: OpenedEndpoint },
  ): Result<OpenedEndpoint> {
    if (endpoint.state === 'closed') return fail('closed', `endpoint ${endpoint.endpointId} was closed`);
    endpoint.codec = opened.value.codec ?? endpoint.codec;
    endpoint.sdp = opened.value.sdp;
    const wasAway = endpoint.state === 'offered';
    if (endpoint.state !== 'reopening') endpoint.state = 'open';
    if (wasAway) void this.restore(endpoint);
    return opened;
  }

  private async restore(endpoint: PooledEndpoint): Promise<void> {
    const { joins, plays, recordings } = this.options;
    const { play } = endpoint;
    recordings.restore(endpoint);
    await joins.restore(endpoint);
    await plays.restore(endpoint, play);
  }

  private forget(endpoint: PooledEndpoint): void {
    if (endpoint.state === 'closed') return;
    const { book, joins, recordings } = this.options;
    endpoint.state = 'closed';
    endpoint.member.legs.delete(endpoint.endpointId);
    book.endpoints.delete(endpoint.endpointId);
    void joins.forget(endpoint);
    void recordings.forgetEndpoint(endpoint);
  }
}
