import { SimulatedClock } from '../../../../base/clock';
import type { SignalingSource } from '../../../../signaling/ports';
import type { Binding } from '../../../../signaling/registrar/bindings';
import { Bindings } from '../../../../signaling/registrar/bindings';

const WS: SignalingSource = { protocol: 'ws', address: '192.0.2.1', port: 1111 };

const setUp = () => {
  const clock = new SimulatedClock();
  const seen: string[] = [];
  const bindings = new Bindings(clock, {
    onRegistered: (user) => void seen.push(`+${user}`),
    onUnregistered: (user, reason) => void seen.push(`-${user} ${reason}`),
    onChanged: () => undefined,
  });
  const bind = (user: string, more: Partial<Binding> = {}): void =>
    bindings.bind(user, {
      contactUri: 'sip:a@abc.invalid',
      q: 1,
      expiresAtMs: clock.nowMs() + 60_000,
      callId: 'c',
      cseq: 1,
      instance: undefined,
      source: WS,
      ...more,
    });
  return { clock, seen, bindings, bind };
};

describe('bindings', () => {
  it('expire, and tell so once', () => {
    const { clock, seen, bindings, bind } = setUp();
    bind('ann');
    clock.advance(30_000);
    bind('ann', { cseq: 2 });
    clock.advance(59_000);
    expect(bindings.of('ann')).toHaveLength(1);
    clock.advance(1_000);
    expect(bindings.of('ann')).toEqual([]);
    expect(seen).toEqual(['+ann', '-ann expired']);
    expect(clock.pendingTimers).toBe(0);
  });

  it('are sorted by preference, then by the later expiry', () => {
    const { clock, bindings, bind } = setUp();
    bind('ann', { contactUri: 'sip:1', q: 0.5 });
    bind('ann', { contactUri: 'sip:2', q: 1, source: { ...WS, port: 2 } });
    bind('ann', { contactUri: 'sip:3', q: 1, expiresAtMs: clock.nowMs() + 90_000, source: { ...WS, port: 3 } });
    expect(bindings.of('ann').map((binding) => binding.contactUri)).toEqual(['sip:3', 'sip:2', 'sip:1']);
  });

  it('of one device replace each other, whatever its Contact is called', () => {
    const { bindings, bind } = setUp();
    bind('ann', { contactUri: 'sip:old.invalid', instance: '<urn:uuid:1>' });
    bind('ann', { contactUri: 'sip:new.invalid', instance: '<urn:uuid:1>', source: { ...WS, port: 2222 } });
    expect(bindings.of('ann').map((binding) => binding.contactUri)).toEqual(['sip:new.invalid']);
    expect(bindings.userAt(WS)).toBeUndefined();
    expect(bindings.userAt({ ...WS, port: 2222 })).toBe('ann');
  });

  it('go with their connection, and others stay', () => {
    const { seen, bindings, bind } = setUp();
    bind('ann', { contactUri: 'sip:1' });
    bind('bob', { contactUri: 'sip:2', source: { ...WS, port: 2222 } });
    bindings.unbindSource(WS);
    bindings.unbindSource(WS);
    expect(bindings.registeredUsers).toEqual(['bob']);
    expect(seen).toEqual(['+ann', '+bob', '-ann connection_closed']);
  });

  it('of several users by one connection all go with it; one that leaves before leaves the others alone', () => {
    const { seen, bindings, bind } = setUp();
    for (const [index, user] of ['ann', 'bob', 'cat'].entries()) bind(user, { contactUri: `sip:${index}` });
    bind('bob', { contactUri: 'sip:9' });
    bindings.unbind('cat', 'removed', () => true);
    bindings.unbind('bob', 'removed', ({ contactUri }) => contactUri === 'sip:9');
    expect(bindings.userAt(WS)).toBe('bob');
    bindings.unbindSource(WS);
    expect(bindings.registeredUsers).toEqual([]);
    expect(bindings.userAt(WS)).toBeUndefined();
    expect(seen.slice(3)).toEqual(['-cat removed', '-ann connection_closed', '-bob connection_closed']);
  });

  it('by a connection go with the server that held it; those on UDP stay', () => {
    const { seen, bindings, bind } = setUp();
    bind('ann', { contactUri: 'sip:1' });
    bind('bob', { contactUri: 'sip:2', source: { ...WS, protocol: 'tcp' } });
    bind('cat', { contactUri: 'sip:3', source: { ...WS, protocol: 'udp' } });
    bind('cat', { contactUri: 'sip:4', source: { ...WS, protocol: 'wss' } });
    bindings.unbindConnected();
    expect(bindings.registeredUsers).toEqual(['cat']);
    expect(bindings.of('cat').map((binding) => binding.contactUri)).toEqual(['sip:3']);
    expect(seen).toEqual(['+ann', '+bob', '+cat', '-ann connection_closed', '-bob connection_closed']);
  });

  it('leave no timer behind', () => {
    const { clock, bindings, bind } = setUp();
    bind('ann');
    bindings.close();
    expect(clock.pendingTimers).toBe(0);
  });
});
