/** What happens to requests, endpoints and events when the connection between app and media process breaks. */
import { createConnection, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { SimulatedClock, systemClock as clock } from '../../../base/clock';
import { newId } from '../../../base/ids';
import type { EndpointId } from '../../../base/ids';
import { silentLogger } from '../../../base/log';
import type { Result } from '../../../base/result';
import { MediaClient } from '../../../media/client';
import type { MediaClientOptions } from '../../../media/client';
import { FrameReader, writeFrame } from '../../../media/framing';
import type { MediaEvent, MediaPort, OpenEndpoint, OpenedEndpoint } from '../../../media/ports';
import { MAX_FRAME_BYTES } from '../../../media/protocol';
import { MediaServer } from '../../../media/server';
import { cuttableProxy, rememberingEngine } from '../../support/media-socket';
import { pause, until } from '../../support/wait';

const log = silentLogger();
const SECRET = 'a secret of this test';

describe('media client and server', () => {
  const cleanups: (() => void | Promise<void>)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });

  async function serve(engine: MediaPort, port = 0): Promise<MediaServer & { port: number }> {
    const server = await MediaServer.start({
      engine,
      address: { host: '127.0.0.1', port },
      secret: SECRET,
      graceMs: 300,
      clock,
      log,
    });
    if (!server.ok) throw new Error(server.fault.message);
    cleanups.push(() => server.value.close());
    const bound = server.value.address;
    return Object.assign(server.value, { port: 'port' in bound ? bound.port : 0 });
  }

  async function connect(port: number, more: Partial<MediaClientOptions> = {}) {
    const reached = { address: { host: '127.0.0.1', port }, secret: SECRET, graceMs: 200, clock, log };
    const client = new MediaClient({ ...reached, ...more });
    cleanups.push(() => client.close());
    await client.whenReady();
    const events: MediaEvent[] = [];
    client.onEvent((event) => events.push(event));
    return { client, events };
  }

  const open = async (client: MediaClient): Promise<EndpointId> => {
    const endpointId = newId<EndpointId>();
    expect(await client.openEndpoint({ endpointId, kind: 'rtp', codecs: ['PCMA'] })).toMatchObject({ ok: true });
    return endpointId;
  };

  it('a connection that comes back in time loses no endpoint, no event and no request, and does none twice', async () => {
    const { engine, open: openEndpoints, emit, asked, held } = rememberingEngine();
    const proxy = await cuttableProxy((await serve(engine)).port);
    cleanups.push(proxy.close);
    const { client, events } = await connect(proxy.port);
    const endpointId = await open(client);
    const unanswered = client.bridge(endpointId, endpointId);
    await until('the request', () => asked.length === 1);
    proxy.cut();
    await until('the loss', () => !client.ready);
    const meanwhile = client.counts();
    emit({ type: 'connected', endpointId });
    held.forEach((letGo) => letGo());
    expect(await unanswered).toEqual({ ok: true, value: undefined });
    expect(await meanwhile).toMatchObject({ ok: true, value: { endpoints: 1 } });
    expect(asked).toHaveLength(1);
    await until('the event', () => events.length === 1);
    await pause(400);
    expect(events).toEqual([{ type: 'connected', endpointId }]);
    expect(openEndpoints.size).toBe(1);
  });

  it('an app that comes back after its session was closed has lost everything', async () => {
    const { engine, open: openEndpoints } = rememberingEngine();
    const proxy = await cuttableProxy((await serve(engine)).port);
    cleanups.push(proxy.close);
    const frozen = new SimulatedClock();
    // Its clock stands still, as in an app that is stopped for some seconds.
    const { client, events } = await connect(proxy.port, { clock: frozen });
    const endpointId = await open(client);
    proxy.cut();
    await until('the end of the grace', () => openEndpoints.size === 0);
    frozen.advance(50);
    await until('the loss', () => events.length === 1);
    expect(events).toEqual([{ type: 'endpoint-lost', endpointId, reason: 'process-lost' }]);
    await client.whenReady();
  });

  it('what was opened after nobody waited for it any more is closed again', async () => {
    const { engine, open: openEndpoints } = rememberingEngine();
    const late: (() => void)[] = [];
    const slow = {
      ...engine,
      openEndpoint: (request: OpenEndpoint) =>
        new Promise<Result<OpenedEndpoint>>((resolve) => void late.push(() => resolve(engine.openEndpoint(request)))),
      closeEndpoint: (endpointId: EndpointId) => {
        late.splice(0).forEach((act) => act());
        return engine.closeEndpoint(endpointId);
      },
    };
    const appClock = new SimulatedClock();
    const { client } = await connect((await serve(slow)).port, { clock: appClock });
    const endpointId = newId<EndpointId>();
    const opened = client.openEndpoint({ endpointId, kind: 'rtp', codecs: ['PCMA'] });
    await until('the request', () => late.length === 1);
    appClock.advance(1400);
    await client.counts();
    for (let waited = 0; waited < 14; waited += 1) {
      appClock.advance(1000);
      await client.counts();
    }
    expect(await opened).toMatchObject({ ok: false, fault: { code: 'timeout' } });
    await until('the end', () => late.length === 0);
    await client.counts();
    expect(openEndpoints.size).toBe(0);
  });

  it('an app of which nothing is heard over a network any more is taken for gone', async () => {
    const { engine, open: openEndpoints } = rememberingEngine();
    const { port } = await serve(engine);
    const { client } = await connect(port, { clock: new SimulatedClock() });
    await open(client);
    await until('the end of what it had', () => openEndpoints.size === 0, 6000);
  });

  it('a process of which nothing is heard over a network any more is lost soon enough for calls to be back in 3 s', async () => {
    const { engine } = rememberingEngine();
    const proxy = await cuttableProxy((await serve(engine)).port);
    cleanups.push(proxy.close);
    const { client } = await connect(proxy.port, { graceMs: 2_000 });
    let lostMs: number | undefined;
    client.onChange((change) => void (change === 'lost' && (lostMs ??= performance.now())));
    const silentMs = performance.now();
    proxy.swallow();
    await until('the loss', () => lostMs, 10_000);
    expect((lostMs ?? 0) - silentMs).toBeGreaterThan(1_400);
    expect((lostMs ?? 0) - silentMs).toBeLessThan(2_750);
  });

  it('an attempt to connect that leads to nothing is given up, and another one made', async () => {
    const attempts: Socket[] = [];
    const deaf = createServer((socket) => void attempts.push(socket));
    await new Promise<void>((resolve) => void deaf.listen(0, '127.0.0.1', resolve));
    const appClock = new SimulatedClock();
    const address = { host: '127.0.0.1', port: (deaf.address() as AddressInfo).port };
    const client = new MediaClient({ address, secret: SECRET, clock: appClock, log });
    cleanups.push(() => {
      client.close();
      attempts.forEach((socket) => socket.destroy());
      deaf.close();
      expect(appClock.pendingTimers).toBe(0);
    });
    await until('the first attempt', () => attempts.length === 1);
    await until('the second', () => (appClock.advance(1000), attempts.length === 2));
  });

  it('a process that is gone: every endpoint is reported lost once, and requests fail until a new one is there', async () => {
    const first = await serve(rememberingEngine().engine);
    const { client, events } = await connect(first.port);
    const endpointIds = [await open(client), await open(client)];
    await first.close();
    await until('two losses', () => events.length === 2);
    expect(events).toEqual(
      endpointIds.map((endpointId) => ({ type: 'endpoint-lost', endpointId, reason: 'process-lost' })),
    );
    expect(await client.stats(newId<EndpointId>())).toMatchObject({ ok: false, fault: { code: 'unavailable' } });
    await serve(rememberingEngine().engine, first.port);
    await client.whenReady();
    await open(client);
    expect(events).toHaveLength(2);
  });

  it("the endpoints of an app that does not come back are closed after the grace, and nobody else's", async () => {
    const { engine, open: openEndpoints } = rememberingEngine();
    const server = await serve(engine);
    const proxy = await cuttableProxy(server.port);
    const [gone, stays] = [await connect(proxy.port), await connect(server.port)];
    await open(gone.client);
    const kept = await open(stays.client);
    proxy.close();
    await pause(100);
    expect(openEndpoints.size).toBe(2);
    await until('the grace', () => openEndpoints.size === 1);
    expect([...openEndpoints]).toEqual([kept]);
  });

  it('what an app had open that says goodbye is closed at once', async () => {
    const { engine, open: openEndpoints } = rememberingEngine();
    const server = await serve(engine);
    const { client } = await connect(server.port, { app: { id: 'an app', life: '1' } });
    await open(client);
    client.close();
    await until('the end of it', () => openEndpoints.size === 0);
  });

  it('events reach the app whose endpoint it is', async () => {
    const { engine, emit } = rememberingEngine();
    const server = await serve(engine);
    const [one, other] = [await connect(server.port), await connect(server.port)];
    const endpointId = await open(one.client);
    emit({ type: 'digit', endpointId, digit: '7', durationMs: 100, form: 'rfc4733' });
    await until('the digit', () => one.events.length === 1);
    await pause(20);
    expect(other.events).toEqual([]);
  });

  it('parameters are checked before the engine sees them, and the wrong one is named', async () => {
    const { client } = await connect((await serve(rememberingEngine().engine)).port);
    const wrong = { endpointId: newId<EndpointId>(), kind: 'fax', codecs: ['PCMA'] };
    const result = await client.openEndpoint(wrong as never);
    expect(result).toMatchObject({ ok: false, fault: { code: 'bad_input' } });
    expect(!result.ok && result.fault.message).toContain('kind');
  });

  it.each([
    ['a wrong secret', { type: 'hello', version: 1, secret: 'guess', clientId: 'x' }, 'secret'],
    ['another version', { type: 'hello', version: 99, secret: SECRET, clientId: 'x' }, 'version 4'],
    ['no hello', { type: 'request', id: 1, oldest: 1, method: 'counts', params: [] }, 'hello'],
  ])('%s is refused with a reason, and the connection ends', async (_what, message, reason) => {
    const socket = createConnection((await serve(rememberingEngine().engine)).port, '127.0.0.1');
    const reader = new FrameReader();
    const answers: unknown[] = [];
    socket.on('data', (chunk) => {
      const read = reader.push(chunk);
      if (read.ok) answers.push(...read.value);
    });
    writeFrame(socket, message as never);
    await new Promise((resolve) => void socket.once('close', resolve));
    expect(answers).toMatchObject([{ type: 'refused', reason: expect.stringContaining(reason) as string }]);
  });
});

describe('framing', () => {
  const framed = (text: string): Buffer => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(Buffer.byteLength(text));
    return Buffer.concat([length, Buffer.from(text)]);
  };

  it('messages come out whole, however the stream is cut', () => {
    const stream = Buffer.concat([framed('{"a":1}'), framed('{"b":"ü"}'), framed('[]')]);
    for (let size = 1; size <= stream.length; size += 1) {
      const reader = new FrameReader();
      const messages: unknown[] = [];
      for (let at = 0; at < stream.length; at += size) {
        const read = reader.push(stream.subarray(at, at + size));
        if (read.ok) messages.push(...read.value);
      }
      expect(messages).toEqual([{ a: 1 }, { b: 'ü' }, []]);
    }
  });

  it('a frame too large or no JSON is refused', () => {
    const tooLarge = Buffer.alloc(4);
    tooLarge.writeUInt32BE(MAX_FRAME_BYTES + 1);
    for (const bytes of [tooLarge, framed('{')])
      expect(new FrameReader().push(bytes)).toMatchObject({ ok: false, fault: { code: 'bad_input' } });
  });
});
