/**
 * The recipe of docs/media.md: a browser with sip.js answers our offer in its 183, so that ICE and DTLS are complete
 * before the agent clicks, and the click only opens the microphone.
 */
import type { Page } from 'playwright-core';
import { systemClock } from '../../base/clock';
import { newId } from '../../base/ids';
import type { EndpointId } from '../../base/ids';
import { silentLogger } from '../../base/log';
import { decodeG711 } from '../../media/codec/g711';
import type { EndpointNotice } from '../../media/endpoint/endpoint';
import { createWebRtcEndpoints } from '../../media/webrtc/webrtc-endpoints';
import type { WebRtcEndpointFactory } from '../../media/webrtc/webrtc-endpoints';
import { PacketEar, playTone } from '../support/browser-leg';
import { launchChromium } from '../support/chromium';
import type { ChromiumUnderTest } from '../support/chromium';
import { eventually } from '../support/eventually';
import { findMediasoupWorker } from '../support/mediasoup-worker';
import { runInPage, startRingingServer } from '../support/sipjs-page';
import type { RingingServer, SipResponse } from '../support/sipjs-page';
import { fromPcm16, hearsTone, levelDbfs } from '../support/spectrum';
import { describeNeeding } from '../support/tools';

const workerBin = findMediasoupWorker();

interface MicrophoneRecipe {
  /** Body of a function that resolves with the track to answer with while it rings. */
  readonly whileRinging: string;
  /** Body of a function of `sender` that lets the agent be heard. */
  readonly atTheClick: string;
}

const CONSTRAINTS = '{ audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false } }';

const RECIPES: readonly (readonly [string, MicrophoneRecipe])[] = [
  [
    'a microphone that was opened before and is silent until the click',
    {
      // sip.js stops the tracks of a finished call: each call gets a clone.
      whileRinging: `
        const stream = await (window.microphone ??= navigator.mediaDevices.getUserMedia(${CONSTRAINTS}));
        const track = stream.getAudioTracks()[0].clone();
        track.enabled = false;
        return track;`,
      atTheClick: 'sender.track.enabled = true;',
    },
  ],
  [
    'a microphone that is opened at the click',
    {
      whileRinging: 'return new AudioContext().createMediaStreamDestination().stream.getAudioTracks()[0];',
      atTheClick: `
        const stream = await navigator.mediaDevices.getUserMedia(${CONSTRAINTS});
        await sender.replaceTrack(stream.getAudioTracks()[0]);`,
    },
  ],
];

/** What agent-web does, in short. */
const agentPage = (recipe: MicrophoneRecipe): string => `
  import { UserAgent, Web } from 'sip.js';

  const whileRinging = async () => { ${recipe.whileRinging} };
  const atTheClick = async (sender) => { ${recipe.atTheClick} };
  const mediaStreamFactory = async () => new MediaStream([await whileRinging()]);
  const userAgent = new UserAgent({
    uri: UserAgent.makeURI('sip:agent1@switchroom.test'),
    transportOptions: { server: 'ws://127.0.0.1:' + window.sipPort },
    sendInitialProvisionalResponse: false,
    logLevel: 'warn',
    sessionDescriptionHandlerFactory: Web.defaultSessionDescriptionHandlerFactory(mediaStreamFactory),
    sessionDescriptionHandlerFactoryOptions: {
      iceGatheringTimeout: 1,
      peerConnectionConfiguration: { iceServers: [] },
    },
    delegate: {
      onInvite: async (invitation) => {
        window.invitation = invitation;
        await invitation.progress({ statusCode: 183 });
        const connection = invitation.sessionDescriptionHandler.peerConnection;
        await window.ears.listen('agent', new MediaStream(connection.getReceivers().map(({ track }) => track)));
      },
    },
  });
  window.answer = async () => {
    const clickedAtMs = performance.timeOrigin + performance.now();
    const [sender] = window.invitation.sessionDescriptionHandler.peerConnection.getSenders();
    await Promise.all([atTheClick(sender), window.invitation.accept()]);
    return clickedAtMs;
  };
  window.ready = userAgent.start();
`;

declare global {
  interface Window {
    ready: Promise<void>;
    answer: () => Promise<number>;
  }
}

describeNeeding('chromium')('sip.js in Chromium', () => {
  let chrome: ChromiumUnderTest;
  let endpoints: WebRtcEndpointFactory;
  let server: RingingServer;
  let page: Page;

  beforeAll(async () => {
    const log = silentLogger();
    endpoints = await createWebRtcEndpoints({ bindAddress: '127.0.0.1', workerBin, clock: systemClock, log });
    chrome = await launchChromium({ microphoneToneHz: 1000 });
  }, 120_000);

  beforeEach(async () => {
    server = await startRingingServer();
    page = await chrome.blankPage();
  });

  afterEach(async () => {
    await page.close();
    await server.close();
  });

  afterAll(async () => {
    await endpoints.close();
    await chrome.close();
  });

  test.each(RECIPES)(
    'connects while it rings and talks right after the click, with %s',
    async (_name, recipe) => {
      await runInPage(page, agentPage(recipe), server.port);
      await page.evaluate(() => window.ready);
      await server.connected;
      const notices: EndpointNotice[] = [];
      const opened = await endpoints.open(
        { endpointId: newId<EndpointId>(), kind: 'webrtc', codecs: ['PCMA'] },
        (notice) => void notices.push(notice),
      );
      if (!opened.ok) throw new Error(opened.fault.message);
      const { endpoint } = opened.value;
      const responses: SipResponse[] = [];
      server.ring(opened.value.opened.sdp, (response) => {
        if (response.status > 100) responses.push(response);
        if (response.status === 183) void endpoint.acceptAnswer(response.body);
      });

      await eventually(() => expect(notices).toContainEqual({ type: 'connected', endpointId: endpoint.id }));
      expect(responses.map(({ status }) => status)).toEqual([183]);
      const ear = new PacketEar(endpoint);
      await page.waitForTimeout(400);
      // While it rings the microphone is silent: nothing comes, or silence.
      expect(levelDbfs(ear.heard(200))).toBeLessThan(-60);

      let firstVoiceAtMs: number | undefined;
      endpoint.onPacket((packet) => {
        const loud = packet.content === 'audio' && levelDbfs(fromPcm16(decodeG711('PCMA', packet.payload))) > -30;
        if (loud) firstVoiceAtMs ??= performance.timeOrigin + performance.now();
      });
      const clickedAtMs = await page.evaluate(() => window.answer());
      await eventually(() => expect(responses.map(({ status }) => status)).toEqual([183, 200]));
      // RFC 3261 section 13.2.1: the 200 repeats the answer, which is ignored by then.
      expect(responses[1]?.body).toBe(responses[0]?.body);
      expect(await endpoint.acceptAnswer(responses[1]?.body ?? '')).toMatchObject({
        ok: true,
        value: { codec: 'PCMA' },
      });
      const stop = playTone(endpoint, 440);
      try {
        await eventually(() => expect(hearsTone(ear.heard(200), 1000)).toBe(true));
        const heardAtMs = await page.evaluate(() => window.ears.firstSound('agent'));
        // Nothing is waited for: on an idle machine it takes less than a tenth of this.
        expect((firstVoiceAtMs ?? Infinity) - clickedAtMs).toBeLessThan(5_000);
        expect(heardAtMs - clickedAtMs).toBeLessThan(5_000);
      } finally {
        stop();
        endpoint.close();
      }
    },
    120_000,
  );
});
