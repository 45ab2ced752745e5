import { asResponse, incoming, last, makeLayer, RecordingConnection, reply, settle } from './harness';

const start = (protocol: 'udp' | 'tcp' = 'udp') => {
  const world = makeLayer();
  const connection = new RecordingConnection(protocol);
  world.layer.receive(incoming('INVITE'), connection);
  const transaction = last(world.offered);
  const seen: string[] = [];
  transaction.on('cancelled', () => seen.push('cancelled'));
  transaction.on('ack', () => seen.push('ack'));
  transaction.on('timeout', () => seen.push('timeout'));
  transaction.on('transport-error', () => seen.push('transport-error'));
  transaction.on('terminated', (end) => seen.push(`end:${end}`));
  const respond = (status: number) => transaction.respond(reply(transaction.request, status));
  return { ...world, connection, transaction, seen, respond };
};

test('says 100 Trying after 200 ms when its user is silent, without a To tag', () => {
  const { clock, connection } = start();
  clock.advance(199);
  expect(connection.log).toEqual([]);
  clock.advance(1);
  expect(connection.log).toEqual(['100']);
  expect(asResponse(connection.sent[0]).to.tag).toBeUndefined();
});

test('says no 100 when its user was quicker', () => {
  const { clock, connection, respond } = start();
  respond(180);
  clock.advance(1000);
  expect(connection.log).toEqual(['180']);
});

test('answers a repeated INVITE with the last provisional response and offers it only once', () => {
  const { layer, connection, respond, offered } = start();
  layer.receive(incoming('INVITE'), connection);
  respond(180);
  layer.receive(incoming('INVITE'), connection);
  expect(connection.log).toEqual(['180', '180']);
  expect(offered).toHaveLength(1);
});

test('repeats a failure at T1, 2*T1, 4*T1, then every T2 until the ACK, then stays for T4', () => {
  const { clock, layer, connection, seen, respond } = start();
  respond(486);
  const at: number[] = [];
  for (let ms = 0; ms < 12_000; ms += 100) {
    const before = connection.sent.length;
    clock.advance(100);
    if (connection.sent.length > before) at.push(clock.monotonicMs());
  }
  expect(at).toEqual([500, 1500, 3500, 7500, 11500]);
  layer.receive(
    incoming('ACK', { headers: { CSeq: '1 ACK', To: '<sip:4000@center.example>;tag=callee' } }),
    connection,
  );
  expect(seen).toEqual(['ack']);
  const count = connection.sent.length;
  clock.advance(4999);
  expect(layer.counts).toEqual({ server: 1, client: 0, timers: 1 });
  clock.advance(1);
  expect(connection.sent).toHaveLength(count);
  expect(seen).toEqual(['ack', 'end:completed']);
  expect(layer.counts).toEqual({ server: 0, client: 0, timers: 0 });
});

test('gives up after 64*T1 without an ACK', () => {
  const { clock, layer, seen, respond } = start();
  respond(503);
  clock.advance(31_999);
  expect(seen).toEqual([]);
  clock.advance(1);
  expect(seen).toEqual(['timeout', 'end:timeout']);
  expect(clock.pendingTimers).toBe(0);
  expect(layer.counts.server).toBe(0);
});

test('on a reliable connection a failure is sent once and the transaction ends right behind the ACK', () => {
  const { clock, layer, connection, seen, respond } = start('tcp');
  respond(404);
  clock.advance(20_000);
  expect(connection.log).toEqual(['404']);
  layer.receive(incoming('ACK', { headers: { CSeq: '1 ACK' } }), connection);
  clock.advance(0);
  expect(seen).toEqual(['ack', 'end:completed']);
});

test('after a 2xx absorbs repeated INVITEs, sends the 2xx again for its user, and ends after 64*T1', () => {
  const { clock, layer, connection, respond, seen, offered } = start();
  respond(200);
  layer.receive(incoming('INVITE'), connection);
  expect(connection.log).toEqual(['200']);
  expect(respond(200).ok).toBe(true);
  expect(connection.log).toEqual(['200', '200']);
  clock.advance(32_000);
  expect(seen).toEqual(['end:completed']);
  expect(offered).toHaveLength(1);
});

test('an ACK to the 2xx goes to the user, with its own branch or with that of the INVITE', () => {
  const { layer, connection, respond, acks } = start();
  respond(200);
  layer.receive(incoming('ACK', { headers: { CSeq: '1 ACK' } }), connection);
  layer.receive(incoming('ACK', { branch: 'z9hG4bKother', headers: { CSeq: '1 ACK' } }), connection);
  expect(acks).toHaveLength(2);
});

test.each([
  [200, 486],
  [486, 200],
  [486, 180],
  [486, 500],
  [200, 183],
])('after a %i refuses a %i with a conflict', (first, second) => {
  const { respond, connection } = start();
  respond(first);
  const result = respond(second);
  expect(result).toMatchObject({ ok: false, fault: { code: 'conflict' } });
  expect(connection.log).toEqual([String(first)]);
});

test('tells its user that a response could not be sent, and goes on', async () => {
  const { connection, respond, seen, transaction } = start();
  connection.failing = true;
  respond(180);
  await settle();
  expect(seen).toEqual(['transport-error']);
  expect(transaction.state).toBe('proceeding');
});

describe('CANCEL', () => {
  const cancel = () => incoming('CANCEL', { headers: { CSeq: '1 CANCEL' } });

  test('is answered 200, its user is told, and the INVITE is answered 487 with the same To tag', () => {
    const { layer, connection, seen } = start();
    layer.receive(cancel(), connection);
    expect(connection.log).toEqual(['200', '487']);
    expect(asResponse(connection.sent[0]).cseq.method).toBe('CANCEL');
    expect(asResponse(connection.sent[1]).cseq.method).toBe('INVITE');
    expect(asResponse(connection.sent[0]).to.tag).toBe(asResponse(connection.sent[1]).to.tag);
    expect(seen).toEqual(['cancelled']);
  });

  test('leaves the answer to a user who gives one at once', () => {
    const { layer, connection, transaction, respond } = start();
    transaction.on('cancelled', () => respond(480));
    layer.receive(cancel(), connection);
    expect(connection.log).toEqual(['200', '480']);
  });

  test('uses the To tag of the provisional response that went before', () => {
    const { layer, connection, respond } = start();
    respond(180);
    layer.receive(cancel(), connection);
    expect(connection.sent.map((message) => message.to.tag)).toEqual(['callee', 'callee', 'callee']);
  });

  test('changes nothing once the INVITE was answered', () => {
    const { layer, connection, respond, seen } = start();
    respond(200);
    layer.receive(cancel(), connection);
    expect(connection.log).toEqual(['200', '200']);
    expect(seen).toEqual([]);
  });

  test('of an unknown INVITE is answered 481', () => {
    const { layer, connection } = start();
    layer.receive(incoming('CANCEL', { branch: 'z9hG4bKstranger', headers: { CSeq: '1 CANCEL' } }), connection);
    expect(connection.log).toEqual(['481']);
  });

  test('repeated is answered again and reported once', () => {
    const { layer, connection, seen } = start();
    layer.receive(cancel(), connection);
    layer.receive(cancel(), connection);
    expect(connection.log).toEqual(['200', '487', '200']);
    expect(seen).toEqual(['cancelled']);
  });
});
