/** A queue as the form has it: how it becomes what is sent, and at which field a fault of the server stands. Pure. */
import { settingId } from '../../../api/contract/routing';
import type { QueueBody, QueueSettingsView } from '../../../api/contract/queues';

export interface SkillRow {
  readonly skill?: string | undefined;
  readonly level?: number | null;
}

export interface RingRow {
  readonly afterS?: number | null;
  readonly skills?: readonly SkillRow[];
}

type Rule = NonNullable<QueueBody['overflow']>[number];
export type When = Rule['when']['kind'];
export type To = Rule['to']['kind'];

export const WHENS: readonly When[] = ['closed', 'no-agents', 'length', 'expected-wait', 'waited'];
export const TOS: readonly To[] = ['queue', 'flow', 'number', 'voicemail', 'message', 'callback', 'end'];

export interface OverflowRow {
  readonly when: When;
  /** Callers, or seconds; meaningless where the condition has no amount. */
  readonly amount?: number | null;
  readonly to: To;
  readonly target?: string | undefined;
  readonly announcement?: string | undefined;
}

type Waiting = NonNullable<QueueBody['waiting']>;

/** The form's fields; times as people say them, figures null and texts empty while there are none. */
export interface QueueDraft {
  readonly id: string;
  readonly name: string;
  readonly nameZh: string;
  readonly calendarId: string;
  readonly tenant: string;
  readonly skills: readonly SkillRow[];
  readonly rings: readonly RingRow[];
  readonly strategy: string;
  readonly ringAtOnce: number | null;
  readonly agentOrder: readonly string[];
  readonly priority: number | null;
  readonly preferredAgentS: number | null;
  readonly offerTimeoutS: number | null;
  readonly wrapUpS: number | null;
  readonly overflow: readonly OverflowRow[];
  readonly serviceLevelPercent: number | null;
  readonly serviceLevelS: number | null;
  readonly tell: 'nothing' | NonNullable<Waiting['announce']>['tell'];
  readonly tellEveryS: number | null;
  readonly music: string;
  readonly reconnectS: number | null;
  readonly reconnectWho: 'lost' | 'anyone';
  readonly callbackKey: string;
  readonly callbackAfterS: number | null;
  readonly callbackAfterCallers: number | null;
  readonly callbackNumber: NonNullable<Waiting['callback']>['number'];
  readonly callbackValidMin: number | null;
  readonly callbackAttempts: number | null;
  readonly callbackRetryMin: number | null;
  readonly callbackCalendarId: string;
  readonly weights: Readonly<Record<string, number | null>>;
}

export type QueueField = keyof QueueDraft;

/** In the order of the form, with what is taken when nothing is set; two are factors, the others seconds of waiting. */
export const WEIGHTS = [
  ['waiting', 1],
  ['priority', 60],
  ['tier', 30],
  ['preferredAgent', 30],
  ['openCases', 0],
  ['skillFit', 0],
  ['mainSkill', 0],
  ['grade', 0],
  ['sameSite', 0],
  ['idle', 0],
  ['rest', 0],
  ['fairness', 0],
] as const;

export const FACTORS: readonly string[] = ['waiting', 'idle'];
const MS = 1_000;
const MINUTE_MS = 60_000;

export const NEW_QUEUE: QueueDraft = {
  ...{ id: '', name: '', nameZh: '', calendarId: '', tenant: '', skills: [], rings: [] },
  ...{ strategy: 'longest-idle', ringAtOnce: 2, agentOrder: [], priority: null, preferredAgentS: null },
  ...{ offerTimeoutS: 20, wrapUpS: 60, overflow: [], serviceLevelPercent: 80, serviceLevelS: 20 },
  ...{ tell: 'nothing', tellEveryS: 60, music: '', reconnectS: 120, reconnectWho: 'lost' },
  ...{ callbackKey: '', callbackAfterS: 60, callbackAfterCallers: null, callbackNumber: 'caller' },
  ...{ callbackValidMin: 240, callbackAttempts: 3, callbackRetryMin: 10, callbackCalendarId: '', weights: {} },
};

const inUnits = (ms: number | undefined, unitMs: number): number | null => (ms === undefined ? null : ms / unitMs);

const rowsOf = (skills: Readonly<Record<string, number>>): SkillRow[] =>
  Object.entries(skills).map(([skill, level]) => ({ skill, level }));

export const draftOf = (queue: QueueSettingsView): QueueDraft => {
  const { waiting = {}, callback, serviceLevel } = queue;
  const offered = waiting.callback;
  return {
    ...NEW_QUEUE,
    ...{ id: queue.id, name: queue.name, nameZh: queue.nameZh ?? '', calendarId: queue.calendarId ?? '' },
    tenant: queue.tenant ?? '',
    skills: rowsOf(queue.skills),
    rings: (queue.rings ?? []).map(({ afterMs, skills }) => ({ afterS: afterMs / MS, skills: rowsOf(skills) })),
    strategy: queue.strategy ?? NEW_QUEUE.strategy,
    ringAtOnce: queue.ringAtOnce ?? NEW_QUEUE.ringAtOnce,
    agentOrder: queue.agentOrder ?? [],
    priority: queue.priority ?? null,
    preferredAgentS: inUnits(queue.preferredAgentMs, MS),
    offerTimeoutS: queue.offerTimeoutMs / MS,
    wrapUpS: queue.wrapUpMs / MS,
    overflow: (queue.overflow ?? []).map(overflowRow),
    serviceLevelPercent: serviceLevel?.percent ?? null,
    serviceLevelS: inUnits(serviceLevel?.targetMs, MS),
    tell: waiting.announce?.tell ?? 'nothing',
    tellEveryS: inUnits(waiting.announce?.everyMs, MS) ?? NEW_QUEUE.tellEveryS,
    music: waiting.music ?? '',
    reconnectS: inUnits(waiting.reconnectMs, MS) ?? NEW_QUEUE.reconnectS,
    reconnectWho: waiting.reconnectAnyone ? 'anyone' : 'lost',
    callbackKey: offered?.key ?? '',
    callbackAfterS: inUnits(offered?.afterMs, MS) ?? NEW_QUEUE.callbackAfterS,
    callbackAfterCallers: offered?.afterCallers ?? null,
    callbackNumber: offered?.number ?? NEW_QUEUE.callbackNumber,
    callbackValidMin: inUnits(offered?.validMs, MINUTE_MS) ?? NEW_QUEUE.callbackValidMin,
    callbackAttempts: callback?.maxAttempts ?? NEW_QUEUE.callbackAttempts,
    callbackRetryMin: inUnits(callback?.retryMs, MINUTE_MS) ?? NEW_QUEUE.callbackRetryMin,
    callbackCalendarId: queue.callbackCalendarId ?? '',
    weights: Object.fromEntries(
      Object.entries(queue.weights ?? {}).map(([score, weight]) => [
        score,
        FACTORS.includes(score) ? weight : weight / MS,
      ]),
    ),
  };
};

const overflowRow = ({ when, to, announcement }: Rule): OverflowRow => ({
  when: when.kind,
  amount: amountOf(when),
  to: to.kind,
  target: to.kind === 'queue' ? to.queueId : 'target' in to ? to.target : undefined,
  announcement,
});

const amountOf = (when: Rule['when']): number | null => {
  if (when.kind === 'length') return when.most;
  if (when.kind === 'expected-wait') return when.mostMs / MS;
  return when.kind === 'waited' ? when.afterMs / MS : null;
};

const ms = (value: number | null | undefined, unitMs = MS): number => Math.round((value ?? 0) * unitMs);

const levelsOf = (rows: readonly SkillRow[] | undefined): Record<string, number> =>
  Object.fromEntries((rows ?? []).flatMap(({ skill, level }) => (skill ? [[skill, level ?? 1]] : [])));

/** What is sent; what the form does not show stays as it was. @param before undefined for a new queue. */
export const bodyOf = (draft: QueueDraft, before: QueueSettingsView | undefined): QueueBody => {
  const { strategy, serviceLevelPercent, serviceLevelS, rings, overflow, priority, preferredAgentS } = draft;
  const weights = Object.entries(draft.weights).flatMap(([score, weight]): [string, number][] =>
    typeof weight === 'number' ? [[score, FACTORS.includes(score) ? Math.round(weight) : ms(weight)]] : [],
  );
  const { id: _id, ...kept } = before ?? { id: '' };
  const hasGoal = typeof serviceLevelPercent === 'number' && typeof serviceLevelS === 'number';
  return {
    ...kept,
    ...{ name: draft.name.trim(), nameZh: draft.nameZh.trim() || undefined, calendarId: draft.calendarId || undefined },
    tenant: draft.tenant || undefined,
    ...{ skills: levelsOf(draft.skills), offerTimeoutMs: ms(draft.offerTimeoutS), wrapUpMs: ms(draft.wrapUpS) },
    rings:
      rings.length > 0
        ? rings.map(({ afterS, skills }) => ({ afterMs: ms(afterS), skills: levelsOf(skills) }))
        : undefined,
    strategy: strategy === NEW_QUEUE.strategy ? undefined : strategy,
    ringAtOnce: strategy === 'ring-several' ? (draft.ringAtOnce ?? undefined) : undefined,
    agentOrder: strategy === 'linear' ? [...draft.agentOrder] : undefined,
    priority: priority ?? undefined,
    preferredAgentMs: typeof preferredAgentS === 'number' ? ms(preferredAgentS) : undefined,
    overflow: overflow.length > 0 ? overflow.map(ruleOf) : undefined,
    serviceLevel: hasGoal ? { percent: serviceLevelPercent, targetMs: ms(serviceLevelS) } : undefined,
    weights: weights.length > 0 ? Object.fromEntries(weights) : undefined,
    waiting: { ...before?.waiting, ...waitingOf(draft) },
    callback: { maxAttempts: draft.callbackAttempts ?? 1, retryMs: ms(draft.callbackRetryMin, MINUTE_MS) },
    callbackCalendarId: draft.callbackCalendarId || undefined,
  };
};

const waitingOf = (draft: QueueDraft): Waiting => ({
  music: draft.music.trim() || undefined,
  announce: draft.tell === 'nothing' ? undefined : { tell: draft.tell, everyMs: ms(draft.tellEveryS) },
  callback: draft.callbackKey
    ? {
        key: draft.callbackKey,
        afterMs: ms(draft.callbackAfterS),
        afterCallers: draft.callbackAfterCallers ?? undefined,
        number: draft.callbackNumber,
        validMs: ms(draft.callbackValidMin, MINUTE_MS),
      }
    : undefined,
  reconnectMs: ms(draft.reconnectS),
  ...(draft.reconnectWho === 'anyone' && { reconnectAnyone: true }),
});

const ruleOf = (row: OverflowRow): Rule => ({
  when: whenOf(row),
  to: toOf(row),
  ...(row.announcement && { announcement: row.announcement }),
});

const whenOf = ({ when, amount }: OverflowRow): Rule['when'] => {
  switch (when) {
    case 'length':
      return { kind: when, most: amount ?? 0 };
    case 'expected-wait':
      return { kind: when, mostMs: ms(amount) };
    case 'waited':
      return { kind: when, afterMs: ms(amount) };
    default:
      return { kind: when };
  }
};

const toOf = ({ to, target = '' }: OverflowRow): Rule['to'] => {
  if (to === 'queue') return { kind: to, queueId: target };
  return to === 'callback' || to === 'end' ? { kind: to } : { kind: to, target };
};

/** Words of the dictionary, by field. */
export type QueueFaults = Partial<Record<'id' | 'name', 'id' | 'idTaken' | 'name'>>;

/** @param others ids of the other queues. */
export const faultsOf = ({ id, name }: QueueDraft, others: readonly string[]): QueueFaults => {
  const faults: QueueFaults = {};
  if (!settingId.safeParse(id).success) faults.id = 'id';
  else if (others.includes(id)) faults.id = 'idTaken';
  if (name.trim() === '') faults.name = 'name';
  return faults;
};

const FIELD_OF: Readonly<Record<string, QueueField>> = {
  offerTimeoutMs: 'offerTimeoutS',
  wrapUpMs: 'wrapUpS',
  preferredAgentMs: 'preferredAgentS',
  serviceLevel: 'serviceLevelPercent',
  callback: 'callbackAttempts',
  ...{ skills: 'skills', strategy: 'strategy', ringAtOnce: 'ringAtOnce', agentOrder: 'agentOrder' },
  ...{ priority: 'priority', overflow: 'overflow', rings: 'rings', calendarId: 'calendarId' },
  ...{ callbackCalendarId: 'callbackCalendarId', tenant: 'tenant' },
};

/** The form's field for a path of the server's, such as `rings.0.skills`; undefined where the form has none. */
export const fieldOfPath = (path: string): (string | number)[] | undefined => {
  const [first = '', second, third] = path.split('.');
  if (first === 'weights' && second !== undefined) return ['weights', second];
  const field = FIELD_OF[first];
  if (!field) return undefined;
  if (field === 'overflow' && second !== undefined) return [field, Number(second), 'when'];
  if (field === 'rings' && second !== undefined)
    return [field, Number(second), third === 'skills' ? 'skills' : 'afterS'];
  return [field];
};
