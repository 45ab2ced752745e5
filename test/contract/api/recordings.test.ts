import { asId } from '../../../base/ids';
import type { AgentId, InteractionId, RecordingId } from '../../../base/ids';
import { peaksSchema, recordingPageSchema } from '../../../api/contract/recordings';
import { encodeG711 } from '../../../media/codec/g711';
import { writeWav } from '../../../media/wav/wav-header';
import type { StoredRecording } from '../../../store/recordings/stored-recording';
import { ApiFixture } from '../../support/api/api-fixture';

let api: ApiFixture;
let anna: string;
let ben: string;
let sue: string;

const recording = (id: string, change: Partial<StoredRecording> = {}): StoredRecording => ({
  _id: asId<RecordingId>(id),
  interactionId: asId<InteractionId>('call-1'),
  n: 1,
  path: `2026/${id}.wav`,
  startedAtMs: 1_700_000_000_000,
  durationMs: 1000,
  direction: 'inbound',
  caller: '+4930123456',
  called: '4000',
  agentIds: [asId<AgentId>('agent-anna')],
  partyIds: ['agent-anna'],
  ended: true,
  state: 'kept',
  storage: 'disk',
  ...change,
});

const samples = Int16Array.from({ length: 16_000 }, (_, at) => (at % 2 === 0 ? 8000 : -2000));
const wav = writeWav({ encoding: 'alaw', channels: 2, sampleRateHz: 8000 }, encodeG711('PCMA', samples));

beforeAll(async () => {
  api = await new ApiFixture().start();
  api.archive.recordings.push(
    recording('one'),
    recording('bens', { agentIds: [asId<AgentId>('agent-ben')] }),
    recording('deleted', { state: 'deleted', deletedAtMs: 1_700_000_100_000 }),
    recording('fileless'),
    recording('strange'),
  );
  await api.put('recordings/2026/one.wav', wav);
  await api.put('recordings/2026/strange.wav', 'no sound at all');
  [anna = '', ben = '', sue = ''] = await Promise.all(
    ['anna', 'ben', 'sue'].map(async (name) => (await api.session(name)).token),
  );
});
afterAll(() => api.stop());

const send = (token: string, method: 'PUT' | 'DELETE', path: string, body?: unknown): Promise<Response> =>
  api.sendAs(token, { method, path, body });

beforeEach(() => {
  api.archive.filters.splice(0);
  api.audit.splice(0);
});

const idsOf = async (token: string, query = ''): Promise<string[]> => {
  const response = await api.getAs(token, `/api/v1/recordings${query}`);
  return recordingPageSchema.parse(await response.json()).items.map(({ id }) => id);
};

describe('the list of recordings', () => {
  it('shows supervisors all, and agents their own', async () => {
    expect(await idsOf(sue)).toHaveLength(5);
    expect(await idsOf(ben)).toEqual(['bens']);
    expect((await api.getAs(anna, '/api/v1/recordings?agentId=agent-ben')).status).toBe(403);
  });

  it('hands its filters to the index as what they are', async () => {
    await idsOf(
      sue,
      '?fromMs=1&toMs=2&agentId=a&partyId=2001&queueId=q&trunkId=t&number=%2B49&direction=inbound&state=kept&held=true&limit=3',
    );
    expect(api.archive.filters).toEqual([
      {
        ...{ fromMs: 1, toMs: 2, agentId: 'a', partyId: '2001', queueId: 'q', trunkId: 't', number: '+49' },
        ...{ direction: 'inbound', state: 'kept', held: true, limit: 3 },
      },
    ]);
  });

  it.each(['fromMs=2&toMs=1', 'limit=0', 'held=perhaps', 'state=burnt', 'colour=red'])('refuses %s', async (query) => {
    expect((await api.getAs(sue, `/api/v1/recordings?${query}`)).status).toBe(400);
  });

  it('does not tell where files lie', async () => {
    expect(await (await api.getAs(sue, '/api/v1/recordings/one')).text()).not.toContain('one.wav');
  });
});

describe('the sound of a recording', () => {
  it('comes with both parties, in one track, or one of them alone, whole and in ranges, and is audited', async () => {
    const audio = '/api/v1/recordings/one/audio';
    const stereo = Buffer.from(await (await api.getAs(anna, audio)).arrayBuffer());
    expect(stereo.equals(wav)).toBe(true);
    const mono = await api.getAs(anna, `${audio}?mix=mono`);
    const bytes = Buffer.from(await mono.arrayBuffer());
    expect([mono.headers.get('content-type'), bytes.length]).toEqual(['audio/wav', 58 + 8000]);
    const part = await api.getAs(anna, `${audio}?mix=mono`, { range: 'bytes=50-99' });
    expect([part.status, part.headers.get('content-range')]).toEqual([206, 'bytes 50-99/8058']);
    expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(50, 100))).toBe(true);
    const agent = Buffer.from(await (await api.getAs(anna, `${audio}?mix=agent`)).arrayBuffer());
    expect(agent[60]).toBe(wav[58 + 5]);
    expect(api.audit.map(({ action }) => action)).toEqual(['recording-read', 'recording-read', 'recording-read']);
  });

  it.each(['bytes=1-', 'bytes=00-', 'bytes=-99999', 'bytes=1-4,9-99'])(
    'is audited when its first part is fetched by the range %s, and once when more parts follow',
    async (range) => {
      const n = api.archive.recordings.length;
      api.archive.recordings.push(recording(`part-${n}`, { n, path: '2026/one.wav' }));
      const audio = `/api/v1/recordings/part-${n}/audio`;
      expect((await api.getAs(anna, audio, { range })).status).toBeLessThan(300);
      await api.getAs(anna, audio, { range: 'bytes=100-199' });
      expect(api.audit.map(({ action }) => action)).toEqual(['recording-read']);
    },
  );

  it.each([
    ['bens', 404],
    ['none', 404],
    ['fileless', 404],
    ['deleted', 410],
  ])('of %s is refused with %d', async (id, status) => {
    for (const what of ['audio', 'peaks'])
      expect((await api.getAs(anna, `/api/v1/recordings/${id}/${what}`)).status).toBe(status);
  });

  it('in another form than ours is not mixed', async () => {
    expect((await api.getAs(sue, '/api/v1/recordings/strange/audio?mix=mono')).status).toBe(501);
    expect((await api.getAs(sue, '/api/v1/recordings/strange/peaks')).status).toBe(501);
    expect((await api.getAs(sue, '/api/v1/recordings/one/audio?mix=left')).status).toBe(400);
  });

  it('has an outline, of as many stretches as were asked for', async () => {
    const peaks = async (): Promise<unknown> =>
      peaksSchema.parse(await (await api.getAs(anna, '/api/v1/recordings/one/peaks?points=4')).json());
    const first = await peaks();
    expect(first).toMatchObject({ durationMs: 1000 });
    expect((first as { channels: number[][] }).channels.map((track) => track.map((one) => one.toFixed(1)))).toEqual([
      ['0.2', '0.2', '0.2', '0.2'],
      ['0.1', '0.1', '0.1', '0.1'],
    ]);
    expect(await peaks()).toEqual(first);
  });
});

describe('a legal hold', () => {
  it('is set and lifted by supervisors, each time with a reason and in the audit', async () => {
    const path = '/api/v1/recordings/one/hold';
    const held = await send(sue, 'PUT', path, { reason: 'court order 17' });
    expect(await held.json()).toMatchObject({ id: 'one', hold: { reason: 'court order 17', byUserName: 'sue' } });
    const released = await send(sue, 'DELETE', `${path}?reason=the%20case%20is%20closed`);
    expect(await released.json()).not.toHaveProperty('hold');
    expect(api.audit).toMatchObject([
      { action: 'recording-held', userName: 'sue', detail: { recordingId: 'one', reason: 'court order 17' } },
      { action: 'recording-released', userName: 'sue', detail: { recordingId: 'one', reason: 'the case is closed' } },
    ]);
  });

  it('needs a supervisor, a reason, and a recording that is there', async () => {
    const reason = 'court order 17';
    expect((await send(anna, 'PUT', '/api/v1/recordings/one/hold', { reason })).status).toBe(403);
    expect((await send(anna, 'DELETE', `/api/v1/recordings/one/hold?reason=${reason}`)).status).toBe(403);
    expect((await send(sue, 'PUT', '/api/v1/recordings/one/hold', { reason: ' ' })).status).toBe(400);
    expect((await send(sue, 'DELETE', '/api/v1/recordings/one/hold')).status).toBe(400);
    expect((await send(sue, 'PUT', '/api/v1/recordings/deleted/hold', { reason })).status).toBe(404);
  });
});

describe('a message', () => {
  const path = '/api/v1/recordings/message/heard';

  it('is found by whether somebody has heard it, and marked by supervisors, in the audit', async () => {
    api.archive.recordings.push(recording('message', { isMessage: true, agentIds: [] }));
    expect((await api.getAs(sue, '/api/v1/recordings?messages=new')).status).toBe(200);
    expect(api.archive.filters).toMatchObject([{ messages: 'new' }]);
    expect(await (await send(sue, 'PUT', path)).json()).toMatchObject({ id: 'message', heard: { byUserName: 'sue' } });
    expect(await (await send(sue, 'DELETE', path)).json()).not.toHaveProperty('heard');
    expect(api.audit).toMatchObject([
      { action: 'message-marked', userName: 'sue', detail: { recordingId: 'message', heard: 'true' } },
      { action: 'message-marked', userName: 'sue', detail: { recordingId: 'message', heard: 'false' } },
    ]);
  });

  it('is none of an agent, and no conversation is one', async () => {
    expect((await send(anna, 'PUT', path)).status).toBe(403);
    expect((await api.getAs(anna, '/api/v1/recordings/message/audio')).status).toBe(404);
    expect((await send(sue, 'PUT', '/api/v1/recordings/one/heard')).status).toBe(404);
    expect((await api.getAs(sue, '/api/v1/recordings?messages=old')).status).toBe(400);
  });
});

it('the manifest and its proof are for supervisors', async () => {
  for (const path of ['verify', 'manifest']) {
    expect((await api.getAs(anna, `/api/v1/recordings/${path}`)).status).toBe(403);
    expect((await api.getAs(sue, `/api/v1/recordings/${path}`)).status).toBe(200);
  }
});
