/** Goes on with what another process has left in the journal. */
import { randomInt } from 'node:crypto';
import { messageOf } from '../../../base/errors';
import { fail } from '../../../base/result';
import type { Connection } from '../../sip/connection';
import type { SipRequest } from '../../sip/message';
import { SipResponse } from '../../sip/message';
import { parseMessage } from '../../sip/parse';
import type { TransactionEnd } from '../../sip/transaction/types';
import { AppOwner } from '../apps/app-owner';
import type { EdgeCore } from '../core';
import { AwaitedAck } from '../dialog/awaited-ack';
import { Dialog } from '../dialog/dialog';
import { acknowledge, APP_LOST, endDialog, endUnacknowledged } from '../dialog/end-dialog';
import { startSessionTimer } from '../dialog/session-timer';
import { resumeSubscription } from '../dialog/subscription';
import { hostOf } from '../transport/address';
import type { StreamConnection } from '../transport/stream-table';
import type { WrittenDialog, WrittenEnd, WrittenFlow, WrittenInvite } from './call-journal';
import { APP, ARRIVED, DIALOG, ENDED, SENT } from './call-journal';
import type { JournalEntries } from './journal-format';
import type { PatientStreams } from './patient-streams';

/** An INVITE that is older than this has been given up by its caller. */
const MAX_INVITE_AGE_MS = 3 * 60_000;

export interface TakeOverDependencies {
  readonly core: EdgeCore;
  /** A peer whose connection has ended. */
  readonly streams: PatientStreams;
  /** A peer on UDP, from our socket. */
  readonly udp: { toward(remote: WrittenFlow['remote']): Connection };
  /** An app is expected back. */
  readonly expect: (owner: AppOwner) => void;
}

/** An INVITE of before the restart. */
interface FoundInvite extends WrittenInvite {
  /** To be called when nothing is owed to its peer any more. */
  readonly isOver: () => void;
}

/**
 * Takes over dialogs and expects their apps. To be called before anything can arrive.
 * @returns continues what must be sent; to be called when the transports listen.
 */
export const takeOver = (deps: TakeOverDependencies, entries: JournalEntries): (() => void) => {
  const { core } = deps;
  const invites: (() => void)[] = [];
  const names = new Set<string>();
  let dialogs = 0;
  for (const [key, value] of entries) {
    const take = (): void => {
      if (key.startsWith(APP)) names.add(key.slice(APP.length));
      if (key.startsWith(DIALOG)) {
        names.add(takeDialog(deps, value as WrittenDialog));
        dialogs += 1;
      }
      if (key.startsWith(ENDED)) names.add(takeEnd(core, value as WrittenEnd));
      if (key.startsWith(ARRIVED)) invites.push(owed(core, [key, value], (found) => takeUpInvite(deps, found)));
      if (key.startsWith(SENT)) invites.push(owed(core, [key, value], (found) => takeBack(deps, found)));
    };
    contained(core, key, take);
  }
  for (const name of names) {
    core.journal.app(name);
    deps.expect(core.owners.named(name));
  }
  core.journal.settle();
  if (dialogs > 0) core.log.warn({ dialogs, apps: [...names] }, 'calls of before the restart go on');
  return () => invites.forEach((invite) => contained(core, 'an INVITE', invite));
};

/**
 * Stays in the journal until its peer has heard of it, since this process may be killed before that, too. Marked as taken
 * up: it may be what kills us.
 */
const owed = (
  core: EdgeCore,
  [key, value]: readonly [string, unknown],
  settle: (found: FoundInvite) => void,
): (() => void) => {
  const found = value as WrittenInvite;
  const isOver = (): void => core.journal.owedIsOver(key);
  core.journal.owed(key, { ...found, again: true });
  return () => {
    try {
      settle({ ...found, isOver });
    } catch (error) {
      isOver();
      throw error;
    }
  };
};

/** What cannot be read any more costs one call, not all. */
const contained = (core: EdgeCore, entry: string, run: () => void): void => {
  try {
    run();
  } catch (error) {
    core.log.error({ err: error, entry, reason: messageOf(error) }, 'an entry of the journal is of no use');
  }
};

const takeDialog = (deps: TakeOverDependencies, found: WrittenDialog): string => {
  const { core } = deps;
  const owner = core.owners.named(found.app);
  const dialog = Dialog.restore(found, { owner, connection: wayBack(deps, found.flow) });
  core.dialogs.add(dialog);
  if (found.session) startSessionTimer(core, dialog, found.session);
  resumeSubscription(core, dialog, found.expiresAtMs);
  const answer = found.answer === undefined ? undefined : parseMessage(Buffer.from(found.answer, 'latin1'));
  if (answer?.ok && answer.value.kind === 'response') awaitAck(core, dialog, answer.value);
  core.journal.changedSoon(dialog);
  return found.app;
};

const takeEnd = (core: EdgeCore, { app, ...ended }: WrittenEnd): string => {
  const owner = core.owners.named(app);
  owner.noteEnded(ended);
  core.journal.endedUnheard(owner, ended);
  return app;
};

/** The caller may still wait for our 2xx, and owes us an ACK. */
const awaitAck = (core: EdgeCore, dialog: Dialog, answer: SipResponse): void => {
  dialog.pendingInvite = 'theirs';
  dialog.awaitedAck = new AwaitedAck({
    clock: core.clock,
    cseq: answer.cseq.number,
    answer,
    ...core.timers,
    repeat: () => void dialog.connection.send(answer.toBuffer()),
    onGivenUp: () => endUnacknowledged(core, dialog),
  });
};

/** A peer on UDP is where it was. A stream has ended with the process; whoever needs one opens another. */
const wayBack = ({ udp }: TakeOverDependencies, { protocol, remote, local }: WrittenFlow): Connection => {
  if (protocol !== 'udp') return closedStream({ protocol, remote, local });
  return {
    ...{ protocol, remote, local, reliable: false },
    get advertised() {
      return udp.toward(remote).advertised ?? local;
    },
    toward: (other) => udp.toward(other),
    send: (bytes) => udp.toward(remote).send(bytes),
  };
};

const closedStream = (flow: WrittenFlow): StreamConnection => ({
  ...flow,
  reliable: true,
  closed: true,
  send: () => Promise.resolve(fail('closed', 'the connection has ended with the process that held it')),
  close: () => undefined,
});

/**
 * A caller who had no final answer is served as if the INVITE came now: its app has forgotten it, its caller has not.
 * Once; one that was taken up before may be what kills us, and is refused. So is one that came by a stream: its caller
 * has seen the connection end, and does not send again what it takes for delivered.
 */
const takeUpInvite = (deps: TakeOverDependencies, found: FoundInvite): void => {
  const { core, udp, streams } = deps;
  const { flow, again, isOver } = found;
  const request = requestOf(core, found);
  if (!request || isAnswered(core, request)) return isOver();
  if (flow.protocol !== 'udp') return refuse(request, streams.toward(flow, callerOf(request, flow)), isOver);
  const connection = udp.toward(flow.remote);
  if (again) return refuse(request, connection, isOver);
  core.journal.takeUp(request.callId, request.cseq.number);
  core.layer.receive(request, connection);
  // If it waits again, even for an app, it has an entry of its own by now.
  isOver();
};

/** Undefined when it cannot be read, or is too old for anybody to wait for. */
const requestOf = (core: EdgeCore, { text, atMs }: WrittenInvite): SipRequest | undefined => {
  const parsed = parseMessage(Buffer.from(text, 'latin1'));
  if (!parsed.ok || parsed.value.kind !== 'request') return undefined;
  return core.clock.nowMs() - atMs > MAX_INVITE_AGE_MS ? undefined : parsed.value;
};

/** In the last moment before the restart. */
const isAnswered = (core: EdgeCore, { to, from, callId }: SipRequest): boolean =>
  to.tag === undefined && core.dialogs.has(`${callId};from-tag=${from.tag ?? ''}`);

/** @param onGone called when the answer has gone, or nobody was there to have it. */
const refuse = (request: SipRequest, connection: Connection, onGone: () => void): void => {
  const headers = [['Retry-After', String(randomInt(2, 10))]] as const;
  const toTag = request.to.tag ?? `again-${randomInt(1e9)}`;
  void connection.send(SipResponse.from(request, 503, { toTag, headers }).toBuffer()).then(onGone);
};

/**
 * RFC 3261, section 18.2.2: when the connection is gone, one is opened to the address that the request came from, at the
 * port of its Via. A browser has none; it is found by the Contact under which it comes back.
 */
const callerOf = (request: SipRequest, { protocol, remote }: WrittenFlow): string => {
  const contact = request.contacts[0]?.uri.toString();
  if ((protocol === 'ws' || protocol === 'wss') && contact !== undefined) return contact;
  const port = request.topVia.port;
  return `sip:${hostOf(remote.address)}${port === undefined ? '' : `:${port}`};transport=${protocol}`;
};

/** Nobody waits for the answer to this INVITE of ours any more: CANCEL, and BYE when it is answered all the same. */
const takeBack = (deps: TakeOverDependencies, found: FoundInvite): void => {
  const { core, udp, streams } = deps;
  const { flow, isOver } = found;
  const invite = requestOf(core, found);
  if (!invite) return isOver();
  const way = invite.routes[0]?.uri.toString() ?? invite.uri;
  const hop = flow.protocol === 'udp' ? udp.toward(flow.remote) : streams.toward(flow, way);
  const owner = new AppOwner(undefined);
  const end = (response: SipResponse): void => {
    if (!response.isSuccess) return isOver();
    const dialog = Dialog.ofOutgoing(invite, { owner, connection: hop });
    dialog.learn(response);
    dialog.moveTo('confirmed');
    void acknowledge(core, dialog, response.cseq.number).then(() => endDialog(core, dialog, APP_LOST));
  };
  const ignore = (): void => undefined;
  // One that is closed with the process is owed by the next.
  const onTerminated = (how: TransactionEnd): void => (how === 'closed' ? undefined : isOver());
  core.layer.adopt(invite, hop, { onFinal: end, onTimeout: ignore, onTransportError: ignore, onTerminated }).cancel();
};
