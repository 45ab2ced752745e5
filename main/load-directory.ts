/** Reads numbers, flows, queues and agents from the store into the form that calls look them up in. */
import { SwitchroomError } from '../base/errors';
import { asId } from '../base/ids';
import type { AgentId, FlowId, QueueId } from '../base/ids';
import { checkAcdConfig } from '../acd/core/check';
import type { AgentConfig, QueueConfig } from '../acd/core/model';
import type { Directory, DirectoryAgent, DirectoryQueue } from '../calls/context';
import { parseFlow } from '../flows/document';
import type { FlowDocument } from '../flows/document';
import type { Store } from '../store/connect';
import type { DialledNumber } from '../store/settings';
import type { TrunkConfig } from './config';

export interface LoadedDirectory {
  readonly directory: Directory;
  readonly numbers: readonly string[];
  readonly live: LiveFlows;
  readonly queues: readonly QueueConfig[];
  readonly agents: readonly AgentConfig[];
}

/** Flows and the numbers that lead to them; changed in place when an administrator changes them. */
export interface LiveFlows {
  readonly flows: Map<FlowId, FlowDocument>;
  readonly numbers: Map<string, DialledNumber>;
  readonly queueIds: ReadonlySet<string>;
}

/** @throws SwitchroomError naming the flow, number, queue or agent that is not usable. */
export const loadDirectory = async (store: Store, trunks: readonly TrunkConfig[]): Promise<LoadedDirectory> => {
  const queueRows = await store.queues.list();
  const users = (await store.users.list()).filter((user) => !user.disabled);
  const queueIds = new Set(queueRows.map((queue) => queue._id as string));
  const flows = await loadFlows(store, queueIds);
  const numbers = new Map<string, DialledNumber>();
  for (const row of await store.numbers.list()) {
    const { _id: number, flowId } = row;
    if (!flows.has(flowId))
      throw new SwitchroomError('not_found', `The number ${number} leads to the flow ${flowId}, which is not there.`);
    numbers.set(number, row);
  }
  const agents = users.flatMap(({ userName, displayName, displayNameZh, agent }) =>
    agent
      ? [
          {
            userName,
            displayName,
            displayNameZh,
            agentId: agent.agentId,
            extension: agent.extension,
            skills: agent.skills,
          },
        ]
      : [],
  );
  const queues = queueRows.map(({ _id, name, nameZh }) => ({ queueId: _id, name, nameZh }));
  const acd = {
    queues: queueRows.map(({ _id, skills, offerTimeoutMs, wrapUpMs }) => ({
      queueId: _id,
      skills,
      offerTimeoutMs,
      wrapUpMs,
    })),
    agents: agents.map(({ agentId, skills }) => ({ agentId, skills })),
  };
  const problems = checkAcdConfig(acd);
  if (problems.length > 0) throw new SwitchroomError('bad_input', problems.join(' '));
  return {
    directory: directoryOf({ numbers, flows, agents, queues, trunks }),
    numbers: [...numbers.keys()],
    live: { flows, numbers, queueIds },
    ...acd,
  };
};

const loadFlows = async (store: Store, queues: ReadonlySet<string>): Promise<Map<FlowId, FlowDocument>> => {
  const flows = new Map<FlowId, FlowDocument>();
  for (const { _id, document } of await store.flows.list()) {
    const parsed = parseFlow(document, queues);
    if (!parsed.ok) throw new SwitchroomError('bad_input', `The flow ${_id} is not usable: ${parsed.fault.message}.`);
    flows.set(_id, parsed.value);
  }
  return flows;
};

const directoryOf = (from: {
  numbers: ReadonlyMap<string, DialledNumber>;
  flows: ReadonlyMap<FlowId, FlowDocument>;
  agents: readonly DirectoryAgent[];
  queues: readonly DirectoryQueue[];
  trunks: readonly TrunkConfig[];
}): Directory => {
  const agents = new Map<AgentId, DirectoryAgent>(from.agents.map((agent) => [agent.agentId, agent]));
  const queues = new Map<QueueId, DirectoryQueue>(from.queues.map((queue) => [queue.queueId, queue]));
  const outbound = from.trunks.find((trunk) => trunk.proxy !== undefined);
  return {
    flowOf: (number) => {
      const row = from.numbers.get(number);
      return row && from.flows.get(row.flowId);
    },
    flow: (flowId) => from.flows.get(asId<FlowId>(flowId)),
    agent: (agentId) => agents.get(agentId),
    agents: () => from.agents,
    queue: (queueId) => queues.get(queueId),
    queues: () => from.queues,
    outboundTrunk: () => outbound && { trunkId: outbound.id, callerId: outbound.callerId },
  };
};
