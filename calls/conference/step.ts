/**
 * The conference's one transition: `stepConference(room, state, event, nowMs)`. Pure; what it refuses is a value, in a
 * sentence for whoever asked.
 */
import { unreachable } from '../../base/errors';
import type { CallId } from '../../base/ids';
import { fail, ok } from '../../base/result';

import { act } from './act';
import { silenceDue } from './act-on-recording';
import { comeBack } from './come-back';
import { enter, waitingIn } from './let-in';
import { close, depart, inside, withMember } from './members';
import type { Change, Moment, Step } from './members';
import { isInside } from './model';
import type { ConferenceEffect, ConferenceEvent, ConferenceState, Meeting, Open } from './model';
import { tellAll } from './tell';

/**
 * Errors: `forbidden` for who may not and for a locked conference, `busy` for a full one, `not_found` for a member who
 * is not there, `conflict` for what makes no sense now.
 */
export const stepConference = (moment: Moment, state: ConferenceState, event: ConferenceEvent): Step => {
  switch (event.type) {
    case 'invited':
      return invite(moment, state, event);
    case 'arrived':
      return arrive(moment, state, event);
    case 'returned':
      return ok(comeBack(moment, state, event));
    case 'left':
      return ok(leave(moment, state, event.memberId));
    case 'held':
      return ok(hold(state, event));
    case 'act':
      if (state.kind === 'empty') return fail('conflict', 'Nobody is in this conference.');
      return act(moment, state, event);
    case 'recording-lost':
      return ok([state.kind === 'meeting' ? { ...state, recording: false } : state, []]);
    case 'recording-back':
      if (state.kind !== 'meeting') return ok([state, []]);
      return ok([{ ...state, recording: true }, tellAll(inside(state), 'conference-recorded')]);
    case 'silence-due':
      return ok(state.kind === 'meeting' ? silenceDue(state, moment.nowMs) : [state, []]);
    case 'closed':
      return ok(close(state));
    default:
      return unreachable(event);
  }
};

type Newcomer = Extract<ConferenceEvent, { type: 'invited' | 'arrived' }>;

const openFor = ({ rules, nowMs }: Moment, state: ConferenceState, { conferenceId }: Newcomer): Open =>
  state.kind === 'empty'
    ? { kind: 'gathering', conferenceId, startedAtMs: nowMs, members: new Map(), locked: rules.locked }
    : state;

const invite = (moment: Moment, state: ConferenceState, event: Newcomer): Step => {
  const open = openFor(moment, state, event);
  if (open.members.size >= moment.rules.maxMembers) return fail('busy', 'The conference is full.');
  const member = { ...event.member, stage: 'invited', sinceMs: moment.nowMs } as const;
  return ok([withMember(open, member), []]);
};

const arrive = (moment: Moment, state: ConferenceState, event: Newcomer): Step => {
  const { member } = event;
  const open = openFor(moment, state, event);
  const known = open.members.get(member.memberId);
  if (known && known.stage !== 'invited') return fail('conflict', 'This call is in the conference already.');
  const isFree = known !== undefined || member.role === 'moderator';
  if (!isFree && open.locked) return fail('forbidden', 'The conference is locked.');
  if (!isFree && open.members.size >= moment.rules.maxMembers) return fail('busy', 'The conference is full.');
  const mustWait = open.kind === 'gathering' && moment.rules.waitForModerator && member.role !== 'moderator';
  if (mustWait) {
    const waiting = { ...member, stage: 'waiting', sinceMs: moment.nowMs, holds: false } as const;
    return ok([withMember(open, waiting), [{ type: 'entertain', memberId: member.memberId }]]);
  }
  const [meeting, opening] = open.kind === 'meeting' ? [open, []] : begin(moment, open);
  return ok(enter(moment, meeting, { identities: [member], before: opening }));
};

/** The meeting begins: who has waited comes in. */
const begin = (moment: Moment, gathering: Open): [Meeting, ConferenceEffect[]] => {
  const { rules } = moment;
  const { conferenceId, members, locked } = gathering;
  const waiting = waitingIn(gathering);
  const empty: Meeting = {
    ...{ kind: 'meeting', conferenceId, members, locked, startedAtMs: moment.nowMs },
    allMuted: false,
    recording: rules.recording.begins,
  };
  const before: ConferenceEffect[] = [{ type: 'open-mix' }];
  return waiting.length === 0 ? [empty, before] : enter(moment, empty, { identities: waiting, before });
};

const leave = (moment: Moment, state: ConferenceState, memberId: CallId): Change => {
  const member = state.kind === 'empty' ? undefined : state.members.get(memberId);
  if (state.kind === 'empty' || !member) return [state, []];
  return depart(moment.rules, state, { member, farewell: [] });
};

const hold = (
  state: ConferenceState,
  { memberId, holds }: { readonly memberId: CallId; readonly holds: boolean },
): Change => {
  const member = state.kind === 'empty' ? undefined : state.members.get(memberId);
  if (state.kind === 'empty' || !member || member.stage === 'invited' || member.holds === holds) return [state, []];
  const held = { ...member, holds };
  return [withMember(state, held), isInside(held) ? [{ type: 'place', members: [held] }] : []];
};
