/** What the edge is told when it starts. */
import type { Clock } from '../../base/clock';
import type { Logger } from '../../base/log';
import type { RequestHandlerOptions } from './handlers/handler-options';
import type { EdgeLimits } from './limits';
import type { TlsFiles } from './transport/certificates';

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
