/** The app dies while people are in a conference room: they stay there, each with the voice that it had. */
import type { EndpointId } from '../../../../base/ids';
import type { ConferenceAction } from '../../../../calls/conference/model';
import type { ConferenceView } from '../../../../calls/conference/view';
import type { ConferenceRole, ConferenceRoom } from '../../../../store/conference-rooms';
import { Lives } from '../support/lives';
import type { InviteDouble } from '../support/port-doubles';
import { ROOM } from '../support/room-center';
import { ANN, flowOf } from '../support/small-center';

const PINS: Readonly<Record<ConferenceRole, string>> = { moderator: '1111', participant: '2222', listener: '3333' };

const MUTE_KEYS = '*6';
const HAND_KEYS = '*5';

let lives: Lives;

const begin = async (room: Partial<ConferenceRoom> = {}): Promise<void> => {
  lives = await Lives.begin({ room: { ...ROOM, ...room } });
};

const view = (): ConferenceView => lives.center.conferences.get('board') as ConferenceView;
const memberOf = (number: string): ConferenceView['members'][number] =>
  view().members.find((one) => one.number === number) as ConferenceView['members'][number];

const endpointOf = ({ answeredWith }: InviteDouble): EndpointId =>
  [...lives.media.endpoints.keys()].find((id) => answeredWith === `sdp of ${id}`) as EndpointId;

const press = async (invite: InviteDouble, keys: string): Promise<void> => {
  for (const digit of keys) {
    lives.media.emit({ type: 'digit', endpointId: endpointOf(invite), digit, durationMs: 100, form: 'rfc4733' });
    await lives.pass(200);
  }
  await lives.pass();
};

/** What is being said to people is over. */
const listen = async (): Promise<void> => {
  for (const [playId, { loop }] of [...lives.media.plays]) if (loop !== true) lives.media.endPlay(playId, 'finished');
  await lives.pass();
};

const comes = async (from: string, role: ConferenceRole = 'participant'): Promise<InviteDouble> => {
  const invite = await lives.arrive(from, { to: { number: '4500' } });
  await press(invite, `${PINS[role]}#`);
  await listen();
  return invite;
};

const direct = async (action: ConferenceAction): Promise<void> => {
  expect(lives.center.conferences.act('board', action)).toMatchObject({ ok: true });
  await lives.pass();
};

/** What of the conference a restart changes nothing about. */
const scene = () => ({
  hearing: lives.media.hearing.map(([listener, speaker]) => `${listener} ${speaker}`).sort(),
  mixes: [...lives.media.mixes.keys()],
  recordings: [...lives.media.recordings.keys()],
  hushed: [...lives.media.hushed],
  view: { ...view(), members: [...view().members].sort((one, other) => one.number.localeCompare(other.number)) },
});

const allLeave = async (...members: InviteDouble[]): Promise<void> => {
  for (const member of members) member.leave();
  await lives.pass(120_000);
  lives.expectNothingLeft();
};

it('members hear each other as before, muted or not, nobody is told anything, and the lock holds', async () => {
  await begin({ record: true });
  const alice = await comes('alice', 'moderator');
  const [bob, carl, dora] = [await comes('bob'), await comes('carl'), await comes('dora', 'listener')];
  await press(bob, MUTE_KEYS);
  await direct({ do: 'mute', memberId: memberOf('carl').memberId });
  await press(carl, HAND_KEYS);
  await direct({ do: 'lock' });
  await listen();
  const before = scene();
  expect(before.recordings).toHaveLength(1);
  await lives.dieAndLive();
  expect(scene()).toEqual(before);
  expect([...lives.media.plays]).toEqual([]);
  const late = await comes('late');
  expect(late.dialog?.ended ?? lives.media.plays.size).not.toBe(0);
  expect(view().members).toHaveLength(4);
  await press(bob, MUTE_KEYS);
  await listen();
  expect(scene().hearing).toHaveLength(before.hearing.length + 3);
  bob.leave();
  await lives.pass();
  expect(lives.historyOf('bob')).toMatchObject({
    conferences: [{ roomId: 'board', leftAtMs: expect.any(Number), others: [{}, {}, {}] }],
    recordings: [{ n: 1 }],
  });
  expect(lives.historyOf('bob').segments.map(({ kind }) => kind)).toEqual(['flow', 'conference']);
  await allLeave(alice, carl, dora, late);
  for (const name of ['alice', 'carl', 'dora']) {
    expect(lives.historyOf(name).conferences).toHaveLength(1);
    expect(lives.historyOf(name).recordings).toMatchObject([{ n: 1, recordingId: before.recordings[0] }]);
  }
});

it('a pause stays one, and so does a mask, which also keeps keys from the others', async () => {
  for (const kind of ['pause', 'mask'] as const) {
    await begin({ record: true });
    const alice = await comes('alice', 'moderator');
    const bob = await comes('bob');
    await direct({ do: `${kind}-recording`, maxMs: 60_000 });
    const before = scene();
    expect(before.hushed).toHaveLength(kind === 'mask' ? 2 : 0);
    await lives.dieAndLive();
    expect(scene()).toEqual(before);
    // It ends by itself when it was to end.
    await lives.pass(60_000);
    expect(scene().hushed).toEqual([]);
    expect(view().silence).toBeUndefined();
    await allLeave(alice, bob);
    const acts = lives.historyOf('bob').recordingActs?.map(({ act }) => act);
    expect(acts).toEqual([kind, kind === 'mask' ? 'unmask' : 'resume']);
  }
});

it('who waits for a moderator waits on with music, and comes in with the moderator', async () => {
  await begin({ waitForModerator: true });
  const bob = await comes('bob');
  expect(lives.musicFor).toBe(1);
  const music = [...lives.media.plays.keys()];
  await lives.dieAndLive();
  expect([...lives.media.plays.keys()]).toEqual(music);
  expect(memberOf('bob').stage).toBe('waiting');
  const alice = await comes('alice', 'moderator');
  await listen();
  expect(scene().hearing).toHaveLength(2);
  await allLeave(alice, bob);
});

it('who has hung up meanwhile has left; the last moderator takes everybody along, as the room has it', async () => {
  await begin({ endWithModerator: true });
  const alice = await comes('alice', 'moderator');
  const bob = await comes('bob');
  lives.die();
  alice.leave();
  await lives.dieAndLive();
  await listen();
  expect(view().members).toEqual([]);
  expect(lives.historyOf('bob')).toMatchObject({
    outcome: { result: 'answered', reason: 'conference over' },
    conferences: [{ leftAtMs: expect.any(Number) }],
  });
  await lives.pass();
  expect(bob.dialog?.ended).toBeDefined();
  lives.expectNothingLeft();
});

it('media that have lost the mix mix anew, and record on in the next file', async () => {
  await begin({ record: true });
  const alice = await comes('alice', 'moderator');
  const bob = await comes('bob');
  const before = scene();
  lives.die();
  lives.media.mixes.clear();
  lives.media.recordings.clear();
  await lives.dieAndLive();
  expect(scene().hearing).toEqual(before.hearing);
  expect(scene().mixes).not.toEqual(before.mixes);
  expect(lives.historyOf('bob').recordings).toHaveLength(2);
  await allLeave(alice, bob);
});

it('an agent who dialled the room stays there, busy, and leaves it at the desk', async () => {
  await begin();
  await lives.center.desks.perform(ANN, { command: 'dial', number: '4500' });
  await lives.pass();
  const browser = await lives.answer();
  const endpointId = [...lives.media.endpoints.keys()].at(-1) as EndpointId;
  for (const digit of '2222#') {
    lives.media.emit({ type: 'digit', endpointId, digit, durationMs: 100, form: 'rfc4733' });
    await lives.pass(200);
  }
  const bob = await comes('bob');
  const before = scene();
  expect(before.hearing).toHaveLength(2);
  await lives.dieAndLive();
  expect(scene()).toEqual(before);
  expect([lives.callOf(ANN)?.state, lives.stateOf(ANN)]).toEqual(['connected', 'busy']);
  await lives.act(ANN, { command: 'hang-up' });
  expect([lives.stateOf(ANN), view().members.length]).toEqual(['not-ready', 1]);
  expect(browser.dialog?.ended).toBeDefined();
  await allLeave(bob);
});

it('who was keying in the PIN is asked for it again', async () => {
  await begin();
  const alice = await lives.arrive('alice', { to: { number: '4500' } });
  await press(alice, '22');
  await lives.dieAndLive();
  expect([...lives.media.plays.values()][0]?.sources).toMatchObject([{ name: 'enter-pin' }, { name: 'enter-pin' }]);
  await press(alice, '2222#');
  expect(memberOf('alice')).toMatchObject({ stage: 'inside', role: 'participant' });
  expect(JSON.stringify([...lives.records.values()])).not.toContain('2222');
  await allLeave(alice);
});

it.each(['4000', '4500'])('a room that has been removed meanwhile is left (by %s)', async (number) => {
  const flow = flowOf({
    answer: { do: 'answer', next: 'meet' },
    meet: { do: 'conference', room: 'board', role: 'participant', next: 'over', otherwise: 'over' },
    over: { do: 'hang-up', reason: 'that was it' },
  });
  lives = await Lives.begin({ room: { ...ROOM, withoutPin: 'participant' }, flow });
  const alice = await lives.arrive('alice', { to: { number } });
  if (number === '4500') await press(alice, '2222#');
  expect(memberOf('alice')).toMatchObject({ stage: 'inside' });
  lives.die();
  lives.removeRoom();
  await lives.dieAndLive();
  // The flow of another number goes on; the room's own is gone with it.
  if (number === '4000')
    expect([...lives.media.plays.values()][0]?.sources).toMatchObject([{ name: 'conference-ended' }, {}]);
  await listen();
  expect(alice.dialog?.ended).toBeDefined();
  const reason = number === '4000' ? 'that was it' : 'app-interrupted';
  expect(lives.historyOf('alice').outcome).toMatchObject({ reason });
  expect(lives.media.mixes.size).toBe(0);
  lives.expectNothingLeft();
});

it('who was written down as waiting when the moderator had just come is let in, and hears the others', async () => {
  await begin({ waitForModerator: true });
  const bob = await comes('bob');
  const [[callId, whileWaiting] = []] = [...lives.records];
  expect(lives.media.mixes.size).toBe(0);
  const alice = await comes('alice', 'moderator');
  await listen();
  lives.die();
  lives.records.set(callId!, whileWaiting!);
  await lives.dieAndLive();
  await listen();
  expect(scene()).toMatchObject({ hearing: [expect.any(String), expect.any(String)], mixes: [expect.any(String)] });
  expect(view().members.map(({ stage }) => stage)).toEqual(['inside', 'inside']);
  await allLeave(alice, bob);
});
