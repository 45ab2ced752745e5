/** An app that proxies with drachtio-srf's `proxyRequest`, against the embedded edge or drachtio-server. */
import type Srf from 'drachtio-srf';
import type { SipRequest, SipResponse } from '../../../signaling/sip/message';
import type { EdgeOptions } from '../../../signaling/edge/edge-options';
import { ANSWER, type SipPeer } from './sip-peer';
import { edgeOnly, ServerUnderTest, until } from './server-under-test';

interface Results {
  connected: boolean;
  finalStatus?: number;
  responses: { address: string; port: number; msgs: { status: number }[] }[];
}

let server: ServerUnderTest;
afterEach(() => server.close());

const start = async (options: Partial<EdgeOptions> = {}): Promise<void> => {
  server = await ServerUnderTest.start(options);
};

const FAST: Partial<EdgeOptions> = { timers: { t1Ms: 40, t2Ms: 160 } };

type Targets = (req: Srf.SrfRequest) => string | string[];

/** An app that proxies each INVITE and MESSAGE; what it returns tells what it learned about the first. */
const proxying = async (targets: Targets, opts: object = {}): Promise<() => Promise<Results>> => {
  let learned: (results: Results) => void;
  const results = new Promise<Results>((resolve) => (learned = resolve));
  await server.app((srf) => {
    const handler = (req: Srf.SrfRequest): void => {
      const proxied = srf.proxyRequest(req, targets(req), { ...opts }) as unknown as Promise<Results>;
      proxied.then(learned, () => undefined);
    };
    srf.invite(handler);
    (srf as unknown as { message: (handler: unknown) => void }).message(handler);
  });
  return () => results;
};

const uriOf = (peer: SipPeer): string => `sip:${peer.user}@${peer.self}`;

const idle = (): Promise<void> => until(() => server.edge === undefined || server.edge.counts().pendingRequests === 0);

/** The caller's INVITE, answered by the callee with 200 and acknowledged. */
const connectCall = async (
  caller: SipPeer,
  callee: SipPeer,
): Promise<{ invite: SipRequest; ok: SipResponse; arrived: SipRequest }> => {
  const invite = caller.invite(server.uri('4000'));
  caller.send(invite);
  const arrived = await callee.nextRequest('INVITE');
  callee.send(callee.response(arrived, 180));
  await caller.nextResponse(180);
  callee.send(callee.response(arrived, 200, ANSWER));
  const ok = await caller.nextResponse(200);
  return { invite, ok, arrived };
};

it('passes an INVITE on with one hop less, and the answers back as they came', async () => {
  await start();
  const [caller, callee] = [await server.peer('udp'), await server.peer('udp')];
  const results = await proxying(() => uriOf(callee));
  const { invite, ok, arrived } = await connectCall(caller, callee);
  expect(arrived.vias).toHaveLength(2);
  expect(arrived.maxForwards).toBe(69);
  expect(arrived.from.tag).toBe(invite.from.tag);
  expect(arrived.has('Record-Route')).toBe(false);
  expect(ok.vias).toHaveLength(1);
  expect(ok.contacts[0]?.uri.toString()).toBe(uriOf(callee));
  expect(await results()).toMatchObject({ connected: true, finalStatus: 200 });
  await idle();
});

it('keeps the user that was dialled when the target names only a host', async () => {
  await start();
  const [caller, callee] = [await server.peer('udp'), await server.peer('udp')];
  await proxying(() => callee.self);
  const { arrived } = await connectCall(caller, callee);
  expect(arrived.uri).toBe(`sip:4000@${callee.self}`);
});

it.each(['udp', 'tcp'] as const)(
  'remains in the dialog: ACK, re-INVITE and BYE of a %s caller come through it',
  async (transport) => {
    await start();
    const [caller, callee] = [await server.peer(transport), await server.peer('udp')];
    await proxying(() => uriOf(callee), { remainInDialog: true });
    const { invite, ok, arrived } = await connectCall(caller, callee);
    // RFC 5658: between two transports each side gets an address that it can reach.
    expect(arrived.getAll('Record-Route')).toHaveLength(transport === 'udp' ? 1 : 2);
    caller.send(caller.within(invite, ok, 'ACK'));
    const ack = await callee.nextRequest('ACK');
    expect(ack.has('Route')).toBe(false);
    expect(ack.vias).toHaveLength(2);
    caller.send(caller.within(invite, ok, 'INVITE', 2));
    const again = await callee.nextRequest('INVITE');
    callee.send(callee.response(again, 200, ANSWER));
    expect((await caller.nextResponse(200)).cseq.number).toBe(2);
    const bye = callee.withinTheirs(arrived, ok, { method: 'BYE', cseq: 1 });
    for (const route of arrived.getAll('Record-Route')) bye.append('Route', route);
    callee.send(bye);
    const ended = await caller.nextRequest('BYE');
    caller.send(caller.response(ended, 200));
    expect((await callee.nextResponse(200)).cseq.method).toBe('BYE');
  },
);

it('tries the targets one after the other', async () => {
  await start();
  const [caller, first, second] = [await server.peer('udp'), await server.peer('udp'), await server.peer('udp')];
  const results = await proxying(() => [uriOf(first), uriOf(second)]);
  caller.send(caller.invite(server.uri('4000')));
  first.send(first.response(await first.nextRequest('INVITE'), 404));
  await first.nextRequest('ACK');
  second.send(second.response(await second.nextRequest('INVITE'), 200, ANSWER));
  await caller.nextResponse(200);
  const { connected, responses } = await results();
  expect(connected).toBe(true);
  expect(responses.flatMap(({ msgs }) => msgs.map(({ status }) => status))).toEqual([404, 200]);
});

it('asks all targets at once, and cancels those that are slower', async () => {
  await start();
  const [caller, first, second] = [await server.peer('udp'), await server.peer('udp'), await server.peer('udp')];
  await proxying(() => [uriOf(first), uriOf(second)], { forking: 'simultaneous' });
  caller.send(caller.invite(server.uri('4000')));
  const [atFirst, atSecond] = [await first.nextRequest('INVITE'), await second.nextRequest('INVITE')];
  if (server.edge) expect(Number(atFirst.get('Max-Breadth'))).toBe(30);
  first.send(first.response(atFirst, 180));
  second.send(second.response(atSecond, 180));
  await caller.nextResponse(180);
  second.send(second.response(atSecond, 200, ANSWER));
  await caller.nextResponse(200);
  await first.takeCancel(atFirst);
  await first.nextRequest('ACK');
});

edgeOnly.each([
  ['busy and not found: the first of equals', [486, 404], 486],
  ['declined everywhere wins', [404, 603], 603],
  ['a challenge helps more than busy', [486, 407], 407],
  ['503 says nothing about us: 500', [503, 503], 500],
  ['another failure is better than 503', [503, 502], 502],
] as const)('answers with the best of all failures (%s)', async (_what, statuses, expected) => {
  await start();
  const caller = await server.peer('udp');
  const callees = [await server.peer('udp'), await server.peer('udp')];
  const results = await proxying(() => callees.map(uriOf), { forking: 'simultaneous' });
  const invite = caller.invite(server.uri('4000'));
  caller.send(invite);
  for (const [index, callee] of callees.entries()) {
    const arrived = await callee.nextRequest('INVITE');
    callee.send(callee.response(arrived, statuses[index]!));
    await callee.nextRequest('ACK');
  }
  const failure = await caller.nextResponse(expected);
  caller.send(caller.ackOf(invite, failure));
  expect(await results()).toMatchObject({ connected: false });
});

it('carries the challenges of all targets to the caller', async () => {
  await start();
  const caller = await server.peer('udp');
  const callees = [await server.peer('udp'), await server.peer('udp')];
  await proxying(() => callees.map(uriOf), { forking: 'simultaneous' });
  caller.send(caller.invite(server.uri('4000')));
  for (const [index, callee] of callees.entries()) {
    const challenge: [string, string] = ['Proxy-Authenticate', `Digest realm="r${index}", nonce="n"`];
    callee.send(callee.response(await callee.nextRequest('INVITE'), 407, undefined, [challenge]));
  }
  const failure = await caller.nextResponse(407);
  expect(failure.headers.filter(({ key }) => key === 'proxy-authenticate')).toHaveLength(2);
});

it('follows a redirection to where it points', async () => {
  await start();
  const [caller, first, second] = [await server.peer('udp'), await server.peer('udp'), await server.peer('udp')];
  await proxying(() => uriOf(first), { followRedirects: true });
  caller.send(caller.invite(server.uri('4000')));
  const moved = first.response(await first.nextRequest('INVITE'), 302);
  moved.append('Contact', `<${uriOf(second)}>`);
  first.send(moved);
  const arrived = await second.nextRequest('INVITE');
  expect(arrived.uri).toBe(uriOf(second));
  second.send(second.response(arrived, 200, ANSWER));
  await caller.nextResponse(200);
});

edgeOnly('asks nobody else after a 6xx, not even whom a redirection names (RFC 3261, 16.7 step 5)', async () => {
  await start();
  const caller = await server.peer('udp');
  const [first, second, third] = [await server.peer('udp'), await server.peer('udp'), await server.peer('udp')];
  await proxying(() => [uriOf(first), uriOf(second)], { forking: 'simultaneous', followRedirects: true });
  caller.send(caller.invite(server.uri('4000')));
  const [atFirst, atSecond] = [await first.nextRequest('INVITE'), await second.nextRequest('INVITE')];
  second.send(second.response(atSecond, 180));
  await caller.nextResponse(180);
  first.send(first.response(atFirst, 603));
  second.send(second.response(await second.nextRequest('CANCEL'), 200));
  const moved = second.response(atSecond, 302);
  moved.append('Contact', `<${uriOf(third)}>`);
  second.send(moved);
  await caller.nextResponse(603);
  expect(third.pending).toEqual([]);
});

it('leaves a redirection to the caller when it is not told to follow', async () => {
  await start();
  const [caller, first] = [await server.peer('udp'), await server.peer('udp')];
  await proxying(() => uriOf(first));
  caller.send(caller.invite(server.uri('4000')));
  const moved = first.response(await first.nextRequest('INVITE'), 302);
  moved.append('Contact', '<sip:elsewhere@192.0.2.1>');
  first.send(moved);
  expect((await caller.nextResponse(302)).contacts[0]?.uri.user).toBe('elsewhere');
});

it('gives up a target that does not even answer 100 in time', async () => {
  await start();
  const [caller, silent, second] = [await server.peer('udp'), await server.peer('udp'), await server.peer('udp')];
  await proxying(() => [uriOf(silent), uriOf(second)], { provisionalTimeout: '150ms' });
  caller.send(caller.invite(server.uri('4000')));
  await silent.nextRequest('INVITE');
  second.send(second.response(await second.nextRequest('INVITE'), 200, ANSWER));
  await caller.nextResponse(200);
});

it('cancels a target that rings too long, and asks the next', async () => {
  await start();
  const [caller, slow, second] = [await server.peer('udp'), await server.peer('udp'), await server.peer('udp')];
  await proxying(() => [uriOf(slow), uriOf(second)], { finalTimeout: '200ms' });
  caller.send(caller.invite(server.uri('4000')));
  slow.send(slow.response(await slow.nextRequest('INVITE'), 180));
  await slow.nextRequest('CANCEL');
  second.send(second.response(await second.nextRequest('INVITE'), 200, ANSWER));
  await caller.nextResponse(200);
});

it('passes a CANCEL on, and the 487 that it causes back', async () => {
  await start();
  const [caller, callee] = [await server.peer('udp'), await server.peer('udp')];
  const results = await proxying(() => [uriOf(callee), 'sip:nobody@192.0.2.1']);
  const invite = caller.invite(server.uri('4000'));
  caller.send(invite);
  const arrived = await callee.nextRequest('INVITE');
  callee.send(callee.response(arrived, 180));
  await caller.nextResponse(180);
  caller.send(caller.cancelOf(invite));
  await caller.nextResponse(200);
  await callee.takeCancel(arrived);
  const ended = await caller.nextResponse(487);
  caller.send(caller.ackOf(invite, ended));
  expect(await results()).toMatchObject({ connected: false, finalStatus: 487 });
});

edgeOnly('lets an answer win that crosses the CANCEL', async () => {
  await start();
  const [caller, callee] = [await server.peer('udp'), await server.peer('udp')];
  await proxying(() => uriOf(callee));
  const invite = caller.invite(server.uri('4000'));
  caller.send(invite);
  const arrived = await callee.nextRequest('INVITE');
  callee.send(callee.response(arrived, 180));
  await caller.nextResponse(180);
  caller.send(caller.cancelOf(invite));
  await callee.nextRequest('CANCEL');
  callee.send(callee.response(arrived, 200, ANSWER));
  let answered: SipResponse;
  do answered = await caller.nextResponse(200);
  while (answered.cseq.method !== 'INVITE');
  expect(answered.body.toString()).toBe(ANSWER);
});

edgeOnly('answers 408 for a target that never answers', async () => {
  await start(FAST);
  const [caller, silent] = [await server.peer('udp'), await server.peer('udp')];
  const results = await proxying(() => uriOf(silent));
  caller.send(caller.invite(server.uri('4000')));
  await caller.nextResponse(408);
  expect(await results()).toMatchObject({ connected: false, finalStatus: 408 });
});

it('proxies requests other than INVITE', async () => {
  await start();
  const [caller, callee] = [await server.peer('udp'), await server.peer('udp')];
  await proxying(() => uriOf(callee));
  caller.send(caller.request('MESSAGE', server.uri('4000')));
  callee.send(callee.response(await callee.nextRequest('MESSAGE'), 202));
  await caller.nextResponse(202);
  await idle();
});

edgeOnly('recognises a request that comes back unchanged, and one that was changed on its way', async () => {
  await start();
  const [caller, callee] = [await server.peer('udp'), await server.peer('udp')];
  // 4000 goes round to 5000 (a spiral) and from there to the callee; 6000 goes round to itself (a loop).
  const next: Record<string, string> = {
    '4000': server.uri('5000'),
    '5000': uriOf(callee),
    '6000': server.uri('6000'),
  };
  await proxying((req) => next[/sip:(\d+)@/.exec(req.uri)?.[1] ?? ''] ?? 'sip:nobody@192.0.2.1');
  const { arrived } = await connectCall(caller, callee);
  expect(arrived.vias).toHaveLength(3);
  expect(arrived.maxForwards).toBe(68);
  caller.send(caller.invite(server.uri('6000')));
  expect((await caller.nextResponse(482)).reason).toBe('Loop Detected');
});

edgeOnly('refuses what it must not pass on', async () => {
  await start();
  const caller = await server.peer('udp');
  await proxying(() => ['sip:a@192.0.2.1', 'sip:b@192.0.2.1'], { forking: 'simultaneous' });
  caller.send(caller.request('MESSAGE', server.uri('1'), { 'Proxy-Require': 'time-travel' }));
  expect((await caller.nextResponse(420)).get('Unsupported')).toBe('time-travel');
  caller.send(caller.request('MESSAGE', server.uri('1'), { 'Max-Breadth': '1' }));
  await caller.nextResponse(440);
  caller.send(caller.request('MESSAGE', server.uri('1'), { 'Max-Forwards': '0' }));
  await caller.nextResponse(483);
});

edgeOnly('relays nothing for a Route that it did not write', async () => {
  await start();
  const [caller, victim] = [await server.peer('udp'), await server.peer('udp')];
  await proxying(() => uriOf(victim));
  const stray = caller.request('INFO', uriOf(victim), {
    Route: `<sip:127.0.0.1:${server.sipPort};lr;stamp=0123456789abcdef0123>`,
  });
  stray.set('To', `<${uriOf(victim)}>;tag=x`);
  caller.send(stray);
  await caller.nextResponse(481);
  expect(victim.pending).toHaveLength(0);
});
