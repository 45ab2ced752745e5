/** What the ACD is told after a restart: of calls that are no more, and of agents who are or are not there. */
import { emptyState } from '../../../acd/core/state';
import { step } from '../../../acd/core/step';
import type { AcdEvent, AcdState } from '../../../acd/core/model';
import { asId } from '../../../base/ids';
import type { AgentId, ContactId, OfferId, QueueId } from '../../../base/ids';
import { settleResumed } from '../../../calls/settle-resumed';

const [anna, ben] = [asId<AgentId>('anna'), asId<AgentId>('ben')];
const queueId = asId<QueueId>('support');

const play = (state: AcdState, events: readonly AcdEvent[]): AcdState =>
  events.reduce((before, event) => step(before, event, 1_000)[0], state);

/** Two agents who were ready at their telephones; anna has been offered a call. */
const left = (): AcdState => {
  const queue = { queueId, name: 'Support', skills: {}, offerTimeoutMs: 20_000, wrapUpMs: 30_000 };
  const agents = [anna, ben].flatMap((agentId): AcdEvent[] => [
    { type: 'agent-configured', agent: { agentId, skills: {} } } as unknown as AcdEvent,
    { type: 'agent-signed-in', agentId },
    { type: 'device-changed', agentId, registered: true },
    { type: 'agent-ready', agentId },
  ]);
  const contact = { type: 'contact-arrived', contactId: asId<ContactId>('c1'), queueId, priority: 0 } as const;
  return play(emptyState(), [{ type: 'queue-configured', queue } as unknown as AcdEvent, ...agents, contact]);
};

const intents = ({ agents }: AcdState): string[] => [...agents.values()].map(({ intent }) => intent.kind);

it('everybody without a session is signed out, and no contact is left', () => {
  const before = left();
  expect(before.contacts.size).toBe(1);
  const after = play(before, settleResumed(before));
  expect(intents(after)).toEqual(['signed-out', 'signed-out']);
  expect(after.contacts.size).toBe(0);
});

it('an agent whose session lives on is as before, but for the telephone', () => {
  const before = left();
  const after = play(before, settleResumed(before, { stay: new Set([anna]) }));
  expect(intents(after)).toEqual(['ready', 'signed-out']);
  expect(after.agents.get(anna)).toMatchObject({ deviceRegistered: false });
  expect(after.contacts.size).toBe(0);
});

describe('a customer who will be called back', () => {
  const contactId = asId<ContactId>('c1');
  const requested = (): AcdState => {
    const before = play(left(), [
      { type: 'offer-failed', contactId, offerId: asId<OfferId>('c1/1'), reason: 'declined' },
      { type: 'offer-failed', contactId, offerId: asId<OfferId>('c1/2'), reason: 'declined' },
      { type: 'callback-requested', contactId, number: '+4930' },
    ]);
    expect(before.contacts.get(contactId)).toMatchObject({ leg: { kind: 'callback' }, status: { kind: 'waiting' } });
    return before;
  };

  it('keeps the place', () => {
    const before = requested();
    const after = play(before, settleResumed(before));
    expect(after.contacts.get(contactId)).toMatchObject({ status: { kind: 'waiting' }, arrivedAtMs: 1_000 });
    expect(after.queues.get(queueId)?.length).toBe(1);
  });

  it('keeps it too when an agent’s telephone was ringing', () => {
    const ringing = play(requested(), [{ type: 'agent-ready', agentId: anna }]);
    expect(ringing.contacts.get(contactId)?.status.kind).toBe('offered');
    const after = play(ringing, settleResumed(ringing, { stay: new Set([anna]) }));
    expect(after.contacts.get(contactId)).toMatchObject({ status: { kind: 'waiting' }, leg: { attempts: 0 } });
  });

  it('counts as not reached who was being called, and is called once more, not twice', () => {
    const calling = play(requested(), [
      { type: 'agent-ready', agentId: anna },
      { type: 'offer-accepted', contactId, offerId: asId<OfferId>('c1/3') },
    ]);
    const after = play(calling, settleResumed(calling, { stay: new Set([anna]) }));
    expect(after.contacts.get(contactId)).toMatchObject({ status: { kind: 'resting' }, leg: { attempts: 1 } });
    expect(after.agents.get(anna)?.engagements).toEqual([]);
  });

  it('is over with its call when the customer was on the line', () => {
    const talking = play(requested(), [
      { type: 'agent-ready', agentId: anna },
      { type: 'offer-accepted', contactId, offerId: asId<OfferId>('c1/3') },
      { type: 'callback-answered', contactId },
    ]);
    const after = play(talking, settleResumed(talking, { stay: new Set([anna]) }));
    expect(after.contacts.size).toBe(0);
    expect(after.callbacks.size).toBe(0);
  });
});
