/** The embedded edge's transports: keep-alives, doors that stay shut, connections that are given up. */
import { connect } from 'node:net';
import { WebSocket } from 'ws';
import { DEFAULT_LIMITS } from '../../../signaling/edge/limits';
import { edgeOnly, ServerUnderTest, until } from './server-under-test';

let server: ServerUnderTest;
afterEach(() => server.close());

edgeOnly('answers the keep-alive of a TCP connection (RFC 5626)', async () => {
  server = await ServerUnderTest.start();
  const socket = connect(server.sipPort, '127.0.0.1', () => void socket.write('\r\n\r\n'));
  const pong = await new Promise<string>((resolve) => socket.once('data', (data) => resolve(data.toString())));
  expect(pong).toBe('\r\n');
  socket.destroy();
});

edgeOnly('answers the keep-alive of a WebSocket, and gives up one that answers no ping', async () => {
  server = await ServerUnderTest.start({ limits: { pingPeriodMs: 60 } });
  const lively = new WebSocket(`ws://127.0.0.1:${server.edge!.ports.ws}`, 'sip');
  await new Promise((resolve) => lively.once('open', resolve));
  lively.send('\r\n\r\n');
  const pong = await new Promise<string>((resolve) =>
    lively.once('message', (data: Buffer) => resolve(data.toString())),
  );
  expect(pong).toBe('\r\n');
  const dead = new WebSocket(`ws://127.0.0.1:${server.edge!.ports.ws}`, 'sip', { autoPong: false });
  await new Promise((resolve) => dead.once('close', resolve));
  expect(lively.readyState).toBe(WebSocket.OPEN);
  lively.terminate();
  await until(() => server.edge?.counts().connections === 0);
});

edgeOnly('refuses WebSockets that do not offer sip, and messages over the limit', async () => {
  server = await ServerUnderTest.start({ limits: { maxMessageBytes: 2_000 } });
  const url = `ws://127.0.0.1:${server.edge!.ports.ws}`;
  const other = new WebSocket(url, 'chat');
  const refused = await new Promise<Error>((resolve) => other.once('error', resolve));
  expect(refused.message).toContain('401');
  const talkative = new WebSocket(url, 'sip');
  await new Promise((resolve) => talkative.once('open', resolve));
  talkative.send('x'.repeat(3_000));
  await new Promise((resolve) => talkative.once('close', resolve));
});

edgeOnly('takes no more connections than it may, and closes those that are idle', async () => {
  server = await ServerUnderTest.start({ limits: { maxConnections: 2, idleTimeoutMs: 400 } });
  const closings = [0, 1, 2].map(
    () =>
      new Promise<number>((resolve) => {
        const startedAt = Date.now();
        const socket = connect(server.sipPort, '127.0.0.1');
        socket.on('error', () => undefined);
        socket.on('close', () => resolve(Date.now() - startedAt));
        socket.resume();
      }),
  );
  const livedMs = await Promise.all(closings);
  expect(livedMs.filter((ms) => ms < 350)).toHaveLength(1);
  await until(() => server.edge?.counts().connections === 0);
});

edgeOnly('says which port is taken', async () => {
  server = await ServerUnderTest.start();
  await expect(ServerUnderTest.start({ sipPort: server.sipPort })).rejects.toThrow(String(server.sipPort));
  expect(DEFAULT_LIMITS.maxConnections).toBeGreaterThan(1_000);
});
