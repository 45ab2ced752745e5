/**
 * Which policy says whether a call is recorded. The most particular one wins: that of the agent, then of the dialled
 * number (the best of the patterns), the queue, the trunk, the calling or called phone, and at last the default.
 */
import { createHash } from 'node:crypto';
import { bestMatch } from '../base/number-pattern';
import type { AgentId, QueueId } from '../base/ids';
import { fail, failAbout, ok } from '../base/result';
import type { Result } from '../base/result';
import type { AppliedRecordingPolicy } from '../store/interaction';
import type { RecordingPolicy, RecordingRule } from '../store/recording-policies';

/** What holds without any policy: everything is recorded, and an agent may mask card numbers. */
export const BUILT_IN_RULE: RecordingRule = {
  mode: 'always',
  samplePercent: 100,
  agentMay: ['start', 'mask'],
  supervisorMay: ['start', 'stop', 'pause', 'mask'],
  resumeAfterMs: 120_000,
  notice: 'none',
};

/** What holds for a conference room without any policy: whoever directs it decides. */
export const ROOM_RULE: RecordingRule = {
  mode: 'on-demand',
  samplePercent: 100,
  agentMay: ['start', 'stop', 'pause', 'mask'],
  supervisorMay: ['start', 'stop', 'pause', 'mask'],
  resumeAfterMs: 120_000,
  notice: 'none',
};

/** A call as far as policies look at it. */
export interface RecordedCall {
  readonly agentId: AgentId | undefined;
  readonly dialledNumber: string;
  readonly queueId: QueueId | undefined;
  readonly trunkId: string | undefined;
  /** The calling phone's extension and the called one's. */
  readonly phones: readonly string[];
}

export interface RecordingChoice {
  readonly id: string | undefined;
  readonly by: AppliedRecordingPolicy['by'];
  readonly rule: RecordingRule;
}

export const chooseRecordingPolicy = (policies: readonly RecordingPolicy[], call: RecordedCall): RecordingChoice => {
  const { agentId, queueId, trunkId } = call;
  const found =
    named('agent', agentId !== undefined && policies.find(({ agents }) => agents.includes(agentId))) ??
    named('number', byNumber(policies, call.dialledNumber)) ??
    named('queue', queueId !== undefined && policies.find(({ queues }) => queues.includes(queueId))) ??
    named('trunk', trunkId !== undefined && policies.find(({ trunks }) => trunks.includes(trunkId))) ??
    named(
      'phone',
      policies.find(({ phones }) => call.phones.some((extension) => phones.includes(extension))),
    ) ??
    named(
      'default',
      policies.find((policy) => policy.default),
    );
  return found ?? { id: undefined, by: 'built-in', rule: BUILT_IN_RULE };
};

/** The room's own policy, then that of one of its numbers, and at last the default. */
export const chooseRoomPolicy = (
  policies: readonly RecordingPolicy[],
  room: { readonly roomId: string; readonly numbers: readonly string[] },
): RecordingChoice => {
  const ofNumbers = room.numbers.map((number) => byNumber(policies, number)).find((policy) => policy !== undefined);
  const found =
    named(
      'room',
      policies.find(({ rooms = [] }) => rooms.includes(room.roomId)),
    ) ??
    named('number', ofNumbers) ??
    named(
      'default',
      policies.find((policy) => policy.default),
    );
  return found ?? { id: undefined, by: 'built-in', rule: ROOM_RULE };
};

const named = (by: RecordingChoice['by'], policy: RecordingPolicy | undefined | false): RecordingChoice | undefined =>
  policy ? { id: policy._id, by, rule: policy } : undefined;

const byNumber = (policies: readonly RecordingPolicy[], number: string): RecordingPolicy | undefined => {
  const pattern = bestMatch(
    policies.flatMap(({ numbers }) => numbers),
    number,
  )?.pattern;
  return pattern === undefined ? undefined : policies.find(({ numbers }) => numbers.includes(pattern));
};

/** Whether the interaction is in the sample: always the same for the same one, so that it can be verified later. */
export const isSampled = (interactionId: string, samplePercent: number): boolean => {
  const share = createHash('sha256').update(interactionId).digest().readUInt32BE(0) / 0x1_0000_0000;
  return share * 100 < samplePercent;
};

/** Why a policy cannot be kept: it contradicts itself, or another one. Errors: `bad_input`, `conflict`. */
export const checkRecordingPolicy = (policy: RecordingPolicy, others: readonly RecordingPolicy[]): Result<void> => {
  const own = ownContradiction(policy);
  if (own !== undefined) return own;
  for (const other of others) {
    const both = other._id === policy._id ? undefined : sharedTarget(policy, other);
    if (!both) continue;
    const { target, name } = both;
    const what = target === 'default' ? 'all other calls' : `${target.slice(0, -1)} ${name}`;
    const message = `The policy ${other._id} is about ${what} already; take it out of one of them.`;
    return failAbout('conflict', message, { key: 'policy-target-taken', values: { target, name, policy: other._id } });
  }
  return ok(undefined);
};

const TARGETS = ['agents', 'numbers', 'queues', 'trunks', 'phones', 'rooms'] as const;

const targetsOf = (policy: RecordingPolicy, target: (typeof TARGETS)[number]): readonly string[] =>
  policy[target] ?? [];

const ownContradiction = (policy: RecordingPolicy): Result<never> | undefined => {
  const { mode, samplePercent, agentMay, supervisorMay, notice, retentionDays } = policy;
  if (TARGETS.every((target) => targetsOf(policy, target).length === 0) && !policy.default)
    return failAbout(
      'bad_input',
      'The policy is about nothing; name agents, numbers, queues, trunks, phones or rooms, or make it the default.',
      { key: 'policy-about-nothing', values: {} },
    );
  if (mode !== 'always' && samplePercent !== 100)
    return fail(
      'bad_input',
      `samplePercent says how many calls are recorded by themselves; with the mode ${mode} none are.`,
    );
  if (mode === 'off' && (agentMay.includes('start') || supervisorMay.includes('start')))
    return fail('bad_input', 'With the mode off nobody may start a recording; choose on-demand, or take "start" away.');
  if (mode === 'off' && notice !== 'none') return fail('bad_input', 'With the mode off there is nothing to announce.');
  if (mode === 'off' && retentionDays !== undefined)
    return fail('bad_input', 'With the mode off there is nothing to keep; leave retentionDays out.');
  if (mode === 'on-demand' && !agentMay.includes('start') && !supervisorMay.includes('start'))
    return failAbout(
      'bad_input',
      'With the mode on-demand somebody must be allowed to start a recording; or choose the mode off.',
      { key: 'policy-nobody-starts', values: {} },
    );
  return undefined;
};

const sharedTarget = (
  one: RecordingPolicy,
  other: RecordingPolicy,
): { readonly target: (typeof TARGETS)[number] | 'default'; readonly name: string } | undefined => {
  if (one.default && other.default) return { target: 'default', name: '' };
  for (const target of TARGETS) {
    const names = targetsOf(other, target);
    const name = targetsOf(one, target).find((each) => names.includes(each));
    if (name !== undefined) return { target, name };
  }
  return undefined;
};
