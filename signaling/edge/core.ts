/** What the parts of the edge share: its tables, its doors, and the transaction layer between them. */
import type { Clock } from '../../base/clock';
import type { Logger } from '../../base/log';
import type { TransactionLayer } from '../sip/transaction/transaction-layer';
import type { AppOwners } from './apps/app-owners';
import type { WaitingRoom } from './apps/waiting-room';
import type { CdrEvents } from './cdr';
import type { ControlServer } from './control/control-server';
import type { DialogTable } from './dialog/dialog-table';
import type { PendingRequests } from './incoming/pending-requests';
import type { Extensions } from './extensions';
import type { RequestHandlers } from './handlers/request-handlers';
import type { FloodGuard } from './flood-guard';
import type { CallJournal } from './journal/call-journal';
import type { EdgeLimits } from './limits';
import type { NextHops } from './next-hops';
import type { SentRequests } from './outgoing/sent-requests';
import type { OverloadGuard } from './overload-guard';
import type { FlowTokens } from './proxy/flow-token';
import type { LoopGuard } from './proxy/loop-guard';
import type { ProxyRun } from './proxy/proxy-run';
import type { RouteStamp } from './proxy/route-stamp';
import type { RefusalLog } from './refusal-log';
import type { StreamTable } from './transport/stream-table';

export interface EdgeCore {
  readonly clock: Clock;
  readonly log: Logger;
  readonly limits: EdgeLimits;
  readonly timers: { readonly t1Ms: number; readonly t2Ms: number };
  readonly layer: TransactionLayer;
  readonly control: ControlServer;
  /** Web servers that say who takes a request. */
  readonly handlers: RequestHandlers;
  readonly owners: AppOwners;
  /** Requests that wait for an app that is expected back. */
  readonly waitingRoom: WaitingRoom;
  readonly dialogs: DialogTable;
  /** What another process needs to go on with our calls. */
  readonly journal: CallJournal;
  /** Requests that wait for an app's answer. */
  readonly incoming: PendingRequests;
  /** Requests of apps that wait for the other side's answer. */
  readonly outgoing: SentRequests;
  readonly hops: NextHops;
  /** What apps may ask of us that drachtio-server cannot do. */
  readonly extensions: Extensions;
  readonly streams: StreamTable;
  readonly refusals: RefusalLog;
  readonly flood: FloodGuard;
  readonly overload: OverloadGuard;
  readonly cdr: CdrEvents;
  /** Requests that are on their way through us, for apps that proxy. */
  readonly proxies: Set<ProxyRun>;
  readonly loops: LoopGuard;
  readonly routeStamp: RouteStamp;
  readonly flows: FlowTokens;
}
