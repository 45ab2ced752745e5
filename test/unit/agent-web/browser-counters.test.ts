import { browserCounters } from '../../../agent-web/src/quality/browser-counters';
import { browserCountersSchema } from '../../../api/contract/quality';

const INBOUND = {
  ...{ type: 'inbound-rtp', kind: 'audio', packetsReceived: 500, packetsLost: -1, jitter: 0.004 },
  ...{ jitterBufferDelay: 20_000, jitterBufferEmittedCount: 480_000, concealedSamples: 9600 },
  ...{ silentConcealedSamples: 4800, totalSamplesReceived: 480_000, totalSamplesDuration: 10 },
};

it('reads what Chromium counts, in milliseconds, without what stood in for pauses', () => {
  const pair = { type: 'candidate-pair', nominated: true, currentRoundTripTime: 0.031 };
  const counters = browserCounters([{ type: 'transport' }, pair, INBOUND]);
  expect(counters).toMatchObject({ packets: 500, lost: 0, jitterMs: 4, concealedMs: 100, roundTripMs: 31 });
  expect(counters?.jitterBufferMs).toBeCloseTo(41.67, 1);
  expect(browserCountersSchema.safeParse(counters).success).toBe(true);
});

it('does without what a browser leaves out, and says nothing before anything was received', () => {
  expect(browserCounters([{ type: 'inbound-rtp', kind: 'audio', packetsReceived: 3 }])).toEqual({
    packets: 3,
    lost: 0,
    jitterMs: 0,
  });
  expect(browserCounters([{ type: 'inbound-rtp', kind: 'audio', packetsReceived: 0 }])).toBeUndefined();
});
