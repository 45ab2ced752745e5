import { SimulatedClock } from '../../../base/clock';
import { asId } from '../../../base/ids';
import type { AgentId, ContactId, QueueId } from '../../../base/ids';
import type { AcdEffect } from '../../../acd/core/model';
import { AcdRunner } from '../../../acd/runner';

const queueId = asId<QueueId>('support');
const agentId = asId<AgentId>('ann');
const contactId = asId<ContactId>('c1');

const setUp = (): { clock: SimulatedClock; runner: AcdRunner; performed: AcdEffect[] } => {
  const clock = new SimulatedClock();
  const performed: AcdEffect[] = [];
  const runner = new AcdRunner({ clock, perform: (effect) => performed.push(effect) });
  runner.dispatch({ type: 'queue-configured', queue: { queueId, skills: {}, offerTimeoutMs: 5000, wrapUpMs: 0 } });
  runner.dispatch({ type: 'agent-configured', agent: { agentId, skills: {} } });
  runner.dispatch({ type: 'agent-signed-in', agentId });
  runner.dispatch({ type: 'device-changed', agentId, registered: true });
  runner.dispatch({ type: 'agent-ready', agentId });
  return { clock, runner, performed };
};

describe('AcdRunner', () => {
  it('wakes by itself when an offer expires, and leaves no timer behind', () => {
    const { clock, runner, performed } = setUp();
    runner.dispatch({ type: 'contact-arrived', contactId, queueId, priority: 0 });
    expect(clock.pendingTimers).toBe(1);
    clock.advance(5000);
    expect(performed).toContainEqual(expect.objectContaining({ type: 'withdraw-offer', reason: 'expired' }));
    expect(clock.pendingTimers).toBe(0);
  });

  it('performs effects of an event caused by an effect after the rest of the present ones', () => {
    const { runner, performed } = setUp();
    const order: string[] = [];
    const clock = new SimulatedClock();
    const nested = new AcdRunner({
      clock,
      perform: (effect) => {
        order.push(effect.type);
        if (effect.type === 'agent-changed' && order.length === 1) nested.dispatch({ type: 'agent-ready', agentId });
      },
    });
    nested.dispatch({ type: 'agent-configured', agent: { agentId, skills: {} } });
    nested.dispatch({ type: 'agent-signed-in', agentId });
    expect(order).toEqual(['agent-changed', 'agent-changed']);
    expect(nested.state.agents.get(agentId)?.status.kind).toBe('ready');
    void runner.close();
    expect(performed.length).toBeGreaterThan(0);
  });

  it('says why an event was refused', () => {
    const { runner } = setUp();
    const refused = runner.dispatch({
      type: 'contact-arrived',
      contactId,
      queueId: asId<QueueId>('none'),
      priority: 0,
    });
    expect(refused).toEqual({ ok: false, fault: { code: 'conflict', message: 'there is no queue none' } });
  });
});
