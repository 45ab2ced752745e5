/** A request on its way through us to one of several targets: the response context of RFC 3261, 16.7. */
import type { Connection } from '../../sip/connection';
import { SipResponse } from '../../sip/message';
import type { SipRequest } from '../../sip/message';
import type { ServerTransaction } from '../../sip/transaction/types';
import { parseUri } from '../../sip/uri';
import type { ProxyCommand } from '../control/proxy-command';
import type { ControlSession } from '../control/session';
import type { EdgeCore } from '../core';
import { metaOf } from '../delivery';
import { rememberBrowser } from '../remember-browser';
import { bestOf } from './best-response';
import { addAppHeaders, addPath, addVia, copyForHop, hopOf, recordRoute, suitStrictRouter } from './forwarded-request';
import { ProxyBranch } from './proxy-branch';
import { responseUp } from './response-up';
import { TargetSet } from './target-set';

/** Who asked for the request to be passed on: an app, or a request handler that hears no more of it. */
export type ProxyAsker = Pick<ControlSession, 'confirm' | 'confirmMore' | 'refuse'>;

export interface ProxyRunOptions {
  readonly core: EdgeCore;
  readonly asker: ProxyAsker;
  readonly command: ProxyCommand;
  readonly transaction: ServerTransaction;
  /** How many branches may be open at once (RFC 5393, 5). */
  readonly breadth: number;
}

type RunState = 'running' | 'answered' | 'ended';

export class ProxyRun {
  private state: RunState = 'running';
  private readonly branches = new Set<ProxyBranch>();
  private readonly finals: SipResponse[] = [];
  private readonly targets: TargetSet;
  /** Branches whose way is still being looked up. */
  private starting = 0;
  private cancelled = false;

  constructor(private readonly options: ProxyRunOptions) {
    const { transaction, command } = options;
    this.targets = new TargetSet(command.targets);
    // RFC 3261, 16.10: the answer to a cancelled INVITE comes from downstream, where a 2xx may have won the race.
    transaction.leaveCancelToUser();
    transaction.on('cancelled', (cancel) => this.onCancelled(cancel));
    transaction.on('terminated', () => this.end());
    this.startMore();
  }

  /** Ends the timers; what is under way ends with its transactions. Idempotent. */
  end(): void {
    if (this.state === 'ended') return;
    this.state = 'ended';
    for (const branch of this.branches) branch.stopTimers();
    this.options.core.proxies.delete(this);
  }

  get asker(): ProxyAsker {
    return this.options.asker;
  }

  private startMore(): void {
    const { command, breadth } = this.options;
    const wanted = command.simultaneous ? breadth : 1;
    while (this.openBranches < wanted) {
      const target = this.targets.next();
      if (target === undefined) return;
      this.starting += 1;
      void this.start(target).finally(() => {
        this.starting -= 1;
        this.advance();
      });
    }
  }

  private get openBranches(): number {
    return this.starting + [...this.branches].filter((branch) => !branch.isDone).length;
  }

  /** RFC 5393, 5.3.3: what all open branches may use together must not exceed what we were given. */
  private get breadthPerBranch(): number {
    const { command, breadth } = this.options;
    return command.simultaneous
      ? Math.max(1, Math.floor(breadth / Math.min(breadth, command.targets.length)))
      : breadth;
  }

  private async start(target: string): Promise<void> {
    const { core, command, transaction } = this.options;
    const received = transaction.request;
    const copy = copyForHop(core, received, transaction.connection);
    const hop = await core.hops.toUri(hopOf(copy, target));
    if (this.state !== 'running' || this.cancelled) return;
    if (!hop.ok) {
      this.finals.push(SipResponse.from(received, 503, { toTag: transaction.toTag }));
      core.log.info({ target, reason: hop.fault.message }, 'a target of a proxied request cannot be reached');
      return;
    }
    copy.uri = requestUriFor(received, target);
    addAppHeaders(copy, command.message);
    if (command.remainInDialog) {
      const way = { arrivedBy: transaction.connection, leavesBy: hop.value };
      recordRoute(core, copy, way);
      addPath(core, copy, way);
    }
    copy.set('Max-Breadth', String(this.breadthPerBranch));
    suitStrictRouter(copy);
    addVia(core, copy, { received, leavesBy: hop.value });
    rememberBrowser(core.streams, received, transaction.connection);
    if (copy.method === 'INVITE') core.cdr.attempt('application', copy);
    this.branches.add(
      new ProxyBranch({
        core,
        request: copy,
        connection: hop.value,
        provisionalTimeoutMs: command.provisionalTimeoutMs,
        finalTimeoutMs: command.finalTimeoutMs,
        onProvisional: (response) => this.passUp(response),
        onFinal: (response) => this.onFinal(response, hop.value),
      }),
    );
  }

  private onFinal(response: SipResponse, connection: Connection): void {
    if (this.state === 'ended' && !response.isSuccess) return;
    const first = this.state === 'running';
    if (first) this.report(response, connection);
    rememberBrowser(this.options.core.streams, response, connection);
    if (response.isSuccess) return this.onSuccess(response, first);
    if (!first) return;
    const recursed =
      response.status < 400 && this.options.command.followRedirects && this.targets.addContactsOf(response) > 0;
    if (!recursed) this.finals.push(response);
    // Step 5: after a 6xx nobody else is asked.
    if (response.status >= 600) {
      this.targets.close();
      this.cancelOthers();
    }
    this.advance();
  }

  /** Step 5: a 2xx goes up at once, and of an INVITE every one does; all other attempts end. */
  private onSuccess(response: SipResponse, first: boolean): void {
    const { core, transaction } = this.options;
    if (!first && transaction.kind !== 'invite') return;
    this.passUp(response);
    if (!first) return;
    this.state = 'answered';
    this.targets.close();
    this.cancelOthers();
    if (transaction.kind === 'invite') {
      core.cdr.start('network', 'proxy-uac', response);
      core.cdr.start('application', 'proxy-uas', response);
    }
    this.finish();
  }

  /** Goes on to the next targets, or sends the best response when there are none. */
  private advance(): void {
    if (this.state !== 'running') return;
    this.startMore();
    if (this.openBranches > 0 || this.targets.size > 0) return;
    const { core, transaction } = this.options;
    const best =
      bestOf(this.finals) ??
      SipResponse.from(transaction.request, this.cancelled ? 487 : 408, { toTag: transaction.toTag });
    const answer = asOwn(best, transaction);
    transaction.respond(answer);
    if (transaction.kind === 'invite') {
      core.cdr.stop('application', answer.status === 487 ? 'call-canceled' : 'call-rejected', answer);
    }
    this.state = 'answered';
    this.finish();
  }

  private finish(): void {
    const { asker, command } = this.options;
    asker.confirm(command.id, 'done');
  }

  private onCancelled(cancel: SipRequest): void {
    if (this.state !== 'running') return;
    this.cancelled = true;
    this.targets.close();
    this.cancelOthers(cancel);
    this.advance();
  }

  private cancelOthers(cancel?: SipRequest): void {
    for (const branch of this.branches) if (!branch.isDone) branch.cancel(cancel);
  }

  private passUp(response: SipResponse): void {
    if (this.state === 'ended') return;
    const { transaction } = this.options;
    transaction.respond(responseUp(response, transaction.request));
  }

  private report(response: SipResponse, connection: Connection): void {
    const { core, asker, command } = this.options;
    if (!command.fullResponse) return;
    const text = response.toText();
    asker.confirmMore(command.id, {
      meta: metaOf('network', { text, connection, clock: core.clock }),
      transactionId: command.transactionId,
      text,
    });
  }
}

/** RFC 3261, 16.7 step 6: a 503 of one target would keep the caller away from us, so it becomes 500. */
const asOwn = (best: SipResponse, transaction: ServerTransaction): SipResponse => {
  const up = responseUp(best, transaction.request);
  if (up.status === 503) {
    up.status = 500;
    up.reason = 'Server Internal Error';
  }
  return up;
};

/** The target is the new Request-URI (step 2); one without a user gets the user that was dialled. */
const requestUriFor = (received: SipRequest, target: string): string => {
  const wanted = parseUri(target);
  const dialled = received.readUri();
  if (!wanted.ok || !wanted.value.isSip || wanted.value.user !== undefined || !dialled.ok) return target;
  return wanted.value.with({ user: dialled.value.user }).toString();
};
