/** An app's request outside of a dialog, and what comes back (RFC 3261, 8.1 and 13.2). */
import { randomInt, randomUUID } from 'node:crypto';
import { newToken } from '../../../base/ids';
import type { Result } from '../../../base/result';
import { fail, ok } from '../../../base/result';
import type { Connection } from '../../sip/connection';
import { parseCSeq } from '../../sip/headers/cseq';
import type { NameAddr } from '../../sip/headers/name-addr';
import { parseNameAddr } from '../../sip/headers/name-addr';
import { splitCommas } from '../../sip/headers/scan';
import type { SipResponse } from '../../sip/message';
import { SipRequest } from '../../sip/message';
import { addAppContent } from '../app-headers';
import type { AppRequest } from '../control/app-message';
import { headerOf } from '../control/app-message';
import type { RequestCommand } from '../control/command';
import type { ControlSession } from '../control/session';
import type { EdgeCore } from '../core';
import { deliver, metaOf } from '../delivery';
import { Dialog } from '../dialog/dialog';
import { followSubscription } from '../dialog/subscription';
import { ownContact, replaceLocalhost } from '../own-address';
import { suitStrictRouter } from '../proxy/forwarded-request';
import { sendWithFailover } from './failover';
import { InviteResponses } from './invite-responses';
import type { SentRequest } from './sent-requests';

/** Methods whose requests carry a Contact and may make a dialog. */
const MAKES_DIALOG = new Set(['INVITE', 'SUBSCRIBE']);

export const sendRequest = async (core: EdgeCore, session: ControlSession, command: RequestCommand): Promise<void> => {
  const target = command.proxy ?? routeOf(command.message) ?? command.message.uri;
  const hop = await core.hops.toUri(target);
  if (!session.ready) return;
  if (!hop.ok) return session.refuse(command.id, hop.fault.message);
  const built = buildRequest(command.message, hop.value);
  if (!built.ok) return session.refuse(command.id, built.fault.message);
  const request = built.value;
  suitStrictRouter(request);
  const dialog = MAKES_DIALOG.has(request.method)
    ? Dialog.ofOutgoing(request, { owner: core.owners.of(session), connection: hop.value })
    : undefined;
  if (dialog) {
    if (core.dialogs.has(dialog.id)) return session.refuse(command.id, 'a dialog with this Call-ID and tag exists');
    core.dialogs.add(dialog);
    dialog.noteSession(request, undefined);
  }
  const connection = await core.hops.forSize(hop.value, request.byteLength);
  if (!session.ready) return;
  start(core, { session, commandId: command.id, request, connection, dialog }, target);
};

/** The first Route that the app gives, such as the Path of a binding (RFC 3261, 8.1.2; RFC 3327, 5.4). */
const routeOf = (app: AppRequest): string | undefined => {
  const [first] = splitCommas(headerOf(app, 'route') ?? '');
  const route = parseNameAddr(first ?? '');
  return route.ok ? route.value.uri.toString() : undefined;
};

const buildRequest = (app: AppRequest, connection: Connection): Result<SipRequest> => {
  const from = addressOf(app, 'from', connection) ?? parseNameAddr(ownContact(connection));
  const to = addressOf(app, 'to', connection) ?? parseNameAddr(`<${app.uri}>`);
  if (!from.ok) return fail('bad_input', `invalid from value provided by client: ${from.fault.message}`);
  if (!to.ok) return fail('bad_input', `invalid to value provided by client: ${to.fault.message}`);
  const { method, uri } = app;
  const request = new SipRequest({ method, uri });
  const maxForwards = headerOf(app, 'max-forwards') ?? '';
  request.append('Max-Forwards', /^\d{1,2}$/.test(maxForwards) ? maxForwards : '70');
  request.append('From', (from.value.tag === undefined ? from.value.withTag(newToken(9)) : from.value).toString());
  request.append('To', to.value.toString());
  request.append('Call-ID', headerOf(app, 'call-id') ?? randomUUID());
  request.append('CSeq', `${cseqOf(app)} ${method}`);
  if (MAKES_DIALOG.has(method) && headerOf(app, 'contact') === undefined) {
    request.append('Contact', ownContact(connection));
  }
  const added = addAppContent(request, app, connection);
  return added.ok ? ok(request) : added;
};

const addressOf = (app: AppRequest, name: string, connection: Connection): Result<NameAddr> | undefined => {
  const text = headerOf(app, name);
  return text === undefined ? undefined : parseNameAddr(replaceLocalhost(name, text, connection));
};

/** drachtio-srf counts on by itself when it answers a challenge (RFC 3261, 22.2). */
const cseqOf = (app: AppRequest): number => {
  const given = parseCSeq(headerOf(app, 'cseq') ?? '');
  return given.ok && given.value.number > 0 ? given.value.number : randomInt(1, 10_000);
};

export interface Sending {
  readonly session: ControlSession;
  readonly commandId: string;
  readonly request: SipRequest;
  readonly connection: Connection;
  readonly dialog: Dialog | undefined;
}

const start = (core: EdgeCore, sending: Sending, target: string): void => {
  const { session, request, dialog } = sending;
  const id = randomUUID();
  const responses = dialog && request.method === 'INVITE' ? new InviteResponses(core, dialog, id) : undefined;
  const onEach = (response: SipResponse, connection: Connection): void => {
    if (!response.isProvisional) core.outgoing.remove(id);
    if (responses) return responses.take(response);
    if (dialog && !response.isProvisional) finishSubscribe(core, dialog, { request, response });
    deliver(session, core.clock, {
      message: response,
      connection,
      transactionId: id,
      dialogId: dialog?.state === 'confirmed' ? dialog.id : '',
    });
  };
  const transaction = sendWithFailover(core, {
    request,
    connection: sending.connection,
    target,
    onStart: (started) => core.journal.sent(id, started, core.owners.of(session)),
    onEach,
    isOver: () => sent.cancelled || core.outgoing.find(id) !== sent,
    onMoved: (moved, connection) => {
      sent.transaction = moved;
      if (dialog) dialog.connection = connection;
    },
  });
  const sent: SentRequest = { id, transaction, session, dialog, cancelled: false };
  core.outgoing.add(sent);
  if (request.method === 'INVITE') core.cdr.attempt('application', sent.transaction.request);
  confirmSent(core, sending, sent);
};

const finishSubscribe = (
  core: EdgeCore,
  dialog: Dialog,
  { request, response }: { readonly request: SipRequest; readonly response: SipResponse },
): void => {
  if (!response.isSuccess) return core.dialogs.remove(dialog);
  // A NOTIFY that came first may have ended it already.
  if (dialog.state === 'terminated') return;
  dialog.learn(response);
  dialog.moveTo('confirmed');
  followSubscription(core, dialog, { request, response });
  core.journal.changed(dialog);
};

/** Tells the app how its request went out. */
export const confirmSent = (core: EdgeCore, sending: Sending, sent: SentRequest): void => {
  const text = sent.transaction.request.toText();
  sending.session.confirmSent(sending.commandId, {
    meta: metaOf('application', { text, connection: sending.connection, clock: core.clock }),
    transactionId: sent.id,
    text,
  });
};
