/** The real mediasoup worker without a browser: its life and death, and what an endpoint refuses. */
import { createSocket } from 'node:dgram';
import { systemClock } from '../../base/clock';
import { newId } from '../../base/ids';
import type { EndpointId } from '../../base/ids';
import { silentLogger } from '../../base/log';
import type { EndpointNotice, MediaEndpoint } from '../../media/endpoint/endpoint';
import type { OpenEndpoint } from '../../media/ports';
import { createWebRtcEndpoints } from '../../media/webrtc/webrtc-endpoints';
import type { WebRtcEndpointFactory, WebRtcOptions } from '../../media/webrtc/webrtc-endpoints';
import { eventually } from '../support/eventually';
import { findMediasoupWorker } from '../support/mediasoup-worker';
import { CHROMIUM_ANSWER, CHROMIUM_OFFER } from '../unit/media/webrtc-samples';

const workerBin = findMediasoupWorker();

describe('browser legs on a real worker', () => {
  const factories: WebRtcEndpointFactory[] = [];

  const start = async (options: Partial<WebRtcOptions> = {}): Promise<WebRtcEndpointFactory> => {
    const log = silentLogger();
    const factory = await createWebRtcEndpoints({
      bindAddress: '127.0.0.1',
      workerBin,
      clock: systemClock,
      log,
      ...options,
    });
    factories.push(factory);
    return factory;
  };

  const open = async (factory: WebRtcEndpointFactory, request: Partial<OpenEndpoint> = {}) => {
    const notices: EndpointNotice[] = [];
    const wanted = { endpointId: newId<EndpointId>(), kind: 'webrtc', codecs: ['PCMA'], ...request } as const;
    const result = await factory.open(wanted, (notice) => void notices.push(notice));
    return { result, notices };
  };

  const opened = async (factory: WebRtcEndpointFactory): Promise<{ endpoint: MediaEndpoint; sdp: string }> => {
    const { result } = await open(factory);
    if (!result.ok) throw new Error(result.fault.message);
    return { endpoint: result.value.endpoint, sdp: result.value.opened.sdp };
  };

  const killWorker = (factory: WebRtcEndpointFactory): void => {
    const [pid] = factory.workerPids;
    if (pid === undefined) throw new Error('no worker is alive');
    process.kill(pid, 'SIGKILL');
  };

  afterEach(async () => {
    await Promise.all(factories.splice(0).map((factory) => factory.close()));
  });

  test('offers the public address and the one port of UDP and TCP', async () => {
    const port = await freeUdpPort();
    const { endpoint, sdp } = await opened(await start({ publicAddress: '198.51.100.9', udpTcpPort: port }));
    expect(sdp).toMatch(new RegExp(`^a=candidate:\\S+ 1 udp \\d+ 198\\.51\\.100\\.9 ${port} typ host\\r$`, 'm'));
    expect(sdp).toMatch(
      new RegExp(`^a=candidate:\\S+ 1 tcp \\d+ 198\\.51\\.100\\.9 ${port} typ host tcptype passive\\r$`, 'm'),
    );
    expect(sdp).toContain(`c=IN IP4 198.51.100.9\r\n`);
    endpoint.close();
  });

  test('a port in use ends the start with a sentence that names it', async () => {
    const port = await freeUdpPort();
    await start({ udpTcpPort: port });
    await expect(start({ udpTcpPort: port })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining(`127.0.0.1 port ${port}`) as string,
    });
  });

  test('a worker that dies is replaced on the same port, again and again', async () => {
    const factory = await start({ udpTcpPort: await freeUdpPort() });
    const pids = new Set(factory.workerPids);
    for (let death = 1; death <= 3; death += 1) {
      killWorker(factory);
      await eventually(() => {
        expect(factory.workerPids).toHaveLength(1);
        expect(pids.has(factory.workerPids[0] ?? 0)).toBe(false);
      });
      pids.add(factory.workerPids[0] ?? 0);
    }
    const { endpoint } = await opened(factory);
    endpoint.close();
  }, 120_000);

  test('every endpoint of a dead worker is lost and closed, once', async () => {
    const factory = await start();
    const legs = await Promise.all([open(factory), open(factory)]);
    killWorker(factory);
    await eventually(() => {
      for (const { notices } of legs)
        expect(notices).toEqual([expect.objectContaining({ type: 'endpoint-lost', reason: 'worker-died' })]);
    });
    for (const { result } of legs) if (result.ok) result.value.endpoint.close();
    expect(await factory.transportCount()).toBe(0);
  });

  test('an endpoint asked for while the worker is replaced waits for the new one', async () => {
    const factory = await start();
    const lost = new Promise<void>((resolve) => {
      const request = { endpointId: newId<EndpointId>(), kind: 'webrtc', codecs: ['PCMA'] } as const;
      void factory.open(request, () => resolve()).then(() => killWorker(factory));
    });
    await lost;
    expect(factory.workerPids).toEqual([]);
    const { endpoint } = await opened(factory);
    expect(factory.workerPids).toHaveLength(1);
    endpoint.close();
  });

  test('closing ends the worker and is idempotent; afterwards nothing opens', async () => {
    const factory = await start();
    const [pid] = factory.workerPids;
    await Promise.all([factory.close(), factory.close()]);
    expect(() => process.kill(pid ?? 0, 0)).toThrow('ESRCH');
    expect((await open(factory)).result).toMatchObject({ ok: false, fault: { code: 'closed' } });
  });

  test('a transport lives exactly as long as its endpoint', async () => {
    const factory = await start();
    const legs = await Promise.all([opened(factory), opened(factory), opened(factory)]);
    expect(await factory.transportCount()).toBe(3);
    for (const { endpoint } of legs) endpoint.close();
    for (const { endpoint } of legs) endpoint.close();
    await eventually(async () => expect(await factory.transportCount()).toBe(0));
  });

  test('an offer that cannot be taken leaves nothing behind', async () => {
    const factory = await start();
    const opus = CHROMIUM_OFFER.replace('SAVPF 111 63 9 0 8 13 110 126', 'SAVPF 111');
    expect((await open(factory, { offer: opus })).result).toMatchObject({ fault: { code: 'not_acceptable_media' } });
    expect((await open(factory, { offer: 'garbage' })).result).toMatchObject({ fault: { code: 'bad_input' } });
    const alawOnly = CHROMIUM_OFFER.replace('SAVPF 111 63 9 0 8 13 110 126', 'SAVPF 8');
    const refused = await open(factory, { offer: alawOnly, codecs: ['PCMU'] });
    expect(refused.result).toMatchObject({
      fault: { code: 'not_acceptable_media', message: expect.stringMatching(/PCMU.*PCMA/) as string },
    });
    expect(await factory.transportCount()).toBe(0);
  });

  test('a bad answer is refused, and a good one may still come', async () => {
    const { endpoint } = await opened(await start());
    expect(await endpoint.acceptAnswer('garbage')).toMatchObject({ fault: { code: 'bad_input' } });
    const undecided = CHROMIUM_ANSWER.replace('setup:active', 'setup:actpass');
    expect(await endpoint.acceptAnswer(undecided)).toMatchObject({ fault: { code: 'bad_input' } });
    const refusal = CHROMIUM_ANSWER.replace('m=audio 9', 'm=audio 0');
    expect(await endpoint.acceptAnswer(refusal)).toMatchObject({ fault: { code: 'not_acceptable_media' } });
    expect(await endpoint.answerReoffer(CHROMIUM_OFFER)).toMatchObject({ fault: { code: 'conflict' } });
    expect(endpoint.codec).toBeUndefined();
    const [first, second] = await Promise.all([
      endpoint.acceptAnswer(CHROMIUM_ANSWER),
      endpoint.acceptAnswer(CHROMIUM_ANSWER),
    ]);
    expect(first).toMatchObject({ ok: true, value: { codec: 'PCMA' } });
    expect(second).toEqual(first);
    endpoint.close();
  });

  test('re-offers: the version grows, ICE restarts on new credentials only, another certificate is refused', async () => {
    const factory = await start();
    const { result } = await open(factory, { offer: CHROMIUM_OFFER });
    if (!result.ok) throw new Error(result.fault.message);
    const { endpoint, opened: first } = result.value;
    const reoffer = async (offer: string): Promise<string> => {
      const answer = await endpoint.answerReoffer(offer);
      if (!answer.ok) throw new Error(answer.fault.message);
      return answer.value.sdp;
    };
    const held = await reoffer(CHROMIUM_OFFER.replace('a=sendrecv', 'a=sendonly'));
    expect(versionOf(held)).toBe(versionOf(first.sdp) + 1);
    expect(held).toContain('a=recvonly');
    expect(ufragOf(held)).toBe(ufragOf(first.sdp));
    const restarted = await reoffer(CHROMIUM_OFFER.replace('ice-ufrag:M6sQ', 'ice-ufrag:N7tR'));
    expect(versionOf(restarted)).toBe(versionOf(first.sdp) + 2);
    expect(ufragOf(restarted)).not.toBe(ufragOf(first.sdp));
    expect(restarted).toContain('a=setup:passive');
    const stranger = CHROMIUM_OFFER.replace('sha-256 07:7C', 'sha-256 08:7C');
    expect(await endpoint.answerReoffer(stranger)).toMatchObject({ fault: { code: 'not_acceptable_media' } });
    const otherStream = await reoffer(CHROMIUM_OFFER.replace(/1008590166/g, '99'));
    expect(otherStream).toContain('m=audio');
    endpoint.close();
  });
});

const versionOf = (sdp: string): number => Number(/^o=- \d+ (\d+) /m.exec(sdp)?.[1]);
const ufragOf = (sdp: string): string | undefined => /^a=ice-ufrag:(.*)\r$/m.exec(sdp)?.[1];

async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(resolve));
  return port;
}
