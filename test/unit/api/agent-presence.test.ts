import { SimulatedClock } from '../../../base/clock';
import { silentLogger } from '../../../base/log';
import type { DeskCall } from '../../../calls/ports';
import { AgentPresence, BROWSER_GRACE_MS } from '../../../api/sessions/agent-presence';
import { FakeDesks } from '../../support/api/fake-desks';

const AGENT = 'agent-anna';

const setUp = () => {
  const clock = new SimulatedClock();
  const desks = new FakeDesks([{ agentId: AGENT, displayName: 'Anna', extension: '1001' }]);
  const absent: string[] = [];
  const onAbsent = (agentId: string): void => void absent.push(agentId);
  const presence = new AgentPresence({ desks, clock, log: silentLogger(), onAbsent });
  return { clock, desks, presence, absent };
};

describe('an agent’s presence', () => {
  it('absent, sign-in → grace → absent', () => {
    const { clock, desks, presence, absent } = setUp();
    expect(presence.signIn(AGENT).ok).toBe(true);
    expect(desks.stateOf(AGENT)).toBe('not-ready');
    clock.advance(BROWSER_GRACE_MS);
    expect(desks.stateOf(AGENT)).toBe('signed-out');
    expect([presence.isAbsent(AGENT), absent, clock.pendingTimers]).toEqual([true, [AGENT], 0]);
  });

  it('grace, sign-in again → grace from the start', () => {
    const { clock, desks, presence } = setUp();
    presence.signIn(AGENT);
    clock.advance(BROWSER_GRACE_MS - 1);
    presence.signIn(AGENT);
    clock.advance(BROWSER_GRACE_MS - 1);
    expect([desks.stateOf(AGENT), clock.pendingTimers]).toEqual(['not-ready', 1]);
  });

  it('grace, socket opens → present; the grace is over', () => {
    const { clock, desks, presence } = setUp();
    presence.signIn(AGENT);
    presence.socketOpened(AGENT);
    expect(clock.pendingTimers).toBe(0);
    clock.advance(10 * BROWSER_GRACE_MS);
    expect(desks.stateOf(AGENT)).toBe('not-ready');
  });

  it('present, sign-in of a program → present', () => {
    const { clock, presence } = setUp();
    presence.socketOpened(AGENT);
    presence.signIn(AGENT);
    expect(clock.pendingTimers).toBe(0);
  });

  it('present with two sockets, one closes → present; the other closes → grace', () => {
    const { clock, presence } = setUp();
    presence.socketOpened(AGENT);
    presence.socketOpened(AGENT);
    presence.socketClosed(AGENT);
    expect(clock.pendingTimers).toBe(0);
    presence.socketClosed(AGENT);
    expect(clock.pendingTimers).toBe(1);
  });

  it('grace over with an open call → leaving → absent when the desk is free', () => {
    const { clock, desks, presence, absent } = setUp();
    presence.signIn(AGENT);
    desks.calls.set(AGENT, [{} as DeskCall]);
    clock.advance(BROWSER_GRACE_MS);
    desks.change(AGENT, { state: 'wrap-up' });
    clock.advance(0);
    expect([presence.isAbsent(AGENT), absent]).toEqual([false, []]);
    desks.calls.clear();
    desks.change(AGENT, { state: 'ready' });
    expect(absent).toEqual([]);
    clock.advance(0);
    expect([desks.stateOf(AGENT), absent, clock.pendingTimers]).toEqual(['signed-out', [AGENT], 0]);
  });

  it('leaving, socket opens → present and stays', () => {
    const { clock, desks, presence, absent } = setUp();
    presence.signIn(AGENT);
    desks.calls.set(AGENT, [{} as DeskCall]);
    clock.advance(BROWSER_GRACE_MS);
    presence.socketOpened(AGENT);
    desks.calls.clear();
    desks.change(AGENT, { state: 'ready' });
    clock.advance(BROWSER_GRACE_MS);
    expect([desks.stateOf(AGENT), absent]).toEqual(['ready', []]);
  });

  it('sign-out with an open call is refused and changes nothing', () => {
    const { desks, presence, absent } = setUp();
    presence.socketOpened(AGENT);
    desks.calls.set(AGENT, [{} as DeskCall]);
    expect(presence.signOut(AGENT)).toMatchObject({ ok: false, fault: { code: 'conflict' } });
    expect([presence.isAbsent(AGENT), absent]).toEqual([false, []]);
  });

  it('sign-out → absent; the socket that closes after it starts no grace', () => {
    const { clock, presence, absent } = setUp();
    presence.socketOpened(AGENT);
    expect(presence.signOut(AGENT).ok).toBe(true);
    presence.socketClosed(AGENT);
    expect([absent, clock.pendingTimers]).toEqual([[AGENT], 0]);
    expect(presence.signOut(AGENT).ok).toBe(true);
    expect(absent).toEqual([AGENT]);
  });

  it('of an agent that calls does not know is refused', () => {
    const { clock, presence } = setUp();
    expect(presence.signIn('stranger')).toMatchObject({ ok: false, fault: { code: 'not_found' } });
    expect(presence.socketOpened('stranger').ok).toBe(false);
    presence.socketClosed('stranger');
    expect([presence.isAbsent('stranger'), clock.pendingTimers]).toEqual([true, 0]);
  });

  it('leaves no timer and no listener when it is closed', () => {
    const { clock, desks, presence } = setUp();
    presence.signIn(AGENT);
    presence.close();
    presence.close();
    expect([clock.pendingTimers, desks.listenerCount]).toEqual([0, 0]);
  });
});
