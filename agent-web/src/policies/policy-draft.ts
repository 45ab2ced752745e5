/** A recording policy as the form has it: how it becomes what is sent, and what is wrong with it, by field. Pure. */
import type { FaultBody } from '../../../api/contract/common';
import { recordingPolicyBodySchema } from '../../../api/contract/recording-policies';
import type {
  RecordingPolicyBody,
  RecordingPolicyView,
  RecordingRight,
} from '../../../api/contract/recording-policies';
import { settingId } from '../../../api/contract/routing';

/** What a policy can be about, in the order in which they win. */
export const TARGETS = ['agents', 'numbers', 'queues', 'trunks', 'phones', 'rooms'] as const;
export type Target = (typeof TARGETS)[number];

export const RIGHTS: readonly RecordingRight[] = ['start', 'stop', 'pause', 'mask'];

/** The form's fields: those of the policy, its id, and times as people say them. */
export interface PolicyDraft
  extends
    Pick<RecordingPolicyBody, 'mode' | 'agentMay' | 'supervisorMay' | 'notice' | 'default'>,
    Readonly<Record<Target, string[]>> {
  readonly id: string;
  /** Fields of figures are null while they are empty. */
  readonly samplePercent: number | null;
  readonly resumeAfterS: number | null;
  /** Empty: as the configuration says. */
  readonly retentionDays: number | null;
}

export type PolicyField = keyof PolicyDraft;

/** From the top of the form to its end. */
export const FIELDS: readonly PolicyField[] = [
  ...['id' as const, 'default' as const, ...TARGETS],
  ...(['mode', 'samplePercent', 'notice', 'retentionDays'] as const),
  ...(['agentMay', 'supervisorMay', 'resumeAfterS'] as const),
];

/** A word of the dictionary for each thing that can be wrong, with what stands in the sentence. */
export interface PolicyFault {
  readonly kind:
    | 'id'
    | 'idTaken'
    | 'aboutNothing'
    | 'share'
    | 'resumeAfter'
    | 'days'
    | 'pattern'
    | 'nobodyStarts'
    | 'taken'
    | 'defaultTaken'
    | 'unknown';
  readonly name?: string;
  readonly policy?: string;
}

export type PolicyFaults = Partial<Record<PolicyField, PolicyFault>>;

export const NEW_POLICY: PolicyDraft = {
  ...{ id: '', mode: 'always', samplePercent: 100, agentMay: ['mask'], supervisorMay: ['mask'], resumeAfterS: 120 },
  ...{ notice: 'none', retentionDays: null, default: false },
  ...{ agents: [], numbers: [], queues: [], trunks: [], phones: [], rooms: [] },
};

export const draftOf = ({ rooms = [], resumeAfterMs, retentionDays, ...policy }: RecordingPolicyView): PolicyDraft => ({
  ...policy,
  rooms,
  resumeAfterS: resumeAfterMs / 1000,
  retentionDays: retentionDays ?? null,
});

/** What is sent: without what the mode makes meaningless, which the form does not show either. */
export const bodyOf = (draft: PolicyDraft): RecordingPolicyBody => {
  const { id: _id, resumeAfterS, retentionDays, samplePercent, rooms, ...rest } = draft;
  const isOff = rest.mode === 'off';
  const may = (rights: readonly RecordingRight[]): RecordingRight[] =>
    RIGHTS.filter((right) => rights.includes(right) && !(isOff && right !== 'mask'));
  return {
    ...rest,
    agentMay: may(rest.agentMay),
    supervisorMay: may(rest.supervisorMay),
    samplePercent: rest.mode === 'always' ? (samplePercent ?? 0) : 100,
    resumeAfterMs: Math.round((resumeAfterS ?? 0) * 1000),
    notice: isOff ? 'none' : rest.notice,
    numbers: rest.numbers.map(plainPattern),
    ...(rooms.length > 0 && { rooms }),
    ...(retentionDays !== null && !isOff && { retentionDays }),
  };
};

/** As people write numbers, with spaces, brackets and the like; a small x stands for any digit as well. */
const plainPattern = (pattern: string): string => pattern.replace(/[\s()/-]/g, '').toUpperCase();

const FAULT_OF: Readonly<Record<string, readonly [PolicyField, PolicyFault['kind']]>> = {
  samplePercent: ['samplePercent', 'share'],
  resumeAfterMs: ['resumeAfterS', 'resumeAfter'],
  retentionDays: ['retentionDays', 'days'],
  numbers: ['numbers', 'pattern'],
};

/** @param others the policies but for this one. */
export const faultsOf = (draft: PolicyDraft, others: readonly RecordingPolicyView[]): PolicyFaults => {
  const faults: PolicyFaults = {};
  if (!settingId.safeParse(draft.id).success) faults.id = { kind: 'id' };
  else if (others.some(({ id }) => id === draft.id)) faults.id = { kind: 'idTaken' };
  const body = bodyOf(draft);
  for (const { path } of recordingPolicyBodySchema.safeParse(body).error?.issues ?? []) {
    const [field, kind] = FAULT_OF[String(path[0])] ?? [];
    if (field && kind) faults[field] ??= { kind };
  }
  if (!draft.default && TARGETS.every((target) => draft[target].length === 0))
    faults.default = { kind: 'aboutNothing' };
  const starts = [...body.agentMay, ...body.supervisorMay].includes('start');
  if (draft.mode === 'on-demand' && !starts) faults.agentMay = { kind: 'nobodyStarts' };
  for (const other of others) addShared(faults, body, other);
  return faults;
};

/** What another policy is about already. */
const addShared = (faults: PolicyFaults, body: RecordingPolicyBody, other: RecordingPolicyView): void => {
  const { id: policy } = other;
  if (body.default && other.default) faults.default ??= { kind: 'defaultTaken', policy };
  for (const target of TARGETS) {
    const name = body[target]?.find((each) => other[target]?.includes(each));
    if (name !== undefined) faults[target] ??= { kind: 'taken', name, policy };
  }
};

/** What the server has against the policy, by field; undefined for what is no field's fault. */
export const faultOfServer = (about: FaultBody['about']): readonly [PolicyField, PolicyFault] | undefined => {
  const { target: named, name = '', policy = '' } = about?.values ?? {};
  const target = TARGETS.find((each) => each === named);
  switch (about?.key) {
    case 'policy-target-taken':
      return target ? [target, { kind: 'taken', name, policy }] : ['default', { kind: 'defaultTaken', policy }];
    case 'policy-target-unknown':
      return target && [target, { kind: 'unknown', name }];
    case 'policy-about-nothing':
      return ['default', { kind: 'aboutNothing' }];
    case 'policy-nobody-starts':
      return ['agentMay', { kind: 'nobodyStarts' }];
    default:
      return undefined;
  }
};

/** As they win: what is about agents first, the default last. */
export const byPrecedence = (policies: readonly RecordingPolicyView[]): RecordingPolicyView[] => {
  const rankOf = (policy: RecordingPolicyView): number => {
    const rank = TARGETS.findIndex((target) => (policy[target] ?? []).length > 0);
    return rank === -1 ? TARGETS.length : rank;
  };
  return [...policies].sort((one, other) => rankOf(one) - rankOf(other) || one.id.localeCompare(other.id));
};
