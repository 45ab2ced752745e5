/** The RTP endpoint with real sockets on loopback, on a simulated clock where time matters. */
import { SimulatedClock, systemClock } from '../../../../base/clock';
import type { Clock } from '../../../../base/clock';
import { newId } from '../../../../base/ids';
import type { EndpointId } from '../../../../base/ids';
import { silentLogger } from '../../../../base/log';
import type { EndpointNotice, MediaEndpoint, StreamPacket } from '../../../../media/endpoint/endpoint';
import { RtpEndpointFactory } from '../../../../media/endpoint/rtp-factory';
import { decodeG711 } from '../../../../media/codec/g711';
import { parseRtcp, serializeRtcp } from '../../../../media/rtp/rtcp';
import { RtpPeer } from '../../../support/rtp-peer';
import { fromPcm16, levelDbfs } from '../../../support/spectrum';
import { pause, until } from '../../../support/wait';

const log = silentLogger();

describe('RtpEndpoint', () => {
  const cleanups: (() => void)[] = [];
  afterEach(() => cleanups.splice(0).forEach((cleanup) => cleanup()));

  async function open(clock: Clock = systemClock, rtpPorts = { first: 42_400, last: 42_499 }) {
    const factory = new RtpEndpointFactory({ bindAddress: '127.0.0.1', rtpPorts, clock, log });
    const peer = await RtpPeer.open();
    const notices: EndpointNotice[] = [];
    const request = { endpointId: newId<EndpointId>(), kind: 'rtp', offer: peer.sdp(), codecs: ['PCMA'] } as const;
    const result = await factory.open(request, (notice) => notices.push(notice));
    if (!result.ok) throw new Error(result.fault.message);
    const { endpoint, opened } = result.value;
    peer.connectTo(opened.sdp);
    const packets: StreamPacket[] = [];
    endpoint.onPacket((packet) => packets.push(packet));
    cleanups.push(() => endpoint.close(), () => peer.close()); // prettier-ignore
    return { factory, peer, notices, endpoint, packets, opened };
  }

  const send = (endpoint: MediaEndpoint, sequenceNumber: number): void =>
    endpoint.send({
      sourceId: 1,
      sequenceNumber,
      timestamp: sequenceNumber * 160,
      marker: false,
      content: 'audio',
      payload: Buffer.alloc(160, 0xd5),
    });

  it('makes comfort noise of what G.711 peers send in their silence, and passes it on as sound without a gap', async () => {
    const { peer, packets } = await open();
    peer.sendFrame();
    peer.sendPacket({ payloadType: 13, payload: Buffer.from([45]), marker: false });
    peer.sendPacket({ payloadType: 77, payload: Buffer.from([45]), marker: false });
    peer.sendFrame();
    await until('three packets', () => packets.length === 3);
    expect(packets.map(({ content, payload }) => [content, payload.length])).toEqual(Array(3).fill(['audio', 160]));
    expect(packets.map(({ announcesPause }) => announcesPause)).toEqual([undefined, true, undefined]);
    const level = levelDbfs(fromPcm16(decodeG711('PCMA', packets[1]?.payload ?? Buffer.alloc(0))));
    expect(Math.abs(level + 45)).toBeLessThan(3);
  });

  it('takes an even port for RTP and frees both ports on close, which is idempotent', async () => {
    const { factory, peer, endpoint } = await open();
    expect(peer.remotePort % 2).toBe(0);
    expect(factory.portsInUse).toBe(2);
    endpoint.close();
    endpoint.close();
    expect(factory.portsInUse).toBe(0);
  });

  it('a range of one pair serves one endpoint, refuses the second, and serves again after a close', async () => {
    const range = { first: 42_500, last: 42_501 };
    const { factory, endpoint, peer } = await open(systemClock, range);
    const request = { endpointId: newId<EndpointId>(), kind: 'rtp', offer: peer.sdp(), codecs: ['PCMA'] } as const;
    const refused = await factory.open(request, () => undefined);
    expect(refused).toMatchObject({ ok: false, fault: { code: 'overloaded' } });
    endpoint.close();
    const again = await factory.open(request, () => undefined);
    expect(again.ok).toBe(true);
    if (again.ok) again.value.endpoint.close();
  });

  it('a changed SSRC is a new source once the old one is silent; a second one beside it is ignored', async () => {
    const { peer, packets } = await open();
    peer.sendFrame();
    peer.ssrc = 99;
    peer.sendFrame();
    await pause(30);
    expect(packets).toHaveLength(1);
    await pause(110);
    peer.sendFrame();
    await until('the new source', () => packets.length === 2);
    expect(packets[1]?.sourceId).not.toBe(packets[0]?.sourceId);
  });

  it('garbage, unknown payload types and other versions are ignored', async () => {
    const { peer, packets, notices } = await open();
    peer.sendRaw(Buffer.from('GET / HTTP/1.1'));
    peer.sendRaw(Buffer.alloc(3));
    peer.sendPacket({ payloadType: 96, payload: Buffer.alloc(20), marker: false });
    await pause(50);
    expect([packets.length, notices.length]).toEqual([0, 0]);
    peer.sendFrame();
    await until('the first good packet', () => packets.length === 1);
  });

  it('tells once that sound goes out', async () => {
    const { peer, endpoint, notices } = await open();
    send(endpoint, 1);
    send(endpoint, 2);
    await until('sound for the peer', () => peer.received.length === 2);
    expect(notices).toEqual([{ type: 'sending', endpointId: endpoint.id }]);
  });

  it('sends where packets come from, not where the SDP said', async () => {
    const { peer, endpoint, notices } = await open();
    const behindNat = await RtpPeer.open();
    cleanups.push(() => behindNat.close());
    behindNat.remotePort = peer.remotePort;
    behindNat.sendFrame();
    await until('connected', () => notices.length === 1);
    send(endpoint, 1);
    await until('sound for the sender', () => behindNat.received.length === 1);
    expect(peer.received).toHaveLength(0);
  });

  it("reports every five seconds or so, and measures the round trip by the peer's report", async () => {
    const clock = new SimulatedClock();
    const { peer, endpoint } = await open(clock);
    send(endpoint, 1);
    clock.advance(7500);
    const datagram = await until('a report', () => peer.rtcpReceived[0]);
    const parsed = parseRtcp(datagram);
    const report = parsed.ok ? parsed.value[0] : undefined;
    if (report?.type !== 'sender-report') throw new Error('the first report must be a sender report');
    expect(report.sender).toMatchObject({ packetCount: 1, octetCount: 160 });
    const { ntpSeconds, ntpFraction } = report.sender;
    const block = {
      ssrc: report.ssrc,
      fractionLost: 0,
      cumulativeLost: 0,
      extendedHighestSequence: 1,
      jitter: 0,
      lastSenderReport: (((ntpSeconds & 0xffff) << 16) | (ntpFraction >>> 16)) >>> 0,
      delaySinceLastSenderReport: 0,
    };
    peer.sendRtcp(serializeRtcp([{ type: 'receiver-report', ssrc: 5, reports: [block] }]));
    const roundTripMs = await until('a round trip', () => endpoint.stats().roundTripMs);
    // The clock stood still since; it had moved on between the report's random moment and 7500 ms.
    expect(roundTripMs).toBeLessThanOrEqual(5000);
    endpoint.close();
    await until('goodbye', () => peer.rtcpReceived.some((bytes) => bytes.includes(Buffer.from([0x81, 203, 0, 1]))));
    expect(clock.pendingTimers).toBe(0);
  });

  it('a peer that is silent for a minute is lost, unless it holds', async () => {
    const clock = new SimulatedClock();
    const { peer, endpoint, notices, factory } = await open(clock);
    clock.advance(59_000);
    peer.sendFrame();
    await until('connected', () => notices.length === 1);
    clock.advance(59_000);
    await endpoint.answerReoffer(peer.sdp({ direction: 'inactive', version: 2 }));
    clock.advance(600_000);
    expect(notices).toHaveLength(1);
    await endpoint.answerReoffer(peer.sdp({ version: 3 }));
    clock.advance(60_000);
    expect(notices[1]).toEqual({ type: 'endpoint-lost', endpointId: endpoint.id, reason: 'media-timeout' });
    expect([factory.portsInUse, clock.pendingTimers]).toEqual([0, 0]);
  });

  it('offers later only what its codec can be made into, and takes no other answer', async () => {
    const rtpPorts = { first: 42_400, last: 42_499 };
    const factory = new RtpEndpointFactory({ bindAddress: '127.0.0.1', rtpPorts, clock: systemClock, log });
    const peer = await RtpPeer.open();
    const endpointId = newId<EndpointId>();
    const codecs = ['PCMA', 'PCMU', 'G722'] as const;
    const result = await factory.open({ endpointId, kind: 'rtp', offer: peer.sdp(), codecs }, () => undefined);
    if (!result.ok) throw new Error(result.fault.message);
    const { endpoint } = result.value;
    cleanups.push(() => [endpoint, peer].forEach((part) => part.close()));
    const offer = endpoint.reoffer();
    expect(offer.ok && offer.value.sdp).toMatch(/m=audio \d+ RTP\/AVP 8 0 101\r\n/);
    const answer = peer.sdp().replace(/RTP\/AVP [\d ]+/, 'RTP/AVP 9');
    expect(await endpoint.acceptAnswer(answer)).toMatchObject({ ok: false, fault: { code: 'not_acceptable_media' } });
    expect(() => send(endpoint, 1)).not.toThrow();
  });

  it('keeps its codec when the peer changes to the other law, and translates', async () => {
    const factory = new RtpEndpointFactory({
      bindAddress: '127.0.0.1',
      rtpPorts: { first: 42_400, last: 42_499 },
      clock: systemClock,
      log,
    });
    const [alaw, mulaw] = [await RtpPeer.open(), await RtpPeer.open({ codec: 'PCMU' })];
    const endpointId = newId<EndpointId>();
    const codecs = ['PCMA', 'PCMU'] as const;
    const result = await factory.open({ endpointId, kind: 'rtp', offer: alaw.sdp(), codecs }, () => undefined);
    if (!result.ok) throw new Error(result.fault.message);
    const { endpoint } = result.value;
    cleanups.push(() => [endpoint, alaw, mulaw].forEach((part) => part.close()));
    const changed = await endpoint.answerReoffer(mulaw.sdp());
    expect(changed).toMatchObject({ ok: true, value: { codec: 'PCMA' } });
    expect(changed.ok && changed.value.sdp).toContain('PCMU/8000');
    send(endpoint, 1);
    const packet = await until('a packet', () => mulaw.received[0]);
    expect(packet.payloadType).toBe(0);
    expect(new Set(packet.payload).size).toBe(1);
    expect(packet.payload[0]).not.toBe(0xd5);
  });
});
