/** An app's response to a request that it was handed. */
import type { Result } from '../../../base/result';
import { fail, ok } from '../../../base/result';
import { parseNameAddr } from '../../sip/headers/name-addr';
import { SipResponse } from '../../sip/message';
import type { ServerTransaction } from '../../sip/transaction/types';
import { addAppContent } from '../app-headers';
import type { AppResponse } from '../control/app-message';
import { headerOf } from '../control/app-message';
import type { RespondCommand } from '../control/command';
import type { ControlSession } from '../control/session';
import type { EdgeCore } from '../core';
import { metaOf } from '../delivery';
import { AwaitedAck } from '../dialog/awaited-ack';
import { Dialog } from '../dialog/dialog';
import { endUnacknowledged } from '../dialog/end-dialog';
import { followSession } from '../dialog/session-timer';
import { followSubscription } from '../dialog/subscription';
import { ownContact } from '../own-address';
import { rememberBrowser } from '../remember-browser';
import type { StreamConnection } from '../transport/stream-table';
import type { PendingRequest } from './pending-requests';
import { canAcknowledge, isReliable, ReliableResponses } from './reliable-responses';

export const respond = (core: EdgeCore, session: ControlSession, command: RespondCommand): void => {
  const pending = core.incoming.find(command.transactionId);
  if (!pending || pending.owner !== core.owners.of(session)) {
    return session.refuse(command.id, 'Response not sent due to unknown transaction');
  }
  const built = buildResponse(pending, command.message);
  if (!built.ok) return session.refuse(command.id, built.fault.message);
  const response = built.value;
  const sent = send(core, pending, response);
  if (!sent.ok) return session.refuse(command.id, sent.fault.message);
  const text = response.toText();
  session.confirmSent(command.id, {
    meta: metaOf('application', { text, connection: pending.transaction.connection, clock: core.clock }),
    transactionId: pending.id,
    dialogId: pending.dialog?.id ?? '',
    text,
  });
};

/** Sends the response, or leaves it to the reliable ones before it (RFC 3262). */
const send = (core: EdgeCore, pending: PendingRequest, response: SipResponse): Result<void> => {
  const { transaction } = pending;
  if (isReliable(response)) {
    if (transaction.state !== 'proceeding') return fail('conflict', 'the request was answered already');
    formDialog(core, pending, response);
    const { dialog } = pending;
    if (!dialog) return fail('unsupported', 'only an INVITE can be answered reliably');
    dialog.reliable ??= reliableResponses(core, pending);
    dialog.reliable.take(response);
    pending.hasEarlyMedia ||= response.body.length > 0;
    rememberCaller(core, transaction);
    return ok(undefined);
  }
  const isInvite = transaction.kind === 'invite';
  if (isInvite && pending.dialog?.reliable?.holdsBack(response)) return ok(undefined);
  return transmit(core, pending, response);
};

/** Sends the response. An answer that makes a call is written down before anybody can act on it. */
const transmit = (core: EdgeCore, pending: PendingRequest, response: SipResponse): Result<void> => {
  const { transaction } = pending;
  if (response.isSuccess && transaction.kind === 'invite' && transaction.state === 'proceeding') {
    formDialog(core, pending, response);
    beginAnswer(core, pending, response);
  }
  const sent = transaction.respond(response);
  if (sent.ok) onResponseSent(core, pending, response);
  if (!response.isProvisional) transaction.request.compact();
  return sent;
};

/** What follows from a 2xx to an INVITE: our description, the session's timer, and an ACK that is awaited. */
const beginAnswer = (core: EdgeCore, pending: PendingRequest, response: SipResponse): void => {
  const { dialog, transaction } = pending;
  if (!dialog) return;
  followAnswer(core, pending, response);
  if (!pending.initial) dialog.refreshTarget(transaction.request);
  dialog.awaitedAck?.stop();
  dialog.awaitedAck = awaitAck(core, pending, response);
  core.journal.changed(dialog);
};

const reliableResponses = (core: EdgeCore, pending: PendingRequest): ReliableResponses =>
  new ReliableResponses({
    clock: core.clock,
    t1Ms: core.timers.t1Ms,
    send: (response) => {
      if (response.isProvisional) pending.transaction.respond(response);
      else transmit(core, pending, response);
    },
    onGivenUp: () => {
      const { transaction, dialog } = pending;
      core.refusals.note('nobody sent PRACK', transaction.connection, { callId: transaction.request.callId });
      const response = SipResponse.from(transaction.request, 504, { toTag: dialog?.localTag });
      if (transaction.respond(response).ok) onResponseSent(core, pending, response);
    },
  });

const MAKES_DIALOG = new Set(['INVITE', 'SUBSCRIBE']);

const buildResponse = (pending: PendingRequest, app: AppResponse): Result<SipResponse> => {
  const { transaction, dialog } = pending;
  const { request, connection } = transaction;
  const reliable = app.status > 100 && app.status < 200 && /\b100rel\b/i.test(headerOf(app, 'require') ?? '');
  if (reliable && (request.method !== 'INVITE' || !canAcknowledge(request))) {
    return fail('unsupported', 'Remote endpoint does not support 100rel');
  }
  const toTag = dialog?.localTag ?? tagChosenBy(app) ?? transaction.toTag;
  const reason = app.reason === '' ? undefined : app.reason;
  const response = SipResponse.from(request, app.status, app.status === 100 ? { reason } : { reason, toTag });
  const makesDialog = MAKES_DIALOG.has(request.method) && app.status > 100 && app.status < 300;
  if (makesDialog) {
    // RFC 3261, section 12.1.1: the UAS MUST copy all Record-Routes, and MUST add a Contact.
    for (const route of request.getAll('Record-Route')) response.append('Record-Route', route);
    if (headerOf(app, 'contact') === undefined) response.append('Contact', ownContact(connection));
  }
  const added = addAppContent(response, app, connection);
  return added.ok ? ok(response) : added;
};

/** An app may choose our tag by sending a To that has one; drachtio-srf repeats the To of the request otherwise. */
const tagChosenBy = (app: AppResponse): string | undefined => {
  const to = parseNameAddr(headerOf(app, 'to') ?? '');
  return to.ok ? to.value.tag : undefined;
};

const onResponseSent = (core: EdgeCore, pending: PendingRequest, response: SipResponse): void => {
  const { request, connection } = pending.transaction;
  if (response.status > 100 && response.status < 300) {
    rememberCaller(core, pending.transaction);
    formDialog(core, pending, response);
  }
  if (response.isProvisional) {
    pending.hasEarlyMedia ||= response.body.length > 0;
    return;
  }
  if (request.method === 'INVITE') pending.dialog?.reliable?.stop();
  core.incoming.remove(pending.id);
  const { dialog } = pending;
  if (request.method === 'PRACK') dialog?.reliable?.proceed();
  if (response.isSuccess) core.flood.trust(connection.remote.address);
  if (response.isSuccess && request.method !== 'INVITE') followAnswer(core, pending, response);
  if (request.method === 'INVITE' && pending.initial) recordAnswer(core, response);
  // An answer that makes a call was written down before it was sent.
  const isWritten = request.method === 'INVITE' && response.isSuccess;
  if (!dialog || isWritten) return;
  core.journal.changed(dialog);
  if (request.method !== 'INVITE') return;
  if (pending.initial) {
    core.dialogs.remove(dialog);
  } else {
    dialog.pendingInvite = 'none';
  }
};

const followAnswer = (core: EdgeCore, { transaction, dialog }: PendingRequest, response: SipResponse): void => {
  const { method } = transaction.request;
  if (!dialog) return;
  if (method === 'SUBSCRIBE') followSubscription(core, dialog, { request: transaction.request, response });
  if (method !== 'INVITE' && method !== 'UPDATE' && method !== 'PRACK') return;
  dialog.noteSession(response, transaction.request);
  if (method === 'PRACK') return;
  followSession(core, dialog, { response, side: 'uas' });
};

const recordAnswer = (core: EdgeCore, response: SipResponse): void => {
  if (response.isSuccess) core.cdr.start('application', 'uas', response);
  else core.cdr.stop('application', response.status === 487 ? 'call-canceled' : 'call-rejected', response);
};

const formDialog = (core: EdgeCore, pending: PendingRequest, response: SipResponse): void => {
  const { request, connection } = pending.transaction;
  if (!pending.initial || !MAKES_DIALOG.has(request.method)) {
    // RFC 6665, section 4.1.2.2: a SUBSCRIBE is a target refresh request, too.
    const refreshes = request.method === 'UPDATE' || request.method === 'SUBSCRIBE';
    if (refreshes && response.isSuccess) pending.dialog?.refreshTarget(request);
    return;
  }
  if (!pending.dialog) {
    const localTag = response.to.tag ?? '';
    pending.dialog = Dialog.ofIncoming(request, { localTag, owner: pending.owner, connection });
    core.dialogs.add(pending.dialog);
  }
  if (response.isSuccess && pending.dialog.state === 'early') pending.dialog.moveTo('confirmed');
};

/** An app has accepted the request: whoever is behind a stream is found again, and missed when it closes. */
const rememberCaller = (core: EdgeCore, { request, connection }: ServerTransaction): void => {
  if (request.method === 'REGISTER' && connection.reliable) {
    core.streams.markRegistered(connection as StreamConnection);
  }
  rememberBrowser(core.streams, request, connection);
};

const awaitAck = (core: EdgeCore, pending: PendingRequest, response: SipResponse): AwaitedAck | undefined => {
  const { transaction, dialog } = pending;
  if (!dialog) return undefined;
  return new AwaitedAck({
    clock: core.clock,
    cseq: transaction.request.cseq.number,
    answer: response,
    ...core.timers,
    repeat: () => void transaction.respond(response),
    onGivenUp: () => endUnacknowledged(core, dialog),
  });
};
