import { SimulatedClock } from '../../../base/clock';
import { ConnectionWatch } from '../../../media/webrtc/connection-watch';
import type { LossReason } from '../../../media/webrtc/connection-watch';

describe('the watch over a browser connection', () => {
  let clock: SimulatedClock;
  let watch: ConnectionWatch;
  let told: ('connected' | LossReason)[];

  beforeEach(() => {
    clock = new SimulatedClock();
    told = [];
    watch = new ConnectionWatch({
      clock,
      onConnected: () => void told.push('connected'),
      onLost: (reason) => void told.push(reason),
    });
  });

  const connect = (): void => {
    watch.browserKnown();
    watch.iceChanged('connected');
    watch.dtlsChanged('connecting');
    watch.dtlsChanged('connected');
  };

  test('waiting → connecting → connected when ICE and DTLS are up', () => {
    connect();
    watch.iceChanged('completed');
    expect(told).toEqual(['connected']);
    expect(watch.connected).toBe(true);
    expect(clock.pendingTimers).toBe(0);
  });

  test('ICE checks that come before the SDP answer are remembered', () => {
    watch.iceChanged('connected');
    watch.browserKnown();
    watch.dtlsChanged('connected');
    expect(told).toEqual(['connected']);
  });

  test('waiting stays as long as the phone rings', () => {
    clock.advance(600_000);
    expect(told).toEqual([]);
  });

  test('connecting → ended when no ICE check ever comes', () => {
    watch.browserKnown();
    clock.advance(15_000);
    expect(told).toEqual(['ice-failed']);
  });

  test('connecting → ended when DTLS never completes', () => {
    watch.browserKnown();
    watch.iceChanged('connected');
    clock.advance(15_000);
    expect(told).toEqual(['dtls-failed']);
  });

  test('connecting → ended at once when the certificate does not fit', () => {
    watch.browserKnown();
    watch.iceChanged('connected');
    watch.dtlsChanged('failed');
    expect(told).toEqual(['dtls-failed']);
    expect(clock.pendingTimers).toBe(0);
  });

  test('connected → interrupted → connected within ten seconds, told only once', () => {
    connect();
    watch.iceChanged('disconnected');
    expect(watch.connected).toBe(false);
    clock.advance(9_999);
    watch.iceChanged('connected');
    clock.advance(60_000);
    expect(told).toEqual(['connected']);
    expect(watch.connected).toBe(true);
  });

  test('connected → interrupted → ended after ten seconds', () => {
    connect();
    watch.iceChanged('disconnected');
    clock.advance(10_000);
    expect(told).toEqual(['connected', 'ice-failed']);
    watch.iceChanged('connected');
    expect(watch.connected).toBe(false);
  });

  test('a browser that closes DTLS has two seconds for its BYE', () => {
    connect();
    watch.dtlsChanged('closed');
    clock.advance(1_999);
    expect(told).toEqual(['connected']);
    clock.advance(1);
    expect(told).toEqual(['connected', 'dtls-failed']);
  });

  test('closing leaves no timer and says nothing more', () => {
    connect();
    watch.iceChanged('disconnected');
    watch.close();
    watch.close();
    expect(clock.pendingTimers).toBe(0);
    watch.dtlsChanged('failed');
    expect(told).toEqual(['connected']);
  });
});
