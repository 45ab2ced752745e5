/** Who is called into a conference, and agents who dial it: from the first ring to the last word of the history. */
import { ok } from '../../../../base/result';
import type { CallId } from '../../../../base/ids';
import type { ConferenceRole } from '../../../../store/conference-rooms';
import { RoomCenter } from '../support/room-center';
import { ANN, BOB } from '../support/small-center';

const invite = async (center: RoomCenter, number: string, role: ConferenceRole = 'participant'): Promise<CallId> => {
  const invited = center.center.conferences.invite('board', { number, role });
  if (!invited.ok) throw new Error(`${invited.fault.code}: ${invited.fault.message}`);
  await center.pass();
  return invited.value;
};

const codeOf = (center: RoomCenter, number: string): string => {
  const invited = center.center.conferences.invite('board', { number, role: 'participant' });
  return invited.ok ? 'ok' : invited.fault.code;
};

const storyTo = (center: RoomCenter, number: string) => {
  const story = [...center.saved.values()].find(({ called }) => called.number === number);
  if (!story) throw new Error(`nothing was saved of the call to ${number}`);
  return story;
};

/** Presses keys at the telephone that was called last. */
const guestPresses = async (center: RoomCenter, keys: string): Promise<void> => {
  for (const digit of keys) {
    center.newest.dialog?.pressed({ digit, durationMs: 100 });
    await center.pass(400);
  }
};

describe('an invitation outside', () => {
  it('answered: in the conference after the key 1 and not before, heard by all', async () => {
    const center = new RoomCenter();
    await center.comes('mod', 'moderator');
    await invite(center, '+49301', 'listener');
    expect(center.members).toEqual(['mod moderator inside', '+49301 listener invited']);
    await center.answer();
    expect(center.members).toEqual(['mod moderator inside', '+49301 listener invited']);
    await guestPresses(center, '2');
    expect(center.members[1]).toBe('+49301 listener invited');
    await guestPresses(center, '1');
    expect(center.members[1]).toBe('+49301 listener inside');
    center.newest.dialog?.end({ by: 'remote', reason: undefined });
    await center.pass();
    expect(storyTo(center, '+49301')).toMatchObject({
      direction: 'outbound',
      conferences: [{ roomId: 'board', role: 'listener', others: [{ number: 'mod' }] }],
      outcome: { result: 'answered', reason: 'hung-up', party: 'called' },
    });
  });

  it('an answering machine, which presses nothing, is asked twice and let go', async () => {
    const center = new RoomCenter();
    await center.comes('mod', 'moderator');
    await invite(center, '+49301');
    await center.answer();
    for (let asked = 0; asked < 2; asked += 1) {
      await center.allSaid();
      await center.pass(8_000);
    }
    expect(center.members).toEqual(['mod moderator inside']);
    expect(center.newest.dialog?.ended).toBeDefined();
    expect(storyTo(center, '+49301')).toMatchObject({ outcome: { result: 'failed', reason: 'no-consent' } });
    expect(storyTo(center, '+49301').conferences).toBeUndefined();
  });

  it.each([
    ['busy', 'busy'],
    ['no_answer', 'no-answer'],
    ['declined', 'declined'],
  ] as const)('%s: no member any more, and the history says %s', async (code, reason) => {
    const center = new RoomCenter();
    await center.comes('mod', 'moderator');
    await invite(center, '+49301');
    center.newest.refuse(code);
    await center.pass();
    expect(center.members).toEqual(['mod moderator inside']);
    expect(storyTo(center, '+49301').outcome).toEqual({ result: 'failed', reason, party: 'called' });
  });

  it('withdrawn, or rung when the conference ends: the telephone stops ringing', async () => {
    const center = new RoomCenter();
    await center.comes('mod', 'moderator');
    const memberId = await invite(center, '+49301');
    expect(center.direct({ do: 'remove', memberId })).toEqual(ok(undefined));
    await center.pass();
    expect(center.newest.state).toBe('over');
    await invite(center, '+49302');
    center.direct({ do: 'end' });
    await center.pass();
    await center.allSaid();
    expect([center.newest.state, center.members]).toEqual(['over', []]);
    center.expectNothingLeft();
  });

  it('enters a locked conference, counts as a member of a full one', async () => {
    const center = new RoomCenter({ locked: true, maxMembers: 2 });
    await center.comes('mod', 'moderator');
    await invite(center, '+49301');
    expect(codeOf(center, '+49302')).toBe('busy');
    await center.answer();
    await guestPresses(center, '1');
    expect(center.members).toEqual(['mod moderator inside', '+49301 participant inside']);
  });

  it('offers each what its own calls have, and tells nobody but our browsers the id of the call', async () => {
    const codecs = { browsers: ['OPUS', 'PCMA'], phones: ['G722', 'PCMA'] } as const;
    const center = new RoomCenter({}, { codecs });
    const offered = async (begin: () => Promise<unknown>) => {
      const before = new Set(center.media.endpoints.keys());
      await begin();
      await center.pass();
      const [opened] = [...center.media.endpoints.values()].filter(({ endpointId }) => !before.has(endpointId));
      return { ...opened, isTold: 'X-Switchroom-Call' in (center.newest.request.headers ?? {}) };
    };
    const agent = { kind: 'webrtc', codecs: codecs.browsers, isTold: true };
    expect(await offered(() => invite(center, '1001'))).toMatchObject(agent);
    expect(await offered(() => center.center.desks.perform(BOB, { command: 'dial', number: '4500' }))).toMatchObject(
      agent,
    );
    const phone = { kind: 'rtp', codecs: codecs.phones, rtpSources: ['10.9.0.0/16'], isTold: false };
    expect(await offered(() => invite(center, '2001'))).toMatchObject(phone);
    expect(await offered(() => invite(center, '+49301'))).toMatchObject({ codecs: ['PCMA', 'PCMU'], isTold: false });
  });

  it('is refused for a number of callers, and for a room that is not there', () => {
    const center = new RoomCenter();
    expect(codeOf(center, '4500')).toBe('no_route');
    expect(center.center.conferences.invite('nowhere', { number: '1001', role: 'listener' })).toMatchObject({
      fault: { code: 'not_found' },
    });
  });
});

describe('an agent', () => {
  it('who is invited is rung, is in without a key, and gets no other call meanwhile', async () => {
    const center = new RoomCenter();
    await center.ready(ANN);
    await center.comes('mod', 'moderator');
    await invite(center, '1001', 'moderator');
    expect(center.callOf(ANN)).toMatchObject({ state: 'ringing', number: '4500', displayName: 'Board' });
    expect(codeOf(center, '1001')).toBe('busy');
    await center.answer();
    expect(center.members).toEqual(['mod moderator inside', '1001 moderator inside']);
    center.signaling.arrive('customer');
    await center.pass();
    expect(center.callOf(ANN)?.state).toBe('connected');
    await center.act(ANN, { command: 'hang-up' });
    expect(center.members).toEqual(['mod moderator inside']);
  });

  it('dials the room at the desk, keys the PIN on the pad, mutes and unmutes oneself, and leaves', async () => {
    const center = new RoomCenter();
    await center.comes('mod', 'moderator');
    const dialled = await center.center.desks.perform(BOB, { command: 'dial', number: '4500' });
    expect(dialled).toEqual(ok(undefined));
    await center.pass();
    await center.answer();
    expect(center.members).toEqual(['mod moderator inside']);
    await center.act(BOB, { command: 'send-digits', digits: '2222#' });
    await center.pass();
    expect(center.members).toEqual(['mod moderator inside', '1002 participant inside']);
    expect(center.callOf(BOB)).toMatchObject({ state: 'connected', muted: false });
    await center.act(BOB, { command: 'mute' });
    expect([center.voices['1002'], center.callOf(BOB)?.muted]).toEqual(['self-muted', true]);
    await center.act(BOB, { command: 'unmute' });
    expect([center.voices['1002'], center.callOf(BOB)?.muted]).toEqual(['open', false]);
    // The PIN was keyed at the desk, and is in no history.
    expect(JSON.stringify([...center.saved.values()])).not.toContain('2222');
    await center.act(BOB, { command: 'hang-up' });
    expect(center.members).toEqual(['mod moderator inside']);
    expect(storyTo(center, '4500').conferences).toMatchObject([{ role: 'moderator' }]);
  });

  it('whose telephone does not answer is not in the room, and free again', async () => {
    const center = new RoomCenter();
    await center.center.desks.perform(BOB, { command: 'dial', number: '4500' });
    await center.pass();
    center.newest.refuse('no_answer');
    await center.pass();
    expect([center.members, center.callOf(BOB)?.state]).toEqual([[], undefined]);
  });
});
