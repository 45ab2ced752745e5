/** The conference's machine: who comes in as what, who may do what, and what follows. */
import { asId } from '../../../../base/ids';
import type { CallId, ConferenceId, EndpointId } from '../../../../base/ids';
import { isInside, maySpeak, membersOf } from '../../../../calls/conference/model';
import type {
  Actor,
  ConferenceAction,
  ConferenceEffect,
  ConferenceEvent,
  ConferenceState,
  InsideMember,
} from '../../../../calls/conference/model';
import type { RoomRules } from '../../../../calls/conference/members';
import { stepConference } from '../../../../calls/conference/step';
import type { ConferenceRole } from '../../../../store/conference-rooms';

const ALL = ['start', 'stop', 'pause', 'mask'] as const;

const recorded = (begins: boolean, about: Partial<RoomRules['recording']> = {}): RoomRules['recording'] => ({
  ...{ isAllowed: true, begins, by: { kind: 'policy' }, moderatorsMay: ALL, staffMay: ALL, resumeAfterMs: 60_000 },
  ...about,
});

const RULES: RoomRules = {
  maxMembers: 4,
  waitForModerator: false,
  endWithModerator: false,
  locked: false,
  recording: recorded(false),
};
const id = (name: string): CallId => asId<CallId>(name);

/** One conference, and what it has asked for. */
class Conference {
  state: ConferenceState = { kind: 'empty' };
  effects: readonly ConferenceEffect[] = [];
  private nowMs = 1000;
  private readonly rules: RoomRules;

  constructor(rules: Partial<RoomRules> = {}) {
    this.rules = { ...RULES, ...rules };
  }

  on(event: ConferenceEvent): string {
    this.nowMs += 1000;
    const before = this.state;
    const stepped = stepConference({ rules: this.rules, nowMs: this.nowMs }, this.state, event);
    if (!stepped.ok) {
      expect(this.state).toBe(before);
      return stepped.fault.code;
    }
    [this.state, this.effects] = stepped.value;
    return 'ok';
  }

  comes(name: string, role: ConferenceRole, type: 'arrived' | 'invited' = 'arrived'): string {
    const member = { memberId: id(name), endpointId: asId<EndpointId>(name), number: name, role };
    return this.on({ type, member, conferenceId: asId<ConferenceId>('c') });
  }

  leaves(name: string): string {
    return this.on({ type: 'left', memberId: id(name) });
  }

  act(by: Actor | string, action: ConferenceAction): string {
    return this.on({ type: 'act', by: by as Actor, action });
  }

  member(name: string): InsideMember {
    const member = membersOf(this.state).find(({ memberId }) => memberId === name);
    if (!member || !isInside(member)) throw new Error(`${name} is ${member?.stage ?? 'gone'}`);
    return member;
  }

  get stages(): string[] {
    return membersOf(this.state).map(({ memberId, stage }) => `${memberId} ${stage}`);
  }

  get asked(): string[] {
    return this.effects.map(({ type }) => type);
  }

  told(name: string): string[] {
    return this.effects.flatMap((effect) =>
      effect.type === 'tell' && effect.memberIds.includes(id(name)) ? [...effect.prompts] : [],
    );
  }

  get speakers(): string[] {
    return membersOf(this.state)
      .filter((member) => isInside(member) && maySpeak(member) && member.voice === 'open')
      .map(({ memberId }) => memberId);
  }
}

const meeting = (rules: Partial<RoomRules> = {}): Conference => {
  const conference = new Conference({ maxMembers: 10, ...rules });
  conference.comes('mod', 'moderator');
  conference.comes('pat', 'participant');
  conference.comes('lis', 'listener');
  return conference;
};

describe('a conference', () => {
  it('empty, first arrival → meeting with a mix; the last one leaves → empty, its mix closed', () => {
    const conference = new Conference();
    expect(conference.comes('pat', 'participant')).toBe('ok');
    expect(conference.state.kind).toBe('meeting');
    expect(conference.asked).toEqual(['open-mix', 'place', 'joined', 'tell']);
    expect(conference.leaves('pat')).toBe('ok');
    expect(conference.state).toEqual({ kind: 'empty' });
    expect(conference.asked).toEqual(['parted', 'close-mix']);
  });

  it('gathering: all wait with music until a moderator comes, and come in with that one', () => {
    const conference = new Conference({ waitForModerator: true });
    conference.comes('pat', 'participant');
    expect(conference.asked).toEqual(['entertain']);
    conference.comes('lis', 'listener');
    expect(conference.state.kind).toBe('gathering');
    expect(conference.act('staff', { do: 'mute-all' })).toBe('conflict');
    conference.comes('mod', 'moderator');
    expect(conference.stages).toEqual(['pat inside', 'lis inside', 'mod inside']);
    expect(conference.speakers).toEqual(['pat', 'mod']);
  });

  it('locked → nobody but moderators and the invited comes in', () => {
    const conference = meeting();
    expect(conference.act('mod', { do: 'lock' })).toBe('ok');
    expect(conference.told('mod')).toEqual(['conference-now-locked']);
    expect(conference.comes('late', 'participant')).toBe('forbidden');
    expect(conference.comes('boss', 'moderator')).toBe('ok');
    expect(conference.comes('guest', 'participant', 'invited')).toBe('ok');
    expect(conference.comes('guest', 'participant')).toBe('ok');
    expect(conference.act('boss', { do: 'unlock' })).toBe('ok');
    expect(conference.comes('late', 'participant')).toBe('ok');
  });

  it('full → busy for all but moderators; a place that is free again is given', () => {
    const conference = new Conference({ maxMembers: 2 });
    conference.comes('a', 'participant');
    conference.comes('b', 'participant', 'invited');
    expect(conference.comes('c', 'participant')).toBe('busy');
    expect(conference.comes('d', 'participant', 'invited')).toBe('busy');
    expect(conference.comes('mod', 'moderator')).toBe('ok');
    conference.leaves('b');
    conference.leaves('mod');
    expect(conference.comes('c', 'participant')).toBe('ok');
    expect(conference.comes('c', 'participant')).toBe('conflict');
  });

  it('everybody inside has left, one is still invited → gathering without a mix', () => {
    const conference = new Conference();
    conference.comes('pat', 'participant');
    conference.comes('guest', 'participant', 'invited');
    conference.leaves('pat');
    expect(conference.state.kind).toBe('gathering');
    expect(conference.asked).toEqual(['parted', 'close-mix']);
    conference.comes('guest', 'participant');
    expect(conference.asked[0]).toBe('open-mix');
  });

  it.each([
    [true, 'empty', ['parted', 'parted', 'dismiss', 'parted', 'dismiss', 'close-mix']],
    [false, 'meeting', ['parted']],
  ])('the last moderator leaves, endWithModerator %s → %s', (endWithModerator, kind, effects) => {
    const conference = meeting({ endWithModerator });
    conference.leaves('mod');
    expect(conference.state.kind).toBe(kind);
    expect(conference.asked).toEqual(effects);
  });

  it('mute all → moderators speak alone, who comes later is silent too; nobody lets oneself speak again', () => {
    const conference = meeting();
    conference.act('mod', { do: 'mute-all' });
    expect(conference.speakers).toEqual(['mod']);
    expect(conference.told('pat')).toEqual(['conference-silenced']);
    conference.comes('late', 'participant');
    expect(conference.speakers).toEqual(['mod']);
    conference.act('pat', { do: 'unmute-self', memberId: id('pat') });
    expect(conference.speakers).toEqual(['mod']);
    conference.act('mod', { do: 'unmute-all' });
    expect(conference.speakers).toEqual(['mod', 'pat', 'late']);
    expect(conference.member('lis').voice).toBe('silenced');
  });

  it('a raised hand, the floor given to the first, and taken back', () => {
    const conference = meeting();
    conference.comes('two', 'listener');
    expect(conference.act('mod', { do: 'next-speaker' })).toBe('conflict');
    conference.act('two', { do: 'raise-hand', memberId: id('two') });
    expect(conference.told('mod')).toEqual(['conference-hand-waits']);
    conference.act('lis', { do: 'raise-hand', memberId: id('lis') });
    conference.act('mod', { do: 'next-speaker' });
    expect(conference.told('two')).toEqual(['conference-floor']);
    expect(conference.speakers).toEqual(['mod', 'pat', 'two']);
    expect(conference.member('two').handRaisedAtMs).toBeUndefined();
    expect(conference.act('two', { do: 'raise-hand', memberId: id('two') })).toBe('conflict');
    conference.act('staff', { do: 'mute', memberId: id('two') });
    expect(conference.speakers).toEqual(['mod', 'pat']);
    conference.act('lis', { do: 'lower-hand', memberId: id('lis') });
    expect(conference.act('mod', { do: 'next-speaker' })).toBe('conflict');
  });

  it('who mutes oneself, or holds, is not heard; volumes stay within bounds', () => {
    const conference = meeting();
    conference.act('pat', { do: 'mute-self', memberId: id('pat') });
    expect(conference.speakers).toEqual(['mod']);
    conference.act('pat', { do: 'unmute-self', memberId: id('pat') });
    conference.on({ type: 'held', memberId: id('pat'), holds: true });
    expect(maySpeak(conference.member('pat'))).toBe(false);
    conference.on({ type: 'held', memberId: id('pat'), holds: false });
    expect(conference.speakers).toEqual(['mod', 'pat']);
    for (let press = 0; press < 9; press += 1) conference.act('pat', { do: 'louder', memberId: id('pat') });
    expect(conference.member('pat').gainDb).toBe(12);
  });

  it.each([
    ['pat', { do: 'lock' }],
    ['pat', { do: 'mute-all' }],
    ['pat', { do: 'end' }],
    ['lis', { do: 'unmute', memberId: id('lis') }],
    ['lis', { do: 'remove', memberId: id('pat') }],
    ['mod', { do: 'unmute-self', memberId: id('pat') }],
    ['staff', { do: 'raise-hand', memberId: id('lis') }],
    ['stranger', { do: 'end' }],
  ] as const)('%s may not %o', (by, action) => {
    expect(meeting().act(by, action)).toBe('forbidden');
  });

  it('remove → told and gone; a member who is not there → not_found', () => {
    const conference = meeting();
    expect(conference.act('mod', { do: 'remove', memberId: id('nobody') })).toBe('not_found');
    conference.act('mod', { do: 'remove', memberId: id('pat') });
    expect(conference.effects).toMatchObject([{ type: 'parted' }, { type: 'dismiss', reason: 'removed' }]);
    expect(conference.stages).toEqual(['mod inside', 'lis inside']);
  });

  it.each([
    ['end', { type: 'act', by: 'staff', action: { do: 'end' } }],
    ['the room is removed', { type: 'closed' }],
  ] as const)('%s → everybody is sent away, also who is still called', (_, event) => {
    const conference = meeting({ recording: recorded(true) });
    conference.comes('guest', 'participant', 'invited');
    conference.on(event);
    expect(conference.state.kind).toBe('empty');
    expect(conference.asked.filter((type) => type === 'dismiss')).toHaveLength(4);
    expect(conference.asked.slice(-2)).toEqual(['stop-recording', 'close-mix']);
  });

  it('recording: begun and ended once each, everybody is told; by the rule it begins with the meeting', () => {
    const conference = meeting();
    conference.act('mod', { do: 'start-recording' });
    expect(conference.asked).toEqual(['start-recording', 'tell']);
    expect(conference.told('lis')).toEqual(['conference-recorded']);
    conference.act('mod', { do: 'start-recording' });
    expect(conference.asked).toEqual([]);
    conference.comes('late', 'participant');
    expect(conference.told('late')).toEqual(['conference-welcome', 'conference-recorded']);
    conference.on({ type: 'recording-lost' });
    expect(conference.state).toMatchObject({ recording: false });
    expect(meeting({ recording: recorded(true) }).state).toMatchObject({ recording: true });
  });

  it('a pause and a mask end by themselves, a pause also with the recording, and asked again the time begins anew', () => {
    const conference = meeting({ recording: recorded(true, { resumeAfterMs: 5_000 }) });
    const silence = (): string | undefined =>
      conference.state.kind === 'meeting' ? conference.state.silence?.kind : undefined;
    conference.act('mod', { do: 'mask-recording' });
    expect(conference.effects[0]).toMatchObject({ type: 'silence', by: { kind: 'moderator', id: 'mod' } });
    expect(conference.told('mod')).toEqual(['conference-recording-silent']);
    // Each event comes a second after the one before.
    for (let second = 0; second < 3; second += 1) conference.on({ type: 'silence-due' });
    conference.act('staff', { do: 'mask-recording' });
    for (let second = 0; second < 4; second += 1) conference.on({ type: 'silence-due' });
    expect(silence()).toBe('masked');
    conference.on({ type: 'silence-due' });
    expect([silence(), conference.effects]).toEqual([
      undefined,
      [{ type: 'silence', silence: undefined, by: { kind: 'time' } }],
    ]);
    conference.act('staff', { do: 'pause-recording', maxMs: 60_000 });
    conference.act('staff', { do: 'stop-recording' });
    expect(conference.asked).toEqual(['silence', 'stop-recording', 'tell']);
    expect(conference.act('staff', { do: 'pause-recording' })).toBe('conflict');
    expect(conference.act('mod', { do: 'unmask-recording' })).toBe('conflict');
    conference.act('mod', { do: 'mask-recording' });
    conference.act('staff', { do: 'start-recording' });
    expect(silence()).toBe('masked');
    conference.act('staff', { do: 'end' });
    expect(conference.asked.slice(-3)).toEqual(['silence', 'stop-recording', 'close-mix']);
  });

  it.each([
    ['mod', 'start-recording', { moderatorsMay: [] }],
    ['mod', 'stop-recording', { moderatorsMay: ['start', 'mask'] }],
    ['mod', 'mask-recording', { moderatorsMay: ['start', 'stop', 'pause'] }],
    ['staff', 'pause-recording', { staffMay: ['mask'] }],
    ['staff', 'start-recording', { isAllowed: false }],
    ['pat', 'mask-recording', {}],
  ] as const)('%s may not %s where the policy says %o', (by, act, about) => {
    expect(meeting({ recording: recorded(true, about) }).act(by, { do: act })).toBe('forbidden');
  });

  it('who holds while waiting is not heard when the meeting begins', () => {
    const conference = new Conference({ waitForModerator: true });
    conference.comes('pat', 'participant');
    conference.on({ type: 'held', memberId: id('pat'), holds: true });
    conference.comes('mod', 'moderator');
    expect(conference.speakers).toEqual(['mod']);
  });

  it('what happens in a conference that is over changes nothing, and asks for nothing', () => {
    const conference = new Conference();
    expect(conference.leaves('pat')).toBe('ok');
    expect(conference.on({ type: 'held', memberId: id('pat'), holds: true })).toBe('ok');
    expect(conference.act('staff', { do: 'end' })).toBe('conflict');
    expect(conference.state).toEqual({ kind: 'empty' });
  });
});

describe('members of before a restart', () => {
  const was = (conference: Conference, name: string): ConferenceEvent => {
    const { state } = conference;
    if (state.kind === 'empty') throw new Error('nobody was there');
    const { members, ...beside } = state;
    const member = members.get(id(name));
    if (!member || member.stage === 'invited') throw new Error(`${name} was not there`);
    return { type: 'returned', member, conference: beside };
  };

  it('come back through a lock and above the number of members, in the conference that it was', () => {
    const before = new Conference({ maxMembers: 2, recording: recorded(true) });
    before.comes('anna', 'moderator');
    before.comes('bert', 'participant');
    before.on({ type: 'act', by: id('anna'), action: { do: 'lock' } });
    before.on({ type: 'act', by: id('anna'), action: { do: 'mute-all' } });
    const after = new Conference({ maxMembers: 1, locked: true });
    expect([after.on(was(before, 'bert')), after.effects.map(({ type }) => type)]).toEqual([
      'ok',
      ['open-mix', 'place', 'rejoined', 'resume-recording'],
    ]);
    expect([after.on(was(before, 'anna')), after.effects.map(({ type }) => type)]).toEqual([
      'ok',
      ['place', 'rejoined'],
    ]);
    const sorted = ({ state }: Conference) =>
      state.kind === 'empty' ? state : { ...state, members: Object.fromEntries(state.members) };
    expect(sorted(after)).toEqual(sorted(before));
    expect(after.comes('carl', 'participant')).toBe('forbidden');
  });

  it('meet in the conference that has begun meanwhile; who waited for a moderator goes on waiting', () => {
    const before = new Conference();
    before.comes('anna', 'moderator');
    const after = new Conference();
    after.comes('carl', 'participant');
    after.on(was(before, 'anna'));
    expect(after.effects.map(({ type }) => type)).toEqual(['place', 'rejoined']);
    expect(membersOf(after.state).map(({ number }) => number)).toEqual(['carl', 'anna']);

    const waiting = new Conference({ waitForModerator: true });
    waiting.comes('bert', 'participant');
    const again = new Conference({ waitForModerator: true });
    again.on(was(waiting, 'bert'));
    expect([again.state.kind, again.effects]).toEqual(['gathering', []]);
    again.comes('anna', 'moderator');
    expect(membersOf(again.state).map(({ stage }) => stage)).toEqual(['inside', 'inside']);
  });

  it('let those in who wait for a meeting: a newcomer, one of before, one whose record is older than the meeting', () => {
    const gathering = new Conference({ waitForModerator: true });
    gathering.comes('bert', 'participant');
    const waiting = was(gathering, 'bert');
    const before = new Conference({ waitForModerator: true, recording: recorded(true) });
    before.comes('anna', 'moderator');
    const meeting = was(before, 'anna');

    const newcomer = new Conference({ waitForModerator: true, recording: recorded(true) });
    newcomer.comes('carl', 'participant');
    newcomer.on(meeting);
    expect(newcomer.effects.map(({ type }) => type)).toEqual([
      ...['open-mix', 'place', 'rejoined', 'place', 'joined', 'tell', 'resume-recording'],
    ]);
    expect(newcomer.speakers).toEqual(['carl', 'anna']);

    const begun = new Conference({ waitForModerator: true });
    begun.comes('carl', 'moderator');
    begun.on(waiting);
    expect(begun.effects.map(({ type }) => type)).toEqual(['place', 'joined', 'tell']);
    expect(begun.speakers).toEqual(['carl', 'bert']);

    for (const order of [
      [waiting, meeting],
      [meeting, waiting],
    ]) {
      const torn = new Conference({ waitForModerator: true, recording: recorded(true) });
      const asked = order.flatMap((event) => (torn.on(event), torn.asked));
      expect(torn.speakers.toSorted()).toEqual(['anna', 'bert']);
      const once = ['open-mix', 'start-recording', 'resume-recording'];
      expect(asked.filter((type) => once.includes(type))).toEqual(['open-mix', 'resume-recording']);
    }
  });
});
