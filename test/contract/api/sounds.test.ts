/** Prompts and music by the API: uploads are checked, levelled and kept in versions; what a flow plays stays. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loudnessLufs } from '../../../media/wav/loudness';
import { readSound } from '../../../media/wav/read-sound';
import { SAMPLE_FLOW } from '../../../main/sample-center';
import { parseFlow } from '../../../flows/document';
import { ApiFixture } from '../../support/api/api-fixture';
import { soundsBelow } from '../../support/api/sounds-below';
import { dominantFrequencyHz, fromPcm16, toPcm16, tone } from '../../support/spectrum';
import { pcm16Wav } from '../../support/wav';

const wavOf = (frequencyHz: number, amplitude = 0.02, sampleRateHz = 44_100): Buffer =>
  pcm16Wav(toPcm16(tone({ frequencyHz, durationMs: 1000, amplitude, sampleRateHz })), { sampleRateHz });

describe('over HTTP', () => {
  let api: ApiFixture;
  let token: string;

  beforeAll(async () => {
    api = await new ApiFixture().start();
    ({ token } = await api.session('sue'));
  });
  afterAll(() => api.stop());

  const send = (method: string, path: string, body?: Buffer | string, as = token): Promise<Response> =>
    api.fetch(`/api/v1/sounds${path}`, {
      method,
      headers: {
        authorization: `Bearer ${as}`,
        'content-type': typeof body === 'string' ? 'application/json' : 'audio/wav',
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : new Uint8Array(body) }),
    });
  const file = (path: string): string => `/file?path=${encodeURIComponent(path)}`;
  const heard = async (path: string): Promise<Float64Array> => {
    const wav = Buffer.from(await (await send('GET', path)).arrayBuffer());
    const sound = await readSound(wav, (fileHz) => fileHz);
    if (!sound.ok) throw new Error(sound.fault.message);
    return fromPcm16(sound.value.samples);
  };

  it('an upload is levelled, heard, replaced by the next version and taken back', async () => {
    const path = 'prompts/en/holidays';
    const first = await send('PUT', file(path), wavOf(700));
    expect(first.status).toBe(200);
    expect(await first.json()).toMatchObject({
      path,
      builtIn: false,
      current: 1,
      versions: [{ n: 1, by: 'sue', source: 'upload', durationMs: 1000, peakDbfs: -34 }],
      warnings: [],
    });
    const wav = Buffer.from(await (await send('GET', file(path))).arrayBuffer());
    const sound = await readSound(wav, (fileHz) => fileHz);
    if (!sound.ok) throw new Error(sound.fault.message);
    expect(sound.value.sampleRateHz).toBe(16_000);
    expect(loudnessLufs(sound.value.samples, 16_000)).toBeCloseTo(-21, 0);
    expect(await (await send('PUT', `${file(path)}&source=browser`, wavOf(1100))).json()).toMatchObject({ current: 2 });
    expect(dominantFrequencyHz(await heard(file(path)), { sampleRateHz: 16_000 })).toBe(1100);
    expect(dominantFrequencyHz(await heard(`${file(path)}&version=1`), { sampleRateHz: 16_000 })).toBe(700);
    const back = await send('POST', `/version?path=${encodeURIComponent(path)}`, '{"version":1}');
    expect(await back.json()).toMatchObject({ current: 1, versions: [{ n: 1 }, { n: 2 }] });
    expect(dominantFrequencyHz(await heard(file(path)), { sampleRateHz: 16_000 })).toBe(700);
    expect(api.audit.at(-1)).toMatchObject({ action: 'sound-changed', detail: { what: `${path} version 1` } });
    expect((await send('DELETE', file(path))).status).toBe(200);
    expect((await send('GET', file(path))).status).toBe(404);
    expect((await send('DELETE', file(path))).status).toBe(404);
  });

  it('lists the sounds of the product beside its own', async () => {
    await send('PUT', file('music/evening/first'), wavOf(500));
    const { items } = (await (await send('GET', '')).json()) as { items: { path: string; builtIn: boolean }[] };
    expect(items).toContainEqual(
      expect.objectContaining({ path: 'prompts/zh-CN/welcome', builtIn: true, versions: [] }),
    );
    expect(items).toContainEqual(expect.objectContaining({ path: 'music/evening/first', builtIn: false, current: 1 }));
    expect((await send('GET', file('prompts/zh-CN/welcome'))).headers.get('content-type')).toContain('audio/wav');
  });

  it.each([
    ['no WAV', file('prompts/en/bad'), Buffer.from('ID3 something'), 400],
    ['silence', file('prompts/en/bad'), pcm16Wav(new Int16Array(8000)), 400],
    ['nothing', file('prompts/en/bad'), Buffer.alloc(0), 400],
    ['ADPCM', file('prompts/en/bad'), Buffer.from(wavOf(500)).fill(2, 20, 21), 501],
    ['a path that leads elsewhere', file('prompts/en/../../x'), wavOf(500), 400],
    ['a folder that is none of ours', file('takes/x'), wavOf(500), 400],
  ])('%s is refused', async (_what, path, body, status) => {
    expect((await send('PUT', path, body)).status).toBe(status);
    expect((await send('GET', file('prompts/en/bad'))).status).toBe(404);
  });

  it('what is not good to hear is said', async () => {
    const samples = new Int16Array(8000 * 8);
    samples.set(toPcm16(tone({ frequencyHz: 500, durationMs: 500, amplitude: 0.003 })), 8000 * 2);
    samples.set(toPcm16(tone({ frequencyHz: 500, durationMs: 500, amplitude: 0.003 })), 8000 * 6);
    const taken = await send('PUT', file('prompts/en/quiet'), pcm16Wav(samples));
    expect(await taken.json()).toMatchObject({ warnings: ['quiet', 'silent-edges', 'silent-within'] });
    const clipped = await send('PUT', file('prompts/en/clipped'), wavOf(500, 1.5));
    expect(await clipped.json()).toMatchObject({ warnings: ['clipped'] });
  });

  it('agents neither hear nor change them here', async () => {
    const { token: agent } = await api.session('anna');
    expect((await send('GET', '', undefined, agent)).status).toBe(403);
    expect((await send('PUT', file('prompts/en/mine'), wavOf(500), agent)).status).toBe(403);
    expect((await send('DELETE', file('prompts/en/quiet'), undefined, agent)).status).toBe(403);
  });
});

describe('the book of sounds', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'switchroom-sounds-'));
  });
  afterEach(() => rm(dir, { recursive: true }));

  it('keeps what a flow plays, unless the product has one in its place', async () => {
    const own = parseFlow({
      id: 'own',
      version: 1,
      title: '',
      start: 'a',
      steps: {
        a: { do: 'play', prompts: [{ prompt: 'holidays', language: 'en' }], next: 'b' },
        b: { do: 'hang-up' },
      },
    });
    const sample = parseFlow(SAMPLE_FLOW);
    if (!own.ok || !sample.ok) throw new Error('a flow is wrong');
    const book = soundsBelow(dir, [own.value, sample.value]);
    const origin = { by: 'sue', source: 'upload' } as const;
    await book.put('prompts/en/holidays', wavOf(500), origin);
    await book.put('prompts/en/welcome', wavOf(500), origin);
    const refused = await book.remove('prompts/en/holidays');
    expect(refused).toMatchObject({ ok: false, fault: { code: 'conflict' } });
    expect(!refused.ok && refused.fault.message).toContain('own');
    expect(await book.remove('prompts/en/welcome')).toMatchObject({ ok: true });
    expect(await book.get('prompts/en/welcome')).toMatchObject({ builtIn: true, versions: [], flows: ['main-number'] });
  });

  it('keeps the latest twenty versions', async () => {
    const book = soundsBelow(dir);
    for (let n = 0; n < 22; n += 1)
      await book.put('prompts/en/often', wavOf(500, 0.1, 8000), { by: 'a', source: 'upload' });
    const view = await book.get('prompts/en/often');
    expect(view?.versions.map(({ n }) => n)).toEqual(Array.from({ length: 20 }, (_, index) => index + 3));
    expect(await book.read('prompts/en/often', 2)).toBeUndefined();
    expect(await book.read('prompts/en/often', 3)).toBeDefined();
  });

  it('takes what a caller has recorded, without the silence around it', async () => {
    const book = soundsBelow(dir);
    const samples = new Int16Array(8000 * 4);
    samples.set(toPcm16(tone({ frequencyHz: 600, durationMs: 1000, amplitude: 0.1 })), 8000);
    await mkdir(join(dir, 'takes'));
    await writeFile(join(dir, 'takes/t1.wav'), pcm16Wav(samples));
    const take = { path: 'takes/t1.wav', by: '4711' };
    expect(await book.keepTake(take, { language: 'en', name: 'greeting' })).toEqual({ ok: true, value: undefined });
    const [version] = (await book.get('prompts/en/greeting'))?.versions ?? [];
    expect(version).toMatchObject({ source: 'phone', by: '4711' });
    expect(version?.durationMs).toBeGreaterThanOrEqual(1280);
    expect(version?.durationMs).toBeLessThanOrEqual(1320);
    const file = await readFile(join(dir, 'prompts/en/greeting.wav'));
    expect(dominantFrequencyHz(fromPcm16(await soundOf(file)))).toBe(600);
    expect(await book.keepTake(take, { language: 'en', name: '../x' })).toMatchObject({ ok: false });
    expect(await book.keepTake({ ...take, path: 'takes/t2.wav' }, { language: 'en', name: 'x' })).toMatchObject({
      ok: false,
      fault: { code: 'not_found' },
    });
  });
});

async function soundOf(file: Buffer): Promise<Int16Array> {
  const sound = await readSound(file, (fileHz) => fileHz);
  if (!sound.ok) throw new Error(sound.fault.message);
  return sound.value.samples;
}
