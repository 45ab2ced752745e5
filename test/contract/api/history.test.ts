import { asId } from '../../../base/ids';
import type { AgentId, InteractionId } from '../../../base/ids';
import { faultSchema } from '../../../api/contract/common';
import { interactionPageSchema, interactionSchema } from '../../../api/contract/rest';
import { anInteraction, ApiFixture, aRecording, wavFile } from '../../support/api/api-fixture';

let api: ApiFixture;
let anna: string;
let ben: string;
let sue: string;
const own = anInteraction({ recordings: [aRecording('2026/own.wav'), aRecording('2026/lost.wav', 2)] });
const foreign = anInteraction({ agentId: asId<AgentId>('agent-ben'), recordings: [aRecording('2026/own.wav')] });
const abandoned = anInteraction({ agentId: undefined, queueId: undefined });
const escaping = anInteraction({ recordings: [aRecording('../secret.txt'), aRecording('2026', 2)] });
const whole = wavFile(200_000);

beforeAll(async () => {
  api = await new ApiFixture().start();
  api.interactions.push(own, foreign, abandoned, escaping);
  api.desks.queues = [
    { queueId: asId('support'), name: 'Support', nameZh: '技术支持', waiting: 0, agentsReady: 0, agentsBusy: 0 },
  ];
  await api.put('recordings/2026/own.wav', whole);
  [anna = '', ben = '', sue = ''] = await Promise.all(
    ['anna', 'ben', 'sue'].map(async (name) => (await api.session(name)).token),
  );
});

afterAll(() => api.stop());
beforeEach(() => void api.filters.splice(0));

const page = async (token: string, query = '') =>
  interactionPageSchema.parse(await (await api.getAs(token, `/api/v1/interactions${query}`)).json());

describe('the history', () => {
  it('shows a supervisor everything, with names for ids and without the files’ paths', async () => {
    const response = await api.getAs(sue, '/api/v1/interactions');
    const text = await response.text();
    expect(text).not.toContain('own.wav');
    expect(text).not.toContain('recordingId');
    const { items } = interactionPageSchema.parse(JSON.parse(text));
    expect(items.map(({ id }) => id)).toEqual([own, foreign, abandoned, escaping].map(({ _id }) => _id));
    expect(items[0]).toMatchObject({
      queueName: 'Support',
      queueNameZh: '技术支持',
      agentName: 'ANNA',
      agentNameZh: 'anna的中文名',
      digits: ['1'],
    });
  });

  it('shows an agent his own only', async () => {
    expect((await page(anna)).items.map(({ id }) => id)).toEqual([own._id, escaping._id]);
    expect((await page(ben)).items.map(({ id }) => id)).toEqual([foreign._id]);
    expect(api.filters.map(({ agentId }) => agentId)).toEqual(['agent-anna', 'agent-ben']);
  });

  it('refuses an agent who asks for another’s', async () => {
    expect((await api.getAs(anna, '/api/v1/interactions?agentId=agent-ben')).status).toBe(403);
    expect(api.filters).toEqual([]);
  });

  it('hands the filters to the store as numbers and text', async () => {
    await page(sue, '?fromMs=1&toMs=2&agentId=a&queueId=q&number=%2B49&result=answered&limit=3');
    expect(api.filters).toEqual([
      { fromMs: 1, toMs: 2, agentId: 'a', queueId: 'q', number: '+49', result: 'answered', limit: 3 },
    ]);
  });

  it('comes page by page', async () => {
    const first = await page(sue, '?limit=3');
    expect(first.items).toHaveLength(3);
    const second = await page(sue, `?limit=3&cursor=${first.nextCursor}`);
    expect(second.items.map(({ id }) => id)).toEqual([escaping._id]);
    expect(second.nextCursor).toBeUndefined();
  });

  it.each([
    ['limit=0', 'limit'],
    ['limit=201', 'limit'],
    ['limit=many', 'limit'],
    ['limit=1&limit=2', 'limit'],
    ['fromMs=-1', 'fromMs'],
    ['fromMs=1.5', 'fromMs'],
    ['fromMs=2&toMs=1', 'toMs'],
    ['result=lost', 'result'],
    [`number=${'9'.repeat(33)}`, 'number'],
    ['number[$ne]=1', 'number[$ne]'],
    ['colour=red', 'colour'],
  ])('refuses %s and names the field', async (query, path) => {
    const response = await api.getAs(sue, `/api/v1/interactions?${query}`);
    expect(response.status).toBe(400);
    const fault = faultSchema.parse(await response.json());
    expect(fault.code).toBe('bad_input');
    expect(fault.fields?.map((field) => field.path)).toEqual([path]);
    expect(api.filters).toEqual([]);
  });

  it('refuses a cursor that is not ours', async () => {
    const response = await api.getAs(sue, '/api/v1/interactions?cursor=forged');
    expect(response.status).toBe(400);
    expect(faultSchema.parse(await response.json()).message).toBe('The cursor is none of ours.');
  });
});

describe('one interaction', () => {
  it('is shown to its agent and to a supervisor', async () => {
    for (const token of [anna, sue]) {
      const response = await api.getAs(token, `/api/v1/interactions/${own._id}`);
      expect(interactionSchema.parse(await response.json()).id).toBe(own._id);
    }
  });

  it('of another agent looks like one that does not exist', async () => {
    const unknown = asId<InteractionId>('00000000-0000-4000-8000-000000000000');
    const replies = await Promise.all(
      [foreign._id, abandoned._id, unknown].map(async (id) => {
        const response = await api.getAs(anna, `/api/v1/interactions/${id}`);
        return { status: response.status, body: (await response.text()).replaceAll(id, 'ID') };
      }),
    );
    expect(replies[0]?.status).toBe(404);
    expect(replies[1]).toEqual(replies[0]);
    expect(replies[2]).toEqual(replies[0]);
  });
});

describe('a recording', () => {
  const path = `/api/v1/interactions/${own._id}/recordings/1`;

  it('is sent whole as audio/wav, and listening to it is audited', async () => {
    api.audit.splice(0);
    const response = await api.getAs(anna, path);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('audio/wav');
    expect(response.headers.get('accept-ranges')).toBe('bytes');
    expect(response.headers.get('content-length')).toBe(String(whole.length));
    expect(Buffer.from(await response.arrayBuffer()).equals(whole)).toBe(true);
    expect(api.audit).toMatchObject([
      { action: 'recording-read', userName: 'anna', detail: { interactionId: own._id, recording: '1' } },
    ]);
  });

  it.each([
    ['bytes=0-9', 0, 9],
    ['bytes=100000-', 100_000, whole.length - 1],
    ['bytes=-5', whole.length - 5, whole.length - 1],
    ['bytes=200000-9999999', 200_000, whole.length - 1],
    ['bytes=-9999999', 0, whole.length - 1],
  ])('gives the range %s', async (range, first, last) => {
    const response = await api.getAs(anna, path, { range });
    expect(response.status).toBe(206);
    expect(response.headers.get('content-range')).toBe(`bytes ${first}-${last}/${whole.length}`);
    expect(response.headers.get('content-length')).toBe(String(last - first + 1));
    expect(Buffer.from(await response.arrayBuffer()).equals(whole.subarray(first, last + 1))).toBe(true);
  });

  it.each([`bytes=${whole.length}-`, 'bytes=9999999-9999999', 'bytes=-0'])('refuses %s with 416', async (range) => {
    const response = await api.getAs(anna, path, { range });
    expect(response.status).toBe(416);
    expect(response.headers.get('content-range')).toBe(`bytes */${whole.length}`);
    expect(faultSchema.parse(await response.json()).code).toBe('bad_input');
  });

  it.each(['bytes=9-1', 'bytes=a-b', 'lines=1-2', 'bytes=0-1,5-6', 'bytes=-', 'bytes=99999999999999999999-'])(
    'is sent whole for %s, which is no range that we know',
    async (range) => {
      const response = await api.getAs(anna, path, { range });
      expect(response.status).toBe(200);
      expect((await response.arrayBuffer()).byteLength).toBe(whole.length);
    },
  );

  it('need not be sent again while its ETag is the same, and a range only then', async () => {
    const head = await api.fetch(path, { method: 'HEAD', headers: { authorization: `Bearer ${anna}` } });
    expect(head.status).toBe(200);
    expect(await head.text()).toBe('');
    const etag = head.headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[\w-]+"$/);
    expect((await api.getAs(anna, path, { 'if-none-match': etag })).status).toBe(304);
    expect((await api.getAs(anna, path, { 'if-none-match': '"other"' })).status).toBe(200);
    expect((await api.getAs(anna, path, { range: 'bytes=0-3', 'if-range': etag })).status).toBe(206);
    expect((await api.getAs(anna, path, { range: 'bytes=0-3', 'if-range': '"other"' })).status).toBe(200);
  });

  it('that still grows is sent as a whole WAV of what is there, without half a sample', async () => {
    const growing = anInteraction({ endedAtMs: undefined, recordings: [aRecording('2026/growing.wav')] });
    api.interactions.push(growing);
    await api.put('recordings/2026/growing.wav', wavFile(1003, 0));
    const grown = `/api/v1/interactions/${growing._id}/recordings/1`;
    const first = await api.getAs(anna, grown);
    const bytes = Buffer.from(await first.arrayBuffer());
    expect(bytes.length).toBe(44 + 1000);
    expect(bytes.readUInt32LE(4)).toBe(36 + 1000);
    expect(bytes.readUInt32LE(40)).toBe(1000);
    expect(bytes.subarray(44).equals(wavFile(1000).subarray(44))).toBe(true);
    await api.put('recordings/2026/growing.wav', wavFile(2000, 0));
    const etag = first.headers.get('etag') ?? '';
    const later = await api.getAs(anna, grown, { range: 'bytes=1044-', 'if-range': etag });
    expect(later.status).toBe(200);
    expect((await later.arrayBuffer()).byteLength).toBe(2044);
    const sizes = await api.getAs(anna, grown, { range: 'bytes=40-43' });
    expect(Buffer.from(await sizes.arrayBuffer()).readUInt32LE(0)).toBe(2000);
  });

  it('is for those who may see its interaction', async () => {
    expect((await api.getAs(ben, path)).status).toBe(404);
    expect((await api.getAs(sue, path)).status).toBe(200);
    expect((await api.fetch(path)).status).toBe(401);
    expect((await api.getAs(anna, `/api/v1/interactions/${foreign._id}/recordings/1`)).status).toBe(404);
  });

  it('in which an agent is not heard is neither shown to that agent nor played', async () => {
    const others = { ...aRecording('2026/growing.wav'), n: 2, agentIds: [asId<AgentId>('agent-ben')] };
    const shared = anInteraction({ recordings: [aRecording('2026/growing.wav'), others] });
    api.interactions.push(shared);
    const seenBy = async (token: string): Promise<number[]> => {
      const response = await api.getAs(token, `/api/v1/interactions/${shared._id}`);
      return interactionSchema.parse(await response.json()).recordings.map(({ n }) => n);
    };
    expect([await seenBy(anna), await seenBy(sue)]).toEqual([[1], [1, 2]]);
    const playedBy = async (token: string) =>
      (await api.getAs(token, `/api/v1/interactions/${shared._id}/recordings/2`)).status;
    expect([await playedBy(anna), await playedBy(sue)]).toEqual([404, 200]);
  });

  it.each(['2', '3'])('that is not there gives 404 (%s)', async (n) => {
    expect((await api.getAs(anna, `/api/v1/interactions/${own._id}/recordings/${n}`)).status).toBe(404);
  });

  it.each(['1', '2'])('never leads out of the recordings’ folder or to a folder (%s)', async (n) => {
    expect((await api.getAs(anna, `/api/v1/interactions/${escaping._id}/recordings/${n}`)).status).toBe(404);
  });

  it.each(['0', '-1', '1.5', 'one', '%20'])('of number %s is bad input', async (n) => {
    const response = await api.getAs(anna, `/api/v1/interactions/${own._id}/recordings/${n}`);
    expect(response.status).toBe(400);
    expect(faultSchema.parse(await response.json()).fields?.map((field) => field.path)).toEqual(['n']);
  });

  it('is closed when the listener goes away in the middle', async () => {
    const big = anInteraction({ recordings: [aRecording('2026/big.wav')] });
    api.interactions.push(big);
    await api.put('recordings/2026/big.wav', wavFile(8_000_000));
    const leaving = new AbortController();
    const response = await fetch(`${api.origin}/api/v1/interactions/${big._id}/recordings/1`, {
      headers: { authorization: `Bearer ${anna}` },
      signal: leaving.signal,
    });
    leaving.abort();
    await expect(response.arrayBuffer()).rejects.toThrow();
    expect((await api.getAs(anna, path)).status).toBe(200);
  });
});
