import { coresOf, pinned } from '../../bench/support/cores';
import { delaysMs, timesInCapture, timesInMessageLog } from '../../bench/support/sip/invite-times';
import { lastAbnormalMs } from '../../bench/support/sip/probes';
import { parseCounts } from '../../bench/support/sip/sipp';
import { quantilesOf } from '../../bench/support/percentiles';

describe("SIPp's statistics", () => {
  const head =
    'StartTime;ElapsedTime(P);ElapsedTime(C);TotalCallCreated;CurrentCall;SuccessfulCall(C);FailedCall(C);Retransmissions(C);GenericCounter1(C);GenericCounter2(C);';

  it('give one entry for each second', () => {
    const text = `${head}\na;00:00:01;00:00:01;300;30;270;0;2;7;0;\na;00:00:01;00:01:02;600;30;569;1;2;7;0;\n`;
    expect(parseCounts(text)).toEqual([
      {
        elapsedS: 1,
        created: 300,
        current: 30,
        successful: 270,
        failed: 0,
        retransmissions: 2,
        counter1: 7,
        counter2: 0,
      },
      {
        elapsedS: 62,
        created: 600,
        current: 30,
        successful: 569,
        failed: 1,
        retransmissions: 2,
        counter1: 7,
        counter2: 0,
      },
    ]);
  });

  it('are read without a line that is only half written', () => {
    expect(parseCounts(`${head}\na;00:00:01;00:00`)).toEqual([]);
    expect(parseCounts('')).toEqual([]);
  });
});

describe('times of INVITEs', () => {
  const line = (time: string, way: string, first: string): string =>
    `2026-11-22\t07:32:19.004\t${time}\t${way}\t1-1@h\tCSeq:1 INVITE\t${first}`;

  it('in the log of messages are those of the first to each number, in one direction', () => {
    const log = [
      line('1000.0005', 'S', 'INVITE sip:7@127.0.0.1:5060 SIP/2.0'),
      line('1000.0010', 'R', 'SIP/2.0 180 Ringing'),
      line('1000.5000', 'S', 'INVITE sip:7@127.0.0.1:5060 SIP/2.0'),
      line('1000.6000', 'R', 'INVITE sip:8@127.0.0.1:5060 SIP/2.0'),
    ].join('\n');
    expect([...timesInMessageLog(log, 'S')]).toEqual([['7', 1_000_000.5]]);
    expect([...timesInMessageLog(log, 'R')]).toEqual([['8', 1_000_600]]);
    expect(timesInMessageLog(log, 'R', 1_000_601).size).toBe(0);
  });

  it('are subtracted where both ends know the number', () => {
    const from = new Map([
      ['1', 10],
      ['2', 20],
    ]);
    expect(delaysMs(from, new Map([['2', 21.5]]))).toEqual([1.5]);
  });

  it('are read from a capture by destination port', () => {
    const packet = (seconds: number, port: number, text: string): Buffer => {
      const bytes = Buffer.alloc(14 + 20 + 8);
      bytes[14] = 0x45;
      bytes.writeUInt16BE(port, 14 + 20 + 2);
      const whole = Buffer.concat([bytes, Buffer.from(text)]);
      const record = Buffer.alloc(16);
      record.writeUInt32LE(seconds, 0);
      record.writeUInt32LE(250, 4);
      record.writeUInt32LE(whole.length, 8);
      record.writeUInt32LE(whole.length, 12);
      return Buffer.concat([record, whole]);
    };
    const bytes = Buffer.concat([
      Buffer.alloc(24),
      packet(5, 5060, 'INVITE sip:7@127.0.0.1:5060 SIP/2.0\r\n'),
      packet(6, 5070, 'INVITE sip:7@127.0.0.1:5070 SIP/2.0\r\n'),
      packet(7, 5070, 'INVITE sip:7@127.0.0.1:5070 SIP/2.0\r\n'),
      packet(8, 5070, 'INVITE broken'),
      packet(9, 5070, 'cut').subarray(0, 30),
    ]);
    const seen = timesInCapture(bytes);
    expect(seen.get(5060)?.get('7')).toBe(5_000.25);
    expect([...(seen.get(5070) ?? [])]).toEqual([['7', 6_000.25]]);
  });
});

test('the last call that did not go normally is found in the log of messages', () => {
  const line = (timeS: number, way: string, callId: string, first: string): string =>
    `d\tt\t${timeS}\t${way}\t${callId}\tCSeq:1 INVITE\t${first}`;
  const log = [
    line(10, 'S', 'a', 'INVITE sip:1@h SIP/2.0'),
    line(10.1, 'R', 'a', 'SIP/2.0 200 OK'),
    line(11, 'S', 'refused', 'INVITE sip:2@h SIP/2.0'),
    line(11.1, 'R', 'refused', 'SIP/2.0 503 Service Unavailable'),
    line(12, 'S', 'late', 'INVITE sip:3@h SIP/2.0'),
    line(12.4, 'R', 'late', 'SIP/2.0 200 OK'),
    line(13, 'S', 'b', 'INVITE sip:4@h SIP/2.0'),
    line(13.1, 'R', 'b', 'SIP/2.0 200 OK'),
    line(13.2, 'S', 'young', 'INVITE sip:5@h SIP/2.0'),
  ].join('\n');
  expect(lastAbnormalMs(log, 250)).toBe(12_000);
  expect(lastAbnormalMs(log, 500)).toBe(11_000);
  expect(lastAbnormalMs('', 250)).toBe(0);
});

describe('cores', () => {
  it("are read from the kernel's list", () => {
    expect(coresOf('0-1,4')).toEqual([0, 1, 4]);
    expect(coresOf('3')).toEqual([3]);
    expect(coresOf('')).toEqual([]);
  });

  it('are kept with taskset', () => {
    expect(pinned(1, ['sipp', '-v'])).toEqual(['taskset', ['-c', '1', 'sipp', '-v']]);
    expect(pinned(undefined, ['sipp', '-v'])).toEqual(['sipp', ['-v']]);
  });
});

test('quantiles have the names that were asked for', () => {
  const values = Array.from({ length: 1_000 }, (_, index) => index + 1);
  expect(quantilesOf(values, { p50: 0.5, p999: 0.999 })).toEqual({ p50: 500, p999: 999 });
});
