/** Tells the embedded edge, as often as it comes back, what it may refuse by itself. drachtio-server is told nothing. */
import type { Logger } from '../../base/log';
import type { SourceBan } from '../edge/ban-list';
import { BANS } from '../edge/ban-list';
import type { StrangerRefusal, StrangerSettings } from '../edge/strangers/policy';
import { STRANGERS } from '../edge/strangers/policy';
import type { ServerConnection } from './server-connection';

/** How strangers are treated. */
export interface StrangerOptions {
  readonly refusal: StrangerRefusal;
  /** Networks from which users may register, and call with credentials. */
  readonly users: readonly string[];
}

export interface EdgePolicyDependencies {
  readonly connection: Pick<ServerConnection, 'watch' | 'extend' | 'extended'>;
  readonly log: Logger;
  /** Left out: the edge shows every request to the app. */
  readonly strangers?: StrangerOptions | undefined;
  /** Addresses and networks whose requests the app wants to see now: trunks, and where users are registered. */
  readonly peers: () => readonly string[];
  readonly bans: () => readonly SourceBan[];
}

export class EdgePolicy {
  constructor(private readonly deps: EdgePolicyDependencies) {
    deps.connection.watch((connected) => {
      if (!connected) return;
      this.tellStrangers();
      this.tellBans();
    });
  }

  /** To be called when the peers have changed. */
  tellStrangers(): void {
    const { strangers, peers } = this.deps;
    if (strangers) this.tell(STRANGERS, { ...strangers, peers: peers() } satisfies StrangerSettings);
  }

  /** To be called when the bans have changed. */
  tellBans(): void {
    this.tell(BANS, { sources: this.deps.bans() });
  }

  private tell(name: string, input: unknown): void {
    const { connection, log } = this.deps;
    if (!connection.extended) return;
    void connection.extend(name, input).then((done) => {
      if (!done.ok) log.warn({ extension: name, reason: done.fault.message }, 'the edge did not take its instructions');
    });
  }
}
