/** Where agents hear, as calls see it. */
import type { AgentId } from '../base/ids';
import { ok } from '../base/result';
import type { Result } from '../base/result';
import type { Station, StationKind } from '../store/stations';

export interface StationBook {
  /** Where the agent hears now. */
  of(agentId: AgentId): Station;
  /** What the agent may choose. */
  allowedTo(agentId: AgentId): StationKind[];
  /** Whether calls can be sent there at the moment. */
  isThere(agentId: AgentId): boolean;
  /** Lasts until the next choice, also over sign-ins. */
  choose(agentId: AgentId, station: Station): Promise<Result<void>>;
}

export const BROWSER: Station = { kind: 'browser' };

/** Nobody hears elsewhere. */
export const browsersOnly: StationBook = {
  of: () => BROWSER,
  allowedTo: () => ['browser'],
  isThere: () => false,
  choose: () => Promise.resolve(ok(undefined)),
};
