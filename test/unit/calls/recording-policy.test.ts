/** Which recording policy a call has, which policies cannot be kept, and who is in a sample. */
import { asId } from '../../../base/ids';
import type { AgentId, QueueId } from '../../../base/ids';
import { BUILT_IN_RULE, checkRecordingPolicy, chooseRecordingPolicy, isSampled } from '../../../calls/recording-policy';
import type { RecordingPolicy } from '../../../store/recording-policies';

const policy = (id: string, more: Partial<RecordingPolicy>): RecordingPolicy => ({
  ...BUILT_IN_RULE,
  _id: id,
  agents: [],
  numbers: [],
  queues: [],
  trunks: [],
  phones: [],
  default: false,
  ...more,
});

const ALL = [
  policy('others', { default: true }),
  policy('phone', { phones: ['2001'] }),
  policy('carrier', { trunks: ['carrier'] }),
  policy('support', { queues: [asId<QueueId>('support')] }),
  policy('hotline', { numbers: ['4XXX'] }),
  policy('director', { numbers: ['4001'] }),
  policy('ann', { agents: [asId<AgentId>('ann')] }),
];

const CALL = { agentId: undefined, dialledNumber: '77', queueId: undefined, trunkId: undefined, phones: [] };
const EVERYTHING = {
  agentId: asId<AgentId>('ann'),
  dialledNumber: '4001',
  queueId: asId<QueueId>('support'),
  trunkId: 'carrier',
  phones: ['2001'],
};

describe('the policy of a call', () => {
  it.each([
    ['the agent', EVERYTHING, 'agent', 'ann'],
    ['the best of the numbers', { ...EVERYTHING, agentId: undefined }, 'number', 'director'],
    ['a pattern of numbers', { ...EVERYTHING, agentId: undefined, dialledNumber: '4711' }, 'number', 'hotline'],
    ['the queue', { ...EVERYTHING, agentId: undefined, dialledNumber: '1' }, 'queue', 'support'],
    ['the trunk', { ...EVERYTHING, agentId: undefined, dialledNumber: '1', queueId: undefined }, 'trunk', 'carrier'],
    ['the phone', { ...CALL, phones: ['7', '2001'] }, 'phone', 'phone'],
    ['the default', CALL, 'default', 'others'],
  ])('is that of %s before what is more general', (_, call, by, id) => {
    expect(chooseRecordingPolicy(ALL, call)).toMatchObject({ by, id });
    expect(chooseRecordingPolicy([...ALL].reverse(), call)).toMatchObject({ by, id });
  });

  it('is built in where none is set: everything is recorded', () => {
    const choice = chooseRecordingPolicy([], EVERYTHING);
    expect(choice).toMatchObject({ by: 'built-in', id: undefined, rule: { mode: 'always', samplePercent: 100 } });
  });
});

describe('a policy that cannot be kept', () => {
  const support = [asId<QueueId>('support')];
  it.each([
    ['is about nothing', {}, /about nothing/],
    [
      'has a sample without always',
      { mode: 'on-demand' as const, samplePercent: 20, queues: support },
      /samplePercent/,
    ],
    ['is off and lets somebody start', { mode: 'off' as const, queues: support }, /nobody may start/],
    [
      'is off and announces',
      { mode: 'off' as const, agentMay: [], supervisorMay: [], notice: 'beep' as const, queues: support },
      /nothing to announce/,
    ],
    [
      'is off and keeps',
      { mode: 'off' as const, agentMay: [], supervisorMay: [], retentionDays: 9, queues: support },
      /nothing to keep/,
    ],
    [
      'is on demand and lets nobody start',
      { mode: 'on-demand' as const, agentMay: [], supervisorMay: [], queues: support },
      /somebody must be allowed/,
    ],
  ])('%s', (_, more, reason) => {
    const checked = checkRecordingPolicy(policy('p', more), []);
    expect(checked.ok ? '' : checked.fault.message).toMatch(reason);
  });

  it.each([
    ['agents', { agents: [asId<AgentId>('ann')] }, 'agent ann'],
    ['numbers', { numbers: ['4001'] }, 'number 4001'],
    ['queues', { queues: support }, 'queue support'],
    ['trunks', { trunks: ['carrier'] }, 'trunk carrier'],
    ['phones', { phones: ['2001'] }, 'phone 2001'],
    ['defaults', { default: true }, 'all other calls'],
  ])('is about the same %s as another one, which is named', (_, more, named) => {
    const checked = checkRecordingPolicy(policy('p', more), ALL);
    expect(checked.ok ? '' : checked.fault.message).toContain(`about ${named} already`);
  });

  it('is not one that replaces itself', () => {
    expect(checkRecordingPolicy(policy('ann', { agents: [asId<AgentId>('ann')] }), ALL).ok).toBe(true);
  });
});

describe('a sample', () => {
  const share = (percent: number): number =>
    Array.from({ length: 5_000 }, (_, index) => isSampled(`interaction-${index}`, percent)).filter(Boolean).length / 50;

  it.each([1, 10, 50, 90])('of %d of a hundred has that many', (percent) => {
    expect(Math.abs(share(percent) - percent)).toBeLessThan(2);
  });

  it('of all has all', () => {
    expect(share(100)).toBe(100);
  });

  it('is the same whenever it is asked for, and grows when more are wanted', () => {
    const ids = Array.from({ length: 500 }, (_, index) => `interaction-${index}`);
    const few = ids.filter((id) => isSampled(id, 10));
    expect(ids.filter((id) => isSampled(id, 10))).toEqual(few);
    expect(few.every((id) => isSampled(id, 30))).toBe(true);
  });
});
