/** What members and staff do in a conference; part of the transition in `step.ts`. */
import { unreachable } from '../../base/errors';
import type { CallId } from '../../base/ids';
import { fail, ok } from '../../base/result';
import type { Result } from '../../base/result';
import { isInside } from './model';
import type {
  Actor,
  ConferenceAction,
  ConferenceEffect,
  ConferenceEvent,
  ConferencePrompt,
  InsideMember,
  Meeting,
  MemberAct,
  Open,
} from './model';
import { actOnRecording } from './act-on-recording';
import { close, depart, inside, withMember } from './members';
import type { Moment, Step } from './members';
import { confirmed, tellAll } from './tell';

/** One press of a key. */
const GAIN_STEP_DB = 3;
const MAX_GAIN_DB = 12;

type Act = Omit<Extract<ConferenceEvent, { type: 'act' }>, 'type'>;

export const act = (moment: Moment, state: Open, order: Act): Step => {
  const { by, action } = order;
  const may = mayAct(state, by, action);
  if (!may.ok) return may;
  if ('memberId' in action) return actOnMember(moment, state, { by, ...action });
  switch (action.do) {
    case 'lock':
    case 'unlock':
      return setLocked(state, by, action.do === 'lock');
    case 'end':
      return ok(close(state));
    case 'mute-all':
    case 'unmute-all':
    case 'next-speaker':
      if (state.kind !== 'meeting') return NOBODY_INSIDE;
      return actInMeeting(moment, state, { by, act: action.do });
    case 'start-recording':
    case 'stop-recording':
    case 'pause-recording':
    case 'resume-recording':
    case 'mask-recording':
    case 'unmask-recording':
      if (state.kind !== 'meeting') return NOBODY_INSIDE;
      return actOnRecording(moment, state, { ...order, action });
    default:
      return unreachable(action);
  }
};

const NOBODY_INSIDE = fail('conflict', 'The conference has not begun: no moderator is there yet.');

const OWN_ACTS: readonly ConferenceAction['do'][] = ['mute-self', 'unmute-self', 'louder', 'quieter'];
const ABOUT_ONESELF: readonly ConferenceAction['do'][] = [...OWN_ACTS, 'raise-hand', 'lower-hand'];

/** Moderators and staff do everything, the others what is about themselves; nobody speaks for somebody else. */
const mayAct = (state: Open, by: Actor, action: ConferenceAction): Result<void> => {
  const isOwn = 'memberId' in action && action.memberId === by && ABOUT_ONESELF.includes(action.do);
  if (isOwn) return ok(undefined);
  if (OWN_ACTS.includes(action.do) || action.do === 'raise-hand')
    return fail('forbidden', 'Only the member can do this.');
  const isDirected = by === 'staff' || state.members.get(by)?.role === 'moderator';
  return isDirected ? ok(undefined) : fail('forbidden', 'Only a moderator can do this.');
};

const setLocked = (state: Open, by: Actor, locked: boolean): Step => {
  if (state.locked === locked) return ok([state, []]);
  return ok([{ ...state, locked }, confirmed(by, locked ? 'conference-now-locked' : 'conference-now-unlocked')]);
};

type MeetingAct = 'mute-all' | 'unmute-all' | 'next-speaker';

const actInMeeting = (moment: Moment, state: Meeting, { by, act }: { by: Actor; act: MeetingAct }): Step => {
  switch (act) {
    case 'mute-all':
      return ok(muteAll(state, by));
    case 'unmute-all':
      return ok(unmuteAll(state, by));
    case 'next-speaker': {
      const next = inside(state)
        .filter((member) => member.handRaisedAtMs !== undefined)
        .sort((a, b) => (a.handRaisedAtMs ?? 0) - (b.handRaisedAtMs ?? 0))[0];
      return next
        ? actOnMember(moment, state, { by, do: 'unmute', memberId: next.memberId })
        : fail('conflict', 'Nobody has raised a hand.');
    }
  }
};

const changed = (state: Meeting, members: readonly InsideMember[]): Meeting =>
  members.reduce((soFar, member) => withMember(soFar, member), state);

const muteAll = (state: Meeting, by: Actor): [Meeting, ConferenceEffect[]] => {
  const silenced = inside(state)
    .filter(({ role, voice }) => role !== 'moderator' && voice !== 'silenced')
    .map((member) => ({ ...member, voice: 'silenced' as const }));
  const effects: ConferenceEffect[] = [
    ...(silenced.length > 0 ? [{ type: 'place', members: silenced } as const] : []),
    ...tellAll(silenced, 'conference-silenced'),
    ...confirmed(by, 'conference-all-muted'),
  ];
  return [{ ...changed(state, silenced), allMuted: true }, effects];
};

/** Participants speak again; listeners go on listening. */
const unmuteAll = (state: Meeting, by: Actor): [Meeting, ConferenceEffect[]] => {
  const freed = inside(state)
    .filter(({ role, voice }) => role === 'participant' && voice === 'silenced')
    .map((member) => ({ ...member, voice: 'open' as const, handRaisedAtMs: undefined }));
  const effects: ConferenceEffect[] = [
    ...(freed.length > 0 ? [{ type: 'place', members: freed } as const] : []),
    ...tellAll(freed, 'conference-unmuted'),
    ...confirmed(by, 'conference-all-unmuted'),
  ];
  return [{ ...changed(state, freed), allMuted: false }, effects];
};

type ActOnMember = { readonly by: Actor; readonly do: MemberAct; readonly memberId: CallId };

const actOnMember = (moment: Moment, state: Open, order: ActOnMember): Step => {
  const member = state.members.get(order.memberId);
  if (!member) return fail('not_found', 'This member is not in the conference.');
  if (order.do === 'remove')
    return ok(depart(moment.rules, state, { member, farewell: [{ type: 'dismiss', member, reason: 'removed' }] }));
  if (state.kind !== 'meeting' || !isInside(member)) return NOBODY_INSIDE;
  const { memberId, voice } = member;
  const place = (change: Partial<InsideMember>, ...prompts: readonly ConferencePrompt[]): Step => {
    const now = { ...member, ...change };
    return ok([
      withMember(state, now),
      [
        { type: 'place', members: [now] },
        ...prompts.map((prompt) => ({ type: 'tell', memberIds: [memberId], prompts: [prompt] }) as const),
      ],
    ]);
  };
  switch (order.do) {
    case 'mute':
      if (voice === 'silenced') return ok([state, []]);
      // A moderator is asked rather than silenced, and may speak again without asking.
      if (member.role === 'moderator') return place({ voice: 'self-muted' }, 'conference-muted');
      return place({ voice: 'silenced' }, 'conference-silenced');
    case 'unmute':
      if (voice === 'open') return ok([withMember(state, { ...member, handRaisedAtMs: undefined }), []]);
      return place(
        { voice: 'open', handRaisedAtMs: undefined },
        voice === 'silenced' ? 'conference-floor' : 'conference-unmuted',
      );
    case 'mute-self':
      return voice === 'open' ? place({ voice: 'self-muted' }, 'conference-muted') : ok([state, []]);
    case 'unmute-self':
      if (voice === 'silenced')
        return ok([state, [{ type: 'tell', memberIds: [memberId], prompts: ['conference-silenced'] }]]);
      return voice === 'self-muted' ? place({ voice: 'open' }, 'conference-unmuted') : ok([state, []]);
    case 'louder':
    case 'quieter': {
      const gainDb = member.gainDb + (order.do === 'louder' ? GAIN_STEP_DB : -GAIN_STEP_DB);
      return Math.abs(gainDb) > MAX_GAIN_DB ? ok([state, []]) : place({ gainDb });
    }
    case 'raise-hand':
      return raiseHand(moment, state, member);
    case 'lower-hand':
      return ok([
        withMember(state, { ...member, handRaisedAtMs: undefined }),
        [{ type: 'tell', memberIds: [memberId], prompts: ['conference-hand-lowered'] }],
      ]);
    default:
      return unreachable(order.do);
  }
};

const raiseHand = ({ nowMs }: Moment, state: Meeting, member: InsideMember): Step => {
  if (member.voice !== 'silenced') return fail('conflict', 'This member can be heard already.');
  const { memberId } = member;
  const hears: ConferenceEffect = { type: 'tell', memberIds: [memberId], prompts: ['conference-hand-raised'] };
  const moderators = inside(state).filter(({ role }) => role === 'moderator');
  if (member.handRaisedAtMs !== undefined) return ok([state, [hears]]);
  return ok([
    withMember(state, { ...member, handRaisedAtMs: nowMs }),
    [hears, ...tellAll(moderators, 'conference-hand-waits')],
  ]);
};
