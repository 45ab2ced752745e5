import { placeTestCall } from '../../../infra/caller/test-call';
import type { TestCall, TestCallOptions } from '../../../infra/caller/test-call';
import { digitOfEvent, parseTelephoneEvent } from '../../../media/dtmf/telephone-event';
import { RtpPeer } from '../../support/rtp-peer';
import { SipCallee } from '../../support/sip-callee';
import { fromPcm16, hearsTone, tone, toPcm16 } from '../../support/spectrum';
import { pause, until } from '../../support/wait';

const CALLER_HZ = 700;
const CALLEE_HZ = 440;
const voice = { samples: toPcm16(tone({ frequencyHz: CALLER_HZ, durationMs: 1_000 })), loop: true };

let callee: SipCallee;
let peer: RtpPeer;
let calls: TestCall[];

beforeEach(async () => {
  calls = [];
  peer = await RtpPeer.open({ frequencyHz: CALLEE_HZ });
});

afterEach(async () => {
  await Promise.all(calls.map((call) => call.hangup()));
  await callee.close();
  peer.close();
});

const place = async (options: Partial<TestCallOptions> = {}): Promise<TestCall> => {
  const call = await placeTestCall({ number: '4000', port: callee.port, voice, ...options });
  calls.push(call);
  return call;
};

/** Rings, answers, and lets both talk. */
const connected = async (transport: 'udp' | 'tcp' = 'udp') => {
  callee = await SipCallee.listen(transport);
  const call = await place({ transport });
  const invite = await callee.request('INVITE');
  callee.respond(invite, 180);
  peer.connectTo(invite.request.body.toString());
  callee.respond(invite, 200, peer.sdp());
  expect(await call.answered).toEqual({ ok: true, value: 'PCMA' });
  peer.speak();
  return { call, invite };
};

const typesOf = (call: TestCall): string[] => call.events.map(({ type }) => type);

describe.each(['udp', 'tcp'] as const)('a test call over %s', (transport) => {
  it('rings, is answered, is heard and hears, presses keys, and hangs up', async () => {
    const { call, invite } = await connected(transport);
    expect(invite.request.uri).toBe(`sip:4000@127.0.0.1:${callee.port}${transport === 'tcp' ? ';transport=tcp' : ''}`);
    expect(invite.request.from.uri.user).toBe('+4930123456');
    await until('an ACK', () => callee.acks[0]);
    await until('a second of sound', () => call.heardMs > 1_000);
    expect(hearsTone(fromPcm16(call.heard), CALLEE_HZ)).toBe(true);
    expect(call.heardLevelDbfs()).toBeGreaterThan(-12);
    expect(hearsTone(peer.heard(), CALLER_HZ)).toBe(true);
    await call.press('1#');
    const events = peer.received.filter(({ payloadType }) => payloadType === 101);
    const pressed = events.map(({ payload, timestamp }) => {
      const parsed = parseTelephoneEvent(payload);
      return parsed.ok ? `${timestamp} ${digitOfEvent(parsed.value.event)}` : 'malformed';
    });
    expect([...new Set(pressed)].map((text) => text.split(' ')[1])).toEqual(['1', '#']);
    expect(await call.hangup()).toEqual({ by: 'caller' });
    expect((await callee.request('BYE')).request.to.tag).toBe(invite.toTag);
    expect(typesOf(call).filter((type) => type !== 'hearing')).toEqual([
      'inviting',
      'provisional',
      'answered',
      'digit',
      'digit',
      'ended',
    ]);
    expect(call.mediaStats.packetsReceived).toBeGreaterThan(45);
  });

  it('tells when the far end hangs up, and why', async () => {
    const { call, invite } = await connected(transport);
    const headers: [string, string][] = [['Reason', 'Q.850;cause=16;text="The agent hung up"']];
    expect((await callee.send('BYE', invite, { headers })).status).toBe(200);
    expect(await call.ended).toEqual({ by: 'far-end', reason: 'The agent hung up' });
    expect(await call.hangup()).toEqual({ by: 'far-end', reason: 'The agent hung up' });
  });

  it('that is given up while it rings is cancelled', async () => {
    callee = await SipCallee.listen(transport);
    const call = await place({ transport });
    const invite = await callee.request('INVITE');
    callee.respond(invite, 180);
    await until('ringing', () => typesOf(call).includes('provisional'));
    expect(await call.hangup()).toEqual({ by: 'cancel' });
    expect(callee.cancelled).toBe(true);
    expect(await call.answered).toMatchObject({ ok: false, fault: { code: 'no_answer' } });
  });

  it.each([404, 486, 503])('that is refused with %d ends with it', async (status) => {
    callee = await SipCallee.listen(transport);
    const call = await place({ transport });
    callee.respond(await callee.request('INVITE'), status);
    expect(await call.ended).toMatchObject({ by: 'refusal', status });
    expect((await call.answered).ok).toBe(false);
  });
});

it('a call that is answered while it is given up is hung up at once', async () => {
  callee = await SipCallee.listen('udp');
  const call = await place();
  const invite = await callee.request('INVITE');
  const ended = call.hangup();
  callee.respond(invite, 200, peer.sdp());
  expect(await ended).toEqual({ by: 'cancel' });
  expect(callee.acks).toHaveLength(1);
  expect((await callee.request('BYE')).request.to.tag).toBe(invite.toTag);
});

it('a 200 that comes again is acknowledged again', async () => {
  const { invite } = await connected();
  await until('an ACK', () => callee.acks[0]);
  invite.respond(callee.response(invite, 200, peer.sdp()));
  await until('a second ACK', () => callee.acks[1]);
  expect(callee.acks[1]?.cseq.number).toBe(invite.request.cseq.number);
});

it('hold and resume are answered, and the answer is repeated until its ACK', async () => {
  const { call, invite } = await connected();
  const held = await callee.send('INVITE', invite, { sdp: peer.sdp({ direction: 'sendonly', version: 2 }) });
  expect(held.status).toBe(200);
  expect(held.body.toString()).toContain('a=recvonly');
  await callee.ack(invite, held);
  await until('the caller fell silent', async () => {
    peer.clear();
    await pause(100);
    return peer.received.length === 0;
  });
  const resumed = await callee.send('INVITE', invite, { sdp: peer.sdp({ version: 3 }) });
  await callee.ack(invite, resumed);
  await until('the caller is heard again', () => peer.received.length > 5);
  const directions = call.events.flatMap((event) => (event.type === 'reinvited' ? [event.direction] : []));
  expect(directions).toEqual(['recvonly', 'sendrecv']);
});

it('an offer that cannot be used is refused with 488 and the call goes on', async () => {
  const { call, invite } = await connected();
  const video = peer.sdp({ version: 2 }).replace('m=audio', 'm=video');
  expect((await callee.send('INVITE', invite, { sdp: video })).status).toBe(488);
  expect((await callee.send('INFO', invite)).status).toBe(200);
  expect((await callee.send('REFER', invite)).status).toBe(405);
  expect(call.isAnswered).toBe(true);
});

it('an answer without a codec that was offered ends the call with a BYE', async () => {
  callee = await SipCallee.listen('udp');
  const call = await place({ codecs: ['PCMU'] });
  callee.respond(await callee.request('INVITE'), 200, peer.sdp());
  expect(await call.ended).toMatchObject({ by: 'loss', reason: expect.stringContaining('SDP') as string });
  await callee.request('BYE');
});

it('nobody at the port is told in one sentence, at once', async () => {
  callee = await SipCallee.listen('udp');
  const { port } = callee;
  await callee.close();
  const sentence = `nobody answers SIP at 127.0.0.1:${port}: is Switchroom running? npm start`;
  const beganMs = performance.now();
  const call = await place({ port });
  expect(await call.ended).toEqual({ by: 'refusal', status: undefined, reason: sentence });
  await expect(place({ port, transport: 'tcp' })).rejects.toThrow(sentence);
  expect(performance.now() - beganMs).toBeLessThan(2_000);
});

it('a server that goes away ends the call', async () => {
  const { call } = await connected('tcp');
  await callee.close();
  expect(await call.ended).toMatchObject({ by: 'loss' });
});

it('what is no key cannot be pressed', async () => {
  const { call } = await connected();
  await expect(call.press('1x')).rejects.toThrow('"x" is no DTMF digit');
});
