/**
 * The SIP server that the contract is checked against: the embedded edge, or, with DRACHTIO_HOST set, the
 * drachtio-server there (DRACHTIO_PORT, DRACHTIO_SECRET; SIP at DRACHTIO_SIP_PORT, WebSocket at DRACHTIO_WS_PORT).
 */
import Srf from 'drachtio-srf';
import { systemClock } from '../../../base/clock';
import { createLogger, silentLogger } from '../../../base/log';
import type { EdgeOptions } from '../../../signaling/edge/edge-options';
import type { Edge } from '../../../signaling/edge/server';
import { startEdge } from '../../../signaling/edge/server';
import { shutDown, takenByServer } from '../../../signaling/srf/srf-client';
import type { SrfClient } from '../../../signaling/srf/srf-types';
import type { PeerOptions, PeerTransport } from './sip-peer';
import { SipPeer } from './sip-peer';

const { DRACHTIO_HOST, DRACHTIO_PORT, DRACHTIO_SECRET, DRACHTIO_SIP_PORT, DRACHTIO_WS_PORT } = process.env;

/** True when the contract runs against drachtio-server, which lacks what the edge adds and has other timers. */
export const againstDrachtio = DRACHTIO_HOST !== undefined;

/** A test of what only the embedded edge does or lets us see. */
export const edgeOnly = againstDrachtio ? it.skip : it;

/** The same for a group of tests. */
export const describeEdge = againstDrachtio ? describe.skip : describe;

const logger = process.env.TEST_LOG ? createLogger('edge', 'debug') : silentLogger();

export class ServerUnderTest {
  private readonly peers: SipPeer[] = [];
  private readonly apps: Srf[] = [];

  private constructor(
    readonly edge: Edge | undefined,
    readonly secret: string,
  ) {}

  static async start(options: Partial<EdgeOptions> = {}): Promise<ServerUnderTest> {
    if (againstDrachtio) return new ServerUnderTest(undefined, DRACHTIO_SECRET ?? 'cymru');
    const edge = await startEdge({
      bindAddress: '127.0.0.1',
      sipPort: 0,
      wsPort: 0,
      controlPort: 0,
      secret: 'test-secret',
      clock: systemClock,
      log: logger,
      ...options,
    });
    return new ServerUnderTest(edge, 'test-secret');
  }

  get host(): string {
    return DRACHTIO_HOST ?? '127.0.0.1';
  }

  get sipPort(): number {
    return this.edge?.ports.sip ?? Number(DRACHTIO_SIP_PORT ?? 5060);
  }

  get controlPort(): number {
    return this.edge?.ports.control ?? Number(DRACHTIO_PORT ?? 9022);
  }

  /** A SIP URI that leads to the server. */
  uri(user: string): string {
    return `sip:${user}@${this.host}:${this.sipPort}`;
  }

  async peer(transport: PeerTransport, more: Partial<PeerOptions> = {}): Promise<SipPeer> {
    const wsPort = this.edge?.ports.ws ?? Number(DRACHTIO_WS_PORT ?? 8443);
    const port = transport === 'ws' ? wsPort : this.sipPort;
    const peer = await SipPeer.open({ transport, address: this.host, port, ...more });
    this.peers.push(peer);
    return peer;
  }

  /** A drachtio-srf that is connected, and whose routes the server has taken; routes asked for later may come too late. */
  async app(configure: (srf: Srf) => void = () => undefined, tags: string[] = []): Promise<Srf> {
    const srf = new Srf(tags);
    srf.on('error', () => undefined);
    configure(srf);
    await new Promise<void>((resolve, reject) => {
      srf.on('connect', (error: Error | null) => (error ? reject(error) : resolve()));
      void srf.connect({ host: this.host, port: this.controlPort, secret: this.secret });
    });
    this.apps.push(srf);
    await takenByServer(srf as unknown as SrfClient);
    return srf;
  }

  /** What the edge still has of calls and connections; apps stay. */
  held(): string[] {
    const { apps: _apps, ...counts } = this.edge?.counts() ?? {};
    return Object.entries(counts).flatMap(([what, count]) => (count > 0 ? [`${what}: ${count}`] : []));
  }

  async close(): Promise<void> {
    for (const srf of this.apps.splice(0)) disconnect(srf);
    await Promise.all(this.peers.splice(0).map((peer) => peer.close()));
    await this.edge?.close();
  }
}

/** Ends an app's connection for good: drachtio-srf alone would go on trying. */
export const disconnect = (srf: Srf): void => shutDown(srf as unknown as SrfClient);

/** Waits, a few milliseconds at a time, until `condition` holds. @throws after 5 s. */
export const until = async (condition: () => boolean): Promise<void> => {
  for (let waitedMs = 0; !condition(); waitedMs += 5) {
    if (waitedMs > 5_000) throw new Error(`never became true: ${condition.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};
