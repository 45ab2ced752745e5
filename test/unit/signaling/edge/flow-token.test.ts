import { SipRequest } from '../../../../signaling/sip/message';
import type { Connection } from '../../../../signaling/sip/connection';
import { FlowTokens } from '../../../../signaling/edge/proxy/flow-token';
import type { StreamConnection } from '../../../../signaling/edge/transport/stream-table';
import { StreamTable } from '../../../../signaling/edge/transport/stream-table';

const remote = { address: '192.0.2.7', port: 40_000 };
const local = { address: '192.0.2.1', port: 5060 };

const connectionOf = (protocol: 'udp' | 'tcp'): StreamConnection =>
  ({ protocol, reliable: protocol !== 'udp', remote, local, closed: false }) as unknown as StreamConnection;

const setUp = (key = Buffer.alloc(32, 1), streams = new StreamTable(10)) => {
  const udp = (to: typeof remote): Connection => ({ ...connectionOf('udp'), remote: to });
  return { streams, tokens: new FlowTokens({ key, streams, udp }) };
};

const requestBy = (...routes: string[]): SipRequest => {
  const request = new SipRequest({ method: 'INVITE', uri: 'sip:ann@10.0.0.1' });
  for (const route of routes) request.append('Route', route);
  return request;
};

const none = (): boolean => false;

it('leads back over the datagrams of an address', () => {
  const { tokens } = setUp();
  const flow = tokens.of(requestBy(tokens.path(connectionOf('udp'), connectionOf('udp'), false)), none);
  expect(flow).toMatchObject({ kind: 'open', connection: { protocol: 'udp', remote } });
});

it('leads to the very connection, and to no other of the same address and port', () => {
  const { tokens, streams } = setUp();
  const first = connectionOf('tcp');
  streams.add(first);
  const path = tokens.path(first, connectionOf('udp'), true);
  expect(tokens.of(requestBy(path), none)).toEqual({ kind: 'open', connection: first });
  streams.remove(first);
  expect(tokens.of(requestBy(path), none)).toEqual({ kind: 'gone' });
  streams.add(connectionOf('tcp'));
  expect(tokens.of(requestBy(path), none)).toEqual({ kind: 'gone' });
});

it('takes a token of before a restart for one whose flow has gone, and that of another key for forged', () => {
  const { tokens, streams } = setUp();
  const stream = connectionOf('tcp');
  streams.add(stream);
  const path = tokens.path(stream, connectionOf('udp'), true);
  expect(setUp(undefined, streams).tokens.of(requestBy(path), none)).toEqual({ kind: 'gone' });
  expect(setUp(Buffer.alloc(32, 2), streams).tokens.of(requestBy(path), none)).toEqual({ kind: 'forged' });
});

it('looks only at Routes on top that are ours, of which the last decides', () => {
  const { tokens } = setUp();
  const path = tokens.path(connectionOf('udp'), connectionOf('udp'), false);
  expect(tokens.of(requestBy('<sip:192.0.2.99;lr>', path), none)).toEqual({ kind: 'none' });
  expect(tokens.of(requestBy('<sip:192.0.2.1;lr>', path), () => true)).toMatchObject({ kind: 'open' });
  expect(tokens.of(requestBy(path, '<sip:192.0.2.1;lr>'), () => true)).toEqual({ kind: 'none' });
  expect(tokens.of(requestBy(), none)).toEqual({ kind: 'none' });
});
