import type { AgentView, CallView } from '../../../api/contract/common';
import {
  canHold,
  canMute,
  canTransfer,
  currentCallOf,
  hasReached,
  timerStartMs,
} from '../../../agent-web/src/desk/current-call';
import type { LegState, LegView } from '../../../agent-web/src/phone/leg';

const view = (change: Partial<CallView> = {}): CallView => ({
  callId: 'c1',
  interactionId: 'i1',
  direction: 'inbound',
  state: 'ringing',
  number: '+14155550123',
  dialledNumber: '4000',
  digits: [],
  startedAtMs: 10,
  muted: false,
  recording: false,
  ...change,
});

const leg = (state: LegState, change: Partial<LegView> = {}): LegView => ({
  callId: 'c1',
  number: '100',
  displayName: undefined,
  state,
  muted: false,
  trackId: 't1',
  media: 'connected',
  ...change,
});

const phaseOf = (views: CallView[], legs: LegView[]) => currentCallOf(views, legs)?.phase;

describe('the current call', () => {
  test('is none when nobody calls', () => {
    expect(currentCallOf([], [])).toBeUndefined();
  });

  test.each<[string, CallView[], LegView[], string]>([
    ['announced, INVITE on its way', [view()], [], 'ringing'],
    ['INVITE here, announcement on its way', [], [leg('preparing')], 'ringing'],
    ['both here', [view()], [leg('ringing')], 'ringing'],
    ['click on answer, before the server says so', [view()], [leg('answering')], 'connected'],
    ['click on answer while it is prepared', [view()], [leg('answer-wanted')], 'connected'],
    ['answered while the event socket is lost', [], [leg('connected')], 'connected'],
    ['own dial, far end not yet there', [view({ direction: 'outbound' })], [leg('connected')], 'dialling'],
    ['far end answered', [view({ direction: 'outbound', state: 'connected' })], [leg('connected')], 'connected'],
    ['on hold', [view({ state: 'held' })], [leg('connected')], 'held'],
    ['over, to be written up', [view({ state: 'wrap-up' })], [], 'wrap-up'],
  ])('%s', (_name, views, legs, phase) => {
    expect(phaseOf(views, legs)).toBe(phase);
  });

  test('takes the number from the server, from the INVITE while the server is silent', () => {
    expect(currentCallOf([view()], [leg('ringing')])?.number).toBe('+14155550123');
    expect(currentCallOf([], [leg('ringing')])?.number).toBe('100');
  });

  test('takes the name from the server: after a transfer the INVITE names the colleague who called first', () => {
    const named = leg('ringing', { displayName: 'Anna' });
    expect(currentCallOf([], [named])?.displayName).toBe('Anna');
    expect(currentCallOf([view()], [named])?.displayName).toBeUndefined();
    expect(currentCallOf([view({ displayName: 'Ms. Wu' })], [named])?.displayName).toBe('Ms. Wu');
  });

  test("is muted as the browser's microphone is, whatever the server has heard of it", () => {
    expect(currentCallOf([view({ state: 'connected' })], [leg('connected', { muted: true })])?.muted).toBe(true);
    expect(currentCallOf([view({ state: 'connected', muted: true })], [leg('connected')])?.muted).toBe(false);
  });

  test('is the conversation, not the call that waits to be written up', () => {
    const views = [view({ state: 'wrap-up' }), view({ callId: 'c2', state: 'connected' })];
    expect(currentCallOf(views, [])?.callId).toBe('c2');
  });

  test('is the one that the server announces, not the ghost of one that ended without a BYE', () => {
    const next = view({ callId: 'c2' });
    expect(currentCallOf([next], [leg('connected'), leg('ringing', { callId: 'c2' })])?.callId).toBe('c2');
    expect(currentCallOf([next], [leg('connected')])).toMatchObject({ callId: 'c2', phase: 'ringing' });
  });

  test('is a call that rings before the server has announced it, not the one to be written up', () => {
    const written = view({ state: 'wrap-up' });
    expect(currentCallOf([written], [leg('ringing', { callId: 'c2' })])?.callId).toBe('c2');
  });

  test("counts ringing from the offer, not from the caller's arrival", () => {
    const agent: AgentView = {
      agentId: 'a1',
      displayName: 'Li Na',
      extension: '1001',
      state: 'offered',
      sinceMs: 500,
      deviceRegistered: true,
    };
    const ringing = currentCallOf([view()], []);
    const talking = currentCallOf([view({ state: 'connected', answeredAtMs: 700 })], []);
    expect(ringing && timerStartMs(ringing, agent)).toBe(500);
    expect(talking && timerStartMs(talking, agent)).toBe(700);
  });
});

describe('what can be done with a call', () => {
  const consult = (state: 'ringing' | 'connected' | 'held') => ({ state, kind: 'agent' as const });
  const doable = (change: Partial<CallView>): string[] => {
    const call = currentCallOf([view(change)], [leg('connected')]);
    if (!call) throw new Error('no call');
    const can = { mute: canMute(call), hold: canHold(call), transfer: canTransfer(call), toggle: hasReached(call) };
    return Object.entries(can).flatMap(([name, does]) => (does ? [name] : []));
  };

  test.each<[string, Partial<CallView>, string[]]>([
    ['it rings at the far end', { direction: 'outbound' }, []],
    ['in a conversation', { state: 'connected' }, ['mute', 'hold', 'transfer']],
    ['on hold', { state: 'held' }, ['mute', 'hold', 'transfer']],
    ['being consulted', { state: 'connected', consulted: true }, ['mute']],
    ['a colleague is rung', { state: 'consulting', consult: consult('ringing') }, ['mute']],
    ['a colleague is asked', { state: 'consulting', consult: consult('connected') }, ['mute', 'toggle']],
    ['the colleague waits', { state: 'connected', consult: consult('held') }, ['mute', 'hold', 'toggle']],
    ['it is written up', { state: 'wrap-up' }, []],
  ])('%s', (_when, change, able) => {
    expect(doable(change)).toEqual(able);
  });
});
