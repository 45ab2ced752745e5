/** Conference rooms and conferences through the API: what is refused with which words, what is shown, what is in the audit. */
import type { ConferenceView } from '../../../calls/conference/view';
import { ApiFixture } from '../../support/api/api-fixture';
import { SAMPLE_CONFERENCES } from '../../support/desk/sample-conferences';

let api: ApiFixture;
let admin: string;
let supervisor: string;
let market: ConferenceView;

interface Reply {
  readonly status: number;
  readonly body: Record<string, unknown> & {
    readonly code?: string;
    readonly message?: string;
    readonly about?: { readonly key: string; readonly values: Record<string, string> };
    readonly fields?: readonly { readonly path: string }[];
    readonly items?: readonly Record<string, unknown>[];
  };
}

beforeAll(async () => {
  api = await new ApiFixture().start();
  ({ token: admin } = await api.session('admin'));
  ({ token: supervisor } = await api.session('sue'));
  const [first] = SAMPLE_CONFERENCES(1_700_000_000_000);
  if (!first) throw new Error('there is no sample');
  market = { ...first, conferenceId: undefined, members: [] };
});

afterAll(() => api.stop());

const send = async (method: string, path: string, of: { body?: unknown; as?: string } = {}): Promise<Reply> => {
  const { body, as = admin } = of;
  const reply = await api.fetch(`/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${as}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: reply.status, body: (await reply.json()) as Reply['body'] };
};

const put = (id: string, body: object, as = admin): Promise<Reply> =>
  send('PUT', `/conference-rooms/${id}`, { body, as });

const ROOM = { name: 'Board', numbers: ['4500'], moderatorPin: '1234' };

describe('rooms', () => {
  it('are written with their defaults, listed with hidden PINs, in the audit without them, and removed', async () => {
    const kept = await put('board', ROOM);
    expect(kept.status).toBe(200);
    const defaults = { withoutPin: 'refused', maxMembers: 50, tones: true, waitForModerator: false, record: false };
    const shown = {
      ...ROOM,
      ...defaults,
      moderatorPin: '***',
      endWithModerator: false,
      music: 'default',
      locked: false,
    };
    expect(kept.body).toEqual(shown);
    expect((await send('GET', '/conference-rooms')).body.items).toEqual([{ id: 'board', ...shown }]);
    expect(api.audit.at(-1)).toMatchObject({ detail: { setting: 'conference-rooms/board', change: 'put' } });
    expect(JSON.stringify(api.audit)).not.toContain('1234');
    expect((await send('DELETE', '/conference-rooms/board')).status).toBe(200);
    expect((await send('DELETE', '/conference-rooms/board')).status).toBe(404);
  });

  it('a hidden PIN that is sent back stays, one that is left out is gone', async () => {
    await put('board', { ...ROOM, listenerPin: '5678' });
    await put('board', { ...ROOM, moderatorPin: '***' });
    const items = (await send('GET', '/conference-rooms')).body.items ?? [];
    expect(items).toMatchObject([{ moderatorPin: '***' }]);
    expect(items[0]).not.toHaveProperty('listenerPin');
    // It is still the one that it was.
    const same = await put('board', { ...ROOM, moderatorPin: '***', participantPin: '1234' });
    expect([same.status, same.body.about?.key]).toEqual([400, 'room-pins-equal']);
  });

  it.each([
    ['name', { ...ROOM, name: '' }],
    ['moderatorPin', { ...ROOM, moderatorPin: '12' }],
    ['participantPin', { ...ROOM, participantPin: 'abcd' }],
    ['numbers.0', { ...ROOM, numbers: ['45 00'] }],
    ['maxMembers', { ...ROOM, maxMembers: 1_000 }],
    ['withoutPin', { ...ROOM, withoutPin: 'guest' }],
    ['music', { ...ROOM, music: '../secret' }],
    ['language', { ...ROOM, language: 'de' }],
    ['pin', { ...ROOM, pin: '1234' }],
  ])('the reply names the field %s', async (path, body) => {
    const { status, body: fault } = await put('other', body);
    expect([status, fault.code, fault.fields?.map((field) => field.path)]).toEqual([400, 'bad_input', [path]]);
  });

  it('what contradicts itself or others is refused with the cure, in parts for other languages too', async () => {
    await put('board', ROOM);
    const taken = await put('other', { name: 'Other', numbers: ['4500'], withoutPin: 'participant' });
    expect(taken).toMatchObject({
      status: 409,
      body: {
        message: '4500 belongs to somebody else already; choose another number.',
        about: { key: 'number-taken', values: { number: '4500' } },
      },
    });
    const closed = await put('other', { name: 'Other', numbers: ['4501'] });
    expect(closed).toMatchObject({ status: 400, body: { about: { key: 'room-without-entry' } } });
    expect(closed.body.message).toMatch(/set a PIN/);
    // Its own number is nobody else's, and who has no number needs no PIN.
    expect((await put('board', ROOM)).status).toBe(200);
    expect((await put('other', { name: 'Other' })).status).toBe(200);
  });

  it('are for administrators alone', async () => {
    const { token: agent } = await api.session('anna');
    for (const as of [supervisor, agent]) {
      expect((await put('board', ROOM, as)).status).toBe(403);
      expect((await send('GET', '/conference-rooms', { as })).status).toBe(403);
    }
  });
});

describe('conferences', () => {
  beforeEach(() => {
    api.conferences.change(market);
    api.conferences.actions.length = 0;
  });

  it('are shown to supervisors with who is there, as the contract has it', async () => {
    const { status, body } = await send('GET', '/conferences/market', { as: supervisor });
    expect([status, body]).toEqual([200, JSON.parse(JSON.stringify(market))]);
    expect((await send('GET', '/conferences', { as: supervisor })).body.items).toHaveLength(1);
    expect((await send('GET', '/conferences/nowhere', { as: supervisor })).body.message).toBe(
      'There is no conference room nowhere.',
    );
  });

  it.each([
    { do: 'lock' },
    { do: 'mute-all' },
    { do: 'next-speaker' },
    { do: 'start-recording' },
    { do: 'mask-recording', maxMs: 5_000 },
    { do: 'unmask-recording' },
    { do: 'pause-recording' },
    { do: 'mute', memberId: 'member-1' },
    { do: 'unmute', memberId: 'member-1' },
    { do: 'lower-hand', memberId: 'member-1' },
    { do: 'remove', memberId: 'member-1' },
    { do: 'end' },
  ])('%o is done, and is in the audit with whose doing it was', async (body) => {
    const { status } = await send('POST', '/conferences/market/actions', { body, as: supervisor });
    expect([status, api.conferences.actions]).toEqual([200, [['market', body]]]);
    const said = Object.fromEntries(Object.entries(body).map(([name, value]) => [name, String(value)]));
    expect(api.audit.at(-1)).toMatchObject({
      action: 'conference-directed',
      userName: 'sue',
      detail: { room: 'market', ...said },
    });
  });

  it.each([
    { do: 'applaud' },
    { do: 'remove' },
    { do: 'raise-hand', memberId: 'member-1' },
    { do: 'louder', memberId: 'member-1' },
    { do: 'mask-recording', maxMs: 10 },
    { do: 'lock', memberId: 'member-1' },
  ])('%o is no action of staff', async (body) => {
    expect((await send('POST', '/conferences/market/actions', { body })).status).toBe(400);
    expect(api.conferences.actions).toEqual([]);
  });

  it('what is refused is neither done nor in the audit; agents direct nothing', async () => {
    const before = api.audit.length;
    const refused = await send('POST', '/conferences/nowhere/actions', { body: { do: 'end' } });
    expect([refused.status, refused.body.code]).toEqual([404, 'not_found']);
    const { token: agent } = await api.session('anna');
    const asAgent = await send('POST', '/conferences/market/actions', { body: { do: 'end' }, as: agent });
    expect([asAgent.status, api.conferences.actions, api.audit.length > before + 1]).toEqual([403, [], false]);
  });

  it('an invitation calls a number in a role, as participant where none is said', async () => {
    const invite = (body: object, roomId = 'market'): Promise<Reply> =>
      send('POST', `/conferences/${roomId}/invitations`, { body, as: supervisor });
    const called = await invite({ number: '+49301' });
    expect([called.status, typeof called.body['memberId'], api.conferences.invited.at(-1)]).toEqual([
      200,
      'string',
      ['market', '+49301'],
    ]);
    expect(api.audit.at(-1)?.detail).toEqual({ room: 'market', do: 'invite', number: '+49301', role: 'participant' });
    expect((await invite({ number: 'sip:somebody@else' })).status).toBe(400);
    expect((await invite({ number: '1001', role: 'boss' })).status).toBe(400);
    expect((await invite({ number: '1001' }, 'nowhere')).status).toBe(404);
  });
});
