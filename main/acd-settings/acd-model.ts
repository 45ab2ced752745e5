/** Queues, agents and calendars as they are set now, in the forms that the ACD and calls want. */
import type { AgentId, QueueId, UserId } from '../../base/ids';
import type { AcdConfig } from '../../acd/core/check';
import { agentConfigOf, queueConfigOf } from '../../acd/core/config';
import type { QueueConfig } from '../../acd/core/config';
import type { Calendar } from '../../acd/hours/calendar';
import type { DirectoryAgent, DirectoryQueue } from '../../calls/context';
import type { Store } from '../../store/connect';
import type { Queue, StoredCalendar } from '../../store/queues';
import type { AgentSeat } from '../../store/users';

/** A user who is an agent. */
export interface ModelAgent {
  readonly userId: UserId;
  readonly userName: string;
  readonly displayName: string;
  readonly displayNameZh?: string | undefined;
  readonly seat: AgentSeat;
}

export type AcdModelStores = Pick<Store, 'queues' | 'users' | 'calendars'>;

export class AcdModel {
  private shownQueues: ReadonlyMap<QueueId, DirectoryQueue> = new Map();
  private shownAgents: ReadonlyMap<AgentId, DirectoryAgent> = new Map();
  private queueList: readonly DirectoryQueue[] = [];
  private agentList: readonly DirectoryAgent[] = [];

  private constructor(
    private readonly queuesById: Map<QueueId, Queue>,
    private readonly agentsById: Map<AgentId, ModelAgent>,
    private readonly calendarsById: Map<string, StoredCalendar>,
  ) {
    this.show();
  }

  static async load(store: AcdModelStores): Promise<AcdModel> {
    const queues = (await store.queues.list()).map((queue) => [queue._id, queue] as const);
    const users = (await store.users.list()).filter(({ disabled }) => !disabled);
    const agents = users.flatMap(({ _id, agent, userName, displayName, displayNameZh }) =>
      agent ? [[agent.agentId, { userId: _id, userName, displayName, displayNameZh, seat: agent }] as const] : [],
    );
    const calendars = (await store.calendars.list()).map((calendar) => [calendar._id, calendar] as const);
    return new AcdModel(new Map(queues), new Map(agents), new Map(calendars));
  }

  /** By id. */
  queues(): Queue[] {
    return [...this.queuesById.values()].sort((a, b) => (a._id < b._id ? -1 : 1));
  }

  queue(queueId: QueueId): Queue | undefined {
    return this.queuesById.get(queueId);
  }

  setQueue(queue: Queue): void {
    this.queuesById.set(queue._id, queue);
    this.show();
  }

  removeQueue(queueId: QueueId): void {
    this.queuesById.delete(queueId);
    this.show();
  }

  agents(): ModelAgent[] {
    return [...this.agentsById.values()];
  }

  agent(agentId: AgentId): ModelAgent | undefined {
    return this.agentsById.get(agentId);
  }

  setAgent(agent: ModelAgent): void {
    this.agentsById.set(agent.seat.agentId, agent);
    this.show();
  }

  calendars(): StoredCalendar[] {
    return [...this.calendarsById.values()].sort((a, b) => (a._id < b._id ? -1 : 1));
  }

  calendar(id: string): StoredCalendar | undefined {
    return this.calendarsById.get(id);
  }

  setCalendar(calendar: StoredCalendar): void {
    this.calendarsById.set(calendar._id, calendar);
  }

  removeCalendar(id: string): void {
    this.calendarsById.delete(id);
  }

  /** Undefined for always. */
  calendarOf(calendarId: string | undefined): Calendar | undefined {
    return calendarId === undefined ? undefined : this.calendarsById.get(calendarId);
  }

  /** As calls see it. */
  directoryQueue(queueId: QueueId): DirectoryQueue | undefined {
    return this.shownQueues.get(queueId);
  }

  get directoryQueues(): readonly DirectoryQueue[] {
    return this.queueList;
  }

  directoryAgent(agentId: AgentId): DirectoryAgent | undefined {
    return this.shownAgents.get(agentId);
  }

  get directoryAgents(): readonly DirectoryAgent[] {
    return this.agentList;
  }

  /** What the ACD is told, or would be with this queue or agent in the place of the present one. */
  config(change: { readonly queue?: Queue; readonly seat?: AgentSeat } = {}): AcdConfig {
    const { queue, seat } = change;
    const queues = this.queues().filter(({ _id }) => _id !== queue?._id);
    const seats = this.agents().map((agent) => (agent.seat.agentId === seat?.agentId ? seat : agent.seat));
    return { queues: [...queues, ...(queue ? [queue] : [])].map(acdQueueOf), agents: seats.map(agentConfigOf) };
  }

  private show(): void {
    this.queueList = this.queues().map(({ _id, name, nameZh, waiting }) => ({ queueId: _id, name, nameZh, waiting }));
    this.agentList = this.agents().map(({ userName, displayName, displayNameZh, seat }) => {
      const { agentId, extension } = seat;
      return { userName, displayName, displayNameZh, agentId, extension };
    });
    this.shownQueues = new Map(this.queueList.map((queue) => [queue.queueId, queue]));
    this.shownAgents = new Map(this.agentList.map((agent) => [agent.agentId, agent]));
  }
}

/** What else is set about a queue is none of the ACD's business. */
export const acdQueueOf = (queue: Queue): QueueConfig => queueConfigOf({ ...queue, queueId: queue._id });
