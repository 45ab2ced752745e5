import { PassThrough } from 'node:stream';
import pino from 'pino';
import { SimulatedClock } from '../../../base/clock';
import { WarningLimiter } from '../../../media/webrtc/warning-limiter';

const STUN = '[pid:101] RTC::WebRtcServer::OnStunDataReceived() | ignoring received STUN packet from';

describe('warnings that come again and again', () => {
  const setUp = () => {
    const clock = new SimulatedClock();
    const stream = new PassThrough();
    const limiter = new WarningLimiter({ clock, log: pino(stream) });
    const written = (): { msg: string; leftOut?: number }[] =>
      String(stream.read() ?? '')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as { msg: string; leftOut?: number });
    return { clock, limiter, written };
  };

  test('16 a second are three lines and a count a minute, whatever address they come from', () => {
    const { clock, limiter, written } = setUp();
    for (let packet = 0; packet < 16 * 60; packet += 1) {
      limiter.warn('mediasoup:WARN:Channel', `${STUN} 192.0.2.${packet % 200}:${4000 + packet}`);
      clock.advance(1000 / 16);
    }
    const lines = written();
    expect(lines).toHaveLength(4);
    expect(lines[0]?.msg).toBe(`${STUN} 192.0.2.0:4000`);
    expect(lines[3]).toMatchObject({ leftOut: 957, namespace: 'mediasoup:WARN:Channel' });
  });

  test('after a minute the next ones are written again', () => {
    const { clock, limiter, written } = setUp();
    for (let minute = 0; minute < 2; minute += 1) {
      for (let count = 0; count < 5; count += 1) limiter.warn('n', STUN);
      clock.advance(60_000);
    }
    expect(written().map(({ leftOut }) => leftOut)).toEqual([
      undefined,
      undefined,
      undefined,
      2,
      undefined,
      undefined,
      undefined,
      2,
    ]);
    expect(clock.pendingTimers).toBe(0);
  });

  test('one kind does not silence another', () => {
    const { limiter, written } = setUp();
    for (let count = 0; count < 9; count += 1) limiter.warn('n', STUN);
    limiter.warn('n', '[pid:101] RTC::DtlsTransport::ProcessDtlsData() | failed');
    limiter.warn('other', STUN);
    expect(written()).toHaveLength(5);
  });

  test('kinds without end share one count', () => {
    const { clock, limiter, written } = setUp();
    for (let kind = 0; kind < 500; kind += 1) limiter.warn('n', 'x'.repeat(1 + (kind % 250)));
    expect(clock.pendingTimers).toBe(1);
    expect(written().length).toBeLessThan(51 * 3 + 1);
  });

  test('closing writes the counts, ends the timers, and can be repeated', () => {
    const { clock, limiter, written } = setUp();
    for (let count = 0; count < 5; count += 1) limiter.warn('n', STUN);
    limiter.close();
    limiter.close();
    expect(written().at(-1)).toMatchObject({ leftOut: 2 });
    limiter.warn('n', STUN);
    expect(written()).toHaveLength(1);
    expect(clock.pendingTimers).toBe(0);
  });
});
