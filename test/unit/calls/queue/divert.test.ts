/** What a queue's overflow rules say is done with the call: other queues, flows, numbers, mailboxes, messages. */
import type { OverflowRule } from '../../../../acd/core/config';
import { SimulatedClock } from '../../../../base/clock';
import { ok } from '../../../../base/result';
import { plainRouting } from '../../../../calls/call-routing';
import { BUILT_IN_RULE } from '../../../../calls/recording-policy';
import type { InviteDouble } from '../support/port-doubles';
import { ANN, BOB, EVE, SALES, SmallCenter, SUPPORT, flowOf } from '../support/small-center';

const CLOSED_HOURS = flowOf({
  answer: { do: 'play', prompts: [{ prompt: 'welcome', language: 'en' }], next: 'end' },
  end: { do: 'hang-up', reason: 'served' },
});

const centerWith = (...overflow: OverflowRule[]): SmallCenter =>
  new SmallCenter({ support: { overflow }, flows: { evening: CLOSED_HOURS } });

const FULL = { kind: 'length', most: 0 } as const;

const arrive = async (center: SmallCenter): Promise<InviteDouble> => {
  const invite = center.signaling.arrive('customer');
  await center.pass();
  return invite;
};

/** What is heard by the one who calls: prompts, tones, music, by name. */
const heard = (center: SmallCenter): string[] =>
  [...center.media.plays.values()].flatMap(({ sources }) =>
    sources.map((source) => ('name' in source ? source.name : 'tone' in source ? source.tone : source.kind)),
  );

const endPlay = async (center: SmallCenter): Promise<void> => {
  for (const playId of [...center.media.plays.keys()]) center.media.endPlay(playId, 'finished');
  await center.pass();
};

describe('a call that a rule of its queue diverts', () => {
  it('to a flow hears what the rule announces, then walks that flow', async () => {
    const center = centerWith({
      when: { kind: 'no-agents' },
      to: { kind: 'flow', target: 'evening' },
      announcement: 'no-agents',
    });
    for (const agentId of [ANN, BOB, EVE]) center.center.desks.signOut(agentId);
    const invite = await arrive(center);
    expect(heard(center)).toEqual(['no-agents', 'no-agents']);
    await endPlay(center);
    expect(heard(center)).toEqual(['welcome']);
    await endPlay(center);
    expect(invite.dialog?.ended).toBeDefined();
    expect(center.history).toMatchObject({
      outcome: { result: 'answered', reason: 'served' },
      queueNotes: [
        { kind: 'diverted', queueId: SUPPORT, to: { kind: 'flow', target: 'evening' }, because: 'no-agents' },
      ],
      data: { 'diverted-from': SUPPORT, 'diverted-because': 'no-agents' },
    });
    expect(center.center.openCalls).toBe(0);
  });

  it('to a number outside is put through, after the time that the rule says', async () => {
    const center = centerWith({ when: { kind: 'waited', afterMs: 20_000 }, to: { kind: 'number', target: '+4930' } });
    await arrive(center);
    expect(center.signaling.outgoing).toEqual([]);
    await center.pass(20_000);
    expect(center.newest.request.target).toEqual({ kind: 'number', number: '+4930' });
    await center.answer();
    expect(center.joined).toEqual(['+4930 + customer']);
    expect(center.history.segments.map(({ kind }) => kind)).toEqual(['flow', 'queue', 'flow', 'ringing', 'talk']);
  });

  it('to the extension of an agent rings there past all queues, and the ACD knows that the agent is busy', async () => {
    const center = centerWith({ when: FULL, to: { kind: 'number', target: '1003' } });
    await arrive(center);
    expect(center.newest.request.target).toEqual({ kind: 'user', userName: EVE });
    expect(center.callOf(EVE)).toMatchObject({ state: 'ringing', number: 'customer' });
    expect(center.stateOf(EVE)).toBe('busy');
    await center.answer();
    expect(center.joined).toEqual(['customer + eve']);
    await center.act(EVE, { command: 'hang-up' });
    expect(center.stateOf(EVE)).toBe('not-ready: signed-in');
    expect(center.history.outcome).toMatchObject({ result: 'answered', reason: 'hung-up', party: 'agent' });
    center.expectNothingLeft();
  });

  it('to an agent who declines, is busy or does not answer ends, and the agent is as before', async () => {
    for (const refuse of ['decline', 'busy', 'no_answer'] as const) {
      const center = centerWith({ when: FULL, to: { kind: 'number', target: '1003' } });
      const invite = await arrive(center);
      if (refuse === 'decline') await center.act(EVE, { command: 'hang-up' });
      else center.newest.refuse(refuse);
      await center.pass();
      expect(center.stateOf(EVE)).toBe('not-ready: signed-in');
      await center.endTone();
      expect(invite.dialog?.ended).toBeDefined();
      expect(center.history.outcome).toEqual({ result: 'answered', reason: 'queue-overflow', party: 'system' });
      center.expectNothingLeft();
    }
  });

  it('to an agent who is not there ends', async () => {
    const center = centerWith({ when: FULL, to: { kind: 'number', target: '1003' } });
    center.center.desks.signOut(EVE);
    const invite = await arrive(center);
    expect(center.signaling.outgoing).toEqual([]);
    await center.endTone();
    expect(invite.dialog?.ended).toBeDefined();
    center.expectNothingLeft();
  });

  it('to a number that nobody answers at ends', async () => {
    const center = centerWith({ when: FULL, to: { kind: 'number', target: '+4930' } });
    const invite = await arrive(center);
    center.newest.refuse('busy');
    await center.pass();
    await center.endTone();
    expect(invite.dialog?.ended).toBeDefined();
    expect(center.history.outcome).toEqual({ result: 'answered', reason: 'queue-overflow', party: 'system' });
  });

  it('to a mailbox is asked for a message, recorded until it is silent, and thanked', async () => {
    const center = centerWith({ when: FULL, to: { kind: 'voicemail', target: 'support-box' } });
    const invite = await arrive(center);
    expect(heard(center)).toEqual(['queue-leave-message', 'queue-leave-message']);
    await endPlay(center);
    expect(heard(center)).toEqual(['beep']);
    expect(center.media.recordings.size).toBe(0);
    await endPlay(center);
    expect(center.recorded).toEqual(['customer | ']);
    const [endpointId] = [...center.media.detections.keys()];
    center.media.emit({ type: 'silence-changed', endpointId: endpointId!, silent: true });
    await center.pass();
    expect(center.media.recordings.size).toBe(0);
    expect(heard(center)).toEqual(['goodbye', 'goodbye']);
    await endPlay(center);
    expect(invite.dialog?.ended).toBeDefined();
    expect(center.history).toMatchObject({ outcome: { reason: 'voicemail' }, recordings: [{ n: 1 }] });
  });

  describe('to a mailbox', () => {
    const toMailbox = { when: FULL, to: { kind: 'voicemail', target: 'support-box' } } as const;

    const speak = async (center: SmallCenter, forMs: number): Promise<InviteDouble> => {
      const invite = await arrive(center);
      await endPlay(center);
      await endPlay(center);
      expect(center.media.recordings.size).toBe(1);
      await center.pass(forMs);
      return invite;
    };

    it('and hangs up after the message has left one', async () => {
      const center = centerWith(toMailbox);
      const invite = await speak(center, 5_000);
      invite.dialog?.end({ by: 'remote', reason: undefined });
      await center.pass();
      expect(center.history).toMatchObject({
        outcome: { result: 'answered', reason: 'voicemail', party: 'caller' },
        recordings: [{ n: 1, isMessage: true }],
      });
    });

    it('and hangs up at once has left none', async () => {
      const center = centerWith(toMailbox);
      const stop = center.media.stopRecording.bind(center.media);
      center.media.stopRecording = async (recordingId) => {
        const stopped = await stop(recordingId);
        return stopped.ok ? ok({ ...stopped.value, durationMs: 300 }) : stopped;
      };
      const invite = await speak(center, 0);
      invite.dialog?.end({ by: 'remote', reason: undefined });
      await center.pass();
      expect(center.history).toMatchObject({
        outcome: { result: 'abandoned', reason: 'hung-up', party: 'caller' },
        recordings: [{ n: 1, isMessage: false }],
      });
    });

    it('is recorded also where a policy keeps conversations from being recorded', async () => {
      const routing = plainRouting(new SimulatedClock());
      const rule = { ...BUILT_IN_RULE, mode: 'off' } as const;
      const center = new SmallCenter({
        support: { overflow: [toMailbox] },
        routing: { ...routing, recordingOf: () => ({ id: 'never', by: 'queue', rule }) },
      });
      await speak(center, 5_000);
      expect(center.history.recordings).toMatchObject([{ n: 1, isMessage: true }]);
    });
  });

  it('with a message, or to the end, hears it and is let go', async () => {
    const center = centerWith({ when: FULL, to: { kind: 'message', target: 'no-agents' } });
    const invite = await arrive(center);
    expect(heard(center)).toEqual(['no-agents', 'no-agents']);
    await endPlay(center);
    expect(invite.dialog?.ended).toBeDefined();
    expect(center.history.outcome?.reason).toBe('queue-overflow');
  });

  it('to a flow that is not there ends instead of waiting for ever', async () => {
    const center = centerWith({ when: FULL, to: { kind: 'flow', target: 'gone' } });
    const invite = await arrive(center);
    expect(invite.dialog?.ended).toBeDefined();
    expect(center.center.openCalls).toBe(0);
  });
});

describe('a call that overflows to another queue', () => {
  const rule: OverflowRule = {
    when: { kind: 'waited', afterMs: 10_000 },
    to: { kind: 'queue', queueId: SALES },
    announcement: 'please-wait',
  };

  it('waits there, hears the announcement and music, and is offered to whom that queue finds', async () => {
    const center = centerWith(rule);
    await arrive(center);
    await endPlay(center);
    expect(heard(center)).toEqual(['default']);
    await center.pass(10_000);
    expect(heard(center)).toEqual(['please-wait', 'please-wait']);
    await endPlay(center);
    expect(heard(center)).toEqual(['default']);
    await center.ready(EVE);
    await center.pass();
    expect(center.callOf(EVE)).toMatchObject({ state: 'ringing', queueId: SALES });
    await center.answer();
    expect(center.history).toMatchObject({
      queueId: SALES,
      queueNotes: [{ kind: 'overflowed', from: SUPPORT, to: SALES, because: 'waited' }],
    });
    const waits = center.history.segments.filter(({ kind }) => kind === 'queue');
    expect(waits.map(({ queueId, detail }) => [queueId, detail])).toEqual([
      [SUPPORT, undefined],
      [SALES, 'overflow:waited'],
    ]);
  });
});
