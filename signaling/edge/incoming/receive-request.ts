/** A request that opened a transaction: refused, answered by the edge itself, or handed to an app. */
import type { SipRequest } from '../../sip/message';
import { SipResponse } from '../../sip/message';
import { parseUri } from '../../sip/uri';
import type { ServerTransaction } from '../../sip/transaction/types';
import type { EdgeCore } from '../core';
import { MIN_SESSION_S } from '../dialog/session-timer';
import { flowOf, leadsOn, passThrough } from '../proxy/pass-through';
import { acceptForNow, handToApp, sayTrying } from './hand-to-app';
import { receiveInDialog } from './receive-in-dialog';
import { routeByHandler } from './route-by-handler';

type Header = readonly [name: string, value: string];

/** Methods that make sense only within a dialog. */
const IN_DIALOG_ONLY = new Set(['BYE', 'PRACK', 'UPDATE']);

/** The request is answered sooner or later, whatever the app does. */
export const receiveRequest = (core: EdgeCore, transaction: ServerTransaction, request: SipRequest): void => {
  if (leadsOn(core, request)) return void passThrough(core, transaction);
  if (request.to.tag !== undefined) return receiveInDialog(core, transaction, request);
  const refusal = refusalOf(core, request);
  if (refusal) return refuse(core, transaction, refusal);
  const handler = core.handlers.of(request.method);
  if (handler) return void routeByHandler(core, transaction, handler);
  const session = core.control.chooseFor(request.method);
  if (!session) {
    if (core.waitingRoom.take(transaction, () => receiveRequest(core, transaction, request))) {
      return sayTrying(core, transaction);
    }
    return withoutApp(core, transaction, request);
  }
  acceptForNow(core, transaction);
  handToApp(core, transaction, session);
};

/** Extensions that we carry and apps understand; whoever requires another is told at once. */
const FOR_APPS = new Set([
  '100rel',
  'timer',
  'replaces',
  'path',
  'norefersub',
  'siprec',
  'histinfo',
  'join',
  'tdialog',
  'eventlist',
  'uui',
]);

interface Refusal {
  readonly status: number;
  /** For the log. */
  readonly reason: string;
  readonly phrase?: string;
  readonly headers?: readonly Header[];
}

/** The checks of RFC 3261, section 8.2, in its order; the app does the rest. */
const refusalOf = (core: EdgeCore, request: SipRequest): Refusal | undefined => {
  // RFC 5626, section 5.3.
  if (flowOf(core, request).kind === 'forged') return { status: 403, reason: 'its flow token is not one of ours' };
  if (IN_DIALOG_ONLY.has(request.method)) return { status: 481, reason: `${request.method} outside of a dialog` };
  const uri = parseUri(request.uri);
  if (uri.ok && !uri.value.isSip && uri.value.scheme !== 'tel') {
    return { status: 416, reason: `the Request-URI has the scheme ${uri.value.scheme}` };
  }
  if (core.dialogs.has(`${request.callId};from-tag=${request.from.tag ?? ''}`)) {
    // Section 8.2.2.2 and, for a call that we sent ourselves, section 16.3: it has come round in a circle.
    return { status: 482, reason: 'its Call-ID and From tag are those of a dialog that exists' };
  }
  // RFC 3261, 16.3 step 4: it came back as it left us, so it would go round again.
  if (core.loops.returned(request) === 'loop') return { status: 482, reason: 'it loops', phrase: 'Loop Detected' };
  const required = request.getAll('Require').filter((option) => !FOR_APPS.has(option.toLowerCase()));
  if (required.length > 0) {
    const unsupported = required.join(', ');
    return { status: 420, reason: `it requires ${unsupported}`, headers: [['Unsupported', unsupported]] };
  }
  const interval = request.read('session-expires');
  if (interval.ok && (interval.value[0]?.seconds ?? MIN_SESSION_S) < MIN_SESSION_S && request.method === 'INVITE') {
    // RFC 4028, section 9. Only a caller that knows the extension understands 422; others are not bound by it.
    const knows = request.getAll('Supported').some((option) => option.toLowerCase() === 'timer');
    if (knows) return { status: 422, reason: 'its session interval is too small', headers: [['Min-SE', '90']] };
  }
  // RFC 7332: an app may pass the call on, so an exhausted Max-Forwards ends it here. OPTIONS is answered by us.
  if (request.maxForwards === 0 && request.method !== 'OPTIONS') return { status: 483, reason: 'Max-Forwards is 0' };
  // Section 8.1.1.8: an INVITE MUST have a Contact. An RFC 2543 agent, which has no From tag either, is reached at From.
  if (request.method === 'INVITE' && request.contacts.length === 0 && request.from.tag !== undefined) {
    return { status: 400, reason: 'an INVITE without Contact', phrase: 'Missing Contact' };
  }
  return undefined;
};

const refuse = (core: EdgeCore, transaction: ServerTransaction, refusal: Refusal): void => {
  const { request, connection } = transaction;
  core.refusals.note(refusal.reason, connection, { method: request.method, uri: request.uri });
  core.journal.arrivedIsOver(transaction);
  const { status, phrase, headers } = refusal;
  transaction.respond(SipResponse.from(request, status, { reason: phrase, toTag: transaction.toTag, headers }));
};

/** Methods that the edge carries, for Allow. */
const CARRIED = ['INVITE', 'ACK', 'CANCEL', 'BYE', 'OPTIONS', 'INFO', 'UPDATE', 'NOTIFY', 'REFER', 'MESSAGE'];

/** RFC 3261, section 11.2: OPTIONS is answered as an INVITE would be; for others there must be an app. */
const withoutApp = (core: EdgeCore, transaction: ServerTransaction, request: SipRequest): void => {
  if (request.method === 'OPTIONS' && core.control.anyReady) {
    const headers: Header[] = [
      ['Allow', CARRIED.join(', ')],
      ['Accept', 'application/sdp'],
    ];
    transaction.respond(SipResponse.from(request, 200, { toTag: transaction.toTag, headers }));
    return;
  }
  if (!core.control.anyReady) {
    refuse(core, transaction, { status: 503, reason: 'no app is connected', headers: [['Retry-After', '5']] });
    return;
  }
  const allowed = [...new Set(['ACK', 'CANCEL', 'OPTIONS', ...core.control.routedMethods])].join(', ');
  refuse(core, transaction, {
    status: 405,
    reason: `no app takes ${request.method}`,
    headers: [['Allow', allowed]],
  });
};
