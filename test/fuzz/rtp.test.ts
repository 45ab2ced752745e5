/** 100,000 mutated RTP and RTCP packets: each is read or refused, and what is read can be written again. */
import { SeededRandom } from '../../base/random';
import { DigitDetector } from '../../media/dtmf/digit-detector';
import { SimulatedClock } from '../../base/clock';
import { parseRtp, serializeRtp } from '../../media/rtp/packet';
import { parseRtcp, serializeRtcp } from '../../media/rtp/rtcp';
import type { ReportBlock } from '../../media/rtp/rtcp';
import { mutateBytes } from '../support/mutate';

const MESSAGES = 100_000;
const SEED = 20_260_101;

const block: ReportBlock = {
  ssrc: 7,
  fractionLost: 3,
  cumulativeLost: -2,
  extendedHighestSequence: 70_000,
  jitter: 12,
  lastSenderReport: 99,
  delaySinceLastSenderReport: 1000,
};

const RTP_SAMPLES = [
  serializeRtp({ marker: false, payloadType: 8, sequenceNumber: 1, timestamp: 2, ssrc: 3, payload: Buffer.alloc(160) }),
  serializeRtp({
    marker: true,
    payloadType: 101,
    sequenceNumber: 65_535,
    timestamp: 0xffff_ffff,
    ssrc: 0xffff_ffff,
    csrcs: [1, 2, 3],
    extension: { profile: 0xbede, data: Buffer.from([0x10, 1, 0, 0, 0x20, 2, 0, 0]) },
    payload: Buffer.from([5, 0x8a, 1, 64]),
    paddingBytes: 4,
  }),
];

const RTCP_SAMPLES = [
  serializeRtcp([
    {
      type: 'sender-report',
      ssrc: 1,
      sender: { ntpSeconds: 1, ntpFraction: 2, rtpTimestamp: 3, packetCount: 4, octetCount: 5 },
      reports: [block, block],
    },
    { type: 'source-description', chunks: [{ ssrc: 1, cname: 'someone@example.org' }, { ssrc: 2 }] },
  ]),
  serializeRtcp([
    { type: 'receiver-report', ssrc: 1, reports: [block] },
    { type: 'goodbye', ssrcs: [1, 2, 3] },
  ]),
];

/** Runs `check` on every mutant and names the seed and the bytes of the one that broke it. */
function onMutants(samples: readonly Buffer[], check: (mutant: Buffer) => void): void {
  const random = new SeededRandom(SEED);
  for (let count = 0; count < MESSAGES / 2; count += 1) {
    const mutant = mutateBytes(samples, random);
    try {
      check(mutant);
    } catch (error) {
      throw new Error(`seed ${SEED}, message ${count}: ${mutant.toString('hex')}`, { cause: error });
    }
  }
}

it('RTP: mutated packets are refused with a reason, or read and written back to the same bytes', () => {
  let read = 0;
  const detector = new DigitDetector({ clock: new SimulatedClock(), onDigit: () => undefined });
  onMutants(RTP_SAMPLES, (mutant) => {
    const parsed = parseRtp(mutant);
    if (!parsed.ok) {
      if (parsed.fault.code !== 'bad_input' || parsed.fault.message.length < 10) throw new Error('no clear refusal');
      return;
    }
    read += 1;
    detector.accept({ sourceId: 1, ...parsed.value });
    const again = parseRtp(serializeRtp(parsed.value));
    if (!again.ok || !again.value.payload.equals(parsed.value.payload)) throw new Error('the round trip differs');
    const headerBytes = mutant.length - parsed.value.paddingBytes;
    if (!serializeRtp(parsed.value).subarray(0, headerBytes).equals(mutant.subarray(0, headerBytes)))
      throw new Error('the written bytes differ');
  });
  expect(read).toBeGreaterThan(5000);
  expect(read).toBeLessThan(MESSAGES / 2);
});

it('RTCP: mutated packets are refused with a reason, or read and written back to the same meaning', () => {
  let read = 0;
  onMutants(RTCP_SAMPLES, (mutant) => {
    const parsed = parseRtcp(mutant);
    if (!parsed.ok) {
      if (parsed.fault.code !== 'bad_input' || parsed.fault.message.length < 10) throw new Error('no clear refusal');
      return;
    }
    read += 1;
    if (parsed.value.length === 0) return;
    const again = parseRtcp(serializeRtcp(parsed.value));
    // A CNAME that is no UTF-8 comes back with replacement characters, which have another length.
    const text = JSON.stringify(parsed.value);
    if (!text.includes('\ufffd') && (!again.ok || JSON.stringify(again.value) !== text))
      throw new Error('the round trip differs');
  });
  expect(read).toBeGreaterThan(1000);
  expect(read).toBeLessThan(MESSAGES / 2);
});
