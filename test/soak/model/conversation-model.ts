/**
 * What a conversation of the soak is, as docs/calls.md has it: who should hear whom, what should be on the recording's two
 * channels, and what may be done next. Pure; a caller, two agents and a supervisor.
 *
 *     talking ◄─hold─► held ─┐
 *        │ ▲                 │ consult
 *        ▼ │ cancel          ▼
 *     consulting ◄─toggle─► talking, the other one parked ──merge──► talking with a guest
 */
import { SUPERVISION_MODES } from '../../../media/supervision';
import type { SupervisionMode } from '../../../media/supervision';

export type AgentRole = 'a' | 'b';
/** `music` is what those hear who wait. */
export type Role = 'caller' | AgentRole | 'supervisor' | 'music';

export interface Conversation {
  /** The agent who has the caller. */
  readonly owner: AgentRole;
  /** `consulting`: with the other agent, while the caller waits. */
  readonly phase: 'talking' | 'held' | 'consulting';
  /** The other agent: `parked` while the caller has its turn, `guest` in a call of three. */
  readonly third: 'none' | 'consulted' | 'parked' | 'guest';
  readonly muted: boolean;
  readonly supervisor: 'none' | SupervisionMode;
  readonly recording: 'on' | 'paused' | 'masked' | 'off';
}

export const BEGINNING: Conversation = {
  owner: 'a',
  phase: 'talking',
  third: 'none',
  muted: false,
  supervisor: 'none',
  recording: 'on',
};

export type EndingAct = 'caller-hangs-up' | 'agent-hangs-up' | 'agent-says-bye';

export type Act =
  | 'hold'
  | 'resume'
  | 'mute'
  | 'unmute'
  | 'transfer'
  | 'consult'
  | 'toggle'
  | 'cancel'
  | 'complete'
  | 'merge'
  | 'drop'
  | 'leave'
  | 'leave-by-bye'
  | 'third-says-bye'
  | 'mask'
  | 'unmask'
  | 'pause'
  | 'resume-recording'
  | 'stop-recording'
  | 'start-recording'
  | SupervisionMode
  | 'stop-supervision'
  | EndingAct;

export const otherThan = (agent: AgentRole): AgentRole => (agent === 'a' ? 'b' : 'a');

/** Who is there, and whom each of them should hear. */
export function hearing(state: Conversation): ReadonlyMap<Role, readonly Role[]> {
  const { owner, phase, third, supervisor } = state;
  const other = otherThan(owner);
  const groups = groupsOf(state);
  const withOwner = groups.find((group) => group.includes(owner)) ?? [owner];
  const speaks = (role: Role): boolean => role !== owner || !state.muted;
  const heard = new Map<Role, Role[]>([['caller', []]]);
  for (const role of [owner, ...(third === 'none' ? [] : [other])]) heard.set(role, []);
  for (const group of groups)
    for (const role of group)
      heard.set(
        role,
        group.filter((one) => one !== role && speaks(one)),
      );
  if (phase !== 'talking' && third !== 'guest') heard.set('caller', ['music']);
  if (third === 'parked') heard.set(other, ['music']);
  if (supervisor === 'none') return heard;
  heard.set('supervisor', withOwner.filter(speaks));
  const listeners = supervisor === 'monitor' ? [] : supervisor === 'whisper' ? [owner] : withOwner;
  for (const role of listeners) heard.get(role)?.push('supervisor');
  return heard;
}

/** Who talks with whom. */
const groupsOf = ({ owner, phase, third }: Conversation): Role[][] => {
  const other = otherThan(owner);
  const guests: Role[] = third === 'guest' ? [other] : [];
  switch (phase) {
    case 'talking':
      return [['caller', owner, ...guests]];
    case 'held':
      return guests.length > 0 ? [['caller', ...guests]] : [];
    case 'consulting':
      return [[owner, other]];
  }
};

/** Whose voices are on the recording's first and second channel; undefined while nothing is recorded. */
export function recorded(state: Conversation): readonly [readonly Role[], readonly Role[]] | undefined {
  const { owner, phase, third, muted, supervisor, recording } = state;
  if (recording === 'off') return undefined;
  if (recording !== 'on') return [[], []];
  const first: Role = phase === 'consulting' ? otherThan(owner) : 'caller';
  const second: Role[] = [
    ...(muted ? [] : [owner]),
    ...(third === 'guest' ? [otherThan(owner)] : []),
    ...(supervisor === 'barge' ? (['supervisor'] as const) : []),
  ];
  return [[first], second];
}

/** What may be done now, in a fixed order. @param hasSupervisor whether there is one for this call. */
export function possibleActs(state: Conversation, hasSupervisor: boolean): readonly Act[] {
  const { phase, third, muted, supervisor, recording } = state;
  const acts: Act[] = [];
  const add = (isPossible: boolean, ...more: readonly Act[]): void => void (isPossible && acts.push(...more));
  add(phase === 'talking' && (third === 'none' || third === 'guest'), 'hold');
  add(phase === 'held', 'resume');
  add(phase === 'talking', muted ? 'unmute' : 'mute');
  add(phase !== 'consulting' && third === 'none', 'transfer', 'consult');
  add(third === 'consulted' || third === 'parked', 'toggle', 'cancel', 'complete', 'merge', 'third-says-bye');
  add(third === 'guest', 'drop', 'leave', 'leave-by-bye', 'third-says-bye');
  add(recording === 'on', 'mask', 'pause', 'stop-recording');
  add(recording === 'masked', 'unmask');
  add(recording === 'paused', 'resume-recording');
  add(recording === 'off', 'start-recording');
  if (hasSupervisor) {
    acts.push(...SUPERVISION_MODES.filter((mode) => mode !== supervisor));
    add(supervisor !== 'none', 'stop-supervision');
  }
  return acts;
}

/** How the call may be ended now. */
export function possibleEnds({ phase, third }: Conversation): readonly EndingAct[] {
  if (phase === 'consulting' || third === 'parked') return ['caller-hangs-up'];
  return third === 'guest'
    ? ['caller-hangs-up', 'agent-hangs-up']
    : ['caller-hangs-up', 'agent-hangs-up', 'agent-says-bye'];
}

/** The conversation after an act that was possible. */
export function after(state: Conversation, act: Exclude<Act, EndingAct>): Conversation {
  const { owner, phase, third } = state;
  const handedOver = { owner: otherThan(owner), phase: 'talking', third: 'none', muted: false } as const;
  switch (act) {
    case 'hold':
      return { ...state, phase: 'held' };
    case 'resume':
      return { ...state, phase: 'talking' };
    case 'mute':
    case 'unmute':
      return { ...state, muted: act === 'mute' };
    case 'transfer':
    case 'complete':
    case 'leave':
    case 'leave-by-bye':
      return { ...state, ...handedOver };
    case 'consult':
      return { ...state, phase: 'consulting', third: 'consulted' };
    case 'toggle':
      return third === 'consulted'
        ? { ...state, phase: 'talking', third: 'parked' }
        : { ...state, phase: 'consulting', third: 'consulted' };
    case 'merge':
      return { ...state, phase: 'talking', third: 'guest' };
    case 'cancel':
      return { ...state, phase: 'talking', third: 'none' };
    case 'drop':
      return { ...state, third: 'none' };
    case 'third-says-bye':
      // The caller stays on hold when the third party has gone from a consultation.
      return { ...state, phase: phase === 'consulting' ? 'held' : phase, third: 'none' };
    case 'mask':
      return { ...state, recording: 'masked' };
    case 'pause':
      return { ...state, recording: 'paused' };
    case 'stop-recording':
      return { ...state, recording: 'off' };
    case 'unmask':
    case 'resume-recording':
    case 'start-recording':
      return { ...state, recording: 'on' };
    case 'stop-supervision':
      return { ...state, supervisor: 'none' };
    case 'monitor':
    case 'whisper':
    case 'barge':
      return { ...state, supervisor: act };
  }
}
