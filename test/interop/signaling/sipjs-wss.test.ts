/**
 * sip.js in a real browser, over secure WebSocket straight to the edge's own port: Chromium's TLS and WebSocket stacks,
 * and its descriptions. The page is signed in by digest, called, and calls; media go nowhere.
 */
import type { Page } from 'playwright-core';
import { TestAuthority } from '../../support/certificates';
import { launchChromium } from '../../support/chromium';
import type { ChromiumUnderTest } from '../../support/chromium';
import { runInPage } from '../../support/sipjs-page';
import { describeNeeding } from '../../support/tools';
import { until } from '../../support/wait';
import type { AgentGateway } from './agent-gateway';
import { REALM, startAgentGateway } from './agent-gateway';

const PAGE = `
  import { Inviter, Registerer, RegistererState, SessionState, UserAgent } from 'sip.js';

  window.states = [];
  const watch = (session) => {
    window.session = session;
    session.stateChange.addListener((state) => window.states.push(state));
  };
  const userAgent = new UserAgent({
    uri: UserAgent.makeURI('sip:agent1@${REALM}'),
    authorizationUsername: 'agent1',
    authorizationPassword: 'pw',
    transportOptions: { server: 'wss://127.0.0.1:' + window.sipPort },
    logLevel: 'error',
    sessionDescriptionHandlerFactoryOptions: {
      iceGatheringTimeout: 1,
      peerConnectionConfiguration: { iceServers: [] },
    },
    delegate: { onInvite: (invitation) => watch(invitation) },
  });
  window.signIn = async () => {
    await userAgent.start();
    const registerer = new Registerer(userAgent);
    const registered = new Promise((resolve) =>
      registerer.stateChange.addListener((state) => state === RegistererState.Registered && resolve()),
    );
    await registerer.register();
    await registered;
  };
  window.dial = async (number) => {
    const inviter = new Inviter(userAgent, UserAgent.makeURI('sip:' + number + '@${REALM}'));
    watch(inviter);
    await inviter.invite();
  };
`;

interface Phone {
  readonly states: string[];
  readonly session: { accept(): Promise<void>; bye(): Promise<unknown> };
  signIn(): Promise<void>;
  dial(number: string): Promise<void>;
}

describeNeeding('chromium')('sip.js in Chromium over secure WebSocket', () => {
  let authority: TestAuthority;
  let server: AgentGateway;
  let chrome: ChromiumUnderTest;
  let page: Page;

  beforeAll(async () => {
    authority = new TestAuthority();
    authority.issue('edge');
    const files = { certificateFile: authority.file('edge.pem'), keyFile: authority.file('edge.key') };
    server = await startAgentGateway({ ...files, port: 0, wssPort: 0 });
    chrome = await launchChromium({ flags: ['--ignore-certificate-errors'] });
    page = await chrome.blankPage();
    await runInPage(page, PAGE, server.edge.ports.wss);
    await page.evaluate(() => (window as unknown as Phone).signIn());
  }, 60_000);

  afterAll(async () => {
    await chrome.close();
    await server.close();
    authority.remove();
  });

  const untilState = (state: string): Promise<unknown> =>
    page.waitForFunction((wanted) => (window as unknown as Phone).states.at(-1) === wanted, state, { timeout: 5_000 });

  it('registers with a digest', () => {
    expect(server.gateway.registrar.isRegistered('agent1')).toBe(true);
  });

  it('calls, is answered, and hangs up', async () => {
    await page.evaluate(() => (window as unknown as Phone).dial('+4930123'));
    const invite = await until('the call of the browser', () => server.incoming[0]);
    expect(invite.origin).toEqual({ kind: 'agent', userName: 'agent1' });
    expect(invite.source.protocol).toBe('wss');
    expect(invite.sdp).toContain('UDP/TLS/RTP/SAVPF');
    const answer = await answerTo(page, invite.sdp ?? '');
    const dialog = await invite.answer(answer);
    if (!dialog.ok) throw new Error(dialog.fault.message);
    await untilState('Established');
    const ended = new Promise((resolve) => dialog.value.onEnd(resolve));
    await page.evaluate(() => (window as unknown as Phone).session.bye());
    expect(await ended).toMatchObject({ by: 'remote' });
  }, 20_000);

  it('is called by the connection that it opened, answers, and is hung up', async () => {
    await page.evaluate(() => void ((window as unknown as Phone).states.length = 0));
    const placed = server.gateway.placeCall({
      target: { kind: 'user', userName: 'agent1' },
      from: { number: '+491234', displayName: 'Customer' },
      sdp: await offerOf(page),
      ringTimeoutMs: 10_000,
    });
    await page.waitForFunction(() => 'accept' in (window as unknown as Phone).session, undefined, { timeout: 5_000 });
    await page.evaluate(() => (window as unknown as Phone).session.accept());
    const dialog = await placed.answered;
    if (!dialog.ok) throw new Error(dialog.fault.message);
    await untilState('Established');
    expect(dialog.value.remoteSdp).toContain('a=fingerprint:');
    await dialog.value.hangup('SIP;cause=200;text="bye"');
    await untilState('Terminated');
  }, 20_000);
});

/** The other side's description, made by a connection of the same browser. */
const offerOf = (page: Page): Promise<string> =>
  page.evaluate(async () => {
    const connection = new RTCPeerConnection();
    connection.addTransceiver('audio');
    await connection.setLocalDescription(await connection.createOffer());
    return connection.localDescription?.sdp ?? '';
  });

const answerTo = (page: Page, offer: string): Promise<string> =>
  page.evaluate(async (sdp) => {
    const connection = new RTCPeerConnection();
    await connection.setRemoteDescription({ type: 'offer', sdp });
    await connection.setLocalDescription(await connection.createAnswer());
    return connection.localDescription?.sdp ?? '';
  }, offer);
