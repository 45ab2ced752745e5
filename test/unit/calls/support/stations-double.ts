/** Stations that are kept nowhere but here; every one of them is there, unless a test says otherwise. */
import type { AgentId } from '../../../../base/ids';
import { ok } from '../../../../base/result';
import type { Result } from '../../../../base/result';
import type { Center } from '../../../../calls/center';
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

  /** It can be called from now on, or no more, and the center hears of that. */
  turn(center: Pick<Center, 'stationChanged'>, agentId: AgentId, isThere: boolean): void {
    if (isThere) this.absent.delete(agentId);
    else this.absent.add(agentId);
    center.stationChanged(agentId);
  }

  async choose(agentId: AgentId, station: Station): Promise<Result<void>> {
    // As a store takes its time.
    await Promise.resolve();
    this.chosen.set(agentId, station);
    return ok(undefined);
  }
}
