import { asRequest, makeLayer, outgoing, RecordingConnection, recordingHandlers, reply, settle } from './harness';

const start = (method: string, protocol: 'udp' | 'tcp' = 'udp') => {
  const world = makeLayer();
  const connection = new RecordingConnection(protocol);
  const handlers = recordingHandlers();
  const request = outgoing(method, { Route: '<sip:proxy.example;lr>' });
  const transaction = world.layer.request(request, connection, handlers);
  const answer = (status: number): void => world.layer.receive(reply(transaction.request, status), connection);
  return { ...world, connection, handlers, heard: handlers.heard, request, transaction, answer };
};

/** Times of sending, in ms, over a span. */
const sendTimes = (world: ReturnType<typeof start>, spanMs: number): number[] => {
  const at: number[] = [];
  for (let ms = 0; ms < spanMs; ms += 100) {
    const before = world.connection.sent.length;
    world.clock.advance(100);
    if (world.connection.sent.length > before) at.push(world.clock.monotonicMs());
  }
  return at;
};

describe('any client transaction', () => {
  test('sends the request with a Via of its own: transport, address, magic branch, rport', () => {
    const { connection, request } = start('OPTIONS');
    const sent = asRequest(connection.sent[0]);
    expect(sent.topVia).toMatchObject({ transport: 'UDP', host: '192.0.2.1', port: 5060, hasMagicBranch: true });
    expect(sent.topVia.params.has('rport')).toBe(true);
    expect(sent.maxForwards).toBe(70);
    expect(request.has('Via')).toBe(false);
  });

  test('writes the advertised address instead of the local one', () => {
    const { layer } = makeLayer();
    const connection = Object.assign(new RecordingConnection('tcp'), {
      advertised: { address: '2001:db8::1', port: 5080 },
    });
    const transaction = layer.request(outgoing('OPTIONS'), connection, recordingHandlers());
    expect(transaction.request.topVia.sentBy).toBe('[2001:db8::1]:5080');
  });

  test('uses another branch for every request', () => {
    expect(start('OPTIONS').transaction.id).not.toBe(start('OPTIONS').transaction.id);
  });

  test('contains an exception of its user', () => {
    const { layer } = makeLayer();
    const connection = new RecordingConnection('tcp');
    const onFinal = (): void => {
      throw new Error('a bug');
    };
    const transaction = layer.request(outgoing('OPTIONS'), connection, { ...recordingHandlers(), onFinal });
    layer.receive(reply(transaction.request, 200), connection);
    expect(transaction.state).toBe('completed');
  });
});

describe('a non-INVITE client transaction', () => {
  test('repeats at T1, doubling up to T2, and reports the timeout after 64*T1', () => {
    const world = start('REGISTER');
    expect(sendTimes(world, 32_000)).toEqual([500, 1500, 3500, 7500, 11500, 15500, 19500, 23500, 27500, 31500]);
    expect(world.heard).toEqual(['timeout', 'end:timeout']);
    expect(world.layer.counts).toEqual({ server: 0, client: 0, timers: 0 });
  });

  test('repeats every T2 after a provisional response', () => {
    const world = start('REGISTER');
    world.answer(100);
    expect(sendTimes(world, 9000)).toEqual([500, 4500, 8500]);
  });

  test('absorbs repeated answers for T4', () => {
    const { clock, answer, heard } = start('REGISTER');
    answer(401);
    answer(401);
    clock.advance(4999);
    expect(heard).toEqual(['401']);
    clock.advance(1);
    expect(heard).toEqual(['401', 'end:completed']);
    expect(clock.pendingTimers).toBe(0);
  });

  test('on a reliable connection sends once and ends at once', () => {
    const world = start('REGISTER', 'tcp');
    expect(sendTimes(world, 20_000)).toEqual([]);
    world.answer(200);
    world.clock.advance(0);
    expect(world.heard).toEqual(['200', 'end:completed']);
  });

  test('reports that it could not be sent', async () => {
    const { layer, clock } = makeLayer();
    const connection = new RecordingConnection('udp');
    const handlers = recordingHandlers();
    connection.failing = true;
    layer.request(outgoing('OPTIONS'), connection, handlers);
    await settle();
    expect(handlers.heard).toEqual(['transport-error', 'end:transport-error']);
    expect(clock.pendingTimers).toBe(0);
  });

  test('cannot be cancelled', () => {
    const { transaction, connection, answer } = start('REGISTER');
    transaction.cancel();
    answer(100);
    expect(connection.log).toEqual(['REGISTER']);
  });
});

describe('an INVITE client transaction', () => {
  test('repeats at T1, doubling without bound, and reports the timeout after 64*T1', () => {
    const world = start('INVITE');
    expect(sendTimes(world, 32_000)).toEqual([500, 1500, 3500, 7500, 15500, 31500]);
    expect(world.heard).toEqual(['timeout', 'end:timeout']);
  });

  test('stops repeating at the first provisional response and then waits without end', () => {
    const world = start('INVITE');
    world.answer(100);
    world.answer(180);
    expect(sendTimes(world, 300_000)).toEqual([]);
    expect(world.heard).toEqual(['100', '180']);
    expect(world.layer.counts).toEqual({ server: 0, client: 1, timers: 0 });
  });

  test('acknowledges a failure itself, as often as it comes, reports it once, and stays for Timer D', () => {
    const { clock, answer, heard, connection } = start('INVITE');
    answer(486);
    answer(486);
    expect(connection.log).toEqual(['INVITE', 'ACK', 'ACK']);
    clock.advance(31_999);
    expect(heard).toEqual(['486']);
    clock.advance(1);
    expect(heard).toEqual(['486', 'end:completed']);
  });

  test('makes that ACK as RFC 3261, 17.1.1.3 says', () => {
    const { answer, connection, transaction } = start('INVITE');
    answer(486);
    const ack = asRequest(connection.sent[1]);
    expect(ack.uri).toBe(transaction.request.uri);
    expect(ack.vias.map(String)).toEqual([transaction.request.topVia.toString()]);
    expect(ack.to.tag).toBe('callee');
    expect(ack.from.tag).toBe('ours');
    expect(ack.callId).toBe(transaction.request.callId);
    expect(ack.cseq).toEqual({ number: 7, method: 'ACK' });
    expect(ack.getAll('Route')).toEqual(['<sip:proxy.example;lr>']);
  });

  test('passes every 2xx for 64*T1 and acknowledges none', () => {
    const { clock, answer, heard, connection, layer, strays } = start('INVITE');
    answer(200);
    answer(200);
    clock.advance(31_999);
    answer(200);
    clock.advance(1);
    expect(heard).toEqual(['200', '200', '200', 'end:completed']);
    expect(connection.log).toEqual(['INVITE']);
    answer(200);
    expect(strays).toHaveLength(1);
    expect(layer.counts.client).toBe(0);
  });

  test('on a reliable connection ends right behind its ACK', () => {
    const { clock, answer, heard } = start('INVITE', 'tcp');
    answer(404);
    clock.advance(0);
    expect(heard).toEqual(['404', 'end:completed']);
    expect(clock.pendingTimers).toBe(0);
  });

  test('ends when its ACK could not be sent, having reported the answer', async () => {
    const { answer, heard, connection } = start('INVITE', 'tcp');
    connection.failing = true;
    answer(404);
    await settle();
    expect(heard).toEqual(['404', 'end:transport-error']);
  });
});

describe('cancelling an INVITE', () => {
  test('waits for a provisional response, then sends one CANCEL with the INVITE’s branch', () => {
    const { transaction, answer, connection } = start('INVITE');
    transaction.cancel([['Reason', 'Q.850;cause=16']]);
    transaction.cancel();
    expect(connection.log).toEqual(['INVITE']);
    answer(100);
    answer(180);
    expect(connection.log).toEqual(['INVITE', 'CANCEL']);
    const cancel = asRequest(connection.sent[1]);
    expect(cancel.topVia.branch).toBe(transaction.request.topVia.branch);
    expect(cancel.cseq).toEqual({ number: 7, method: 'CANCEL' });
    expect(cancel.to.tag).toBeUndefined();
    expect(cancel.get('Reason')).toBe('Q.850;cause=16');
  });

  test('ends with the 487', () => {
    const { transaction, answer, heard, layer, connection, clock } = start('INVITE');
    answer(180);
    transaction.cancel();
    layer.receive(reply(asRequest(connection.sent[1]), 200), connection);
    answer(487);
    clock.advance(40_000);
    expect(heard).toEqual(['180', '487', 'end:completed']);
    expect(layer.counts).toEqual({ server: 0, client: 0, timers: 0 });
  });

  test('can lose the race against a 2xx', () => {
    const { transaction, answer, heard } = start('INVITE');
    answer(180);
    transaction.cancel();
    answer(200);
    expect(heard).toEqual(['180', '200']);
  });

  test('is given up after 64*T1 without a final response', () => {
    const { transaction, answer, heard, clock, layer } = start('INVITE');
    answer(180);
    transaction.cancel();
    clock.advance(32_000);
    expect(heard).toEqual(['180', 'timeout', 'end:timeout']);
    clock.advance(10_000);
    expect(layer.counts).toEqual({ server: 0, client: 0, timers: 0 });
  });

  test('does nothing after a final response', () => {
    const { transaction, answer, connection } = start('INVITE');
    answer(200);
    transaction.cancel();
    expect(connection.log).toEqual(['INVITE']);
  });
});
