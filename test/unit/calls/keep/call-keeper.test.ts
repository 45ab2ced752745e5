/** When a call is written down, and when that is removed. */
import { SimulatedClock } from '../../../../base/clock';
import { asId } from '../../../../base/ids';
import type { AgentId, CallId, EndpointId, QueueId } from '../../../../base/ids';
import { silentLogger } from '../../../../base/log';
import { Call } from '../../../../calls/call';
import { InteractionLog } from '../../../../calls/interaction-log';
import { CallKeeper, KeptSerialQueue } from '../../../../calls/keep/call-keeper';
import { parseCallRecord } from '../../../../calls/keep/call-record';
import { newInteraction } from '../../../../calls/open-log';
import { DialogDouble } from '../support/dialog-double';

const callId = asId<CallId>('c1');
const queueId = asId<QueueId>('support');
const ANN = asId<AgentId>('ann');

const scene = () => {
  const clock = new SimulatedClock();
  const told: string[] = [];
  const calls = new Map<CallId, Call>();
  const wrapUps = new Map<AgentId, Call>();
  let finishSave: () => void = () => undefined;
  const log = new InteractionLog(
    {
      clock,
      log: silentLogger(),
      save: () => new Promise<void>((resolve) => (finishSave = resolve)),
      saved: () => undefined,
    },
    newInteraction({ direction: 'inbound', startedAtMs: 1, caller: { number: '1' }, called: { number: '2' } }),
  );
  const about = { number: '1', displayName: undefined, dialledNumber: '2', startedAtMs: 1 };
  const identity = { callId, direction: 'inbound', ...about } as const;
  const call = new Call(identity, log, { kind: 'flow', state: { kind: 'idle' } });
  const endpointId = asId<EndpointId>('e1');
  call.customer = { endpointId, codec: 'PCMA', dialog: new DialogDouble('d1'), outgoing: undefined };
  calls.set(callId, call);
  const writes = {
    hold: false,
    waiting: [] as (() => void)[],
    release: (): void => {
      writes.hold = false;
      for (const written of writes.waiting.splice(0)) written();
    },
  };
  const keeper = new CallKeeper({
    ...{ clock, calls, wrapUps },
    records: {
      save: (_id, json) => {
        const record = parseCallRecord(json);
        told.push(record.ok ? record.value.phase.kind : record.fault.message);
      },
      written: () => (writes.hold ? new Promise((resolve) => writes.waiting.push(resolve)) : Promise.resolve()),
      remove: () => void told.push('removed'),
    },
  });
  const serial = new KeptSerialQueue(keeper);
  return { clock, told, calls, wrapUps, call, log, keeper, serial, writes, finishSave: () => finishSave() };
};

it('after each piece of work, and only when something has changed', async () => {
  const { serial, told, call } = scene();
  await serial.run(callId, () => undefined);
  await serial.run(callId, () => undefined);
  await serial.run(callId, () => call.moveTo({ kind: 'queued', queueId }));
  expect(told).toEqual(['flow', 'queued']);
});

it('while work lasts, within 25 ms', async () => {
  const { serial, told, call, clock } = scene();
  let finish: () => void = () => undefined;
  const done = serial.run(callId, async () => {
    call.moveTo({ kind: 'queued', queueId });
    await new Promise<void>((resolve) => (finish = resolve));
  });
  await clock.advanceAsync(20, 1);
  expect(told).toEqual([]);
  await clock.advanceAsync(10, 1);
  expect(told).toEqual(['queued']);
  await clock.advanceAsync(100, 5);
  finish();
  await done;
  expect(told).toEqual(['queued']);
  await clock.advanceAsync(100, 5);
  expect(clock.pendingTimers).toBe(0);
});

it('also when work throws, which goes on to its caller', async () => {
  const { serial, told } = scene();
  await expect(serial.run(callId, () => Promise.reject(new Error('a bug')))).rejects.toThrow('a bug');
  expect(told).toEqual(['flow']);
});

it('is removed when it is over and its history is in the store, not before', async () => {
  const { serial, told, calls, call, log, finishSave } = scene();
  await serial.run(callId, () => undefined);
  await serial.run(callId, () => {
    call.moveTo({ kind: 'ended' });
    log.finish({ result: 'answered', reason: 'hung-up', party: 'caller' });
    calls.delete(callId);
  });
  expect(told).toEqual(['flow']);
  finishSave();
  await log.settled();
  await Promise.resolve();
  expect(told).toEqual(['flow', 'removed']);
});

it('stays as long as an agent writes about it', async () => {
  const { serial, told, calls, wrapUps, call, keeper } = scene();
  await serial.run(callId, () => undefined);
  await serial.run(callId, () => {
    call.moveTo({ kind: 'ended' });
    calls.delete(callId);
    wrapUps.set(ANN, call);
  });
  expect(told).toEqual(['flow', 'ended']);
  wrapUps.delete(ANN);
  keeper.look(callId);
  await Promise.resolve();
  expect(told).toEqual(['flow', 'ended', 'removed']);
});

it('one that cannot be kept for a while is written down again afterwards', async () => {
  const { serial, told, call } = scene();
  await serial.run(callId, () => undefined);
  await serial.run(callId, () => call.moveTo({ kind: 'alerting', flow: undefined }));
  await serial.run(callId, () => call.moveTo({ kind: 'flow', state: { kind: 'ended' } }));
  await Promise.resolve();
  expect(told.filter((what) => what !== 'removed')).toEqual(['flow', 'flow']);
  expect(told.at(-1)).toBe('flow');
});

it('people wait until a call is written down, but no longer than three seconds, and then not again until the store is back', async () => {
  const { keeper, call, clock, told, writes } = scene();
  const states: string[] = [];
  const wait = (name: string): void => void keeper.whenWritten(call).then(() => states.push(name));
  writes.hold = true;
  wait('first');
  expect(told).toEqual(['flow']);
  await clock.advanceAsync(2_990, 10);
  expect(states).toEqual([]);
  await clock.advanceAsync(20, 10);
  expect(states).toEqual(['first']);
  wait('second');
  await clock.advanceAsync(1, 1);
  expect(states).toEqual(['first', 'second']);
  writes.release();
  await clock.advanceAsync(1, 1);
  writes.hold = true;
  wait('third');
  await clock.advanceAsync(500, 10);
  expect(states).toEqual(['first', 'second']);
  writes.release();
  await clock.advanceAsync(1, 1);
  expect(states).toEqual(['first', 'second', 'third']);
  expect(clock.pendingTimers).toBe(0);
});

it('nothing after the end of the app', async () => {
  const { serial, told, keeper } = scene();
  keeper.close();
  await serial.run(callId, () => undefined);
  expect(told).toEqual([]);
});
