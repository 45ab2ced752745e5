import type { AgentView, CallView } from '../../../api/contract/common';
import type { ServerMessage } from '../../../api/contract/socket';
import { EMPTY_DESK, reduceDesk } from '../../../agent-web/src/desk/desk-state';
import type { DeskState } from '../../../agent-web/src/desk/desk-state';

const AGENT: AgentView = {
  agentId: 'a1',
  displayName: 'Li Na',
  extension: '1001',
  state: 'ready',
  sinceMs: 5,
  deviceRegistered: true,
};

const call = (change: Partial<CallView> = {}): CallView => ({
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

const fold = (messages: ServerMessage[], from: DeskState = EMPTY_DESK): DeskState =>
  messages.reduce((state, message) => reduceDesk(state, message, { ownAgentId: 'a1', nowMs: 1000 }), from);

const HELLO: ServerMessage = { type: 'hello', serverTimeMs: 4000, agent: AGENT, calls: [call()], queues: [] };

describe('the desk', () => {
  test('knows nothing before the first message', () => {
    expect(EMPTY_DESK.loaded).toBe(false);
  });

  test("takes everything from hello, with the difference to the server's clock", () => {
    expect(fold([HELLO])).toMatchObject({ loaded: true, agent: AGENT, calls: [call()], serverAheadMs: 3000 });
  });

  test('drops what it knew when a new hello comes after a lost connection', () => {
    const later: ServerMessage = { type: 'hello', serverTimeMs: 4000, agent: AGENT, calls: [], queues: [] };
    expect(fold([HELLO, later]).calls).toEqual([]);
  });

  test('replaces a call that changes and adds one that is new', () => {
    const state = fold([
      HELLO,
      { type: 'call', call: call({ state: 'connected' }) },
      { type: 'call', call: call({ callId: 'c2' }) },
    ]);
    expect(state.calls.map(({ callId, state: phase }) => [callId, phase])).toEqual([
      ['c1', 'connected'],
      ['c2', 'ringing'],
    ]);
  });

  test('forgets a call that has ended', () => {
    expect(fold([HELLO, { type: 'call', call: call({ state: 'ended' }) }]).calls).toEqual([]);
  });

  test("keeps its own agent's state apart from the others'", () => {
    const other = { ...AGENT, agentId: 'a2', state: 'busy' as const };
    const state = fold([HELLO, { type: 'agent', agent: other }]);
    expect(state.agent).toEqual(AGENT);
    expect(state.others).toEqual({ a2: other });
  });

  test("forgets the others' states with a new connection, which may have missed some", () => {
    const state = fold([HELLO, { type: 'agent', agent: { ...AGENT, agentId: 'a2' } }, HELLO]);
    expect(state.others).toEqual({});
  });

  test('is not changed by replies, farewells and news of interactions', () => {
    const state = fold([HELLO]);
    const after = fold(
      [
        { type: 'reply', id: 'x', ok: true },
        { type: 'interaction', interactionId: 'i1' },
        { type: 'bye', reason: 'expired' },
      ],
      state,
    );
    expect(after).toBe(state);
  });
});
