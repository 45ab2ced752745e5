import { SimulatedClock } from '../../../../../base/clock';
import { silentLogger } from '../../../../../base/log';
import type { Connection, SocketAddress } from '../../../../../signaling/sip/connection';
import { parseMessage } from '../../../../../signaling/sip/parse';
import { TransactionLayer } from '../../../../../signaling/sip/transaction/transaction-layer';
import { incoming, last, makeLayer, outgoing, RecordingConnection, recordingHandlers, reply } from './harness';

describe('the top Via of a request that arrives', () => {
  const stamped = (via: string): string => {
    const { layer, offered } = makeLayer();
    const connection = new RecordingConnection('udp', { address: '198.51.100.7', port: 40_000 });
    layer.receive(incoming('OPTIONS', { headers: { Via: via } }), connection);
    return last(offered).request.vias.map(String).join(', ');
  };

  test('gets received when it names another host (RFC 3261, 18.2.1)', () => {
    expect(stamped('SIP/2.0/UDP 10.0.0.5;branch=z9hG4bK1')).toBe(
      'SIP/2.0/UDP 10.0.0.5;branch=z9hG4bK1;received=198.51.100.7',
    );
  });

  test('is left alone when it names the source', () => {
    expect(stamped('SIP/2.0/UDP 198.51.100.7:40000;branch=z9hG4bK1')).toBe(
      'SIP/2.0/UDP 198.51.100.7:40000;branch=z9hG4bK1',
    );
  });

  test('gets received and rport when it asks for rport (RFC 3581, 4)', () => {
    expect(stamped('SIP/2.0/UDP 198.51.100.7;rport;branch=z9hG4bK1')).toBe(
      'SIP/2.0/UDP 198.51.100.7;rport=40000;branch=z9hG4bK1;received=198.51.100.7',
    );
  });

  test('is the only one that changes', () => {
    expect(stamped('SIP/2.0/UDP a.example;branch=z9hG4bK1, SIP/2.0/TCP b.example;branch=z9hG4bK2')).toBe(
      'SIP/2.0/UDP a.example;branch=z9hG4bK1;received=198.51.100.7, SIP/2.0/TCP b.example;branch=z9hG4bK2',
    );
  });
});

describe('a response over UDP', () => {
  const targetOf = (via: string): SocketAddress[] => {
    const { layer, offered } = makeLayer();
    const base = new RecordingConnection('udp', { address: '198.51.100.7', port: 40_000 });
    const targets: SocketAddress[] = [];
    const make = (remote: SocketAddress): Connection => ({
      protocol: 'udp',
      local: base.local,
      remote,
      reliable: false,
      toward: make,
      send: (bytes) => {
        targets.push(remote);
        return base.send(bytes);
      },
    });
    layer.receive(incoming('OPTIONS', { headers: { Via: via } }), make(base.remote));
    const transaction = last(offered);
    transaction.respond(reply(transaction.request, 200));
    return targets;
  };

  test.each([
    ['the source port when rport was asked for', ';rport', { address: '198.51.100.7', port: 40_000 }],
    ['port 5060 of the source when the Via names no port', '', { address: '198.51.100.7', port: 5060 }],
    ['the maddr', ';maddr=192.0.2.200', { address: '192.0.2.200', port: 5060 }],
  ])('goes to %s', (_name, params, target) => {
    expect(targetOf(`SIP/2.0/UDP phone.example;branch=z9hG4bK1${params}`)).toEqual([target]);
  });

  test('goes to the port that the Via names', () => {
    expect(targetOf('SIP/2.0/UDP phone.example:5071;branch=z9hG4bK1')).toEqual([
      { address: '198.51.100.7', port: 5071 },
    ]);
  });
});

describe('matching requests', () => {
  test('tells requests apart that differ in branch, sent-by or method', () => {
    const { layer, offered } = makeLayer();
    const connection = new RecordingConnection('udp');
    const dialog = { To: '<sip:4000@center.example>;tag=callee' };
    layer.receive(incoming('INFO', { headers: dialog }), connection);
    layer.receive(incoming('INFO', { headers: dialog, branch: 'z9hG4bKpeer2' }), connection);
    layer.receive(
      incoming('INFO', { headers: { ...dialog, Via: 'SIP/2.0/UDP 192.0.2.9:5099;branch=z9hG4bKpeer1' } }),
      connection,
    );
    layer.receive(incoming('BYE', { headers: dialog }), connection);
    layer.receive(incoming('BYE', { headers: dialog }), connection);
    expect(offered.map((transaction) => transaction.request.method)).toEqual(['INFO', 'INFO', 'INFO', 'BYE']);
  });

  const OLD = { Via: 'SIP/2.0/UDP 192.0.2.9:5060;branch=1' };

  test('matches an RFC 2543 agent’s repeated INVITE, and its ACK by the To tag', () => {
    const { layer, offered, acks } = makeLayer();
    const connection = new RecordingConnection('udp');
    layer.receive(incoming('INVITE', { headers: OLD }), connection);
    layer.receive(incoming('INVITE', { headers: OLD }), connection);
    expect(offered).toHaveLength(1);
    const transaction = last(offered);
    transaction.respond(reply(transaction.request, 486));
    const ack = (tag: string) =>
      incoming('ACK', { headers: { ...OLD, CSeq: '1 ACK', To: `<sip:4000@center.example>;tag=${tag}` } });
    layer.receive(ack('stranger'), connection);
    expect(acks).toHaveLength(1);
    expect(transaction.state).toBe('completed');
    layer.receive(ack('callee'), connection);
    expect(transaction.state).toBe('confirmed');
  });

  test('tells RFC 2543 requests apart by their CSeq number', () => {
    const { layer, offered } = makeLayer();
    const connection = new RecordingConnection('udp');
    layer.receive(incoming('INFO', { headers: OLD }), connection);
    layer.receive(incoming('INFO', { headers: { ...OLD, CSeq: '2 INFO' } }), connection);
    expect(offered).toHaveLength(2);
  });

  test('answers 482 to a copy that came another way (RFC 3261, 8.2.2.2), until the first has ended', () => {
    const { clock, layer, offered } = makeLayer();
    const connection = new RecordingConnection('tcp');
    layer.receive(incoming('OPTIONS'), connection);
    layer.receive(incoming('OPTIONS', { branch: 'z9hG4bKfork' }), connection);
    expect(connection.log).toEqual(['482']);
    expect(offered).toHaveLength(1);
    last(offered).respond(reply(last(offered).request, 200));
    clock.advance(0);
    layer.receive(incoming('OPTIONS', { branch: 'z9hG4bKlater' }), connection);
    expect(offered).toHaveLength(2);
  });

  test('does not take requests within a dialog for copies', () => {
    const { layer, offered } = makeLayer();
    const connection = new RecordingConnection('tcp');
    const headers = { To: '<sip:4000@center.example>;tag=callee' };
    layer.receive(incoming('INFO', { headers }), connection);
    layer.receive(incoming('INFO', { headers, branch: 'z9hG4bKother' }), connection);
    expect(offered).toHaveLength(2);
  });
});

describe('matching responses', () => {
  test('needs our branch and the method of the CSeq', () => {
    const { layer, strays } = makeLayer();
    const connection = new RecordingConnection('udp');
    const handlers = recordingHandlers();
    const { request } = layer.request(outgoing('OPTIONS'), connection, handlers);
    const wrongMethod = reply(request, 200);
    wrongMethod.set('CSeq', '7 INFO');
    layer.receive(wrongMethod, connection);
    layer.receive(reply(incoming('OPTIONS'), 200), connection);
    expect(strays).toHaveLength(2);
    expect(handlers.heard).toEqual([]);
    layer.receive(reply(request, 200), connection);
    expect(handlers.heard).toEqual(['200']);
  });
});

describe('a request that cannot be parsed', () => {
  const refused = (text: string) => {
    const result = parseMessage(Buffer.from(text.replace(/\n/g, '\r\n')));
    if (result.ok) throw new Error('it parsed');
    const { layer } = makeLayer();
    const connection = new RecordingConnection('udp');
    const sent: string[] = [];
    connection.send = (bytes) => {
      sent.push(bytes.toString());
      return Promise.resolve({ ok: true, value: undefined });
    };
    layer.receiveFault(result.fault, connection);
    return sent.join('').split('\r\n');
  };

  test('is answered 400 with a reason and all that a response needs', () => {
    const lines = refused(
      'INVITE sip:a@b SIP/2.0\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\nFrom: "x <sip:a@b>\nTo: <sip:a@b>\nCall-ID: 1\nCSeq: 1 INVITE\n\n',
    );
    expect(lines[0]).toBe('SIP/2.0 400 Bad Request: malformed From header: the display name has no closing quote');
    expect(lines).toEqual(
      expect.arrayContaining(['Via: SIP/2.0/UDP h;branch=z9hG4bK1', 'Call-ID: 1', 'CSeq: 1 INVITE']),
    );
  });

  test.each([
    ['an ACK', 'ACK sip:a@b SIP/2.0\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\nCSeq: 1 ACK\n\n'],
    ['a response', 'SIP/2.0 200 OK\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\n\n'],
    ['a request without Via', 'OPTIONS sip:a@b SIP/2.0\nCSeq: 1 OPTIONS\n\n'],
    ['rubbish', 'GET / HTTP/1.1\nHost: x\n\n'],
  ])('is dropped when it is %s', (_name, text) => {
    expect(refused(text)).toEqual(['']);
  });
});

test('an exception of its user ends in a 500', () => {
  const layer = new TransactionLayer({
    clock: new SimulatedClock(),
    log: silentLogger(),
    onRequest: () => {
      throw new Error('a bug');
    },
    onAck: () => undefined,
  });
  const connection = new RecordingConnection('udp');
  layer.receive(incoming('OPTIONS'), connection);
  expect(connection.log).toEqual(['500']);
  layer.close();
});

test('close ends everything without a message, twice if asked, and drops what comes later', () => {
  const { clock, layer, offered } = makeLayer();
  const connection = new RecordingConnection('udp');
  const ends: string[] = [];
  layer.receive(incoming('INVITE'), connection);
  last(offered).on('terminated', (end) => ends.push(end));
  layer.receive(incoming('OPTIONS', { branch: 'z9hG4bKo', headers: { CSeq: '2 OPTIONS' } }), connection);
  const handlers = recordingHandlers();
  layer.request(outgoing('INVITE'), connection, handlers);
  const sent = connection.sent.length;
  layer.close();
  layer.close();
  layer.receive(incoming('OPTIONS', { branch: 'z9hG4bKlate' }), connection);
  expect(layer.counts).toEqual({ server: 0, client: 0, timers: 0 });
  expect(clock.pendingTimers).toBe(0);
  expect(connection.sent).toHaveLength(sent);
  expect(ends).toEqual(['closed']);
  expect(handlers.heard).toEqual(['end:closed']);
});

test('timers can be scaled', () => {
  const clock = new SimulatedClock();
  const handlers = recordingHandlers();
  const layer = new TransactionLayer({
    ...{ clock, log: silentLogger(), onRequest: () => undefined, onAck: () => undefined },
    timers: { t1Ms: 10 },
  });
  layer.request(outgoing('OPTIONS'), new RecordingConnection('udp'), handlers);
  clock.advance(640);
  expect(handlers.heard).toEqual(['timeout', 'end:timeout']);
});

test('a 2xx is acknowledged with a branch of its own and without a transaction', async () => {
  const { layer } = makeLayer();
  const connection = new RecordingConnection('udp');
  await layer.sendAck(outgoing('ACK'), connection);
  expect(connection.log).toEqual(['ACK']);
  expect(connection.sent[0]?.topVia.hasMagicBranch).toBe(true);
  expect(layer.counts).toEqual({ server: 0, client: 0, timers: 0 });
});
