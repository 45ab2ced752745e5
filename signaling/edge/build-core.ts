/** Makes the parts that work on messages, and joins them. */
import { TransactionLayer } from '../sip/transaction/transaction-layer';
import { AppOwners } from './apps/app-owners';
import { WaitingRoom } from './apps/waiting-room';
import { CdrEvents } from './cdr';
import type { ControlServer } from './control/control-server';
import type { EdgeCore } from './core';
import { DialogTable } from './dialog/dialog-table';
import type { Doors } from './doors';
import type { EdgeOptions } from './edge-options';
import { Extensions } from './extensions';
import { FloodGuard } from './flood-guard';
import { RequestHandlers } from './handlers/request-handlers';
import { PendingRequests } from './incoming/pending-requests';
import { receiveAck } from './incoming/receive-in-dialog';
import { receiveRequest } from './incoming/receive-request';
import { CallJournal, STAMP } from './journal/call-journal';
import type { OpenedJournal } from './journal/open-journal';
import type { EdgeLimits } from './limits';
import { NextHops } from './next-hops';
import { SentRequests } from './outgoing/sent-requests';
import { receiveStrayResponse } from './outgoing/stray-response';
import { OverloadGuard } from './overload-guard';
import { FlowTokens } from './proxy/flow-token';
import { LoopGuard } from './proxy/loop-guard';
import { RouteStamp } from './proxy/route-stamp';
import { RefusalLog } from './refusal-log';
import { Resolver } from './resolver';
import { systemDns } from './system-dns';
import type { StreamTable } from './transport/stream-table';

export interface CoreParts {
  readonly options: EdgeOptions;
  readonly limits: EdgeLimits;
  readonly doors: Doors;
  readonly streams: StreamTable;
  readonly control: ControlServer;
  readonly found: OpenedJournal;
}

const DEFAULT_TIMERS = { t1Ms: 500, t2Ms: 4_000 };

export const buildCore = ({ options, limits, doors, streams, control, found }: CoreParts): EdgeCore => {
  const { clock, log, timers = DEFAULT_TIMERS } = options;
  const { udp, tcp, tls } = doors;
  const loops = new LoopGuard();
  const owners = new AppOwners();
  const journal = new CallJournal({ journal: found.journal, nowMs: () => clock.nowMs() });
  const stampKey = journal.stampKey(found.entries.get(STAMP));
  const dns = systemDns(options.dnsServers);
  const resolver = new Resolver({ clock, dns, tls: tls !== undefined, random: Math.random });
  const core: EdgeCore = {
    clock,
    log,
    limits,
    timers,
    streams,
    layer: new TransactionLayer({
      clock,
      log,
      timers,
      onRequest: (transaction, request) => receiveRequest(core, transaction, request),
      onAck: (request, connection) => receiveAck(core, request, connection),
      onStrayResponse: (response) => receiveStrayResponse(core, response),
      isSpiral: (request) => loops.returned(request) !== undefined,
    }),
    control,
    handlers: new RequestHandlers(options.requestHandlers ?? [], { clock, maxQuestions: limits.maxHandlerQuestions }),
    owners,
    waitingRoom: new WaitingRoom({
      clock,
      invitePatienceMs: limits.callerPatienceMs,
      patienceMs: limits.appPatienceMs,
      maxWaiting: limits.maxPendingInvites,
      expected: () => owners.anyAwaited,
    }),
    journal,
    dialogs: new DialogTable((dialog) => journal.ended(dialog)),
    incoming: new PendingRequests(clock, (transaction) => journal.arrivedIsOver(transaction)),
    outgoing: new SentRequests((id) => journal.sentIsOver(id)),
    extensions: new Extensions(),
    hops: new NextHops({ clock, udp, tcp, tls, streams, resolver }),
    refusals: new RefusalLog({ clock, log, linesPerSecond: limits.refusalLogsPerSecond }),
    flood: new FloodGuard({ clock, limits: limits.strangers }),
    overload: new OverloadGuard({ clock, limits: limits.overload, socketDelayMs: () => udp.delayMs }),
    cdr: new CdrEvents({ clock, control }),
    proxies: new Set(),
    loops,
    routeStamp: new RouteStamp(stampKey),
    flows: new FlowTokens({ key: stampKey, streams, udp: (remote) => udp.toward(remote) }),
  };
  return core;
};
