/**
 * Asks the configured web servers who takes a request. At most so many questions are under way at once, so that a slow
 * web server costs no more than that.
 */
import type { Clock } from '../../../base/clock';
import type { Result } from '../../../base/result';
import { fail, ok } from '../../../base/result';
import type { Connection } from '../../sip/connection';
import type { SipRequest } from '../../sip/message';
import type { RequestHandlerOptions } from './handler-options';
import { handlerFor } from './handler-options';
import { questionFor } from './handler-query';
import type { RoutingAnswer } from './routing-answer';
import { parseAppAddress, parseRoutingAnswer } from './routing-answer';
import { WebServers } from './web-server';

export class RequestHandlers {
  private readonly servers: WebServers;
  private underWay = 0;

  constructor(
    private readonly handlers: readonly RequestHandlerOptions[],
    private readonly deps: { readonly clock: Clock; readonly maxQuestions: number },
  ) {
    this.servers = new WebServers(deps.clock);
  }

  /** The handler of a method; undefined: apps that route the method take turns. */
  of(method: string): RequestHandlerOptions | undefined {
    return handlerFor(this.handlers, method);
  }

  /** Errors: those of the web server, `bad_input` for an answer that says nothing, `overloaded`. */
  async ask(
    handler: RequestHandlerOptions,
    request: SipRequest,
    connection: Connection,
  ): Promise<Result<RoutingAnswer>> {
    if (/^(?:tcp|tls):/i.test(handler.url)) {
      const to = parseAppAddress(handler.url);
      return to.ok ? ok({ action: 'route', to: to.value }) : to;
    }
    if (this.underWay >= this.deps.maxQuestions) return fail('overloaded', 'too many questions are under way');
    this.underWay += 1;
    try {
      const answer = await this.servers.ask({
        url: questionFor(handler.url, request, connection),
        verifyPeer: handler.verifyPeer ?? true,
        ...(handler.httpMethod === 'POST' ? { body: request.toText() } : {}),
      });
      return answer.ok ? parseRoutingAnswer(answer.value) : answer;
    } finally {
      this.underWay -= 1;
    }
  }

  close(): void {
    this.servers.close();
  }
}
