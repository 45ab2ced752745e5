/** Stations that are kept nowhere but here; every one of them is there, unless a test says otherwise. */
import type { AgentId } from '../../../../base/ids';
import { ok } from '../../../../base/result';
import type { Result } from '../../../../base/result';
import { BROWSER } from '../../../../calls/stations';
import type { StationBook } from '../../../../calls/stations';
import type { Station, StationKind } from '../../../../store/stations';

export class StationsDouble implements StationBook {
  readonly chosen = new Map<AgentId, Station>();
  readonly absent = new Set<AgentId>();
  allowed: StationKind[] = ['browser', 'phone', 'number'];

  of = (agentId: AgentId): Station => this.chosen.get(agentId) ?? BROWSER;
  allowedTo = (): StationKind[] => this.allowed;
  isThere = (agentId: AgentId): boolean => !this.absent.has(agentId);

  choose(agentId: AgentId, station: Station): Promise<Result<void>> {
    this.chosen.set(agentId, station);
    return Promise.resolve(ok(undefined));
  }
}
