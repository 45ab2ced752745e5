/** What administrators set about calls while the product runs, joined to the decisions that are made of it. */
import type { Alarms } from '../base/alarms';
import type { Clock } from '../base/clock';
import type { Logger } from '../base/log';
import { fail, failAbout, ok } from '../base/result';
import type { Result } from '../base/result';
import type { RoutingPorts } from '../api/ports';
import { CallFraud } from '../calls/call-fraud';
import { createCallPermission } from '../calls/call-permission';
import type { CallPermission } from '../calls/call-permission';
import type { CallRouting } from '../calls/call-routing';
import { checkRecordingPolicy, chooseRecordingPolicy, chooseRoomPolicy } from '../calls/recording-policy';
import { ContextBook, sizeOf } from '../calls/context-book';
import type { ContextBookDependencies } from '../calls/context-book';
import type { AgentId, QueueId } from '../base/ids';
import type { CallLimit } from '../store/call-limits';
import type { MusicStream } from '../media/ports';
import type { AnswerModeSetting } from '../store/answer-modes';
import type { MusicStreamSetting } from '../store/music-streams';
import type { RecordingPolicy } from '../store/recording-policies';
import type { ReleaseModeSetting } from '../store/release-modes';
import type { Store } from '../store/connect';
import type { CallRule } from '../store/call-rules';
import type { LookUp, TemporaryNumbers } from '../store/sites';
import type { Use } from './acd-settings/faults';
import { askHttp } from './ask-http';
import { flowEditor, numberSettings } from './flow-settings';
import type { LoadedDirectory } from './load-directory';
import { liveSettings } from './settings-editor';
import type { LiveSettings } from './settings-editor';
import { streamOf } from './music-streams';
import { siteSettings } from './site-settings';

export interface CallSettings {
  readonly permission: CallPermission;
  readonly fraud: CallFraud;
  readonly routing: CallRouting;
  readonly hasSite: (id: string) => boolean;
  /** The settings of calls that name a queue. */
  readonly usesOfQueue: (queueId: QueueId) => readonly Use[];
  /** The stream that music of this name is. */
  readonly musicStream: (name: string) => MusicStream | undefined;
  readonly ports: Omit<RoutingPorts, 'preRoute' | 'reserveContext' | 'takeContext'>;
}

type SettingsStores = Pick<
  Store,
  | 'callRules'
  | 'numbers'
  | 'flows'
  | 'sites'
  | 'lookUps'
  | 'temporaryNumbers'
  | 'releaseModes'
  | 'answerModes'
  | 'musicStreams'
  | 'recordingPolicies'
  | 'callLimits'
  | 'callUsage'
>;

export interface CallSettingsDeps {
  readonly clock: Clock;
  readonly log: Logger;
  readonly alarms: Pick<Alarms, 'raise'>;
  readonly costPerMinute: (number: string, trunkId: string | undefined) => number;
  /** Of recordings whose policy does not say it; for ever without it. */
  readonly retentionDays?: number | undefined;
  /** Where contexts of calls that are handed over outlive the process. */
  readonly contexts?: ContextBookDependencies['records'];
}

export const loadCallSettings = async (
  store: SettingsStores,
  { directory, live, model }: Pick<LoadedDirectory, 'directory' | 'live'> & Partial<Pick<LoadedDirectory, 'model'>>,
  deps: CallSettingsDeps,
): Promise<CallSettings> => {
  const { clock } = deps;
  const rules = await liveSettings<CallRule>(store.callRules, (rule) => {
    if (rule.kind !== 'caller-list' || rule.refusal.do !== 'flow') return ok(undefined);
    const { flowId } = rule.refusal;
    return directory.flow?.(flowId) ? ok(undefined) : fail('bad_input', `There is no flow ${flowId}.`);
  });
  const sites = await siteSettings(store, model);
  const lookUps = await liveSettings<LookUp>(store.lookUps);
  const ranges = await liveSettings<TemporaryNumbers>(store.temporaryNumbers, (range) =>
    sizeOf(range) > 0 ? ok(undefined) : fail('bad_input', 'A range has 1 to 10000 numbers of one length.'),
  );
  const releases = await liveSettings<ReleaseModeSetting>(store.releaseModes);
  const answers = await liveSettings<AnswerModeSetting>(store.answerModes);
  const streams = await liveSettings<MusicStreamSetting>(store.musicStreams);
  const recordingPolicies: LiveSettings<RecordingPolicy> = await liveSettings<RecordingPolicy>(
    store.recordingPolicies,
    (policy) => recordingPolicyFault(policy, directory) ?? checkRecordingPolicy(policy, recordingPolicies.current()),
  );
  const numbers = numberSettings(store, live);
  const permission = createCallPermission(rules.current);
  const limits = await liveSettings<CallLimit>(store.callLimits);
  const fraud = new CallFraud({
    ...deps,
    limits: limits.current,
    classOf: permission.classOf,
    usage: await store.callUsage.list(),
    save: (usage) => store.callUsage.save(usage),
    forget: async (id) => void (await store.callUsage.remove(id)),
  });
  return {
    permission,
    fraud,
    hasSite: (id) => sites.has(id),
    usesOfQueue: (queueId) =>
      [releases, answers, recordingPolicies]
        .flatMap((settings): readonly { _id: string; queues: readonly QueueId[] }[] => settings.current())
        .filter(({ queues }) => queues.includes(queueId))
        .map(({ _id }) => ({ kind: 'policy', id: _id })),
    musicStream: streamOf(streams.current),
    routing: {
      ...numbers.routing,
      lookUpOf: (id) => lookUps.current().find(({ _id }) => _id === id),
      sites: () => sites.remote(),
      releaseOf: (of) => settingOf(releases.current(), of),
      answerOf: (of) => settingOf(answers.current(), of),
      recordingOf: (call) => chooseRecordingPolicy(recordingPolicies.current(), call),
      recordingOfRoom: (room) => chooseRoomPolicy(recordingPolicies.current(), room),
      retentionDays: deps.retentionDays,
      ask: askHttp(clock),
      contexts: new ContextBook({ clock, ranges: ranges.current, records: deps.contexts }),
    },
    ports: {
      callRules: rules.editor as RoutingPorts['callRules'],
      permission,
      flows: flowEditor(store, live),
      numbers: numbers.editor,
      sites: sites.editor,
      lookUps: lookUps.editor,
      temporaryNumbers: ranges.editor,
      releaseModes: releases.editor,
      answerModes: answers.editor,
      musicStreams: streams.editor,
      recordingPolicies: recordingPolicies.editor,
      callLimits: limits.editor,
      callUsage: fraud,
    },
  };
};

/** A policy about an agent, a queue or a room that is not there would never be used. */
const recordingPolicyFault = (
  { agents, queues, rooms = [] }: RecordingPolicy,
  directory: LoadedDirectory['directory'],
): Result<void> | undefined => {
  const unknown = (target: 'agents' | 'queues' | 'rooms', name: string, noun: string): Result<never> =>
    failAbout('bad_input', `There is no ${noun} ${name}.`, { key: 'policy-target-unknown', values: { target, name } });
  const agent = agents.find((agentId) => !directory.agent(agentId));
  if (agent !== undefined) return unknown('agents', agent, 'agent');
  const queue = queues.find((queueId) => !directory.queue(queueId));
  if (queue !== undefined) return unknown('queues', queue, 'queue');
  const room = rooms.find((roomId) => !directory.conferenceRoom?.(roomId));
  return room === undefined ? undefined : unknown('rooms', room, 'conference room');
};

/** The agent's own setting before the queue's. */
const settingOf = <Setting extends { readonly agents: AgentId[]; readonly queues: QueueId[] }>(
  settings: readonly Setting[],
  of: { queueId: QueueId | undefined; agentId: AgentId | undefined },
): Setting | undefined => {
  const { queueId, agentId } = of;
  return (
    settings.find(({ agents }) => agentId !== undefined && agents.includes(agentId)) ??
    settings.find(({ queues }) => queueId !== undefined && queues.includes(queueId))
  );
};
