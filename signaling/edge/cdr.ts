/** Call records for apps that asked for `cdr:attempt`, `cdr:start` and `cdr:stop`, as drachtio-server sends them. */
import { randomUUID } from 'node:crypto';
import type { Clock } from '../../base/clock';
import type { SipMessage } from '../sip/message';
import type { ControlServer } from './control/control-server';
import type { MessageMeta } from './control/meta';
import { formatTime } from './control/meta';

/** On which side of the call we stand. */
export type CdrRole = 'uac' | 'uas' | 'proxy-uac' | 'proxy-uas';

export type CdrReason =
  | 'call-rejected'
  | 'call-canceled'
  | 'normal-release'
  | 'session-expired'
  | 'system-initiated-termination'
  | 'system-error-initiated-termination';

type Source = MessageMeta['source'];

/**
 * An INVITE is an attempt, its 2xx a start, a refusal or the end of the call a stop. Each record goes to one app, in
 * turn. @param source who sent the message: the network, or we for an app.
 */
export class CdrEvents {
  constructor(private readonly deps: { readonly clock: Clock; readonly control: ControlServer }) {}

  attempt(source: Source, invite: SipMessage): void {
    this.send('cdr:attempt', [source], invite);
  }

  start(source: Source, role: CdrRole, response: SipMessage): void {
    this.send('cdr:start', [source, role], response);
  }

  stop(source: Source, reason: CdrReason, message: SipMessage): void {
    this.send('cdr:stop', [source, reason], message);
  }

  private send(event: string, [source, detail]: readonly [Source, string?], message: SipMessage): void {
    const session = this.deps.control.chooseFor(event);
    if (!session) return;
    const tokens = [randomUUID(), event, source, formatTime(this.deps.clock.nowMs())];
    if (detail !== undefined) tokens.push(detail);
    session.send(tokens.join('|'), message.toText());
  }
}
