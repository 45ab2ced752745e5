import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import i18next from 'i18next';
import type { AlarmView } from '../../../api/contract/security';
import { countNew, mergeAlarms, MOST_ALARMS } from '../../../agent-web/src/alarms/alarm-list';
import { alarmText } from '../../../agent-web/src/alarms/alarm-text';
import type { QueueNamer } from '../../../agent-web/src/alarms/alarm-text';
import { EMPTY_DESK, reduceDesk } from '../../../agent-web/src/desk/desk-state';
import { en } from '../../../agent-web/src/i18n/en';
import { zh } from '../../../agent-web/src/i18n/zh';

const alarm = (atMs: number, change: Partial<AlarmView> = {}): AlarmView => ({
  id: `a${atMs}`,
  atMs,
  kind: 'source-banned',
  severity: 'warning',
  message: '192.0.2.9 is banned: it failed to sign in ten times',
  details: { source: '192.0.2.9', account: '1001', untilMs: 60_000, level: 1 },
  ...change,
});

describe('the list of alarms', () => {
  test('has each alarm once, the latest first, however it came', () => {
    const ids = mergeAlarms([alarm(3), alarm(1)], [alarm(3), alarm(2)]).map(({ id }) => id);
    expect(ids).toEqual(['a3', 'a2', 'a1']);
  });

  test('is bounded', () => {
    const many = Array.from({ length: MOST_ALARMS + 5 }, (_none, at) => alarm(at));
    expect(mergeAlarms(many, [])).toHaveLength(MOST_ALARMS);
    let desk = EMPTY_DESK;
    for (const one of many) {
      desk = reduceDesk(desk, { type: 'alarm', alarm: one }, { ownAgentId: undefined, nowMs: 0 });
    }
    expect(desk.alarms).toHaveLength(MOST_ALARMS);
    expect(desk.alarms[0]?.id).toBe(`a${MOST_ALARMS + 4}`);
  });

  test('counts as new what came after the latest that was seen', () => {
    expect(countNew([alarm(9), alarm(8), alarm(7)], 7)).toBe(2);
    expect(countNew([], 0)).toBe(0);
  });
});

describe("an alarm's sentence", () => {
  const saidIn = async (language: 'en' | 'zh', said: AlarmView, nameOfQueue?: QueueNamer): Promise<string> => {
    await i18next.init({
      lng: language,
      resources: { en: { translation: en }, zh: { translation: zh } },
      interpolation: { escapeValue: false },
    });
    return alarmText(said, i18next.t, nameOfQueue);
  };

  test('is made from the details in the language of the reader, when the kind is known', async () => {
    expect(await saidIn('zh', alarm(1))).toMatch(/^192\.0\.2\.9 已被封禁至 \d\d:\d\d：登录失败十次。$/);
    expect(await saidIn('en', alarm(1))).toMatch(/^192\.0\.2\.9 is banned until \d\d:\d\d: it failed/);
  });

  const refusal = alarm(1, {
    kind: 'call-limit',
    details: { account: 'agent:anna', class: 'international', breach: 'call-limit-rate', limit: 3 },
  });
  const fullTrunk = alarm(1, {
    kind: 'trunk-limit-reached',
    details: { trunkId: 'carrier', direction: 'outbound', limit: 'calls-per-second' },
  });
  const spent = alarm(1, {
    kind: 'call-cost-ceiling',
    details: { account: 'phone:2001', class: 'premium', cost: 21, limit: 20 },
  });

  test.each([
    [refusal, 'agent:anna 的呼叫被拒绝：国际号码一分钟内呼叫过多（上限 3）。'],
    [fullTrunk, '中继 carrier 已达上限：每秒呼叫数（呼出）。'],
    [spent, 'phone:2001 不能再呼叫收费声讯号码：今日费用 21，上限 20。确认无误后请解除锁定。'],
  ])('says the words among its details in Chinese, too: $kind', async (said, text) => {
    expect(await saidIn('zh', said)).toBe(text);
  });

  test('calls a queue as the reader does, and as the server does where the reader knows none', async () => {
    const long = alarm(1, {
      kind: 'queue-long',
      details: { queueId: 'support', queue: 'Support', waiting: 31, limit: 30 },
    });
    expect(await saidIn('zh', long, (queueId) => (queueId === 'support' ? '技术支持' : undefined))).toContain(
      '技术支持',
    );
    expect(await saidIn('zh', long, () => undefined)).toContain('Support');
  });

  test('is what the server says, when the kind is not known', async () => {
    expect(await saidIn('zh', alarm(1, { kind: 'toString', message: 'The disk is full' }))).toBe('The disk is full');
  });
});

describe('the kinds of alarms', () => {
  const ROOT = resolve(__dirname, '../../..');
  const sources = ['base', 'signaling', 'media', 'calls', 'store', 'main'].flatMap((room) =>
    readdirSync(join(ROOT, room), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(join(ROOT, room, name), 'utf8')),
  );
  /** Where an alarm is made its kind stands before its severity. */
  const raised = sources.flatMap((source) =>
    [...source.matchAll(/(?:kind: |raise\()'([a-z-]+)',\s*(?:severity:|'(?:info|warning|critical)')/g)].map(
      ([, kind = '']) => kind,
    ),
  );

  test('are found in the source', () => {
    expect(raised).toEqual(expect.arrayContaining(['trunk-down', 'recording-failed', 'conference-pin-guessing']));
  });

  test.each([...new Set(raised)])('%s has a sentence in both languages', (kind) => {
    for (const { alarms } of [en, zh]) expect(Object.keys(alarms.kind)).toContain(kind);
  });
});
