/** Texts that are said: the cache, the bounds, espeak-ng as it is, and a service by HTTP. */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../../../base/clock';
import { fail, ok } from '../../../../base/result';
import type { Result } from '../../../../base/result';
import type { Utterance } from '../../../../media/speech/engine';
import { EspeakEngine } from '../../../../media/speech/espeak-engine';
import { HttpEngine } from '../../../../media/speech/http-engine';
import { Speech } from '../../../../media/speech/speech';
import { SpeechCache } from '../../../../media/speech/speech-cache';
import { readSound } from '../../../../media/wav/read-sound';
import { fromPcm16, levelDbfs, toPcm16, tone } from '../../../support/spectrum';
import { describeNeeding } from '../../../support/tools';
import { pcm16Wav } from '../../../support/wav';

const clock = systemClock;
const WAV = pcm16Wav(toPcm16(tone({ frequencyHz: 500, durationMs: 100 })));

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'switchroom-speech-'));
});
afterEach(() => rm(dir, { recursive: true }));

/** An engine that counts how often it was asked. */
const counting = (say: (utterance: Utterance) => Promise<Result<Buffer>>) => {
  const asked: string[] = [];
  const engine = {
    name: 'test 1',
    say: (utterance: Utterance) => {
      asked.push(utterance.text);
      return say(utterance);
    },
  };
  return { asked, engine };
};

describe('Speech', () => {
  const speechOf = (engine: ReturnType<typeof counting>['engine'], maxBytes?: number): Speech =>
    new Speech({ engine, cache: new SpeechCache({ dir, maxBytes, clock }) });

  it('says a text once for all who want it, and never again after a restart', async () => {
    const { asked, engine } = counting(() => Promise.resolve(ok(WAV)));
    const speech = speechOf(engine);
    const text = { text: 'hello', language: 'en' };
    const said = await Promise.all([speech.say(text), speech.say(text)]);
    expect(said.every((wav) => wav.ok && wav.value.equals(WAV))).toBe(true);
    expect(await speechOf(engine).say(text)).toMatchObject({ ok: true });
    expect(asked).toEqual(['hello']);
  });

  it('another voice, language or version of the engine is said anew', async () => {
    const { asked, engine } = counting(() => Promise.resolve(ok(WAV)));
    const speech = speechOf(engine);
    await speech.say({ text: 'a', language: 'en' });
    await speech.say({ text: 'a', language: 'de' });
    await speech.say({ text: 'a', language: 'en', voice: 'x' });
    await speechOf({ ...engine, name: 'test 2' }).say({ text: 'a', language: 'en' });
    expect(asked).toHaveLength(4);
  });

  it('a failure is not kept', async () => {
    let broken = true;
    const { engine } = counting(() => Promise.resolve(broken ? fail('unavailable', 'no') : ok(WAV)));
    const speech = speechOf(engine);
    expect(await speech.say({ text: 'a', language: 'en' })).toMatchObject({ ok: false });
    broken = false;
    expect(await speech.say({ text: 'a', language: 'en' })).toMatchObject({ ok: true });
  });

  it('the folder keeps to its bound: what was unused longest goes', async () => {
    const { asked, engine } = counting(() => Promise.resolve(ok(WAV)));
    const speech = speechOf(engine, WAV.length * 2);
    for (const text of ['a', 'b', 'a', 'c', 'a', 'b']) await speech.say({ text, language: 'en' });
    expect(await readdir(dir)).toHaveLength(2);
    expect(asked).toEqual(['a', 'b', 'c', 'b']);
  });

  it('refuses nothing, too much, and more than fifty waiting at once', async () => {
    const finish: (() => void)[] = [];
    const { engine } = counting(() => new Promise((resolve) => void finish.push(() => resolve(ok(WAV)))));
    const speech = speechOf(engine);
    expect(await speech.say({ text: ' ', language: 'en' })).toMatchObject({ fault: { code: 'bad_input' } });
    expect(await speech.say({ text: 'a'.repeat(2001), language: 'en' })).toMatchObject({
      fault: { code: 'bad_input' },
    });
    const many = Array.from({ length: 60 }, (_, index) => speech.say({ text: `${index}`, language: 'en' }));
    const codes: string[] = [];
    many.forEach((one) => void one.then((result) => codes.push(result.ok ? 'ok' : result.fault.code)));
    while (codes.length < 60) {
      finish.splice(0).forEach((end) => end());
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(codes.filter((code) => code === 'overloaded')).toHaveLength(8);
    expect(codes.filter((code) => code === 'ok')).toHaveLength(52);
  });
});

describeNeeding('espeak-ng')('espeak-ng', () => {
  it.each([
    ['en', 'Your balance is one thousand two hundred dollars.'],
    ['zh-CN', '您的余额是一千二百三十四元五角。'],
  ])('says %s', async (language, text) => {
    const engine = await EspeakEngine.open({ clock });
    expect(engine.name).toMatch(/^espeak-ng \d/);
    const said = await engine.say({ text, language });
    if (!said.ok) throw new Error(said.fault.message);
    const sound = await readSound(said.value, (fileHz) => fileHz);
    if (!sound.ok) throw new Error(sound.fault.message);
    const seconds = sound.value.samples.length / sound.value.sampleRateHz;
    expect(seconds).toBeGreaterThan(2);
    expect(seconds).toBeLessThan(9);
    expect(levelDbfs(fromPcm16(sound.value.samples))).toBeGreaterThan(-35);
  });

  it('takes no options, no spelling of its own and no shell from a text', async () => {
    const engine = await EspeakEngine.open({ clock });
    for (const text of [`-w ${dir}/made.wav hello`, `$(touch ${dir}/made) hello`, "[[h@'loU]]", '\u0000\u001b hello'])
      expect(await engine.say({ text, language: 'en' })).toMatchObject({ ok: true });
    expect(await readdir(dir)).toEqual([]);
  });

  it.each([['-w'], ['../x'], ['qqqq']])('refuses the voice %s', async (voice) => {
    const engine = await EspeakEngine.open({ clock });
    expect(await engine.say({ text: 'a', language: 'en', voice })).toMatchObject({ ok: false });
  });
});

describe('espeak-ng that is not as it should be', () => {
  const program = async (script: string): Promise<EspeakEngine> => {
    const file = join(dir, 'program.sh');
    await writeFile(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return EspeakEngine.open({ clock, program: file });
  };

  it('one that is missing is named with the cure', async () => {
    const engine = await EspeakEngine.open({ clock, program: 'espeak-ng-of-nowhere' });
    const said = await engine.say({ text: 'a', language: 'en' });
    expect(said).toMatchObject({ ok: false, fault: { code: 'unavailable' } });
    expect(!said.ok && said.fault.message).toContain('apt-get install');
  });

  it('one that fails says why', async () => {
    const said = await (await program('echo "no data" >&2; exit 3')).say({ text: 'a', language: 'en' });
    expect(!said.ok && said.fault.message).toContain('ended with 3: no data');
  });

  it('one that gives too much is ended', async () => {
    const engine = await program('[ "$1" = --version ] && exit 0; exec cat /dev/zero');
    expect(await engine.say({ text: 'a', language: 'en' })).toMatchObject({ fault: { code: 'bad_input' } });
  });

  it('one that does not end is ended after five seconds', async () => {
    const engine = await program('[ "$1" = --version ] && exit 0; exec sleep 60');
    expect(await engine.say({ text: 'a', language: 'en' })).toMatchObject({ fault: { code: 'timeout' } });
  }, 15_000);
});

describe('a speech service by HTTP', () => {
  let server: Server;
  let answer: { status: number; body: Buffer | 'never' };
  const requests: { method?: string | undefined; url?: string | undefined; key?: unknown; body: string }[] = [];

  beforeEach(async () => {
    requests.length = 0;
    answer = { status: 200, body: WAV };
    server = createServer((request, response) => {
      void bodyOf(request).then((body) => {
        requests.push({ method: request.method, url: request.url, key: request.headers['x-key'], body });
        if (answer.body === 'never') return;
        response.writeHead(answer.status, { 'content-type': 'audio/wav' });
        response.end(answer.body);
      });
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const engineWith = (body?: string, timeoutMs = 10_000): HttpEngine => {
    const { port } = server.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}/say?t={text}&l={language}&v={voice}`;
    return new HttpEngine({ clock, url, headers: { 'X-Key': 'k1' }, body, timeoutMs, voices: { en: 'amy' } });
  };

  it('is asked by GET, with the text in the address', async () => {
    const said = await engineWith().say({ text: 'a & b {voice}', language: 'en' });
    expect(said.ok && said.value.equals(WAV)).toBe(true);
    expect(requests).toEqual([
      { method: 'GET', url: '/say?t=a%20%26%20b%20%7Bvoice%7D&l=en&v=amy', key: 'k1', body: '' },
    ]);
  });

  it('is asked by POST, with the text in a body of JSON that it cannot break', async () => {
    const text = '说"\\你好"\n';
    await engineWith('{"input":"{text}","voice":"{voice}"}').say({ text, language: 'zh-CN', voice: 'li' });
    expect(requests[0]?.method).toBe('POST');
    expect(JSON.parse(requests[0]?.body ?? '')).toEqual({ input: text, voice: 'li' });
  });

  it.each([
    ['400', { status: 400, body: WAV }, 'bad_input'],
    ['503', { status: 503, body: WAV }, 'unavailable'],
    ['nothing', { status: 200, body: 'never' }, 'timeout'],
    ['11 MB', { status: 200, body: Buffer.alloc(11 * 1024 * 1024) }, 'unavailable'],
  ] as const)('an answer of %s is a fault', async (_what, wrong, code) => {
    answer = wrong;
    const engine = engineWith(undefined, wrong.body === 'never' ? 300 : 10_000);
    expect(await engine.say({ text: 'a', language: 'en' })).toMatchObject({ ok: false, fault: { code } });
  });

  it('a service that is not there is a fault that names the host and not the key', async () => {
    const engine = engineWith();
    await new Promise((resolve) => void server.close(resolve));
    const said = await engine.say({ text: 'a', language: 'en' });
    expect(said).toMatchObject({ ok: false, fault: { code: 'unavailable' } });
    expect(!said.ok && said.fault.message).not.toContain('k1');
  });
});

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
