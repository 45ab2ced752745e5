/** Why a trunk fails, as the bell says it: each cause in English as in the log, and in Chinese. */
import i18next from 'i18next';
import { Alarms } from '../../../base/alarms';
import { SimulatedClock } from '../../../base/clock';
import { TypedEmitter } from '../../../base/emitter';
import { silentLogger } from '../../../base/log';
import { alarmSchema } from '../../../api/contract/security';
import type { AlarmView } from '../../../api/contract/security';
import { alarmText } from '../../../agent-web/src/alarms/alarm-text';
import { en } from '../../../agent-web/src/i18n/en';
import { zh } from '../../../agent-web/src/i18n/zh';
import type { RecordingFailure } from '../../../media/ports';
import { TrunkAlarms } from '../../../signaling/trunks/trunk-alarms';
import type { TrunkCause } from '../../../signaling/trunks/trunk-cause';
import type { TrunkEvents } from '../../../signaling/trunks/trunk-events';

interface Said {
  readonly values: object;
  readonly en: string;
  readonly zh: string;
}

const answer = { status: 401, reason: 'Unauthorized' };

/** What does not name each cause does not compile. */
const CAUSES: { readonly [Key in TrunkCause['key']]: Said & Pick<Extract<TrunkCause, { key: Key }>, 'values'> } = {
  response: {
    values: { status: 503, reason: 'Out of order' },
    en: '503 Out of order',
    zh: '收到应答 503 Out of order',
  },
  'credentials-refused': {
    values: { ...answer, username: 'bob' },
    en: '401 Unauthorized (the user name or password of bob was refused)',
    zh: '收到应答 401 Unauthorized（bob 的用户名或密码被拒绝）',
  },
  'challenge-unknown': {
    values: answer,
    en: '401 Unauthorized (the 401 has no digest challenge of MD5, SHA-256 or SHA-512-256)',
    zh: '收到应答 401 Unauthorized（这个 401 中没有 MD5、SHA-256 或 SHA-512-256 摘要质询）',
  },
  'not-answered': {
    values: { method: 'OPTIONS', timeoutMs: 2_000 },
    en: 'OPTIONS was not answered within 2000 ms',
    zh: 'OPTIONS 在 2000 毫秒内没有应答',
  },
  'not-sent': {
    values: { method: 'REGISTER', error: 'ENOTFOUND' },
    en: 'REGISTER could not be sent: ENOTFOUND',
    zh: 'REGISTER 无法发送：ENOTFOUND',
  },
  'nothing-sent': { values: {}, en: 'nothing was sent', zh: '未发送任何请求' },
  'server-not-connected': { values: {}, en: 'the SIP server is not connected', zh: '尚未连接 SIP 服务器' },
  'server-lost': { values: {}, en: 'the SIP server was lost', zh: '与 SIP 服务器的连接已断开' },
  'call-not-answered': {
    values: { timeoutMs: 4_000 },
    en: 'the proxy said nothing within 4000 ms',
    zh: '代理在 4000 毫秒内没有任何应答',
  },
  'call-not-placed': {
    values: { error: 'ENOTFOUND' },
    en: 'the call could not be placed: ENOTFOUND',
    zh: '无法发出呼叫：ENOTFOUND',
  },
  internal: { values: { error: 'out of range' }, en: 'out of range', zh: '内部错误：out of range' },
  answered: { values: {}, en: 'it answers', zh: '代理已恢复应答' },
  'pause-over': { values: {}, en: 'its pause is over', zh: '代理的暂停时间已过' },
  registering: { values: {}, en: 'registering', zh: '正在注册' },
  registered: { values: {}, en: 'registered', zh: '已注册' },
  'settings-changed': { values: {}, en: 'its settings were changed', zh: '设置已更改' },
};

/** The alarm as the API shows it. */
const alarmOf = (cause: TrunkCause, to: 'down' | 'degraded' = 'down'): AlarmView => {
  const clock = new SimulatedClock();
  const alarms = new Alarms({ clock, log: silentLogger() });
  const events = new TypedEmitter<TrunkEvents>(silentLogger());
  new TrunkAlarms(events, { clock, alarms, exists: () => true });
  events.emit('state', { trunkId: 'carrier', from: 'up', to, cause, atMs: 0 });
  return alarmSchema.parse(alarms.recent[0]);
};

const saidIn = async (language: 'en' | 'zh', alarm: AlarmView): Promise<string> => {
  await i18next.init({
    lng: language,
    resources: { en: { translation: en }, zh: { translation: zh } },
    interpolation: { escapeValue: false },
  });
  return alarmText(alarm, i18next.t);
};

const cases = Object.entries(CAUSES).map(([key, said]) => ({ ...said, key }));

test.each(cases)('$key is said in both languages, and in the log in English', async (said) => {
  const alarm = alarmOf({ key: said.key, values: said.values } as TrunkCause);
  expect(alarm.message).toBe(`the trunk carrier is down: ${said.en}`);
  expect(alarm.details['why']).toBe(said.en);
  expect(await saidIn('en', alarm)).toBe(`The trunk carrier is down: ${said.en}.`);
  expect(await saidIn('zh', alarm)).toBe(`中继 carrier 已中断：${said.zh}。`);
});

/** Why recordings fail is said by the same list. What does not name each of these causes does not compile. */
const OF_RECORDINGS: Record<Exclude<RecordingFailure['cause'], 'other'>, true> = {
  'disk-too-full': true,
  'disk-full': true,
  'disk-too-slow': true,
  'disk-read-only': true,
  'disk-broken': true,
  'disk-quota': true,
  'file-too-long': true,
  'process-lost': true,
};
const ofTrunks = (causes: object): string[] => Object.keys(causes).filter((key) => !Object.hasOwn(OF_RECORDINGS, key));

test('every cause has a text in both languages, and every text a cause', () => {
  for (const { alarms } of [en, zh]) expect(ofTrunks(alarms.cause).sort()).toEqual(Object.keys(CAUSES).sort());
});

test('a carrier without a reason phrase leaves no gap', async () => {
  const alarm = alarmOf({ key: 'response', values: { status: 503, reason: '' } }, 'degraded');
  expect(await saidIn('en', alarm)).toBe('The trunk carrier works, but some of its proxies are down: 503.');
  expect(await saidIn('zh', alarm)).toBe('中继 carrier 可用，但部分代理已中断：收到应答 503。');
});

test("what a carrier says is not taken for a text of the page's own", async () => {
  const alarm = alarmOf({ key: 'response', values: { status: 503, reason: '{{trunkId}} $t(app.name)' } });
  expect(await saidIn('zh', alarm)).toBe('中继 carrier 已中断：收到应答 503 {{trunkId}} $t(app.name)。');
});

test('a cause that this page does not know is said as the server says it', async () => {
  const { cause: _known, ...alarm } = alarmOf({ key: 'server-lost', values: {} });
  const later = { ...alarm, cause: { key: 'toString', values: {} } };
  for (const said of [alarm, later]) {
    expect(await saidIn('zh', said)).toBe('中继 carrier 已中断：the SIP server was lost。');
  }
});
