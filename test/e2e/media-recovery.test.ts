/**
 * Two media processes, one of the supervisor's and one that runs alone and is reached by mutual TLS. One of them dies in
 * the middle of calls: its calls come back, those of the other notice nothing.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { verificationSchema } from '../../api/contract/recordings';
import type { Health, InteractionView } from '../../api/contract/rest';
import type { TestCall } from '../../infra/caller/test-call';
import { Baresip } from '../support/baresip';
import { callWithTone, lastHeard, untilAnswered, untilHearsTone } from '../support/caller';
import { readG711Wav } from '../support/g711-wav';
import { MediaHost } from '../support/media-host';
import { processNamed } from '../support/process-tree';
import { hearsTone, levelDbfs } from '../support/spectrum';
import { AGENT_HZ, CALLER_HZ, StaffedProduct } from '../support/staffed-product';
import { describeNeeding } from '../support/tools';
import { pause, until } from '../support/wait';

const PHONE_HZ = 700;
const RECOVERY_MS = 3000;
/** Of a page and a telephone on a busy machine, whose own delays are not ours. */
const PATIENCE_MS = 15_000;
/** What was on its way when the process died is heard until then, at most. */
const LEFTOVER_MS = 200;
const PHONE_LIFETIME_MS = 120_000;

const center = new StaffedProduct();

type MediaProcesses = NonNullable<Health['parts']['mediaProcesses']>;

const processes = async (): Promise<MediaProcesses> => {
  const response = await center.product.get('/api/v1/health');
  return ((await response.json()) as Health).parts.mediaProcesses ?? [];
};

/** How many legs each carries. */
const load = async (): Promise<Record<string, number>> =>
  Object.fromEntries((await processes()).map(({ name, endpoints }) => [name, endpoints]));

/** The process that has taken a call, which was placed by this. */
const processOfCall = async <Placed>(place: () => Promise<Placed>): Promise<{ name: string; placed: Placed }> => {
  const before = await load();
  const placed = await place();
  const after = await load();
  const name = Object.keys(after).find((one) => (after[one] ?? 0) > (before[one] ?? 0));
  if (name === undefined) throw new Error(`no process has taken the call: ${JSON.stringify({ before, after })}`);
  return { name, placed };
};

const LOCAL = 'media-1';
const host = new MediaHost('berlin');

const startHost = (): Promise<void> => host.start(join(center.product.folder, 'data'));

const kill = (name: string): void => {
  if (name === host.name) return void host.signal('SIGKILL');
  const pid = processNamed(center.product.pid, name);
  if (pid === undefined) throw new Error(`there is no process ${name}`);
  process.kill(pid, 'SIGKILL');
};

const allReady = (): Promise<unknown> =>
  until('all media processes', async () => (await processes()).every(({ state }) => state === 'ready'), 30_000);

/** How long after this moment a caller hears this again; what it had heard before does not count. */
const untilHearsAgain = async (call: TestCall, isHeard: (samples: Float64Array) => boolean): Promise<number> => {
  const startedMs = performance.now();
  const heardMs = call.heardMs + LEFTOVER_MS;
  const isBack = (): boolean => call.heardMs > heardMs + 300 && isHeard(lastHeard(call, 300));
  await until('the caller to hear again', isBack, PATIENCE_MS);
  return performance.now() - startedMs - 300;
};

/** The same of a telephone that is not ours. */
const untilPhoneHearsAgain = async (heard: Baresip, isHeard: (samples: Float64Array) => boolean): Promise<number> => {
  const startedMs = performance.now();
  await pause(LEFTOVER_MS);
  const samplesSoFar = async (): Promise<number> => (await heard.heard(PHONE_LIFETIME_MS)).length;
  const before = await samplesSoFar();
  const isBack = async (): Promise<boolean> =>
    (await samplesSoFar()) > before + 300 * 8 && isHeard(await heard.heard(300));
  await until('the phone to hear again', isBack, PATIENCE_MS);
  return performance.now() - startedMs - 300;
};

/** How long after the kill the last of so many legs was back, by the app's own log. @param since lines before do not count. */
const untilBack = async (legs: number, killed: { readonly atMs: number; readonly since: number }): Promise<number> => {
  const back = await until(
    `${legs} legs to be back`,
    () => {
      const lines = center.product.log.slice(killed.since).filter(({ msg }) => msg === 'media are back');
      return lines.length >= legs && lines;
    },
    30_000,
  );
  return Math.max(...back.map(({ time }) => Date.parse(String(time)))) - killed.atMs;
};

const now = (): { atMs: number; since: number } => ({ atMs: Date.now(), since: center.product.log.length });

/** How much of a side is that tone, in pieces of 300 ms. */
const shareOfTone = (side: Float64Array, frequencyHz: number): number => {
  const pieces = Array.from({ length: Math.floor(side.length / 2400) }, (_, index) =>
    side.slice(index * 2400, (index + 1) * 2400),
  );
  return pieces.filter((piece) => hearsTone(piece, frequencyHz)).length / pieces.length;
};

const recordedAt = async ({ id }: InteractionView, n: number): Promise<[Float64Array, Float64Array]> => {
  const response = await center.product.get(`/api/v1/interactions/${id}/recordings/${n}`);
  expect(response.status).toBe(200);
  return readG711Wav(Buffer.from(await response.arrayBuffer())).channels as [Float64Array, Float64Array];
};

/** Files that are there and as they were kept. */
const verifiedFiles = async (): Promise<number> => {
  const report = verificationSchema.parse(await (await center.product.get('/api/v1/recordings/verify')).json());
  expect(report.faults).toEqual([]);
  return report.files;
};

const phones: Baresip[] = [];

const startPhone = async (): Promise<Baresip> => {
  const register = { password: await center.product.newPhonePassword('2002'), sipPort: center.product.ports.sip };
  const phone = await Baresip.start({ from: '2002', toneHz: PHONE_HZ, autoAnswer: true, register });
  phones.push(phone);
  await phone.registered();
  return phone;
};

/** Calls the queue, with keys in its SDP. */
const securedCaller = async (from: string): Promise<Baresip> => {
  const caller = await Baresip.start({ from, secured: 'sdes' });
  phones.push(caller);
  await caller.call('4000', center.product.ports.sip);
  await until('the greeting', async () => levelDbfs(await caller.heard(300)) > -40, 30_000);
  return caller;
};

const windowsOf = (heard: Float64Array): Float64Array[] =>
  Array.from({ length: Math.floor(heard.length / 800) }, (_, at) => heard.subarray(at * 800, (at + 1) * 800));

/** When a tone is heard first, in ms. */
const firstTone = (heard: Float64Array, hz: number): number =>
  windowsOf(heard).findIndex((window) => hearsTone(window, hz)) * 100;

const report = (what: string, tookMs: number): number => {
  process.stderr.write(`${what}: sound is back after ${Math.round(tookMs)} ms\n`);
  return tookMs;
};

describeNeeding('chromium', 'baresip')('a media process that dies in conversations', () => {
  center.startForTests(async () => ({ config: await host.config() }));

  beforeAll(async () => {
    await startHost();
    await allReady();
  }, 180_000);

  afterAll(async () => {
    await Promise.all(phones.map((one) => one.close()));
    await host.close();
  });

  it('[HA-01] [HA-05] [HA-09] [HA-11] carrier and browser hear each other within three seconds, and their encrypted recording goes on, plays and is verified', async () => {
    const { name, placed } = await processOfCall(() => center.converse());
    const { call, from } = placed;
    await pause(1000);
    const killed = now();
    kill(name);
    report('carrier, from a browser', await untilHearsAgain(call, (heard) => hearsTone(heard, AGENT_HZ)));
    expect(await untilBack(2, killed)).toBeLessThan(RECOVERY_MS);
    await center.agent.untilHears(CALLER_HZ, PATIENCE_MS);
    await pause(700);
    await call.hangup();
    await center.agent.finishWrapUp();
    const interaction = await center.product.interactionFrom(from);
    expect(interaction.outcome).toEqual({ result: 'answered', reason: 'hung-up', party: 'caller' });
    expect(interaction.recordings).toHaveLength(2);
    for (const n of [1, 2]) {
      const [callerSide, agentSide] = await recordedAt(interaction, n);
      expect(shareOfTone(callerSide, CALLER_HZ)).toBeGreaterThan(0.3);
      expect(shareOfTone(agentSide, AGENT_HZ)).toBeGreaterThan(0.3);
    }
    const day = join(center.product.home, 'recordings', new Date(interaction.startedAtMs).toISOString().slice(0, 10));
    const parts = (await readdir(day)).filter((file) => file.startsWith(interaction.id));
    expect(parts.sort()).toEqual([1, 2].map((n) => `${interaction.id}-${n}.wav.sealed`));
    await until('both parts to be kept', async () => (await verifiedFiles()) === 2, 30_000);
    expect(center.agent.consoleErrors).toEqual([]);
    await allReady();
  }, 180_000);

  it('[HA-01] [HA-09] a caller in the queue with SRTP hears music again, a carrier its phone, when the machine of their process falls silent, and the conversation in the other process never stops', async () => {
    const { sip: port } = center.product.ports;
    const phone = await startPhone();
    const talk = await processOfCall(() => center.converse());
    const queued = await processOfCall(() => securedCaller('+493020022'));
    const toPhone = await processOfCall(async () => {
      const call = await callWithTone({ number: '2002', from: '+493020021', port });
      await untilHearsTone(call, PHONE_HZ, 30_000);
      return call;
    });
    expect(toPhone.name).not.toBe(talk.name);
    expect(queued.name).toBe(toPhone.name);
    expect(toPhone.name).toBe(host.name);
    await queued.placed.press('2');
    await pause(1500);
    const heardByTalk = talk.placed.call.heardMs;
    const [killed, killedMs] = [now(), performance.now()];
    host.fallSilent();
    const [phoneMs, musicMs] = await Promise.all([
      untilHearsAgain(toPhone.placed, (heard) => hearsTone(heard, PHONE_HZ)),
      untilPhoneHearsAgain(queued.placed, (heard) => levelDbfs(heard) > -40),
    ]);
    report('carrier, from a phone, after silence', phoneMs);
    report('caller in the queue with SDES, after silence', musicMs);
    const backMs = report('three legs by the log', await untilBack(3, killed));
    await host.signal('SIGKILL');
    expect(backMs).toBeLessThan(RECOVERY_MS);
    await until('the phone to hear its caller', async () => hearsTone(await phone.heard(300), CALLER_HZ), PATIENCE_MS);
    // Whom it does not concern has heard without a break.
    const elapsedMs = performance.now() - killedMs;
    expect(talk.placed.call.heardMs - heardByTalk).toBeGreaterThan(elapsedMs - 300);
    queued.placed.hangUp();
    await Promise.all([toPhone.placed.hangup(), talk.placed.call.hangup()]);
    await center.agent.finishWrapUp();
    await startHost();
    await allReady();
  }, 180_000);

  it('[HA-01] [HA-09] a browser comes back when the media worker alone dies, and the carrier keeps its recording', async () => {
    const { name, placed } = await processOfCall(() => center.converse());
    const { call, from } = placed;
    await pause(500);
    const killed = now();
    process.kill(center.product.mediaWorkerPid(name), 'SIGKILL');
    report('carrier, after the worker', await untilHearsAgain(call, (heard) => hearsTone(heard, AGENT_HZ)));
    expect(await untilBack(1, killed)).toBeLessThan(RECOVERY_MS);
    await center.agent.untilHears(CALLER_HZ, PATIENCE_MS);
    await call.hangup();
    await center.agent.finishWrapUp();
    const interaction = await center.product.interactionFrom(from);
    expect(interaction.recordings).toHaveLength(1);
    const [callerSide, agentSide] = await recordedAt(interaction, 1);
    expect(shareOfTone(callerSide, CALLER_HZ)).toBeGreaterThan(0.3);
    expect(shareOfTone(agentSide, AGENT_HZ)).toBeGreaterThan(0.3);
  }, 180_000);

  it('[HA-09] a process that is drained within a time hands its calls over and starts anew', async () => {
    const { name, placed } = await processOfCall(() => center.converse());
    const { call } = placed;
    expect(name).toBe(LOCAL);
    await center.product.admin('POST', `/media-processes/${LOCAL}/drain`, { withinMs: 500 });
    expect((await processes())[0]).toMatchObject({ name: LOCAL, state: 'draining' });
    await expect(center.product.admin('POST', `/media-processes/${host.name}/drain`)).rejects.toThrow('409');
    await until('the call to move', async () => (await load())[host.name] === 2, 30_000);
    report('carrier, after the drain', await untilHearsAgain(call, (heard) => hearsTone(heard, AGENT_HZ)));
    await center.agent.untilHears(CALLER_HZ, PATIENCE_MS);
    await allReady();
    await call.hangup();
    await center.agent.finishWrapUp();
    expect(center.product.log.some(({ msg }) => msg === 'a process has ended to be started anew')).toBe(true);
  }, 180_000);

  it('[HA-09] a prompt of a flow is heard again, and the flow goes on behind it, when its process dies in the prompt', async () => {
    const steps = {
      answer: { do: 'answer', next: 'greeting' },
      greeting: {
        do: 'play',
        prompts: ['welcome', 'record-notice', 'welcome'].map((prompt) => ({ prompt, language: 'en' })),
        next: 'behind',
      },
      behind: { do: 'tone', tone: 'special-information', durationMs: 2000, next: 'end' },
      end: { do: 'hang-up', reason: 'all was heard' },
    };
    await center.product.admin('PUT', '/flows/long-prompt', { title: 'A long prompt', start: 'answer', steps });
    await center.product.admin('PUT', '/numbers/4970', { flowId: 'long-prompt' });
    const from = '+493020023';
    const { name, placed: call } = await processOfCall(async () => {
      const placed = await callWithTone({ number: '4970', from, port: center.product.ports.sip });
      await untilAnswered(placed);
      return placed;
    });
    await until('the prompt', () => levelDbfs(lastHeard(call, 300)) > -40, 30_000);
    await pause(1000);
    const heardMs = call.heardMs;
    const killed = now();
    kill(name);
    report('caller, of a prompt', await untilHearsAgain(call, (heard) => levelDbfs(heard) > -40));
    expect(await untilBack(1, killed)).toBeLessThan(RECOVERY_MS);
    await call.ended;
    const after = lastHeard(call, call.heardMs - heardMs - LEFTOVER_MS);
    const at = firstTone(after, 950);
    // It began anew: all three prompts were heard after the death, and then what stands behind them in the flow.
    expect(at).toBeGreaterThan(4500);
    const spoken = windowsOf(after.subarray(0, at * 8)).filter((window) => levelDbfs(window) > -40);
    expect(spoken.length).toBeGreaterThan(20);
    expect(hearsTone(after.subarray((at + 660) * 8, (at + 960) * 8), 1800)).toBe(true);
    const { outcome } = await center.product.interactionFrom(from);
    expect(outcome).toEqual({ result: 'answered', reason: 'all was heard', party: 'system' });
    if (name === host.name) await startHost();
    await allReady();
  }, 180_000);

  it('[HA-09] afterwards nothing is open any more, an idle process ends when it is told to, and the next call works', async () => {
    await until('no legs', async () => Object.values(await load()).every((legs) => legs === 0), 30_000);
    await host.signal('SIGTERM');
    const { call } = await center.converse();
    await call.hangup();
    await center.agent.finishWrapUp();
  }, 180_000);
});
