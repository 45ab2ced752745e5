/**
 * Sends a request to one server of a name after the other (RFC 3263, 4.3): one that does not answer, cannot be reached or
 * answers 503 makes room for the next. Once any response has come, the request stays where it is: it may have taken
 * effect there.
 */
import type { Fault } from '../../../base/result';
import type { Connection } from '../../sip/connection';
import type { SipRequest } from '../../sip/message';
import { SipResponse } from '../../sip/message';
import type { ClientHandlers, ClientTransaction } from '../../sip/transaction/types';
import type { EdgeCore } from '../core';

export interface Attempts {
  readonly request: SipRequest;
  /** The way to the first server. */
  readonly connection: Connection;
  /** The URI whose servers are tried. */
  readonly target: string;
  readonly onStart?: ((transaction: ClientTransaction) => void) | undefined;
  readonly onEach: (response: SipResponse, connection: Connection) => void;
  /** Whether nobody wants it to be tried elsewhere any more. */
  readonly isOver: () => boolean;
  /** It goes to another server. */
  readonly onMoved: (transaction: ClientTransaction, connection: Connection) => void;
}

export const sendWithFailover = (core: EdgeCore, attempts: Attempts): ClientTransaction => {
  const { request, target } = attempts;
  let { connection } = attempts;
  let heard = false;
  const tried = new Set<string>();
  const onEach = (response: SipResponse): void => {
    heard = true;
    attempts.onEach(response, connection);
  };
  const send = (): ClientTransaction => {
    tried.add(`${connection.remote.address}/${connection.remote.port}`);
    const plain = handlersFor(request, onEach);
    return core.layer.request(request, connection, {
      ...plain,
      ...(attempts.onStart ? { onStart: attempts.onStart } : {}),
      onFinal: (response) => (response.status === 503 ? goElsewhere(() => onEach(response)) : onEach(response)),
      onTimeout: () => goElsewhere(() => plain.onTimeout()),
      onTransportError: (fault) => goElsewhere(() => plain.onTransportError(fault)),
    });
  };
  const goElsewhere = (giveUp: () => void): void => {
    core.hops.avoid(connection);
    if (heard || attempts.isOver()) return giveUp();
    void core.hops.toUri(target).then((hop) => {
      const isNew = hop.ok && !tried.has(`${hop.value.remote.address}/${hop.value.remote.port}`);
      if (!isNew || attempts.isOver()) return giveUp();
      connection = hop.value;
      attempts.onMoved(send(), connection);
    });
  };
  return send();
};

/** Handlers to which a timeout is a 408 and a broken transport a 503 (RFC 3261, 8.1.3.1). */
const handlersFor = (request: SipRequest, onEach: (response: SipResponse) => void): ClientHandlers => ({
  onProvisional: onEach,
  onFinal: onEach,
  onTimeout: () => onEach(SipResponse.from(request, 408)),
  onTransportError: (fault: Fault) => onEach(SipResponse.from(request, 503, { reason: fault.message })),
});
