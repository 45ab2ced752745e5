/**
 * Where agents hear: what each has chosen last, as far as it is allowed still. Held in memory as the store has it, since
 * every call looks it up.
 */
import type { AgentId } from '../base/ids';
import { ok } from '../base/result';
import type { Result } from '../base/result';
import { BROWSER } from '../calls/stations';
import type { StationBook as Stations } from '../calls/stations';
import type { Registrar } from '../signaling/registrar/registrar';
import type { Store } from '../store/connect';
import type { Station, StationKind } from '../store/stations';
import type { AcdModel } from './acd-settings/acd-model';

export interface StationBookDeps {
  readonly store: Pick<Store, 'stations'>;
  readonly model: Pick<AcdModel, 'agent' | 'agents'>;
  readonly registrar: Pick<Registrar, 'isRegistered'>;
}

export class StationBook implements Stations {
  private readonly chosen = new Map<string, Station>();

  private constructor(private readonly deps: StationBookDeps) {}

  static async load(deps: StationBookDeps): Promise<StationBook> {
    const book = new StationBook(deps);
    for (const { _id, station } of await deps.store.stations.list()) book.chosen.set(_id, station);
    return book;
  }

  of(agentId: AgentId): Station {
    const station = this.chosen.get(agentId) ?? BROWSER;
    return this.allowedTo(agentId).includes(station.kind) ? station : BROWSER;
  }

  allowedTo(agentId: AgentId): StationKind[] {
    return ['browser', ...(this.deps.model.agent(agentId)?.seat.stations ?? [])];
  }

  /** Nobody can know whether a number outside answers. */
  isThere(agentId: AgentId): boolean {
    const userName = this.userNameAt(agentId);
    return userName === undefined || this.deps.registrar.isRegistered(userName);
  }

  async choose(agentId: AgentId, station: Station): Promise<Result<void>> {
    await this.deps.store.stations.save({ _id: agentId, station });
    this.chosen.set(agentId, station);
    return ok(undefined);
  }

  /** Whose station registers under this name. */
  agentsAt(userName: string): AgentId[] {
    return this.agentIds().filter((agentId) => this.userNameAt(agentId) === userName);
  }

  agentIds(): AgentId[] {
    return this.deps.model.agents().map(({ seat }) => seat.agentId);
  }

  /** Under which the station registers; undefined for a number outside. */
  private userNameAt(agentId: AgentId): string | undefined {
    const station = this.of(agentId);
    if (station.kind === 'number') return undefined;
    return station.kind === 'phone' ? station.extension : (this.deps.model.agent(agentId)?.userName ?? '');
  }
}
