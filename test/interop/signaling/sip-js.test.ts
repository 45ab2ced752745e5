/** sip.js, the stack of the agents' browsers, against the gateway on the embedded edge; its media are left out. */
import { SessionState, Registerer, RegistererState, UserAgent, Inviter } from 'sip.js';
import type { Invitation, Session, SessionDescriptionHandler } from 'sip.js';
import { WebSocket } from 'ws';
import type { SipDialog } from '../../../signaling/ports';
import { ANSWER, OFFER } from '../../contract/signaling/sip-peer';
import { until } from '../../contract/signaling/server-under-test';
import type { AgentGateway } from './agent-gateway';
import { REALM, startAgentGateway } from './agent-gateway';

const globals = globalThis as { WebSocket?: unknown };

/** Gives and takes descriptions without any media behind them. */
const handler = (): SessionDescriptionHandler => ({
  close: () => undefined,
  getDescription: () => Promise.resolve({ body: ANSWER, contentType: 'application/sdp' }),
  hasDescription: (contentType) => contentType === 'application/sdp',
  setDescription: () => Promise.resolve(),
  sendDtmf: () => false,
});

let server: AgentGateway;
let agent: UserAgent;
let registerer: Registerer;
const invitations: Invitation[] = [];

beforeEach(async () => {
  globals.WebSocket = WebSocket;
  invitations.length = 0;
  server = await startAgentGateway();
  agent = new UserAgent({
    uri: UserAgent.makeURI(`sip:agent1@${REALM}`),
    authorizationUsername: 'agent1',
    authorizationPassword: 'pw',
    transportOptions: { server: `ws://127.0.0.1:${server.edge.ports.ws}` },
    sessionDescriptionHandlerFactory: handler,
    logLevel: 'error',
    logBuiltinEnabled: false,
    delegate: { onInvite: (invitation) => void invitations.push(invitation) },
  });
  await agent.start();
  registerer = new Registerer(agent);
  await registerer.register();
  await until(() => server.gateway.registrar.isRegistered('agent1'));
});

afterEach(async () => {
  await agent.stop();
  await server.close();
  delete globals.WebSocket;
});

const states = (session: Session): SessionState[] => {
  const seen: SessionState[] = [];
  session.stateChange.addListener((state) => seen.push(state));
  return seen;
};

const callAgent = async (): Promise<{ dialog: SipDialog; invitation: Invitation }> => {
  const placed = server.gateway.placeCall({
    target: { kind: 'user', userName: 'agent1' },
    from: { number: '+491234', displayName: 'Customer' },
    sdp: OFFER,
    ringTimeoutMs: 4_000,
  });
  await until(() => invitations.length === 1);
  const invitation = invitations[0]!;
  await invitation.accept();
  const dialog = await placed.answered;
  if (!dialog.ok) throw new Error(dialog.fault.message);
  return { dialog: dialog.value, invitation };
};

it('registers with a digest, is called, and is hung up by us', async () => {
  await until(() => registerer.state === RegistererState.Registered);
  const { dialog, invitation } = await callAgent();
  expect(invitation.remoteIdentity.displayName).toBe('Customer');
  expect(dialog.remoteSdp).toBe(ANSWER);
  const seen = states(invitation);
  await dialog.hangup('SIP;cause=200;text="bye"');
  await until(() => seen.includes(SessionState.Terminated));
});

it('takes a re-INVITE, sends one, and hangs up itself', async () => {
  const { dialog, invitation } = await callAgent();
  expect(await dialog.modify(OFFER)).toEqual({ ok: true, value: ANSWER });
  await new Promise((resolve) => setTimeout(resolve, 200)); // sip.js wants its ACK before an INVITE of its own
  dialog.onReinvite((offer) => Promise.resolve({ ok: true, value: offer }));
  const answered = new Promise<number>((resolve) => {
    void invitation.invite({
      requestDelegate: {
        onAccept: (response) => resolve(response.message.statusCode ?? 0),
        onReject: (response) => resolve(response.message.statusCode ?? 0),
      },
    });
  });
  expect(await answered).toBe(200);
  const end = new Promise((resolve) => dialog.onEnd(resolve));
  await invitation.bye();
  expect(await end).toMatchObject({ by: 'remote' });
});

it('hears that a call was given up before it answered', async () => {
  const placed = server.gateway.placeCall({
    target: { kind: 'user', userName: 'agent1' },
    from: { number: '1' },
    sdp: OFFER,
    ringTimeoutMs: 4_000,
  });
  await until(() => invitations.length === 1);
  const seen = states(invitations[0]!);
  placed.cancel();
  await until(() => seen.includes(SessionState.Terminated));
});

it('dials out', async () => {
  const target = UserAgent.makeURI(`sip:+4930123@${REALM}`);
  if (!target) throw new Error('no URI');
  const inviter = new Inviter(agent, target);
  const seen = states(inviter);
  await inviter.invite();
  await until(() => server.incoming.length === 1);
  expect(server.incoming[0]!.origin).toEqual({ kind: 'agent', userName: 'agent1' });
  const dialog = await server.incoming[0]!.answer(ANSWER);
  await until(() => seen.includes(SessionState.Established));
  if (dialog.ok) await dialog.value.hangup();
  await until(() => seen.includes(SessionState.Terminated));
});
