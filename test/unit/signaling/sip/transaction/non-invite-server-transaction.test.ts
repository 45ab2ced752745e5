import { incoming, last, makeLayer, RecordingConnection, reply, settle } from './harness';

const start = (protocol: 'udp' | 'tcp' = 'udp') => {
  const world = makeLayer();
  const connection = new RecordingConnection(protocol);
  world.layer.receive(incoming('OPTIONS'), connection);
  const transaction = last(world.offered);
  const seen: string[] = [];
  transaction.on('transport-error', () => seen.push('transport-error'));
  transaction.on('terminated', (end) => seen.push(`end:${end}`));
  const respond = (status: number) => transaction.respond(reply(transaction.request, status));
  return { ...world, connection, transaction, seen, respond };
};

test('absorbs repeated requests until it has an answer, then repeats the answer for 64*T1', () => {
  const { clock, layer, connection, respond, seen, offered } = start();
  layer.receive(incoming('OPTIONS'), connection);
  expect(connection.log).toEqual([]);
  respond(200);
  clock.advance(31_999);
  layer.receive(incoming('OPTIONS'), connection);
  expect(connection.log).toEqual(['200', '200']);
  expect(offered).toHaveLength(1);
  clock.advance(1);
  expect(seen).toEqual(['end:completed']);
  expect(layer.counts).toEqual({ server: 0, client: 0, timers: 0 });
});

test('on a reliable connection ends right behind its answer', () => {
  const { clock, seen, respond } = start('tcp');
  respond(200);
  clock.advance(0);
  expect(seen).toEqual(['end:completed']);
  expect(clock.pendingTimers).toBe(0);
});

test('repeats a 100 for a repeated request', () => {
  const { layer, connection, respond } = start();
  respond(100);
  layer.receive(incoming('OPTIONS'), connection);
  expect(connection.log).toEqual(['100', '100']);
});

test.each([408, 180, 183])('refuses to send %i (RFC 4320)', (status) => {
  const { respond, connection } = start();
  expect(respond(status)).toMatchObject({ ok: false, fault: { code: 'conflict' } });
  expect(connection.log).toEqual([]);
});

test('refuses a second final response', () => {
  const { respond, connection } = start();
  respond(404);
  expect(respond(200).ok).toBe(false);
  expect(connection.log).toEqual(['404']);
});

test('ends silently when its user has not answered within 64*T1', () => {
  const { clock, connection, seen, respond } = start();
  clock.advance(32_000);
  expect(seen).toEqual(['end:timeout']);
  expect(respond(200)).toMatchObject({ ok: false, fault: { code: 'conflict' } });
  expect(connection.log).toEqual([]);
});

test('ends when its answer could not be sent', async () => {
  const { connection, respond, seen } = start();
  connection.failing = true;
  respond(200);
  await settle();
  expect(seen).toEqual(['transport-error', 'end:transport-error']);
});
