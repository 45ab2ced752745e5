import { asId } from '../../../base/ids';
import type { AgentId, CallId, InteractionId } from '../../../base/ids';
import { SimulatedClock } from '../../../base/clock';
import { SeededRandom } from '../../../base/random';
import { fail, ok } from '../../../base/result';
import type { TeamCall } from '../../../calls/supervision-ports';
import type { DeskCall } from '../../../calls/ports';
import { ApiFixture } from '../../support/api/api-fixture';
import { EventClient } from '../../support/api/event-client';

const clock = new SimulatedClock();
let api: ApiFixture;
let clients: EventClient[];

beforeEach(async () => {
  clients = [];
  api = await new ApiFixture({ clock, sessionHours: 1 }).start();
});

afterEach(async () => {
  for (const client of clients) client.socket.terminate();
  await api.stop();
});

const connect = (query: string, headers: Record<string, string> = {}): EventClient => {
  const client = new EventClient(`ws://127.0.0.1:${api.port}/api/v1/events${query}`, headers);
  clients.push(client);
  return client;
};

const at = async (userName: string): Promise<{ client: EventClient; token: string }> => {
  const { token } = await api.session(userName);
  const client = connect(`?token=${token}`);
  await client.next('hello');
  return { client, token };
};

const logout = (token: string) => api.post('/api/v1/logout', {}, { authorization: `Bearer ${token}` });

/** Lets what the other side has sent arrive. */
const settled = async (client: EventClient): Promise<void> => {
  const id = `settled-${client.messages.length}`;
  await client.ask({ id, command: 'ping' });
};

const call: DeskCall = {
  callId: asId<CallId>('call-1'),
  interactionId: asId<InteractionId>('interaction-1'),
  direction: 'inbound',
  state: 'ringing',
  number: '+4930123456',
  dialledNumber: '4000',
  digits: ['1'],
  startedAtMs: 1,
  muted: false,
  recording: false,
};

const team: TeamCall = { ...call, agentId: asId<AgentId>('agent-anna'), supervisors: [] };

describe('opening the event socket', () => {
  it('greets an agent with everything his desk shows', async () => {
    api.desks.calls.set('agent-anna', [call]);
    const { client } = await at('anna');
    expect(await client.next('hello')).toMatchObject({
      serverTimeMs: clock.nowMs(),
      agent: { agentId: 'agent-anna', state: 'not-ready', notReadyReason: 'signed-in' },
      calls: [{ callId: 'call-1', state: 'ringing' }],
      queues: [],
    });
  });

  it('works with the browser’s cookie from our own page', async () => {
    const { token } = await api.session('sue');
    const client = connect('', { cookie: `switchroom_session=${token}`, origin: api.origin });
    expect((await client.next('hello')).agent).toBeUndefined();
  });

  it.each([
    ['without a session', '', {}, 401],
    ['with a wrong token', '?token=wrong', {}, 401],
    ['from a page of another origin', '', { origin: 'https://evil.example' }, 403],
  ])('is refused %s', async (_name, query, headers, status) => {
    expect(await connect(query, headers).refused()).toBe(status);
  });

  it('is refused with a cookie from another page, and at another path', async () => {
    const { token } = await api.session('sue');
    const headers = { cookie: `switchroom_session=${token}` };
    expect(await connect('', { ...headers, origin: 'https://evil.example' }).refused()).toBe(403);
    const elsewhere = new EventClient(`ws://127.0.0.1:${api.port}/api/v1/elsewhere`, headers);
    expect(await elsewhere.refused()).toBe(404);
  });
});

describe('events', () => {
  it('reach the agent whom they concern and nobody else', async () => {
    const { client: anna } = await at('anna');
    const { client: ben } = await at('ben');
    api.desks.emit({ type: 'call', agentId: asId<AgentId>('agent-anna'), call, team });
    api.desks.change('agent-anna', { state: 'offered' });
    expect((await anna.next('call')).call.number).toBe('+4930123456');
    await anna.next('agent', ({ agent }) => agent.state === 'offered');
    await settled(ben);
    expect(ben.messages.filter(({ type }) => type === 'call')).toEqual([]);
    expect(
      ben.messages.filter((message) => message.type === 'agent' && message.agent.agentId === 'agent-anna'),
    ).toEqual([]);
  });

  it('about any agent reach every supervisor', async () => {
    const { client: sue } = await at('sue');
    api.desks.change('agent-anna', { state: 'busy' });
    expect((await sue.next('agent')).agent).toMatchObject({ agentId: 'agent-anna', state: 'busy' });
  });

  it('about interactions reach their agent and every supervisor', async () => {
    const { client: anna } = await at('anna');
    const { client: ben } = await at('ben');
    const { client: sue } = await at('sue');
    const interactionId = asId<InteractionId>('interaction-1');
    api.desks.emit({ type: 'interaction', interactionId, agentIds: ['agent-li', 'agent-anna'] });
    api.desks.emit({ type: 'interaction', interactionId: asId<InteractionId>('interaction-2'), agentIds: [] });
    await anna.next('interaction');
    await sue.next('interaction', (message) => message.interactionId === 'interaction-2');
    await Promise.all([settled(anna), settled(ben), settled(sue)]);
    const seen = (client: EventClient) =>
      client.messages.flatMap((message) => (message.type === 'interaction' ? [message.interactionId] : []));
    expect([seen(anna), seen(ben), seen(sue)]).toEqual([['interaction-1'], [], ['interaction-1', 'interaction-2']]);
  });

  it('about queues reach everyone', async () => {
    const { client } = await at('anna');
    api.desks.emit({
      type: 'queues',
      queues: [{ queueId: asId('support'), name: 'Support', waiting: 3, agentsReady: 0, agentsBusy: 1 }],
    });
    expect((await client.next('queues')).queues[0]?.waiting).toBe(3);
  });
});

describe('commands', () => {
  it('reach the desk of the session’s agent, and their outcome comes back under their id', async () => {
    const { client } = await at('anna');
    expect(await client.ask({ id: '1', command: 'ready' })).toEqual({ type: 'reply', id: '1', ok: true });
    const wrapUp = {
      command: 'wrap-up-done',
      callId: 'call-1',
      note: 'Will call again',
      disposition: 'follow-up',
    } as const;
    await client.ask({ id: '2', ...wrapUp });
    await client.ask({ id: '3', command: 'send-digits', callId: 'call-1', digits: '12#' });
    await client.ask({ id: '4', command: 'not-ready', reason: 'lunch' });
    await client.ask({ id: '5', command: 'dial', number: '+491', detect: 'machines' });
    expect(api.desks.performed).toEqual([
      { agentId: 'agent-anna', command: { command: 'ready' } },
      { agentId: 'agent-anna', command: wrapUp },
      { agentId: 'agent-anna', command: { command: 'send-digits', callId: 'call-1', digits: '12#' } },
      { agentId: 'agent-anna', command: { command: 'not-ready', reason: 'lunch' } },
      { agentId: 'agent-anna', command: { command: 'dial', number: '+491', detect: 'machines' } },
    ]);
  });

  it('that the desk refuses come back with the fault, without its cause', async () => {
    api.desks.answer = () => Promise.resolve(fail('conflict', 'There is no such call.', new Error('inside')));
    const { client } = await at('anna');
    const reply = await client.ask({ id: 'x', command: 'hang-up', callId: 'call-9' });
    expect(reply).toEqual({
      type: 'reply',
      id: 'x',
      ok: false,
      fault: { code: 'conflict', message: 'There is no such call.' },
    });
  });

  it('that make the desk throw come back as internal, and the socket lives on', async () => {
    api.desks.answer = () => Promise.reject(new Error('password of the database: hunter2'));
    const { client } = await at('anna');
    const reply = await client.ask({ id: 'x', command: 'ready' });
    expect(reply.fault).toEqual({ code: 'internal', message: 'The server failed; its log says why.' });
    expect((await client.ask({ id: 'y', command: 'ping' })).ok).toBe(true);
  });

  it('of a user without a desk are forbidden, except ping', async () => {
    const { client } = await at('sue');
    expect((await client.ask({ id: '1', command: 'ready' })).fault?.code).toBe('forbidden');
    expect((await client.ask({ id: '2', command: 'ping' })).ok).toBe(true);
    expect(api.desks.performed).toEqual([]);
  });

  it.each([
    ['not JSON', 'ready', '', undefined],
    ['an array', '[]', '', ['']],
    ['null', 'null', '', ['']],
    ['no id', '{"command":"ready"}', '', ['id']],
    ['an unknown command', '{"id":"7","command":"explode"}', '7', ['command']],
    ['a reason that only the system gives', '{"id":"7","command":"not-ready","reason":"no-answer"}', '7', ['reason']],
    ['digits that no telephone has', '{"id":"7","command":"send-digits","callId":"c","digits":"1;2"}', '7', ['digits']],
    ['another agent’s id', '{"id":"7","command":"ready","agentId":"agent-ben"}', '7', ['agentId']],
  ])('that are %s are refused with the path of the field', async (_name, text, id, paths) => {
    const { client } = await at('anna');
    client.send(text);
    const reply = await client.next('reply');
    expect(reply).toMatchObject({ id, ok: false, fault: { code: 'bad_input' } });
    expect(reply.fault?.fields?.map(({ path }) => path)).toEqual(paths);
    expect(api.desks.performed).toEqual([]);
  });

  it('beyond thirty-two without a reply are refused until some have theirs', async () => {
    const replies: (() => void)[] = [];
    api.desks.answer = () => new Promise((resolve) => replies.push(() => resolve(ok(undefined))));
    const { client } = await at('anna');
    for (let index = 0; index < 33; index += 1) client.send({ id: String(index), command: 'ready' });
    expect((await client.next('reply')).fault?.code).toBe('overloaded');
    expect(api.desks.performed).toHaveLength(32);
    for (const reply of replies) reply();
    await client.next('reply', ({ id, ok: performed }) => id === '31' && performed);
  });
});

describe('the server hangs up on', () => {
  it('binary messages', async () => {
    const { client } = await at('anna');
    client.socket.send(Buffer.from([1, 2, 3]));
    expect(await client.closed()).toBe(1003);
  });

  it('a message that is too large', async () => {
    const { client } = await at('anna');
    client.send('x'.repeat(20_000));
    expect(await client.closed()).toBe(1009);
  });

  it('a program that sends nothing but nonsense', async () => {
    const { client } = await at('anna');
    for (let index = 0; index < 60; index += 1) client.send('nonsense');
    expect(await client.closed()).toBe(1008);
  });

  it('a browser that does not answer the heartbeat', async () => {
    const { client } = await at('anna');
    client.socket.pong = () => undefined;
    Object.assign(client.socket, { _autoPong: false });
    clock.advance(15_000);
    clock.advance(15_000);
    expect(await client.closed()).toBe(1006);
  });

  it('a browser that does not read, instead of keeping its events in memory', async () => {
    const { client } = await at('sue');
    client.socket.pause();
    const name = 'x'.repeat(100_000);
    const queues = [{ queueId: asId<never>('q'), name, waiting: 0, agentsReady: 0, agentsBusy: 0 }];
    for (let round = 0; round < 400; round += 1) {
      api.desks.emit({ type: 'queues', queues });
      if (round % 20 === 0) await new Promise(setImmediate);
    }
    client.socket.resume();
    expect(await client.closed()).toBe(1006);
    expect(client.messages.length).toBeLessThan(400);
  });
});

const moment = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve, 10));

/** The server learns of a closed socket a moment after the client; the grace begins then. */
const eventuallySignedOut = async (fixture: ApiFixture): Promise<void> => {
  for (let turn = 0; turn < 200 && fixture.desks.stateOf('agent-anna') !== 'signed-out'; turn += 1) {
    await moment();
    clock.advance(30_000);
  }
  expect(fixture.desks.stateOf('agent-anna')).toBe('signed-out');
};

describe('an agent’s browser', () => {
  it('replaces the one before it', async () => {
    const { client: first, token } = await at('anna');
    const second = connect(`?token=${token}`);
    await second.next('hello');
    expect((await first.next('bye')).reason).toBe('replaced');
    expect(await first.closed()).toBe(4001);
    expect(api.desks.stateOf('agent-anna')).toBe('not-ready');
    expect((await second.ask({ id: '1', command: 'ready' })).ok).toBe(true);
  });

  it.each(['ringing', 'connected', 'held'] as const)('is not replaced while its call is %s', async (state) => {
    const { client: first, token } = await at('anna');
    api.desks.calls.set('agent-anna', [{ ...call, state }]);
    const second = connect(`?token=${token}&window=other`);
    expect((await second.next('bye')).reason).toBe('in-use');
    expect(await second.closed()).toBe(4004);
    expect(second.messages).toHaveLength(1);
    await settled(first);
    expect(first.messages.filter(({ type }) => type === 'bye')).toEqual([]);
    api.desks.emit({ type: 'call', agentId: asId<AgentId>('agent-anna'), call, team });
    await first.next('call');
    // Had the refused one counted as a browser that left, the desk would be signed out by now.
    api.desks.calls.delete('agent-anna');
    for (let turn = 0; turn < 4; turn += 1) {
      await settled(first);
      clock.advance(10_000);
    }
    expect(api.desks.stateOf('agent-anna')).toBe('not-ready');
  });

  it('is replaced during its call by one that asks for that', async () => {
    const { client: first, token } = await at('anna');
    api.desks.calls.set('agent-anna', [{ ...call, state: 'connected' }]);
    const second = connect(`?token=${token}&window=other&takeover=yes`);
    expect((await second.next('hello')).calls).toMatchObject([{ state: 'connected' }]);
    expect((await first.next('bye')).reason).toBe('replaced');
    expect(api.desks.performed).toEqual([]);
  });

  it.each(['wrap-up', 'ended'] as const)('is replaced when its call is in the state %s', async (state) => {
    const { client: first, token } = await at('anna');
    api.desks.calls.set('agent-anna', [{ ...call, state }]);
    await connect(`?token=${token}&window=other`).next('hello');
    expect((await first.next('bye')).reason).toBe('replaced');
  });

  it('is let in at once when it connects again during its call, before its lost socket has been missed', async () => {
    const { token } = await api.session('anna');
    const lost = connect(`?token=${token}&window=w1`);
    await lost.next('hello');
    api.desks.calls.set('agent-anna', [{ ...call, state: 'connected' }]);
    await connect(`?token=${token}&window=w1`).next('hello');
    expect((await lost.next('bye')).reason).toBe('replaced');
  });

  it('is let in without asking when nobody stands at the desk of a running call', async () => {
    const { client, token } = await at('anna');
    api.desks.calls.set('agent-anna', [{ ...call, state: 'connected' }]);
    client.socket.terminate();
    await client.closed();
    await moment();
    await connect(`?token=${token}&window=other`).next('hello');
  });

  it('that is gone may be back within the grace without the desk noticing', async () => {
    const { client, token } = await at('anna');
    api.desks.change('agent-anna', { state: 'ready' });
    client.socket.terminate();
    await client.closed();
    await moment();
    clock.advance(29_999);
    expect(api.desks.stateOf('agent-anna')).toBe('ready');
    const back = connect(`?token=${token}`);
    await back.next('hello');
    clock.advance(5_000);
    expect(api.desks.stateOf('agent-anna')).toBe('ready');
  });

  it('that is gone for longer leaves the desk; its session may open it again', async () => {
    const { client, token } = await at('anna');
    client.socket.close();
    await client.closed();
    await eventuallySignedOut(api);
    expect(api.revoked).toEqual([]);
    await connect(`?token=${token}`).next('hello');
    expect(api.desks.stateOf('agent-anna')).toBe('not-ready');
  });

  it('that is gone in a call leaves the desk when the call is over', async () => {
    const { client } = await at('anna');
    api.desks.calls.set('agent-anna', [call]);
    client.socket.close();
    await client.closed();
    for (let turn = 0; turn < 5; turn += 1) {
      await moment();
      clock.advance(30_000);
    }
    expect(api.desks.stateOf('agent-anna')).toBe('not-ready');
    api.desks.calls.delete('agent-anna');
    api.desks.change('agent-anna', { state: 'ready' });
    clock.advance(1);
    expect(api.desks.stateOf('agent-anna')).toBe('signed-out');
  });

  it('is told that it has signed out', async () => {
    const { client, token } = await at('anna');
    expect((await logout(token)).status).toBe(200);
    expect((await client.next('bye')).reason).toBe('signed-out');
    expect(await client.closed()).toBe(4002);
    expect(api.desks.stateOf('agent-anna')).toBe('signed-out');
    expect(api.revoked).toEqual(['anna']);
  });

  it('stays at the desk when a program of the same user signs out', async () => {
    const { client } = await at('anna');
    const { token } = await api.session('anna');
    api.desks.calls.set('agent-anna', [call]);
    expect((await logout(token)).status).toBe(200);
    expect((await client.ask({ id: '1', command: 'ping' })).ok).toBe(true);
    expect(api.desks.stateOf('agent-anna')).toBe('not-ready');
    api.desks.calls.delete('agent-anna');
  });

  it('is told when its session expires, and the desk is left after the grace', async () => {
    const brief = await new ApiFixture({ clock, sessionHours: 10 / 3600 }).start();
    const { token } = await brief.session('anna');
    const client = new EventClient(`ws://127.0.0.1:${brief.port}/api/v1/events?token=${token}`);
    await client.next('hello');
    clock.advance(10_000);
    expect((await client.next('bye')).reason).toBe('expired');
    expect(await client.closed()).toBe(4003);
    await eventuallySignedOut(brief);
    expect(brief.revoked).toEqual(['anna']);
    await brief.stop();
  });

  it('is told when the server shuts down', async () => {
    const { client } = await at('anna');
    await api.stop();
    expect((await client.next('bye')).reason).toBe('shutting-down');
    expect(await client.closed()).toBe(1001);
    expect(api.desks.listenerCount).toBe(0);
  });
});

it('ten thousand malformed messages break nothing', async () => {
  const random = new SeededRandom(20_260_713);
  const valid = [
    '{"id":"1","command":"ready"}',
    '{"id":"2","command":"not-ready","reason":"break"}',
    '{"id":"3","command":"wrap-up-done","callId":"c","note":"n","disposition":"other"}',
  ];
  const mutate = (text: string): string => {
    const bytes = Buffer.from(text);
    for (let change = random.int(4); change >= 0; change -= 1) bytes[random.int(bytes.length)] = random.int(256);
    return bytes.subarray(0, 1 + random.int(bytes.length)).toString('utf8');
  };
  const { token } = await api.session('anna');
  for (let round = 0; round < 250; round += 1) {
    const client = connect(`?token=${token}`);
    await client.next('hello');
    for (let index = 0; index < 40; index += 1) client.send(mutate(random.pick(valid)));
    expect((await client.ask({ id: `after-${random.seed}-${round}`, command: 'ping' })).ok).toBe(true);
    client.socket.terminate();
  }
}, 30_000);
