/**
 * The embedded SIP server: SIP on one side, drachtio's wire protocol on the other, so that an unchanged drachtio-srf
 * runs against it as against drachtio-server.
 *
 * ```
 *  UDP TCP WS ──► transaction layer ──► dialogs, pending requests ──► control sessions ──► apps
 * ```
 */
import type { Clock } from '../../base/clock';
import type { Logger } from '../../base/log';
import type { SocketAddress } from '../sip/connection';
import { TransactionLayer } from '../sip/transaction/transaction-layer';
import { AppLoss } from './app-loss';
import { AppOwners } from './apps/app-owners';
import { endDialogs, introduce } from './apps/introduce';
import { APP_EXTENSION, END_DIALOGS_EXTENSION } from './apps/words';
import { WaitingRoom } from './apps/waiting-room';
import { whenBound } from './bind-error';
import { CommandRunner } from './commands';
import { CdrEvents } from './cdr';
import { announceClosed } from './connection-closed';
import { ControlServer } from './control/control-server';
import type { EdgeCore } from './core';
import { DialogTable } from './dialog/dialog-table';
import { PendingRequests } from './incoming/pending-requests';
import { receiveAck } from './incoming/receive-in-dialog';
import { receiveRequest } from './incoming/receive-request';
import { Extensions } from './extensions';
import type { RequestHandlerOptions } from './handlers/handler-options';
import { IdleConnections } from './handlers/idle-connections';
import { RequestHandlers } from './handlers/request-handlers';
import { FloodGuard } from './flood-guard';
import { CallJournal, STAMP } from './journal/call-journal';
import { Journal } from './journal/journal';
import type { JournalEntries } from './journal/journal-format';
import { takeOver } from './journal/take-over';
import type { EdgeLimits } from './limits';
import { DEFAULT_LIMITS } from './limits';
import { NextHops } from './next-hops';
import { SentRequests } from './outgoing/sent-requests';
import { receiveStrayResponse } from './outgoing/stray-response';
import { OverloadGuard } from './overload-guard';
import { FlowTokens } from './proxy/flow-token';
import { LoopGuard } from './proxy/loop-guard';
import { RouteStamp } from './proxy/route-stamp';
import { RefusalLog } from './refusal-log';
import { Resolver } from './resolver';
import { Screening } from './screening';
import { CallTraces } from './trace/call-traces';
import { TRACE, traceExtension } from './trace/trace-extension';
import { systemDns } from './system-dns';
import { advertisedAddress, hostOf, InterfaceAddresses } from './transport/address';
import type { TlsFiles } from './transport/certificates';
import { Certificates } from './transport/certificates';
import type { TransportDependencies } from './transport/sink';
import { StreamTable } from './transport/stream-table';
import { TcpTransport } from './transport/tcp';
import { UdpTransport } from './transport/udp';
import { WsTransport } from './transport/ws';

export interface EdgeOptions {
  /** Where SIP listens on UDP and TCP. */
  readonly bindAddress: string;
  /** What peers outside call us, when that is not the address of one of our interfaces (NAT). */
  readonly publicAddress?: string;
  /** UDP and TCP alike; 0 takes a free one. */
  readonly sipPort: number;
  /** Where SIP over WebSocket listens, on `wsBindAddress`; 0 takes a free one. */
  readonly wsPort: number;
  /** Default 127.0.0.1: browsers come through the app's HTTP server. */
  readonly wsBindAddress?: string;
  /** Where apps connect, on `controlBindAddress`; 0 takes a free one. */
  readonly controlPort: number;
  /** Default 127.0.0.1. */
  readonly controlBindAddress?: string;
  /** Where apps connect by TLS, on `controlBindAddress`; 0 takes a free one. Needs `tls`. Left out: nowhere. */
  readonly controlTlsPort?: number;
  /** What an app must know to be let in. */
  readonly secret: string;
  /** Who is asked which app takes a request. Left out: apps that route its method take turns. */
  readonly requestHandlers?: readonly RequestHandlerOptions[];
  readonly clock: Clock;
  readonly log: Logger;
  readonly limits?: Partial<EdgeLimits>;
  /** Whether traces show the bodies of messages; default true. */
  readonly traceBodies?: boolean;
  /** `address:port` each; left out: those of the machine. */
  readonly dnsServers?: readonly string[];
  /** The folder of the journal, by which calls outlive a killed process; left out: they do not. */
  readonly journalDir?: string;
  /** Left out: neither TLS nor WSS. */
  readonly tls?: EdgeTlsOptions;
  /** The timers of RFC 3261, 17; the defaults are 500 and 4000. */
  readonly timers?: { readonly t1Ms: number; readonly t2Ms: number };
}

export interface EdgeTlsOptions extends TlsFiles {
  /** Where SIP over TLS listens, on `bindAddress`; 0 takes a free one. */
  readonly port: number;
  /** Where SIP over secure WebSocket listens, on `bindAddress`; 0 takes a free one. Left out: nowhere. */
  readonly wssPort?: number;
}

export interface EdgePorts {
  /** 0 where TLS or WSS are not configured. */
  readonly tls: number;
  readonly wss: number;
  /** 0 where it is not configured. */
  readonly controlTls: number;
  readonly sip: number;
  readonly ws: number;
  readonly control: number;
}

/** Live objects, for tests and health checks. */
export interface EdgeCounts {
  readonly dialogs: number;
  readonly pendingRequests: number;
  readonly sentRequests: number;
  readonly transactions: number;
  readonly connections: number;
  /** Requests that wait for an app that is expected back. */
  readonly waiting: number;
}

export interface Edge {
  readonly ports: EdgePorts;
  counts(): EdgeCounts;
  /** Closes every socket and timer. Ends no calls: apps do that before. Idempotent. */
  close(): Promise<void>;
}

/** Starts the server. @throws SwitchroomError naming protocol, address, port and cure when a port cannot be bound. */
export const startEdge = async (options: EdgeOptions): Promise<Edge> => {
  const server = new EdgeServer(options);
  try {
    await server.listen();
  } catch (error) {
    await server.close();
    throw error;
  }
  return server;
};

/** The supervisor chose these ports at the start and has the edge take them again after a restart. */
const RESTART = 'end that program, or restart the product so that it takes another port';

interface SecureDoors {
  readonly certificates: Certificates;
  readonly tls: TcpTransport;
  readonly wss: WsTransport;
}

const DEFAULT_TIMERS = { t1Ms: 500, t2Ms: 4_000 };

class EdgeServer implements Edge {
  private bound: EdgePorts = { sip: 0, ws: 0, control: 0, controlTls: 0, tls: 0, wss: 0 };
  private closing: Promise<void> | undefined;
  private readonly core: EdgeCore;
  private readonly interfaces: InterfaceAddresses;
  private readonly udp: UdpTransport;
  private readonly tcp: TcpTransport;
  private readonly ws: WsTransport;
  private readonly secure: SecureDoors | undefined;
  private readonly commands: CommandRunner;
  private readonly appLoss: AppLoss;
  private readonly idle: IdleConnections;
  private readonly screening: Screening;
  private readonly traces: CallTraces;
  /** What a former process has left; what of it must be sent. */
  private readonly goOn: () => void;

  constructor(private readonly options: EdgeOptions) {
    const { clock, log } = options;
    this.interfaces = new InterfaceAddresses(clock);
    const limits = { ...DEFAULT_LIMITS, ...options.limits };
    const streams = new StreamTable(limits.maxConnections);
    this.traces = new CallTraces(clock, limits.trace);
    const transport = this.transportDependencies(limits, streams);
    const advertise = (peer: string): SocketAddress => this.advertise(peer);
    this.udp = new UdpTransport(transport, { bindAddress: options.bindAddress, advertise });
    this.tcp = new TcpTransport(transport, advertise);
    this.ws = new WsTransport(transport, advertise);
    if (options.tls) this.secure = this.secureDoors(options.tls, transport);
    const timers = options.timers ?? DEFAULT_TIMERS;
    const control = this.controlServer(limits);
    const loops = new LoopGuard();
    const { journal, entries } = this.openJournal();
    const calls = new CallJournal({ journal, nowMs: () => clock.nowMs() });
    const owners = new AppOwners();
    const stampKey = calls.stampKey(entries.get(STAMP));
    this.core = {
      clock,
      log,
      limits,
      timers,
      streams,
      layer: new TransactionLayer({
        clock,
        log,
        timers,
        onRequest: (transaction, request) => receiveRequest(this.core, transaction, request),
        onAck: (request, connection) => receiveAck(this.core, request, connection),
        onStrayResponse: (response) => receiveStrayResponse(this.core, response),
        isSpiral: (request) => loops.returned(request) !== undefined,
      }),
      control,
      handlers: new RequestHandlers(options.requestHandlers ?? [], { clock, maxQuestions: limits.maxHandlerQuestions }),
      owners,
      waitingRoom: new WaitingRoom({
        clock,
        patienceMs: limits.appPatienceMs,
        maxWaiting: limits.maxPendingInvites,
        expected: () => owners.anyAwaited,
      }),
      journal: calls,
      dialogs: new DialogTable((dialog) => calls.ended(dialog)),
      incoming: new PendingRequests(clock, (id) => calls.arrivedIsOver(id)),
      outgoing: new SentRequests((id) => calls.sentIsOver(id)),
      extensions: new Extensions(),
      hops: new NextHops({
        udp: this.udp,
        clock,
        tcp: this.tcp,
        tls: this.secure?.tls,
        streams,
        resolver: new Resolver({
          clock,
          dns: systemDns(options.dnsServers),
          tls: options.tls !== undefined,
          random: Math.random,
        }),
      }),
      refusals: new RefusalLog({ clock, log, linesPerSecond: limits.refusalLogsPerSecond }),
      flood: new FloodGuard({ clock, limits: limits.strangers }),
      overload: new OverloadGuard({ clock, limits: limits.overload, socketDelayMs: () => this.udp.delayMs }),
      cdr: new CdrEvents({ clock, control }),
      proxies: new Set(),
      loops,
      routeStamp: new RouteStamp(stampKey),
      flows: new FlowTokens({ key: stampKey, streams, udp: (remote) => this.udp.toward(remote) }),
    };
    this.commands = new CommandRunner(this.core);
    this.appLoss = new AppLoss(this.core);
    this.idle = new IdleConnections(this.core);
    this.screening = new Screening(this.core);
    const { traces } = this;
    const trace = traceExtension({ traces, advertise, withBodies: options.traceBodies ?? true });
    this.core.extensions.add(TRACE, (_session, input) => trace(input));
    this.core.extensions.add(APP_EXTENSION, (session, input) => introduce(this.core, session, input));
    this.core.extensions.add(END_DIALOGS_EXTENSION, (session, input) => endDialogs(this.core, session, input));
    const { udp, core, appLoss } = this;
    this.goOn = takeOver({ core, udp, expect: (owner) => appLoss.expect(owner) }, entries);
  }

  get ports(): EdgePorts {
    return this.bound;
  }

  async listen(): Promise<void> {
    const { options } = this;
    const sip = await this.listenForSip();
    this.bound = { ...this.bound, sip };
    const { wsBindAddress = '127.0.0.1', wsPort, controlBindAddress = '127.0.0.1', controlPort } = options;
    const inside = { protocol: 'TCP', cure: RESTART } as const;
    const ws = await whenBound(
      { ...inside, what: 'SIP over WebSocket', address: wsBindAddress, port: wsPort },
      this.ws.listen(wsBindAddress, wsPort),
    );
    const control = await whenBound(
      { ...inside, what: "the app's connection", address: controlBindAddress, port: controlPort },
      this.core.control.listen(controlBindAddress, controlPort),
    );
    this.bound = { ...this.bound, sip, ws, control };
    if (this.secure && options.tls) {
      const tls = await this.secure.tls.listen(options.bindAddress, options.tls.port);
      const { wssPort } = options.tls;
      const wss = wssPort === undefined ? 0 : await this.secure.wss.listen(options.bindAddress, wssPort);
      this.bound = { ...this.bound, tls, wss };
    }
    await this.listenForAppsByTls();
    options.log.info({ ...this.bound, address: options.bindAddress }, 'the edge listens');
    this.goOn();
  }

  private openJournal(): { readonly journal: Journal | undefined; readonly entries: JournalEntries } {
    const { journalDir: dir, clock, log } = this.options;
    const without = { journal: undefined, entries: new Map<string, unknown>() };
    if (dir === undefined) return without;
    try {
      return Journal.open({ dir, clock, log });
    } catch (error) {
      log.error({ err: error, dir }, 'there is no journal of calls: a restart will end them; make the folder writable');
      return without;
    }
  }

  private async listenForAppsByTls(): Promise<void> {
    const { controlTlsPort: port, controlBindAddress: address = '127.0.0.1' } = this.options;
    if (!this.secure || port === undefined) return;
    const controlTls = await whenBound(
      { protocol: 'TCP', cure: RESTART, what: "the app's TLS connection", address, port },
      this.core.control.listenTls(this.secure.certificates, { address, port }),
    );
    this.bound = { ...this.bound, controlTls };
  }

  /** UDP and TCP share their port. Asked for any port, tries until one is free for both. */
  private async listenForSip(): Promise<number> {
    const { bindAddress, sipPort } = this.options;
    for (let triesLeft = sipPort === 0 ? 20 : 1; ;) {
      const wanted = { what: 'SIP', address: bindAddress, cure: 'set SIP_PORT (sipPort) to another' };
      const port = await whenBound(
        { ...wanted, protocol: 'TCP', port: sipPort },
        this.tcp.listen(bindAddress, sipPort),
      );
      try {
        return await whenBound({ ...wanted, protocol: 'UDP', port }, this.udp.listen(port));
      } catch (error) {
        triesLeft -= 1;
        if (triesLeft === 0) throw error;
        await this.tcp.close();
      }
    }
  }

  counts(): EdgeCounts {
    const { dialogs, incoming, outgoing, layer, streams } = this.core;
    return {
      dialogs: dialogs.size,
      pendingRequests: incoming.size,
      sentRequests: outgoing.size,
      transactions: layer.counts.server + layer.counts.client,
      connections: streams.size,
      waiting: this.core.waitingRoom.size,
    };
  }

  close(): Promise<void> {
    this.closing ??= this.closeAll();
    return this.closing;
  }

  private async closeAll(): Promise<void> {
    const { control, layer, dialogs, incoming, outgoing, streams } = this.core;
    await control.close();
    this.idle.close();
    this.core.handlers.close();
    this.appLoss.close();
    this.core.waitingRoom.close();
    this.core.journal.close(this.core.owners.names);
    for (const dialog of dialogs.all()) dialogs.remove(dialog);
    for (const run of [...this.core.proxies]) run.end();
    incoming.close();
    outgoing.close();
    layer.close();
    this.core.overload.close();
    for (const connection of streams.all()) connection.close();
    this.secure?.certificates.close();
    const secure = this.secure ? [this.secure.tls.close(), this.secure.wss.close()] : [];
    await Promise.all([this.udp.close(), this.tcp.close(), this.ws.close(), ...secure]);
  }

  private advertise(peer: string): SocketAddress {
    const { bindAddress, publicAddress } = this.options;
    const { interfaces } = this;
    return { address: advertisedAddress(peer, { bindAddress, publicAddress, interfaces }), port: this.bound.sip };
  }

  private secureDoors(options: EdgeTlsOptions, transport: TransportDependencies): SecureDoors {
    const certificates = new Certificates(options, this.options);
    const at =
      (door: 'tls' | 'wss') =>
      (peer: string): SocketAddress => ({ ...this.advertise(peer), port: this.bound[door] });
    return {
      certificates,
      tls: new TcpTransport(transport, at('tls'), certificates),
      wss: new WsTransport(transport, at('wss'), certificates),
    };
  }

  private transportDependencies(limits: EdgeLimits, streams: StreamTable): TransportDependencies {
    return {
      clock: this.options.clock,
      log: this.options.log,
      limits,
      streams,
      isBanned: (address) => this.screening.isBanned(address),
      connectionRefusal: (address, protocol) => this.screening.connectionRefusal(address, protocol),
      onMessage: (message, connection, pieces) => {
        if (message.kind === 'request' && !this.screening.admits(message, connection)) return;
        this.traces.received(message, pieces, connection);
        this.core.layer.receive(message, connection);
      },
      onSend: (bytes, connection) => this.traces.sent(bytes, connection),
      onFault: (fault, connection) => {
        if (this.screening.admitsFault(connection)) this.core.layer.receiveFault(fault, connection);
      },
      onConnectionClosed: (connection) => announceClosed(this.core, connection),
    };
  }

  private controlServer(limits: EdgeLimits): ControlServer {
    const { clock, log, secret } = this.options;
    return new ControlServer({
      clock,
      log,
      secret,
      limits: limits.control,
      certificates: this.secure?.certificates,
      hostport: () => {
        const address = hostOf(this.advertise('0.0.0.0').address);
        const doors = ['udp', 'tcp'].map((protocol) => `${protocol}/${address}:${this.bound.sip}`);
        if (this.bound.tls !== 0) doors.push(`tls/${address}:${this.bound.tls}`);
        return doors.join(',');
      },
      onCommand: (session, command) => this.commands.run(session, command),
      onSessionClosed: (session) => {
        if (!this.closing) this.appLoss.onSessionClosed(session);
      },
    });
  }
}
