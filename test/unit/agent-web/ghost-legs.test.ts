import { SimulatedClock } from '../../../base/clock';
import type { CallView } from '../../../api/contract/common';
import type { SocketStatus } from '../../../agent-web/src/api/event-socket';
import { Observable } from '../../../agent-web/src/api/observable';
import { EMPTY_DESK } from '../../../agent-web/src/desk/desk-state';
import { endGhostLegs } from '../../../agent-web/src/desk/ghost-legs';
import type { LegState, LegView } from '../../../agent-web/src/phone/leg';

const view = (state: CallView['state'], callId = 'c1'): CallView => ({
  callId,
  interactionId: 'i1',
  direction: 'inbound',
  state,
  number: '+14155550123',
  dialledNumber: '4000',
  digits: [],
  startedAtMs: 10,
  muted: false,
  recording: false,
});

const leg = (state: LegState, callId = 'c1'): LegView => ({
  callId,
  number: '100',
  displayName: undefined,
  state,
  muted: false,
  trackId: 't1',
  media: 'connected',
});

const setUp = (legs: LegView[], calls: CallView[]) => {
  const clock = new SimulatedClock();
  const link = {
    state: new Observable({ ...EMPTY_DESK, loaded: true, calls }),
    status: new Observable<SocketStatus>({ kind: 'open' }),
  };
  const discarded: string[] = [];
  const phone = {
    legs: new Observable<readonly LegView[]>(legs),
    discard: (callId: string) => {
      discarded.push(callId);
      phone.legs.update((all) => all.filter((one) => one.callId !== callId));
    },
  };
  const stop = endGhostLegs({ clock, link, phone });
  const hear = (heard: CallView[]): void => link.state.update((state) => ({ ...state, calls: heard }));
  return { clock, link, phone, discarded, stop, hear };
};

const WHILE_MS = 3_000;

describe('a call in which only the browser believes', () => {
  test.each([
    ['is in wrap-up', [view('wrap-up')]],
    ['has ended', []],
    ['has been replaced by the next', [view('ringing', 'c2')]],
  ])('ends when the server says that it %s and no BYE comes', (_name, calls) => {
    const { clock, discarded, hear } = setUp([leg('connected')], [view('connected')]);
    clock.advance(WHILE_MS);
    expect(discarded).toEqual([]);
    hear(calls);
    clock.advance(WHILE_MS);
    expect([discarded, clock.pendingTimers]).toEqual([['c1'], 0]);
  });

  test('ends when the server does not name it in its greeting after a lost connection', () => {
    const { clock, discarded, link } = setUp([leg('connected')], [view('connected')]);
    link.status.set({ kind: 'waiting', attempt: 1, retryAtMs: 0 });
    clock.advance(60_000);
    expect(discarded).toEqual([]);
    link.state.update((state) => ({ ...state, calls: [] }));
    link.status.set({ kind: 'open' });
    clock.advance(WHILE_MS);
    expect(discarded).toEqual(['c1']);
  });

  test('ends when it rings for nobody', () => {
    const { clock, discarded } = setUp([leg('ringing')], []);
    clock.advance(WHILE_MS);
    expect(discarded).toEqual(['c1']);
  });
});

describe('a call', () => {
  test('whose INVITE overtakes its announcement goes on', () => {
    const { clock, discarded, hear } = setUp([leg('preparing')], []);
    clock.advance(500);
    hear([view('ringing')]);
    clock.advance(WHILE_MS);
    expect([discarded, clock.pendingTimers]).toEqual([[], 0]);
  });

  test('that its BYE ends in time is left to it', () => {
    const { clock, discarded, hear, phone } = setUp([leg('connected')], [view('connected')]);
    hear([view('wrap-up')]);
    phone.legs.set([]);
    clock.advance(WHILE_MS);
    expect(discarded).toEqual([]);
  });

  test('goes on while the event socket is lost, and when the watch is over', () => {
    const { clock, discarded, hear, link, stop } = setUp([leg('connected')], [view('connected')]);
    link.status.set({ kind: 'waiting', attempt: 1, retryAtMs: 0 });
    hear([]);
    clock.advance(WHILE_MS);
    link.status.set({ kind: 'open' });
    stop();
    clock.advance(WHILE_MS);
    expect([discarded, clock.pendingTimers]).toEqual([[], 0]);
  });
});
