import type { InteractionView } from '../../../api/contract/rest';
import { channelsOf, otherPartyOf, resultOf, talkMsOf } from '../../../agent-web/src/history/interaction-facts';

const interaction = (change: Partial<InteractionView> = {}): InteractionView => ({
  id: 'i1',
  channel: 'voice',
  direction: 'inbound',
  startedAtMs: 0,
  caller: { number: '+14155550123', displayName: 'Dana' },
  called: { number: '4000' },
  digits: [],
  segments: [],
  parties: [],
  recordings: [],
  ...change,
});

describe('a row of the history', () => {
  test('names the caller of an incoming and the called of an outgoing call', () => {
    expect(otherPartyOf(interaction())).toEqual({ number: '+14155550123', displayName: 'Dana' });
    expect(otherPartyOf(interaction({ direction: 'outbound' }))).toEqual({ number: '4000', displayName: undefined });
  });

  test('counts conversation and hold, not waiting', () => {
    const segments: InteractionView['segments'] = [
      { kind: 'queue', startedAtMs: 0, endedAtMs: 10_000 },
      { kind: 'talk', startedAtMs: 10_000, endedAtMs: 15_000 },
      { kind: 'hold', startedAtMs: 15_000, endedAtMs: 18_000 },
      { kind: 'talk', startedAtMs: 18_000, endedAtMs: 19_000 },
      { kind: 'wrap-up', startedAtMs: 19_000, endedAtMs: 60_000 },
    ];
    expect(talkMsOf(interaction({ segments }))).toBe(9000);
  });

  test('has no duration while somebody talks, or when nobody did', () => {
    expect(talkMsOf(interaction({ segments: [{ kind: 'talk', startedAtMs: 5 }] }))).toBeUndefined();
    const waited = {
      segments: [{ kind: 'queue' as const, startedAtMs: 0, endedAtMs: 9 }],
      answeredAtMs: 1,
      endedAtMs: 9,
    };
    expect(talkMsOf(interaction(waited))).toBeUndefined();
  });

  test('is running until there is an outcome', () => {
    expect(resultOf(interaction())).toBe('running');
    expect(resultOf(interaction({ outcome: { result: 'abandoned', reason: 'x', party: 'caller' } }))).toBe('abandoned');
  });

  test("names the recording's channels", () => {
    expect(channelsOf(['caller', 'agent:a1', 'bridge'])).toEqual(['caller', 'agent', 'other']);
  });
});
