import { parseRtp, serializeRtp, looksLikeRtcp } from '../../../../media/rtp/packet';
import { PortAllocator } from '../../../../media/rtp/port-allocator';
import { ReceiveStatistics } from '../../../../media/rtp/receive-statistics';
import { parseRtcp, serializeRtcp } from '../../../../media/rtp/rtcp';
import type { RtcpPacket } from '../../../../media/rtp/rtcp';
import { sequenceDistance } from '../../../../media/rtp/sequence';

const hex = (text: string): Buffer => Buffer.from(text.replace(/\s/g, ''), 'hex');

describe('RTP packets', () => {
  it('reads every field of a packet that has them all', () => {
    const datagram = hex('b2 88 0001 00000002 00000003 0000000a 0000000b bede 0001 10aa0000 d5d5 000003');
    expect(parseRtp(datagram)).toEqual({
      ok: true,
      value: {
        marker: true,
        payloadType: 8,
        sequenceNumber: 1,
        timestamp: 2,
        ssrc: 3,
        csrcs: [10, 11],
        extension: { profile: 0xbede, data: hex('10aa0000') },
        payload: hex('d5d5'),
        paddingBytes: 3,
      },
    });
  });

  it.each([
    ['shorter than its header', '80 08 0001 00000002 000000'],
    ['of version 1', '40 08 0001 00000002 00000003'],
    ['that ends inside its CSRCs', '82 08 0001 00000002 00000003 0000000a'],
    ['that ends inside its extension', '90 08 0001 00000002 00000003 bede'],
    ['whose extension is longer than it', '90 08 0001 00000002 00000003 bede 0002 00000000'],
    ['whose padding is longer than it', 'a0 08 0001 00000002 00000003 d5 09'],
    ['whose padding is zero', 'a0 08 0001 00000002 00000003 d5 00'],
  ])('refuses one %s', (_what, bytes) => {
    expect(parseRtp(hex(bytes))).toMatchObject({ ok: false, fault: { code: 'bad_input' } });
  });

  it('tells RTCP from RTP on one port', () => {
    expect(looksLikeRtcp(hex('80c80006'))).toBe(true);
    expect(looksLikeRtcp(hex('80880001'))).toBe(false);
  });

  it('writes what it reads', () => {
    const packet = {
      marker: false,
      payloadType: 0,
      sequenceNumber: 65_535,
      timestamp: 0xffff_ffff,
      ssrc: 1,
      csrcs: [],
    };
    const read = parseRtp(serializeRtp({ ...packet, payload: hex('ffee') }));
    expect(read).toEqual({ ok: true, value: { ...packet, payload: hex('ffee'), paddingBytes: 0 } });
  });
});

describe('RTCP', () => {
  it('reads a compound packet back as it was written', () => {
    const packets: RtcpPacket[] = [
      {
        type: 'sender-report',
        ssrc: 1,
        sender: { ntpSeconds: 2, ntpFraction: 3, rtpTimestamp: 4, packetCount: 5, octetCount: 6 },
        reports: [
          {
            ssrc: 7,
            fractionLost: 8,
            cumulativeLost: -9,
            extendedHighestSequence: 10,
            jitter: 11,
            lastSenderReport: 12,
            delaySinceLastSenderReport: 13,
          },
        ],
      },
      { type: 'source-description', chunks: [{ ssrc: 1, cname: 'a@b' }, { ssrc: 2, cname: 'abcd' }, { ssrc: 3 }] },
      { type: 'goodbye', ssrcs: [1, 2] },
    ];
    const bytes = serializeRtcp(packets);
    expect(bytes.length % 4).toBe(0);
    expect(parseRtcp(bytes)).toEqual({ ok: true, value: packets });
  });

  it('skips packet types it does not know, and refuses broken lengths', () => {
    expect(parseRtcp(hex('81cd0001 00000001'))).toEqual({ ok: true, value: [] });
    for (const broken of ['', '81', '81c90005 00000001', '81c90001 00000001', '00c90001 00000001', '81ca0001 00000001'])
      expect(parseRtcp(hex(broken))).toMatchObject({ ok: false, fault: { code: 'bad_input' } });
  });
});

describe('ReceiveStatistics', () => {
  const receive = (statistics: ReceiveStatistics, sequenceNumbers: readonly number[]): void =>
    sequenceNumbers.forEach((sequenceNumber, index) =>
      statistics.note({ sequenceNumber, timestamp: index * 160, arrivalMs: index * 20 }, true),
    );

  it('counts what is missing, over the wrap, and not what comes late', () => {
    const statistics = new ReceiveStatistics(8000);
    receive(statistics, [65_533, 65_534, 1, 65_535, 2]);
    expect(statistics.lost).toBe(1);
  });

  it('reports the fraction lost since the last report', () => {
    const statistics = new ReceiveStatistics(8000);
    receive(statistics, [1, 2, 3, 4]);
    expect(statistics.takeReport()).toMatchObject({ fractionLost: 0, cumulativeLost: 0 });
    receive(statistics, [6, 8]);
    expect(statistics.takeReport()).toEqual({ fractionLost: 128, cumulativeLost: 2, extendedHighestSequence: 8 });
    expect(statistics.takeReport()).toMatchObject({ fractionLost: 0, cumulativeLost: 2 });
  });

  it('a sender that starts anew is not a loss of thousands', () => {
    const statistics = new ReceiveStatistics(8000);
    receive(statistics, [1, 2, 4, 30_000, 30_001]);
    expect(statistics.lost).toBe(1);
  });

  it('a single packet from long ago is neither a new beginning nor a loss', () => {
    const statistics = new ReceiveStatistics(8000);
    receive(statistics, [1000, 1001, 700, 1002, 1003, 40_000, 1004]);
    expect(statistics.lost).toBe(0);
  });

  it('jitter is zero for an even stream and grows by a sixteenth of each deviation', () => {
    const statistics = new ReceiveStatistics(8000);
    receive(statistics, [1, 2, 3]);
    expect(statistics.jitterMs).toBe(0);
    statistics.note({ sequenceNumber: 4, timestamp: 3 * 160, arrivalMs: 60 + 16 }, true);
    expect(statistics.jitterMs).toBeCloseTo(1);
  });
});

describe('PortAllocator', () => {
  it('lends each even port once, refuses when all are lent, and lends a returned one again', () => {
    const ports = new PortAllocator({ first: 20_001, last: 20_007 });
    const taken = [ports.take(), ports.take(), ports.take()].map((port) => port.ok && port.value);
    expect(taken.sort()).toEqual([20_002, 20_004, 20_006]);
    const refused = ports.take();
    expect(refused).toMatchObject({ ok: false, fault: { code: 'overloaded' } });
    expect(!refused.ok && refused.fault.message).toContain('20001-20007');
    ports.give(20_004);
    expect(ports.take()).toEqual({ ok: true, value: 20_004 });
    expect(ports.inUse).toBe(3);
  });

  it('a port just returned is the last to be lent again', () => {
    const ports = new PortAllocator({ first: 20_000, last: 20_009 });
    const first = ports.take();
    if (!first.ok) throw new Error('no port');
    ports.give(first.value);
    const next = Array.from({ length: 4 }, () => ports.take()).map((port) => port.ok && port.value);
    expect(next).not.toContain(first.value);
  });

  it('refuses a range without a pair', () => {
    expect(() => new PortAllocator({ first: 20_001, last: 20_002 })).toThrow('20001-20002');
  });
});

it('sequence numbers are compared over their wrap', () => {
  expect([sequenceDistance(65_535, 0), sequenceDistance(0, 65_535), sequenceDistance(5, 5)]).toEqual([1, -1, 0]);
});
