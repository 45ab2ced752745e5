/** An app's command to pass on a request that it was handed (RFC 3261, 16.3: the checks before). */
import { SipResponse } from '../../sip/message';
import type { SipRequest } from '../../sip/message';
import type { ServerTransaction } from '../../sip/transaction/types';
import type { ProxyCommand } from '../control/proxy-command';
import type { ControlSession } from '../control/session';
import type { EdgeCore } from '../core';
import type { ProxyAsker } from './proxy-run';
import { ProxyRun } from './proxy-run';

/** RFC 5393, 5.3.1: what a request without Max-Breadth is given. */
const DEFAULT_BREADTH = 60;

export const proxy = (core: EdgeCore, session: ControlSession, command: ProxyCommand): void => {
  const pending = core.incoming.find(command.transactionId);
  if (!pending || pending.owner !== core.owners.of(session)) {
    return session.refuse(command.id, 'Response not sent due to unknown transaction');
  }
  if (pending.dialog)
    return session.refuse(command.id, 'a request that was answered or is within a dialog cannot be proxied');
  core.incoming.remove(pending.id);
  startProxy(core, { transaction: pending.transaction, asker: session, command });
};

export interface ProxyOrder {
  readonly transaction: ServerTransaction;
  /** Whoever is told how it goes. */
  readonly asker: ProxyAsker;
  readonly command: ProxyCommand;
}

export const startProxy = (core: EdgeCore, { transaction, asker, command }: ProxyOrder): void => {
  const { request } = transaction;
  const breadth = breadthOf(request);
  const refusal = refusalOf(request, command, breadth);
  if (refusal) {
    const [status, headers] = refusal;
    const response = SipResponse.from(request, status, { toTag: transaction.toTag, headers });
    transaction.respond(response);
    core.refusals.note(`it cannot be proxied: ${response.reason}`, transaction.connection, { uri: request.uri });
    return asker.refuse(command.id, `${status} ${response.reason}`);
  }
  core.proxies.add(new ProxyRun({ core, asker, command, transaction, breadth }));
};

const breadthOf = (request: SipRequest): number => {
  const text = request.get('Max-Breadth') ?? '';
  return /^\d{1,3}$/.test(text) ? Number(text) : DEFAULT_BREADTH;
};

type Refusal = readonly [status: number, headers?: readonly (readonly [string, string])[]];

const refusalOf = (request: SipRequest, command: ProxyCommand, breadth: number): Refusal | undefined => {
  // RFC 3261, 16.3 step 3.
  if (request.maxForwards === 0) return [483];
  // Step 5: an extension that every proxy must know, and we do not.
  const required = request.getAll('Proxy-Require');
  if (required.length > 0) return [420, [['Unsupported', required.join(', ')]]];
  // RFC 5393, 5.3.3.1.
  const branches = command.simultaneous ? command.targets.length : 1;
  return breadth < branches ? [440] : undefined;
};
