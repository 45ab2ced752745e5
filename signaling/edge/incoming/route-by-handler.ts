/** A request whose method has a request handler: a web server says what becomes of it. */
import { randomInt, randomUUID } from 'node:crypto';
import { unreachable } from '../../../base/errors';
import { SipResponse } from '../../sip/message';
import type { ServerTransaction } from '../../sip/transaction/types';
import type { EdgeCore } from '../core';
import type { RequestHandlerOptions } from '../handlers/handler-options';
import type { AppAddress, ProxyAnswer, RoutingAnswer } from '../handlers/routing-answer';
import { startProxy } from '../proxy/proxy';
import { acceptForNow, handToApp } from './hand-to-app';

type Header = readonly [name: string, value: string];

/** As drachtio-server answers when no app can be connected to, or none has the tag. */
const NO_APP = 480;

/** As drachtio-server answers when the web server cannot be asked or its answer is of no use. */
const NO_ANSWER = 500;

export const routeByHandler = async (
  core: EdgeCore,
  transaction: ServerTransaction,
  handler: RequestHandlerOptions,
): Promise<void> => {
  const { request, connection } = transaction;
  acceptForNow(core, transaction);
  const caller = watch(core, transaction);
  const answer = await core.handlers.ask(handler, request, connection);
  if (caller.gone) return;
  if (!answer.ok) {
    caller.forget();
    core.log.warn({ reason: answer.fault.message, method: request.method }, 'a request handler was of no use');
    if (answer.fault.code !== 'overloaded') return end(core, transaction, { status: NO_ANSWER });
    return end(core, transaction, { status: 503, headers: [['Retry-After', String(randomInt(2, 10))]] });
  }
  if (answer.value.action !== 'route') {
    caller.forget();
    return follow(core, transaction, answer.value);
  }
  const session = await core.control.dial(answer.value.to, handler.verifyPeer ?? true);
  if (caller.gone) return session?.close();
  caller.forget();
  if (session) handToApp(core, transaction, session);
  else end(core, transaction, { status: NO_APP });
};

interface Caller {
  /** The call was cancelled, or the edge ends. */
  readonly gone: boolean;
  /** Somebody else sees to the transaction from now on. */
  forget(): void;
}

/** Notices that nobody waits for an answer any more, while nobody has the request yet. */
const watch = (core: EdgeCore, transaction: ServerTransaction): Caller => {
  const caller = { gone: false, forget: (): void => stops.forEach((stop) => stop()) };
  const stops = [transaction.on('terminated', () => (caller.gone = true))];
  if (transaction.kind !== 'invite') return caller;
  stops.push(
    transaction.on('cancelled', (cancel) => {
      caller.gone = true;
      core.cdr.stop('network', 'call-canceled', cancel);
    }),
  );
  return caller;
};

type Decision = Exclude<RoutingAnswer, { readonly action: 'route'; readonly to: AppAddress }>;

const follow = (core: EdgeCore, transaction: ServerTransaction, decision: Decision): void => {
  switch (decision.action) {
    case 'reject':
      return end(core, transaction, decision);
    case 'redirect':
      return end(core, transaction, {
        status: 302,
        headers: decision.contacts.map((contact): Header => ['Contact', contact]),
      });
    case 'proxy':
      return passOn(core, transaction, decision);
    case 'route-by-tag': {
      const session = core.control.chooseFor(transaction.request.method, decision.tag);
      if (session) return handToApp(core, transaction, session);
      core.log.warn(
        { tag: decision.tag, method: transaction.request.method },
        'no app with this tag takes the request',
      );
      return end(core, transaction, { status: NO_APP });
    }
    default:
      unreachable(decision);
  }
};

interface Refusal {
  readonly status: number;
  readonly reason?: string | undefined;
  readonly headers?: readonly Header[];
}

const end = (core: EdgeCore, transaction: ServerTransaction, { status, reason, headers }: Refusal): void => {
  const { request, toTag } = transaction;
  core.journal.arrivedIsOver(transaction);
  const response = SipResponse.from(request, status, { reason, toTag, headers });
  if (transaction.respond(response).ok && transaction.kind === 'invite') {
    core.cdr.stop('application', 'call-rejected', response);
  }
};

/** No app has asked for this, so nobody hears how it goes. */
const NOBODY = { confirm: () => undefined, confirmMore: () => undefined, refuse: () => undefined };

const passOn = (core: EdgeCore, transaction: ServerTransaction, answer: ProxyAnswer): void => {
  const { method, uri } = transaction.request;
  core.journal.arrivedIsOver(transaction);
  startProxy(core, {
    transaction,
    asker: NOBODY,
    command: {
      kind: 'proxy',
      id: randomUUID(),
      transactionId: randomUUID(),
      remainInDialog: answer.recordRoute,
      fullResponse: false,
      followRedirects: answer.followRedirects,
      simultaneous: answer.simultaneous,
      provisionalTimeoutMs: answer.provisionalTimeoutMs,
      finalTimeoutMs: answer.finalTimeoutMs,
      targets: answer.targets,
      message: { kind: 'request', method, uri, headers: [], body: '' },
    },
  });
};
