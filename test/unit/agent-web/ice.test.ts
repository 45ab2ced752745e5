import { IceRestart } from '../../../agent-web/src/phone/ice-restart';
import { IceServers } from '../../../agent-web/src/phone/ice-settings';
import { SimulatedClock } from '../../../base/clock';

describe('the restart of ICE', () => {
  const watched = () => {
    const clock = new SimulatedClock();
    const found = { state: 'connected' as RTCPeerConnectionState, restarts: 0 };
    const restart = new IceRestart({
      clock,
      state: () => found.state,
      restart: () => {
        found.restarts += 1;
        return Promise.reject(new Error('no connection'));
      },
    });
    const changeTo = (state: RTCPeerConnectionState): void => {
      found.state = state;
      restart.stateChanged(state);
    };
    return { clock, found, restart, changeTo };
  };

  it('forgives a short loss', () => {
    const { clock, found, changeTo } = watched();
    changeTo('disconnected');
    clock.advance(1_000);
    changeTo('connected');
    clock.advance(60_000);
    expect(found.restarts).toBe(0);
    expect(clock.pendingTimers).toBe(0);
  });

  it('is tried again until the connection is there', () => {
    const { clock, found, changeTo } = watched();
    changeTo('disconnected');
    clock.advance(1_500);
    expect(found.restarts).toBe(1);
    clock.advance(3_000);
    expect(found.restarts).toBe(2);
    changeTo('connected');
    clock.advance(60_000);
    expect(found.restarts).toBe(2);
  });

  it('is given up after eight times, and by the end of the call', () => {
    const { clock, found, changeTo, restart } = watched();
    changeTo('failed');
    clock.advance(120_000);
    expect(found.restarts).toBe(8);
    restart.close();
    restart.networkChanged();
    clock.advance(60_000);
    expect(found.restarts).toBe(8);
    expect(clock.pendingTimers).toBe(0);
  });

  it('comes once with a new network when the connection holds', () => {
    const { clock, found, restart } = watched();
    restart.networkChanged();
    clock.advance(60_000);
    expect(found.restarts).toBe(1);
  });
});

describe('the TURN servers', () => {
  const settings = (expiresAtMs: number, change: { lifetimeMs?: number; relayOnly?: boolean } = {}) => ({
    urls: ['turn:a.example'],
    username: String(expiresAtMs),
    credential: 'x',
    expiresAtMs,
    lifetimeMs: 60_000,
    relayOnly: false,
    ...change,
  });

  it('are none where the server names none', () => {
    const servers = new IceServers({
      initial: undefined,
      refresh: () => Promise.resolve(undefined),
      clock: new SimulatedClock(),
    });
    expect(servers.configuration).toEqual({ iceServers: [] });
  });

  it('have new credentials when half of the time is over, also after a failure', async () => {
    const clock = new SimulatedClock();
    let asked = 0;
    const start = clock.nowMs();
    const servers = new IceServers({
      initial: settings(start + 60_000),
      clock,
      refresh: () => {
        asked += 1;
        return asked === 1
          ? Promise.reject(new Error('away'))
          : Promise.resolve(settings(start + 200_000, { relayOnly: true }));
      },
    });
    expect(servers.configuration.iceTransportPolicy).toBe('all');
    await clock.advanceAsync(46_000, 1_000);
    expect(asked).toBe(2);
    expect(servers.configuration).toEqual({
      iceServers: [{ urls: ['turn:a.example'], username: String(start + 200_000), credential: 'x' }],
      iceTransportPolicy: 'relay',
    });
    servers.close();
    expect(clock.pendingTimers).toBe(0);
  });

  it.each([
    ['ahead', 3 * 3_600_000],
    ['behind', -3 * 3_600_000],
  ])('are asked for in time, and not again and again, by a browser whose clock is hours %s', async (_way, wrongMs) => {
    const clock = new SimulatedClock();
    let asked = 0;
    const made = () => settings(clock.nowMs() - wrongMs + 3_600_000, { lifetimeMs: 3_600_000 });
    const servers = new IceServers({
      initial: made(),
      clock,
      refresh: () => {
        asked += 1;
        return Promise.resolve(made());
      },
    });
    await clock.advanceAsync(31 * 60_000, 10_000);
    expect(asked).toBeGreaterThanOrEqual(1);
    await clock.advanceAsync(31 * 60_000, 10_000);
    expect(asked).toBeLessThanOrEqual(3);
    servers.close();
  });
});
