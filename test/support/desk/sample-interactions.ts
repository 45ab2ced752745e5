/** A morning's calls, for pictures and for tests of the history. */
import type { InteractionView } from '../../../api/contract/rest';

interface Sample {
  readonly minutesAgo: number;
  readonly number: string;
  readonly name?: string;
  readonly queue?: string;
  readonly direction?: 'inbound' | 'outbound';
  readonly talkSeconds?: number;
  readonly result?: 'answered' | 'abandoned' | 'rejected' | 'failed';
  readonly note?: string;
}

const SAMPLES: readonly Sample[] = [
  {
    minutesAgo: 4,
    number: '+8613812345678',
    name: '王小明',
    queue: 'Support',
    talkSeconds: 187,
    note: '账单地址已更新。',
  },
  {
    minutesAgo: 13,
    number: '+14155550123',
    name: 'Dana Whitfield',
    queue: 'Support',
    talkSeconds: 421,
    note: 'Router replaced; parcel arrives on Friday.',
  },
  { minutesAgo: 25, number: '+442079460018', queue: '销售咨询', talkSeconds: 64 },
  { minutesAgo: 31, number: '+4930901820', direction: 'outbound', talkSeconds: 233 },
  { minutesAgo: 48, number: '+8613900001111', name: '陈静', queue: '销售咨询', result: 'abandoned' },
  { minutesAgo: 57, number: '02155667788', queue: 'Support', talkSeconds: 95 },
  { minutesAgo: 71, number: '1002', direction: 'outbound', result: 'failed' },
  { minutesAgo: 84, number: '+81312345678', queue: 'Support', talkSeconds: 512 },
  { minutesAgo: 99, number: '+33142685300', name: 'Amélie Girard', queue: 'Support', talkSeconds: 143 },
  { minutesAgo: 122, number: '+8618612349876', queue: '销售咨询', talkSeconds: 38 },
  { minutesAgo: 140, number: '+13125550188', queue: 'Support', result: 'abandoned' },
  { minutesAgo: 166, number: '+8613700002222', name: '赵强', queue: 'Support', talkSeconds: 276 },
];

const interactionOf = (sample: Sample, index: number, nowMs: number): InteractionView => {
  const { direction = 'inbound', result = 'answered', talkSeconds = 0 } = sample;
  const startedAtMs = nowMs - sample.minutesAgo * 60_000;
  const answeredAtMs = startedAtMs + 24_000;
  const endedAtMs = answeredAtMs + talkSeconds * 1000;
  const answered = result === 'answered';
  const other = { number: sample.number, ...(sample.name ? { displayName: sample.name } : {}) };
  return {
    id: `interaction-${index}`,
    channel: 'voice',
    direction,
    startedAtMs,
    endedAtMs,
    caller: direction === 'inbound' ? other : { number: '1001' },
    called: { number: direction === 'inbound' ? '4000' : sample.number },
    digits: ['1'],
    parties: [],
    outcome: { result, reason: answered ? 'caller hung up' : 'gave up waiting', party: 'caller' },
    segments: [
      { kind: 'flow', startedAtMs, endedAtMs: startedAtMs + 9_000 },
      { kind: 'queue', startedAtMs: startedAtMs + 9_000, endedAtMs: startedAtMs + 20_000 },
      { kind: 'ringing', startedAtMs: startedAtMs + 20_000, endedAtMs: answeredAtMs },
      ...(answered ? [{ kind: 'talk' as const, startedAtMs: answeredAtMs, endedAtMs }] : []),
    ],
    recordings: answered
      ? [
          {
            id: 'recording-1',
            n: 1,
            startedAtMs: answeredAtMs,
            durationMs: talkSeconds * 1000,
            channels: ['caller', 'agent'],
            sizeBytes: 64_044,
          },
        ]
      : [],
    ...(answered ? { answeredAtMs, agentId: 'agent-1', agentName: '李娜 Li Na' } : {}),
    ...(sample.queue ? { queueId: sample.queue === 'Support' ? 'support' : 'sales', queueName: sample.queue } : {}),
    ...(sample.note
      ? { wrapUp: { note: sample.note, disposition: 'resolved' as const, agentId: 'agent-1', endedAtMs } }
      : {}),
  };
};

export const sampleInteractions = (nowMs: number): InteractionView[] =>
  SAMPLES.map((sample, index) => interactionOf(sample, index, nowMs));
