/**
 * The embedded SIP server: SIP on one side, drachtio's wire protocol on the other, so that an unchanged drachtio-srf
 * runs against it as against drachtio-server.
 *
 * ```
 *  UDP TCP WS ──► transaction layer ──► dialogs, pending requests ──► control sessions ──► apps
 *    doors.ts                build-core.ts                              control/
 * ```
 */
import { AppLoss } from './app-loss';
import { endDialogs, introduce, takeCallers } from './apps/introduce';
import { APP_EXTENSION, END_DIALOGS_EXTENSION, TAKE_CALLERS_EXTENSION } from './apps/words';
import { whenBound } from './bind-error';
import { buildCore } from './build-core';
import { CommandRunner } from './commands';
import { announceClosed } from './connection-closed';
import { ControlServer } from './control/control-server';
import type { EdgeCore } from './core';
import type { DoorPorts } from './doors';
import { Doors, RESTART } from './doors';
import type { EdgeOptions } from './edge-options';
import { IdleConnections } from './handlers/idle-connections';
import { openJournal } from './journal/open-journal';
import { PatientStreams } from './journal/patient-streams';
import { takeOver } from './journal/take-over';
import type { EdgeLimits } from './limits';
import { DEFAULT_LIMITS } from './limits';
import { Screening } from './screening';
import { CallTraces } from './trace/call-traces';
import { TRACE, traceExtension } from './trace/trace-extension';
import type { TransportDependencies } from './transport/sink';
import { StreamTable } from './transport/stream-table';

export interface EdgePorts extends DoorPorts {
  readonly control: number;
  /** 0 where it is not configured. */
  readonly controlTls: number;
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
  /** Apps that are connected. */
  readonly apps: number;
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

class EdgeServer implements Edge {
  private controlPorts = { control: 0, controlTls: 0 };
  private closing: Promise<void> | undefined;
  private readonly doors: Doors;
  private readonly core: EdgeCore;
  private readonly commands: CommandRunner;
  private readonly appLoss: AppLoss;
  private readonly patient: PatientStreams;
  private readonly idle: IdleConnections;
  private readonly screening: Screening;
  private readonly traces: CallTraces;
  /** What a former process has left; what of it must be sent. */
  private readonly goOn: () => void;

  constructor(private readonly options: EdgeOptions) {
    const { clock, log, journalDir: dir } = options;
    const limits = { ...DEFAULT_LIMITS, ...options.limits };
    const streams = new StreamTable(limits.maxConnections);
    this.traces = new CallTraces(clock, limits.trace);
    this.doors = new Doors(options, this.transportDependencies(limits, streams));
    const control = this.controlServer(limits);
    const found = openJournal({ dir, clock, log });
    this.core = buildCore({ options, limits, doors: this.doors, streams, control, found });
    this.commands = new CommandRunner(this.core);
    this.appLoss = new AppLoss(this.core);
    this.idle = new IdleConnections(this.core);
    this.screening = new Screening(this.core);
    this.addExtensions();
    const { core, appLoss } = this;
    const { udp } = this.doors;
    this.patient = new PatientStreams({ clock, hops: core.hops });
    this.goOn = takeOver({ core, udp, streams: this.patient, expect: (owner) => appLoss.expect(owner) }, found.entries);
  }

  get ports(): EdgePorts {
    return { ...this.doors.ports, ...this.controlPorts };
  }

  async listen(): Promise<void> {
    await this.doors.listen();
    await this.listenForApps();
    const { bindAddress, log } = this.options;
    log.info({ ...this.ports, address: bindAddress }, 'the edge listens');
    this.goOn();
  }

  private async listenForApps(): Promise<void> {
    const { controlBindAddress: address = '127.0.0.1', controlPort: port, controlTlsPort: tlsPort } = this.options;
    const wanted = { protocol: 'TCP', cure: RESTART, address } as const;
    const { control } = this.core;
    const bound = await whenBound({ ...wanted, what: "the app's connection", port }, control.listen(address, port));
    this.controlPorts = { ...this.controlPorts, control: bound };
    const { certificates } = this.doors;
    if (!certificates || tlsPort === undefined) return;
    const controlTls = await whenBound(
      { ...wanted, what: "the app's TLS connection", port: tlsPort },
      control.listenTls(certificates, { address, port: tlsPort }),
    );
    this.controlPorts = { ...this.controlPorts, controlTls };
  }

  /** What apps may ask for here; `strangers` and `bans` are the screening's. */
  private addExtensions(): void {
    const { core, traces, doors } = this;
    const withBodies = this.options.traceBodies ?? true;
    const trace = traceExtension({ traces, advertise: (peer) => doors.advertise(peer), withBodies });
    core.extensions.add(TRACE, (_session, input) => trace(input));
    core.extensions.add(APP_EXTENSION, (session, input) => introduce(core, session, input));
    core.extensions.add(TAKE_CALLERS_EXTENSION, (session, input) => takeCallers(core, session, input));
    core.extensions.add(END_DIALOGS_EXTENSION, (session, input) => endDialogs(core, session, input));
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
      apps: this.core.control.readyCount,
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
    this.patient.close();
    this.core.waitingRoom.close();
    this.core.journal.close(this.core.owners.names);
    for (const dialog of dialogs.all()) dialogs.remove(dialog);
    for (const run of [...this.core.proxies]) run.end();
    incoming.close();
    outgoing.close();
    layer.close();
    this.core.overload.close();
    for (const connection of streams.all()) connection.close();
    await this.doors.close();
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
      certificates: this.doors.certificates,
      hostport: () => this.doors.hostport,
      onCommand: (session, command) => this.commands.run(session, command),
      onSessionClosed: (session) => {
        if (!this.closing) this.appLoss.onSessionClosed(session);
      },
    });
  }
}
