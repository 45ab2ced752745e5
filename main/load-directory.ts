/** Reads numbers, flows, queues and agents from the store into the form that calls look them up in. */
import { SwitchroomError } from '../base/errors';
import { asId } from '../base/ids';
import type { FlowId } from '../base/ids';
import { checkAcdConfig } from '../acd/core/check';
import type { AgentConfig, QueueConfig } from '../acd/core/model';
import type { Directory, Extension, OutboundTrunk } from '../calls/context';
import { flowOfRoom } from '../calls/conference/room-flow';
import { translate } from '../calls/extension-table';
import { parseFlow } from '../flows/document';
import type { FlowDocument } from '../flows/document';
import type { Store } from '../store/connect';
import type { DialledNumber } from '../store/settings';
import { AcdModel } from './acd-settings/acd-model';
import type { ConferenceBook } from './conference-book';
import type { PhoneBook } from './phone-book';

export interface LoadedDirectory {
  readonly directory: Directory;
  readonly numbers: readonly string[];
  readonly live: LiveFlows;
  readonly model: AcdModel;
  readonly queues: readonly QueueConfig[];
  readonly agents: readonly AgentConfig[];
}

/** Flows and the numbers that lead to them; changed in place when an administrator changes them. */
export interface LiveFlows {
  readonly flows: Map<FlowId, FlowDocument>;
  readonly numbers: Map<string, DialledNumber>;
  readonly queueIds: Set<string>;
}

/** What trunks answer at the moment of a call. */
export type TrunkRules = Required<
  Pick<Directory, 'outboundTrunk' | 'mayRefer' | 'detectOfTrunk' | 'dtmfOfTrunk' | 'rtpOfTrunk' | 'countryOfTrunk'>
> & {
  /** Whether a trunk's calls are secured. */
  srtpOf(trunkId: string): OutboundTrunk['srtp'];
};

/** @throws SwitchroomError naming the flow, number, queue or agent that is not usable. */
export const loadDirectory = async (
  store: Store,
  books: { readonly phones: PhoneBook; readonly conferences: ConferenceBook },
  trunks: TrunkRules,
): Promise<LoadedDirectory> => {
  const model = await AcdModel.load(store);
  const queueIds = new Set(model.queues().map((queue) => queue._id as string));
  const flows = await loadFlows(store, queueIds);
  const numbers = new Map<string, DialledNumber>();
  for (const row of await store.numbers.list()) {
    const { _id: number, flowId } = row;
    if (!flows.has(flowId))
      throw new SwitchroomError('not_found', `The number ${number} leads to the flow ${flowId}, which is not there.`);
    numbers.set(number, row);
  }
  const acd = model.config();
  const problems = checkAcdConfig(acd);
  if (problems.length > 0) throw new SwitchroomError('bad_input', problems.join(' '));
  return {
    directory: directoryOf({ numbers, flows, model, trunks, ...books }),
    numbers: [...numbers.keys()],
    live: { flows, numbers, queueIds },
    model,
    ...acd,
  };
};

/** The store counts the versions; the one in a document is whoever wrote it's. */
export const loadFlows = async (
  store: Pick<Store, 'flows'>,
  queues: ReadonlySet<string>,
): Promise<Map<FlowId, FlowDocument>> => {
  const flows = new Map<FlowId, FlowDocument>();
  for (const { _id, version, document } of await store.flows.list()) {
    const parsed = parseFlow(document, queues);
    if (!parsed.ok) throw new SwitchroomError('bad_input', `The flow ${_id} is not usable: ${parsed.fault.message}.`);
    flows.set(_id, { ...parsed.value, version });
  }
  return flows;
};

const directoryOf = (from: Sources): Directory => {
  const { model } = from;
  return {
    flow: (flowId) => from.flows.get(asId<FlowId>(flowId)),
    flowOf: (number) => flowOfNumber(from, number) ?? flowOfRule(from, number) ?? flowOfRoomNumber(from, number),
    conferenceRoom: (roomId) => from.conferences.get(roomId),
    conferenceRoomOf: (number) => from.conferences.ofNumber(number),
    conferenceRooms: () => from.conferences.list(),
    agent: (agentId) => model.directoryAgent(agentId),
    agents: () => model.directoryAgents,
    queue: (queueId) => model.directoryQueue(queueId),
    queues: () => model.directoryQueues,
    extension: (number) => extensionOf(from, number),
    phone: (extension) => from.phones.phoneForCalls(extension),
    phones: () => from.phones.listPhones(),
    outboundTrunk: (number) => from.trunks.outboundTrunk(number),
    mayRefer: (trunkId) => from.trunks.mayRefer(trunkId),
    dtmfOfTrunk: (trunkId) => from.trunks.dtmfOfTrunk(trunkId),
    rtpOfTrunk: (trunkId) => from.trunks.rtpOfTrunk(trunkId),
    detectOfTrunk: (trunkId) => from.trunks.detectOfTrunk?.(trunkId),
    countryOfTrunk: (trunkId) => from.trunks.countryOfTrunk(trunkId),
  };
};

interface Sources {
  readonly numbers: ReadonlyMap<string, DialledNumber>;
  readonly flows: ReadonlyMap<FlowId, FlowDocument>;
  readonly model: AcdModel;
  readonly trunks: TrunkRules;
  readonly phones: PhoneBook;
  readonly conferences: ConferenceBook;
}

const flowOfRoomNumber = ({ conferences }: Sources, number: string): FlowDocument | undefined => {
  const room = conferences.ofNumber(number);
  return room && flowOfRoom(room);
};

const flowOfNumber = ({ numbers, flows }: Sources, number: string): FlowDocument | undefined => {
  const row = numbers.get(number);
  return row && flows.get(row.flowId);
};

/** An extension that leads to a queue or to another number has a flow of its own or that number's. */
const flowOfRule = (from: Sources, number: string): FlowDocument | undefined => {
  const { model, phones } = from;
  const goal = phones.ruleFor(number)?.goal;
  if (goal?.kind === 'number') return flowOfNumber(from, goal.number);
  if (goal?.kind !== 'queue' || !model.queue(goal.queueId)) return undefined;
  return queueFlow(number, goal.queueId);
};

const queueFlow = (extension: string, queue: string): FlowDocument => ({
  id: `extension-${extension}`,
  version: 1,
  title: `Extension ${extension}: straight to the queue ${queue}`,
  start: 'answer',
  steps: {
    answer: { do: 'answer', next: 'wait' },
    wait: { do: 'enqueue', queue, priority: 0, prompts: [], music: 'default', greeting: 'none' },
  },
});

/** Agents before phones before rules: nobody can be hidden by a pattern. */
const extensionOf = ({ model, phones, trunks }: Sources, number: string): Extension | undefined => {
  const agent = model.directoryAgents.find(({ extension }) => extension === number);
  if (agent) return { kind: 'agent', agent };
  const phone = phones.phoneForCalls(number);
  if (phone) return { kind: 'phone', phone };
  const goal = phones.ruleFor(number)?.goal;
  if (goal?.kind !== 'trunk') return undefined;
  const { trunkId, headers, fromTrunks } = goal;
  const srtp = trunks.srtpOf(trunkId);
  return { kind: 'trunk', trunk: { trunkId, number: translate(number, goal), headers, fromTrunks, srtp } };
};
