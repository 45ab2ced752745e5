/** Browser legs with the real mediasoup worker and a real Chromium. */
import type { Page } from 'playwright-core';
import { systemClock } from '../../base/clock';
import { newId } from '../../base/ids';
import type { EndpointId } from '../../base/ids';
import { silentLogger } from '../../base/log';
import type { Result } from '../../base/result';
import { loadOpus } from '../../media/codec/opus';
import { DigitSender } from '../../media/dtmf/digit-sender';
import type { EndpointNotice, MediaEndpoint } from '../../media/endpoint/endpoint';
import type { OpenedEndpoint, OpenEndpoint } from '../../media/ports';
import { nextSourceId } from '../../media/source-id';
import { createWebRtcEndpoints } from '../../media/webrtc/webrtc-endpoints';
import type { WebRtcEndpointFactory } from '../../media/webrtc/webrtc-endpoints';
import {
  PacketEar,
  answerInPage,
  answerToPage,
  offerFromPage,
  playTone,
  reofferFromPage,
} from '../support/browser-leg';
import { heardBy, launchChromium } from '../support/chromium';
import type { ChromiumUnderTest } from '../support/chromium';
import { findMediasoupWorker } from '../support/mediasoup-worker';
import { eventually } from '../support/eventually';
import { hearsTone, levelDbfs, toneLevelDbfs } from '../support/spectrum';
import { describeNeeding } from '../support/tools';

const workerBin = findMediasoupWorker();

const valueOf = <Value>(result: Result<Value>): Value => {
  if (!result.ok) throw new Error(`${result.fault.code}: ${result.fault.message}`);
  return result.value;
};

describeNeeding('chromium')('a browser leg with Chromium', () => {
  let chrome: ChromiumUnderTest;
  let endpoints: WebRtcEndpointFactory;
  let page: Page;
  const open: MediaEndpoint[] = [];
  let stops: (() => void)[] = [];
  let notices: EndpointNotice[] = [];

  beforeAll(async () => {
    await loadOpus();
    const log = silentLogger();
    endpoints = await createWebRtcEndpoints({ bindAddress: '127.0.0.1', workerBin, clock: systemClock, log });
    chrome = await launchChromium();
  }, 120_000);

  beforeEach(async () => {
    page = await chrome.blankPage();
    notices = [];
  });

  afterEach(async () => {
    for (const stop of stops) stop();
    stops = [];
    for (const endpoint of open.splice(0)) endpoint.close();
    await page.close();
    await eventually(async () => expect(await endpoints.transportCount()).toBe(0));
  });

  afterAll(async () => {
    await endpoints.close();
    await chrome.close();
  });

  const openLeg = async (
    request: Partial<OpenEndpoint> = {},
  ): Promise<{ endpoint: MediaEndpoint; opened: OpenedEndpoint }> => {
    const leg = valueOf(
      await endpoints.open(
        { endpointId: newId<EndpointId>(), kind: 'webrtc', codecs: ['PCMA'], ...request },
        (notice) => void notices.push(notice),
      ),
    );
    open.push(leg.endpoint);
    return leg;
  };

  const call = async (): Promise<MediaEndpoint> => {
    const { endpoint, opened } = await openLeg();
    const answer = await answerInPage(page, { name: 'agent', offer: opened.sdp, toneHz: 1000 });
    valueOf(await endpoint.acceptAnswer(answer));
    await connected(endpoint);
    return endpoint;
  };

  const connected = (endpoint: MediaEndpoint): Promise<void> =>
    eventually(() => expect(notices).toContainEqual({ type: 'connected', endpointId: endpoint.id }));

  const play = (endpoint: MediaEndpoint, frequencyHz: number): (() => void) => {
    const stop = playTone(endpoint, frequencyHz);
    stops.push(stop);
    return stop;
  };

  const browserHears = (frequencyHz: number): Promise<void> =>
    eventually(async () => expect(hearsTone(await heardBy(page, 'agent', 400), frequencyHz)).toBe(true));

  const endpointHears = (ear: PacketEar, frequencyHz: number): Promise<void> =>
    eventually(() => {
      const heard = ear.heard(400);
      expect(heard.length).toBe(3200);
      expect(hearsTone(heard, frequencyHz)).toBe(true);
    });

  test('both sides hear each other after the browser has answered our offer', async () => {
    const endpoint = await call();
    const ear = new PacketEar(endpoint);
    play(endpoint, 440);
    await Promise.all([browserHears(440), endpointHears(ear, 1000)]);
    expect(toneLevelDbfs(await heardBy(page, 'agent', 400), 1000)).toBeLessThan(-50);
    expect(endpoint.codec).toBe('PCMA');
    await eventually(() =>
      expect(endpoint.stats()).toMatchObject({ packetsLost: 0, jitterMs: expect.any(Number) as number }),
    );
    expect(endpoint.stats().packetsReceived).toBeGreaterThan(15);
    expect(endpoint.stats().packetsSent).toBeGreaterThan(15);
  }, 120_000);

  test('a change of what is played is heard without renegotiation', async () => {
    const endpoint = await call();
    const stopCaller = play(endpoint, 440);
    await browserHears(440);
    stopCaller();
    const stopMusic = play(endpoint, 700);
    await browserHears(700);
    stopMusic();
    play(endpoint, 440);
    await browserHears(440);
  }, 120_000);

  test("the browser's keys arrive as digits", async () => {
    const endpoint = await call();
    // mediasoup takes up a browser's stream with its first sound, not with an event.
    await endpointHears(new PacketEar(endpoint), 1000);
    await page.evaluate(() => window.legs?.['agent']?.getSenders()[0]?.dtmf?.insertDTMF('15#', 100, 70));
    await eventually(() =>
      expect(notices.filter(({ type }) => type === 'digit')).toEqual(
        ['1', '5', '#'].map((digit) => ({
          type: 'digit',
          endpointId: endpoint.id,
          digit,
          form: 'rfc4733',
          durationMs: expect.any(Number) as number,
        })),
      ),
    );
  }, 120_000);

  test('our telephone-events sound in the browser', async () => {
    const endpoint = await call();
    // Chromium plays no event before it has decoded some sound.
    play(endpoint, 440);
    await browserHears(440);
    const sender = new DigitSender({
      clock: systemClock,
      sourceId: nextSourceId(),
      send: (packet) => endpoint.send(packet),
    });
    stops.push(() => sender.close());
    await sender.send('1', 1200);
    await eventually(async () => {
      // The page's tone generator plays key 1: 697 Hz and 1209 Hz.
      const heard = await heardBy(page, 'agent', 3000);
      expect(toneLevelDbfs(heard, 697)).toBeGreaterThan(-35);
      expect(toneLevelDbfs(heard, 1209)).toBeGreaterThan(-35);
      expect(toneLevelDbfs(heard, 852)).toBeLessThan(-50);
    });
  }, 120_000);

  test("the browser's own offer is answered, its video refused", async () => {
    const offer = await offerFromPage(page, { name: 'agent', toneHz: 1000, video: true });
    const { endpoint, opened } = await openLeg({ offer, codecs: ['PCMU', 'PCMA'] });
    expect(opened).toMatchObject({ codec: 'PCMU', sdp: expect.stringContaining('m=video 0 ') as string });
    await answerToPage(page, 'agent', opened.sdp);
    await connected(endpoint);
    const ear = new PacketEar(endpoint, 'PCMU');
    stops.push(playTone(endpoint, 440, 'PCMU'));
    await Promise.all([browserHears(440), endpointHears(ear, 1000)]);
    await page.evaluate(() => window.legs?.['agent']?.getSenders()[0]?.dtmf?.insertDTMF('7', 100, 70));
    await eventually(() => expect(notices).toContainEqual(expect.objectContaining({ type: 'digit', digit: '7' })));
  }, 120_000);

  test('Opus with redundancy at 48 kHz, both ways and with keys, by our offer and by its own', async () => {
    const { endpoint, opened } = await openLeg({ codecs: ['OPUS', 'PCMA'] });
    const answer = await answerInPage(page, { name: 'agent', offer: opened.sdp, toneHz: 5000 });
    expect(answer).toContain('a=rtpmap:111 opus/48000/2');
    expect(valueOf(await endpoint.acceptAnswer(answer))).toMatchObject({ codec: 'OPUS' });
    await connected(endpoint);
    const ear = new PacketEar(endpoint, 'OPUS');
    stops.push(playTone(endpoint, 3000, 'OPUS'));
    await Promise.all([
      browserHears(3000),
      eventually(() => expect(toneLevelDbfs(ear.heard(400), 5000, ear.sampleRateHz)).toBeGreaterThan(-30)),
    ]);
    await page.evaluate(() => window.legs?.['agent']?.getSenders()[0]?.dtmf?.insertDTMF('15', 100, 70));
    await eventually(() =>
      expect(notices.flatMap((notice) => (notice.type === 'digit' ? [notice] : []))).toMatchObject([
        { digit: '1', form: 'rfc4733' },
        { digit: '5', form: 'rfc4733' },
      ]),
    );
    const [first] = notices.flatMap((notice) => (notice.type === 'digit' ? [notice.durationMs] : []));
    expect(first).toBeGreaterThan(60);
    expect(first).toBeLessThan(200);
    const offer = await offerFromPage(page, { name: 'colleague', toneHz: 1000 });
    const other = await openLeg({ offer, codecs: ['OPUS'] });
    expect(other.opened).toMatchObject({ codec: 'OPUS', sdp: expect.stringContaining('opus/48000/2') as string });
    await answerToPage(page, 'colleague', other.opened.sdp);
    const second = new PacketEar(other.endpoint, 'OPUS');
    await eventually(() => expect(toneLevelDbfs(second.heard(400), 1000, second.sampleRateHz)).toBeGreaterThan(-30));
    expect(ear.packets.some(({ content }) => content === 'telephone-event')).toBe(true);
  }, 120_000);

  test('on hold the browser hears nothing, and all again after it', async () => {
    const endpoint = await call();
    const ear = new PacketEar(endpoint);
    play(endpoint, 440);
    await browserHears(440);
    const reoffer = async (direction: RTCRtpTransceiverDirection): Promise<string> => {
      const offer = await reofferFromPage(page, { name: 'agent', direction });
      const { sdp } = valueOf(await endpoint.answerReoffer(offer));
      await answerToPage(page, 'agent', sdp);
      return sdp;
    };
    expect(await reoffer('sendonly')).toContain('a=recvonly');
    const sentAtHold = endpoint.stats().packetsSent;
    await eventually(async () => expect(levelDbfs(await heardBy(page, 'agent', 400))).toBeLessThan(-60));
    expect(endpoint.stats().packetsSent).toBe(sentAtHold);
    expect(await reoffer('sendrecv')).toContain('a=sendrecv');
    ear.clear();
    await Promise.all([browserHears(440), endpointHears(ear, 1000)]);
    const lost = await page.evaluate(async () => {
      const report = await window.legs?.['agent']?.getReceivers()[0]?.getStats();
      const entries = report ? [...report.values()] : [];
      return (entries.find((entry) => entry.type === 'inbound-rtp') as { packetsLost?: number } | undefined)
        ?.packetsLost;
    });
    expect(lost).toBe(0);
  }, 120_000);

  test('an ICE restart gets new credentials and keeps the sound', async () => {
    const endpoint = await call();
    const ear = new PacketEar(endpoint);
    play(endpoint, 440);
    await browserHears(440);
    const before = /a=ice-ufrag:(.*)\r/.exec(valueOf(await endpoint.acceptAnswer('')).sdp)?.[1];
    const offer = await reofferFromPage(page, { name: 'agent', iceRestart: true });
    const { sdp } = valueOf(await endpoint.answerReoffer(offer));
    expect(/a=ice-ufrag:(.*)\r/.exec(sdp)?.[1]).not.toBe(before);
    await answerToPage(page, 'agent', sdp);
    await eventually(async () =>
      expect(await selectedUsernameFragment(page)).toBe(/a=ice-ufrag:(.*)\r/.exec(sdp)?.[1]),
    );
    ear.clear();
    await Promise.all([browserHears(440), endpointHears(ear, 1000)]);
    expect(notices.map(({ type }) => type)).toEqual(['connected']);
  }, 120_000);

  test('a dead worker ends its legs with a reason, and the next leg lives on a new one', async () => {
    const first = await call();
    const [pid] = endpoints.workerPids;
    if (pid === undefined) throw new Error('no worker is alive');
    process.kill(pid, 'SIGKILL');
    await eventually(() =>
      expect(notices).toContainEqual({ type: 'endpoint-lost', endpointId: first.id, reason: 'worker-died' }),
    );
    expect(await first.answerReoffer('v=0')).toMatchObject({ ok: false, fault: { code: 'closed' } });
    await page.evaluate(() => window.legs?.['agent']?.close());
    const second = await call();
    expect(endpoints.workerPids).not.toContain(pid);
    play(second, 440);
    await browserHears(440);
  }, 120_000);

  test('a browser that goes away is reported as lost', async () => {
    const endpoint = await call();
    await page.evaluate(() => window.legs?.['agent']?.close());
    await eventually(() =>
      expect(notices).toContainEqual({ type: 'endpoint-lost', endpointId: endpoint.id, reason: 'dtls-failed' }),
    );
  }, 120_000);
});

/** The ICE credentials of ours that the page's selected candidate pair uses. */
const selectedUsernameFragment = (page: Page): Promise<string | undefined> =>
  page.evaluate(async () => {
    type Entry = {
      type: string;
      selectedCandidatePairId?: string;
      remoteCandidateId?: string;
      usernameFragment?: string;
    };
    const report = (await window.legs?.['agent']?.getStats()) as unknown as Map<string, Entry> | undefined;
    const transport = [...(report?.values() ?? [])].find(({ type }) => type === 'transport');
    const pair = report?.get(transport?.selectedCandidatePairId ?? '');
    return report?.get(pair?.remoteCandidateId ?? '')?.usernameFragment;
  });
