import { SimulatedClock } from '../../../base/clock';
import { EventSocket } from '../../../agent-web/src/api/event-socket';
import type { SocketStatus, WireHandlers } from '../../../agent-web/src/api/event-socket';
import type { ServerMessage } from '../../../api/contract/socket';

interface FakeWire {
  readonly handlers: WireHandlers;
  readonly sent: { id: string; command: string }[];
  closed: boolean;
}

const setUp = () => {
  const clock = new SimulatedClock();
  const wires: FakeWire[] = [];
  const statuses: SocketStatus[] = [];
  const messages: ServerMessage[] = [];
  const problems: string[] = [];
  const socket = new EventSocket({
    clock,
    chance: () => 1,
    open: (handlers) => {
      const wire: FakeWire = { handlers, sent: [], closed: false };
      wires.push(wire);
      return { send: (text) => void wire.sent.push(JSON.parse(text)), close: () => (wire.closed = true) };
    },
    onMessage: (message) => messages.push(message),
    onStatus: (status) => statuses.push(status),
    onUnreadable: (problem) => problems.push(problem),
  });
  const wire = (): FakeWire => {
    const last = wires.at(-1);
    if (!last) throw new Error('nothing was opened');
    return last;
  };
  const status = (): SocketStatus | undefined => statuses.at(-1);
  const open = (): void => {
    socket.connect();
    wire().handlers.onOpen();
  };
  return { clock, wires, messages, problems, socket, wire, status, open };
};

const reply = (id: string, ok = true): string =>
  JSON.stringify({ type: 'reply', id, ok, ...(ok ? {} : { fault: { code: 'conflict', message: 'Not now.' } }) });

describe('the event socket', () => {
  test('resolves a command when its reply comes, and no other', async () => {
    const { socket, wire, open } = setUp();
    open();
    const settled: string[] = [];
    const first = socket.send({ command: 'ready' }).then(() => settled.push('first'));
    const second = socket.send({ command: 'ping' }).then(() => settled.push('second'));
    wire().handlers.onText(reply(wire().sent[1]?.id ?? ''));
    await second;
    expect(settled).toEqual(['second']);
    wire().handlers.onText(reply(wire().sent[0]?.id ?? ''));
    await first;
  });

  test("rejects a command with the server's fault", async () => {
    const { socket, wire, open } = setUp();
    open();
    const sent = socket.send({ command: 'ready' });
    wire().handlers.onText(reply(wire().sent[0]?.id ?? '', false));
    await expect(sent).rejects.toMatchObject({ code: 'conflict', message: 'Not now.' });
  });

  test('refuses commands without a connection instead of keeping them for later', async () => {
    const { socket } = setUp();
    await expect(socket.send({ command: 'ready' })).rejects.toMatchObject({ code: 'unreachable' });
  });

  test('rejects a command that is not replied to within 10 s', async () => {
    const { socket, clock, open } = setUp();
    open();
    const sent = socket.send({ command: 'ready' });
    clock.advance(10_000);
    await expect(sent).rejects.toMatchObject({ code: 'timeout' });
  });

  test('rejects what is under way when the connection is lost, and connects again with a growing delay', async () => {
    const { socket, clock, wires, wire, status, open } = setUp();
    open();
    const sent = socket.send({ command: 'ready' });
    wire().handlers.onClose();
    await expect(sent).rejects.toMatchObject({ code: 'unreachable' });
    expect(status()).toMatchObject({ kind: 'waiting', attempt: 1, retryAtMs: clock.nowMs() + 500 });
    clock.advance(500);
    expect(wires).toHaveLength(2);
    wire().handlers.onClose();
    expect(status()).toMatchObject({ kind: 'waiting', attempt: 2, retryAtMs: clock.nowMs() + 1000 });
  });

  test('forgets earlier failures once it is open', () => {
    const { clock, wire, status, open } = setUp();
    open();
    wire().handlers.onClose();
    clock.advance(500);
    wire().handlers.onOpen();
    wire().handlers.onClose();
    expect(status()).toMatchObject({ kind: 'waiting', attempt: 1 });
  });

  test('gives up on a connection that does not open within 8 s', () => {
    const { socket, clock, wire, status } = setUp();
    socket.connect();
    clock.advance(8000);
    expect(wire().closed).toBe(true);
    expect(status()).toMatchObject({ kind: 'waiting' });
  });

  test('notices a connection that died silently by an unanswered ping', async () => {
    const { clock, wire, status, open } = setUp();
    open();
    await clock.advanceAsync(25_000, 5000);
    expect(wire().sent[0]).toMatchObject({ command: 'ping' });
    expect(status()).toMatchObject({ kind: 'waiting', attempt: 1 });
  });

  test('stays away after another desk has taken its place', () => {
    const { clock, wires, wire, status, open } = setUp();
    open();
    wire().handlers.onText(JSON.stringify({ type: 'bye', reason: 'replaced' }));
    clock.advance(120_000);
    expect(status()).toEqual({ kind: 'closed', reason: 'replaced' });
    expect(wires).toHaveLength(1);
    expect(clock.pendingTimers).toBe(0);
  });

  test('comes back after a server that shuts down', () => {
    const { clock, wires, wire, open } = setUp();
    open();
    wire().handlers.onText(JSON.stringify({ type: 'bye', reason: 'shutting-down' }));
    wire().handlers.onClose();
    clock.advance(500);
    expect(wires).toHaveLength(2);
  });

  test.each(['not json', '{}', '{"type":"call","call":{}}', '[1]'])('reports and survives %s', (text) => {
    const { wire, problems, messages, status, open } = setUp();
    open();
    wire().handlers.onText(text);
    expect(problems).toHaveLength(1);
    expect(messages).toHaveLength(0);
    expect(status()).toEqual({ kind: 'open' });
  });

  test('leaves no timer behind and hears nothing more after close', () => {
    const { socket, clock, wire, messages, status, open } = setUp();
    open();
    socket.close();
    socket.close();
    wire().handlers.onText(JSON.stringify({ type: 'queues', queues: [] }));
    wire().handlers.onClose();
    expect(status()).toEqual({ kind: 'closed', reason: 'left' });
    expect(messages).toHaveLength(0);
    expect(clock.pendingTimers).toBe(0);
  });
});
