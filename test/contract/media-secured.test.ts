/** Two endpoints of the product agree with each other on DTLS and ICE, and carry a voice over real sockets. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { systemClock } from '../../base/clock';
import { newId } from '../../base/ids';
import type { EndpointId, PlayId } from '../../base/ids';
import { silentLogger } from '../../base/log';
import { RtpEndpointFactory } from '../../media/endpoint/rtp-factory';
import type { MediaEvent, MediaPort, OpenEndpoint } from '../../media/ports';
import { IMPLEMENTATIONS, codeOf, openParty, value } from '../support/media-bench';
import type { MediaBench } from '../support/media-bench';
import { RtpPeer } from '../support/rtp-peer';
import { hearsTone, levelDbfs } from '../support/spectrum';
import { stunCheck } from '../support/stun-check';
import { pause, until } from '../support/wait';

jest.setTimeout(20_000);

const CODECS = ['PCMA'] as const;
let bench: MediaBench;
let port: MediaPort;
const peers: RtpPeer[] = [];
const events: MediaEvent[] = [];

beforeEach(async () => {
  bench = await (IMPLEMENTATIONS['the engine in this process'] as () => Promise<MediaBench>)();
  port = bench.port;
  port.onEvent((event) => events.push(event));
});

afterEach(async () => {
  peers.splice(0).forEach((peer) => peer.close());
  events.length = 0;
  await bench.close();
});

const open = async (request: Partial<OpenEndpoint>): Promise<{ id: EndpointId; sdp: string }> => {
  const id = newId<EndpointId>();
  const { sdp } = value(await port.openEndpoint({ endpointId: id, kind: 'rtp', codecs: CODECS, ...request }));
  return { id, sdp };
};

/** A telephone on plain RTP that is bridged with an endpoint. */
const behind = async (endpointId: EndpointId, frequencyHz: number): Promise<RtpPeer> => {
  const { peer, id } = await openParty(port, { frequencyHz });
  peers.push(peer);
  value(await port.bridge(id, endpointId));
  peer.speak();
  return peer;
};

const heard = (peer: RtpPeer, frequencyHz: number): Promise<unknown> =>
  until(`${frequencyHz} Hz`, () => hearsTone(peer.heard().slice(-1600), frequencyHz), 8000);

const DTLS = { srtp: 'required', srtpKeys: 'dtls' } as const;

it('an offer with DTLS-SRTP is answered, and both hear each other', async () => {
  const a = await open(DTLS);
  expect(a.sdp).toMatch(/m=audio \d+ UDP\/TLS\/RTP\/SAVP 8 101\r\n/);
  expect(a.sdp).toContain('a=setup:actpass');
  const b = await open({ ...DTLS, offer: a.sdp });
  expect(b.sdp).toContain('a=setup:passive');
  expect(b.sdp).toContain('a=rtcp-mux');
  value(await port.acceptAnswer(a.id, b.sdp));
  const [left, right] = [await behind(a.id, 500), await behind(b.id, 1200)];
  await heard(left, 1200);
  await heard(right, 500);
  left.press(5);
  await until('the digit', () => events.some((event) => event.type === 'digit' && event.endpointId === b.id));
  expect(value(await port.stats(b.id)).packetsRefused).toBe(0);
});

it('without rtcp-mux reports have a handshake of their own', async () => {
  const a = await open(DTLS);
  const b = await open({ ...DTLS, offer: a.sdp.replace('a=rtcp-mux\r\n', '') });
  expect(b.sdp).not.toContain('a=rtcp-mux');
  value(await port.acceptAnswer(a.id, b.sdp));
  const [left, right] = [await behind(a.id, 500), await behind(b.id, 1200)];
  await heard(left, 1200);
  await heard(right, 500);
  await until(
    'a report by way of the second port',
    async () => value(await port.stats(a.id)).roundTripMs !== undefined,
    25_000,
  );
}, 40_000);

it('the roles and the keys stay over hold and resume; another certificate makes new ones', async () => {
  const a = await open(DTLS);
  const b = await open({ ...DTLS, offer: a.sdp });
  value(await port.acceptAnswer(a.id, b.sdp));
  const [left, right] = [await behind(a.id, 500), await behind(b.id, 1200)];
  await heard(left, 1200);
  const held = value(await port.answerReoffer(b.id, a.sdp.replace('a=sendrecv', 'a=sendonly')));
  expect(held.sdp).toContain('a=recvonly');
  expect(held.sdp).toContain('a=setup:passive');
  value(await port.answerReoffer(b.id, a.sdp));
  left.clear();
  await heard(left, 1200);
  await heard(right, 500);
});

it.each([
  ['that was asked for', DTLS],
  ['that the peer offered', {}],
])(
  'DTLS %s goes on in an endpoint that takes the place of one that is lost, with another certificate',
  async (_what, own) => {
    const a = await open(DTLS);
    const b = await open({ ...own, offer: a.sdp });
    value(await port.acceptAnswer(a.id, b.sdp));
    const left = await behind(a.id, 500);
    await pause(200);
    const other = await (IMPLEMENTATIONS['the engine in this process'] as () => Promise<MediaBench>)();
    try {
      const id = newId<EndpointId>();
      const { sdp } = value(
        await other.port.openEndpoint({ endpointId: id, kind: 'rtp', codecs: CODECS, ...own, continues: b.sdp }),
      );
      const versionOf = (text: string): number => Number(/^o=\S+ \S+ (\d+)/m.exec(text)?.[1]);
      expect(versionOf(sdp)).toBeGreaterThan(versionOf(b.sdp));
      expect(sdp).toMatch(/m=audio \d+ UDP\/TLS\/RTP\/SAVP 8 101\r\n/);
      expect(sdp).toContain('a=setup:actpass');
      const answer = value(await port.answerReoffer(a.id, sdp));
      value(await other.port.acceptAnswer(id, answer.sdp));
      const music = { playId: newId<PlayId>(), endpointId: id, sources: [{ kind: 'music', name: 'default' }] } as const;
      value(await other.port.play(music));
      left.clear();
      await until('music', () => left.received.length > 20 && levelDbfs(left.heard()) > -40, 8000);
    } finally {
      await other.close();
    }
  },
);

it('a certificate that is not that of the SDP ends the leg', async () => {
  const a = await open(DTLS);
  const forged = a.sdp.replace(
    /(a=fingerprint:sha-256 )(..)/,
    (_all, head: string, byte: string) => `${head}${byte === 'AA' ? 'BB' : 'AA'}`,
  );
  const b = await open({ ...DTLS, offer: forged });
  value(await port.acceptAnswer(a.id, b.sdp));
  await until('the end', () =>
    events.some(
      (event) => event.type === 'endpoint-lost' && event.endpointId === b.id && event.reason === 'dtls-failed',
    ),
  );
});

it('nothing passes in the clear before there are keys', async () => {
  const caller = await RtpPeer.open();
  peers.push(caller);
  const offer = (await open(DTLS)).sdp.replace(/m=audio \d+/, `m=audio ${caller.port}`);
  const { id, sdp } = await open({ ...DTLS, offer });
  caller.connectTo(sdp);
  const behindIt = await behind(id, 900);
  caller.speak();
  await pause(200);
  expect(caller.received).toHaveLength(0);
  expect(behindIt.received).toHaveLength(0);
});

it('a peer that offers ICE is sent to where its checks come from, and heard from there alone', async () => {
  const [caller, stranger] = [await RtpPeer.open({ frequencyHz: 700 }), await RtpPeer.open({ ssrc: 7 })];
  peers.push(caller, stranger);
  const remote = { usernameFragment: 'abcd', password: 'abcdefghijklmnopqrstuv' };
  const ice = `a=ice-ufrag:${remote.usernameFragment}\r\na=ice-pwd:${remote.password}\r\n`;
  // Behind a NAT: the address in the SDP is none that could be reached.
  const offer = `${caller.sdp().replace(/(m=audio )\d+/, '$19')}${ice}a=rtcp-mux\r\n`.replace(
    'c=IN IP4 127.0.0.1',
    'c=IN IP4 0.0.0.0',
  );
  const { id, sdp } = await open({ offer });
  expect(sdp).toContain('a=ice-lite\r\n');
  expect(sdp).toMatch(/a=candidate:1 1 UDP 2130706431 127\.0\.0\.1 \d+ typ host\r\n/);
  expect(sdp).toContain('a=sendrecv');
  const own = {
    usernameFragment: /a=ice-ufrag:(\S+)/.exec(sdp)?.[1] ?? '',
    password: /a=ice-pwd:(\S+)/.exec(sdp)?.[1] ?? '',
  };
  [caller, stranger].forEach((one) => one.connectTo(sdp));
  const right = await behind(id, 1500);
  stranger.speak();
  await pause(100);
  expect(right.received).toHaveLength(0);
  caller.ignoreOthers();
  caller.sendRaw(stunCheck({ to: own, from: remote, nominates: true }));
  caller.speak();
  await heard(right, 700);
  await heard(caller, 1500);
  expect(stranger.received).toHaveLength(0);
  expect(value(await port.stats(id)).packetsRefused).toBeGreaterThan(0);
});

it('packets from networks that the peer cannot be in are dropped and counted', async () => {
  const absent = await RtpPeer.open();
  peers.push(absent);
  const { sdp, id } = await open({
    offer: absent.sdp().replace('c=IN IP4 127.0.0.1', 'c=IN IP4 192.0.2.7'),
    rtpSources: ['198.51.100.0/24'],
  });
  const stranger = await RtpPeer.open();
  peers.push(stranger);
  stranger.connectTo(sdp);
  for (let count = 0; count < 5; count += 1) stranger.sendFrame();
  await until('the count', async () => value(await port.stats(id)).packetsRefused === 5);
  expect(value(await port.stats(id)).packetsReceived).toBe(0);
  const known = await open({
    offer: stranger.sdp().replace('c=IN IP4 127.0.0.1', 'c=IN IP4 192.0.2.7'),
    rtpSources: ['127.0.0.0/8'],
  });
  stranger.connectTo(known.sdp);
  stranger.sendFrame();
  await until('the packet', async () => value(await port.stats(known.id)).packetsReceived === 1);
  const refused = await port.openEndpoint({
    endpointId: newId<EndpointId>(),
    kind: 'rtp',
    codecs: CODECS,
    rtpSources: ['everywhere'],
  });
  expect(codeOf(refused)).toBe('bad_input');
});

it('floods of DTLS and STUN leave no handshakes, ports or timers behind', async () => {
  const a = await open(DTLS);
  const b = await open({ ...DTLS, offer: a.sdp });
  const flood = createSocket('udp4');
  flood.bind(0, '127.0.0.1');
  await once(flood, 'listening');
  const target = Number(/m=audio (\d+)/.exec(b.sdp)?.[1]);
  for (let count = 0; count < 2000; count += 1) {
    const noise = Buffer.alloc(60 + (count % 900), count);
    noise[0] = count % 2 === 0 ? 22 : 0;
    flood.send(noise, target, '127.0.0.1');
  }
  await pause(100);
  value(await port.acceptAnswer(a.id, b.sdp));
  const [left] = [await behind(a.id, 500), await behind(b.id, 1200)];
  await heard(left, 1200);
  flood.close();
  await port.closeEndpoint(a.id);
  await port.closeEndpoint(b.id);
});

it('bound to all addresses, a leg is of the family of its offer', async () => {
  const rtp = new RtpEndpointFactory({
    bindAddress: '::',
    rtpPorts: { first: 42_700, last: 42_719 },
    clock: systemClock,
    log: silentLogger(),
  });
  const six = createSocket('udp6');
  six.bind(0, '::1');
  await once(six, 'listening');
  const heardSix: Buffer[] = [];
  six.on('message', (datagram) => heardSix.push(datagram));
  const offer = `v=0\r\no=- 1 1 IN IP6 ::1\r\ns=-\r\nc=IN IP6 ::1\r\nt=0 0\r\nm=audio ${six.address().port} RTP/AVP 8\r\n`;
  const request = { endpointId: newId<EndpointId>(), kind: 'rtp', codecs: CODECS } as const;
  const opened = value(await rtp.open({ ...request, offer }, () => undefined));
  expect(opened.opened.sdp).toMatch(/^c=IN IP6 /m);
  const packet = { sourceId: 1, sequenceNumber: 1, timestamp: 160, marker: false, content: 'audio' } as const;
  opened.endpoint.send({ ...packet, payload: Buffer.alloc(160, 0xd5) });
  await until('the packet', () => heardSix.length > 0);
  const four = value(await rtp.open({ ...request, endpointId: newId<EndpointId>() }, () => undefined));
  expect(four.opened.sdp).toMatch(/^c=IN IP4 /m);
  opened.endpoint.close();
  four.endpoint.close();
  six.close();
  expect(rtp.portsInUse).toBe(0);
});
