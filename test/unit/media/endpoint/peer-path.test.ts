/** The way to a peer among what anybody may send to its ports. */
import { SimulatedClock } from '../../../../base/clock';
import { silentLogger } from '../../../../base/log';
import { createCertificate } from '../../../../media/dtls/certificate';
import { PeerPath } from '../../../../media/endpoint/rtp/peer-path';
import type { AgreedPath } from '../../../../media/endpoint/rtp/peer-path';
import { sourceNetworks } from '../../../../media/endpoint/rtp/source-networks';
import type { DatagramListener, UdpPair } from '../../../../media/endpoint/rtp/udp-pair';
import { IceLite } from '../../../../media/ice/ice-lite';
import { serializeRtp } from '../../../../media/rtp/packet';
import type { RtpPacket } from '../../../../media/rtp/packet';
import type { TransportAddress } from '../../../../media/sdp/rtp-remote';
import { stunCheck } from '../../../support/stun-check';

const PEER = { address: '192.0.2.1', port: 4000 };
const REMOTE = { usernameFragment: 'peer', password: 'a password of the peer' };
const PLAIN: AgreedPath = { rtp: PEER, rtcp: { ...PEER, port: 4001 }, rtcpMux: false, ice: false };

interface Bench {
  readonly path: PeerPath;
  readonly ice: IceLite;
  readonly clock: SimulatedClock;
  readonly heard: RtpPacket[];
  readonly warnings: unknown[];
  readonly sentTo: TransportAddress[];
  readonly receive: (datagram: Buffer, from: TransportAddress) => void;
}

/** Sockets that throw, as Node's do, when they are to send to a port that is none. */
const bench = (mayBeIn?: (address: string) => boolean): Bench => {
  let onRtp: DatagramListener = () => undefined;
  const sentTo: TransportAddress[] = [];
  const send = (_datagram: Buffer, to: TransportAddress): void => {
    if (to.port < 1 || to.port > 0xffff) throw new RangeError('Port should be > 0 and < 65536');
    sentTo.push({ address: to.address, port: to.port });
  };
  const sockets: UdpPair = {
    rtpPort: 20_000,
    rtcpPort: 20_001,
    isIPv6: false,
    onRtp: (listener) => (onRtp = listener),
    onRtcp: () => undefined,
    sendRtp: send,
    sendRtcp: send,
    close: () => undefined,
  };
  const clock = new SimulatedClock();
  const warnings: unknown[] = [];
  const log = silentLogger();
  jest.spyOn(log, 'warn').mockImplementation((...said: unknown[]) => void warnings.push(said));
  const ice = new IceLite();
  const heard: RtpPacket[] = [];
  const path = new PeerPath({
    sockets,
    ice,
    certificate: createCertificate(0),
    mayBeIn,
    clock,
    log,
    wants: () => true,
    onRtp: (packet) => heard.push(packet),
    onRtcp: () => true,
    onSignOfLife: () => undefined,
    onFailed: () => undefined,
  });
  const receive: Bench['receive'] = (datagram, { address, port }) =>
    onRtp(datagram, { address, port, family: 'IPv4', size: datagram.length });
  return { path, ice, clock, heard, warnings, sentTo, receive };
};

const packet = (ssrc = 1): Buffer =>
  serializeRtp({ marker: false, payloadType: 8, sequenceNumber: 1, timestamp: 1, ssrc, payload: Buffer.alloc(160) });

const ELSEWHERE = { address: '198.51.100.66', port: 9000 };

it('a source that goes on from where the peer is not known to be is named in the log once, with the cure', () => {
  const { path, heard, warnings, receive } = bench(() => false);
  path.agree(PLAIN);
  for (let count = 0; count < 49; count += 1) receive(packet(), ELSEWHERE);
  expect(warnings).toEqual([]);
  for (let count = 0; count < 200; count += 1) receive(packet(), ELSEWHERE);
  expect(heard).toEqual([]);
  expect(warnings).toEqual([
    [{ from: ELSEWHERE.address, named: PEER.address }, expect.stringContaining('rtpNetworks') as string],
  ]);
});

it('strangers who send beside a peer that is heard, or each a little, are not worth a word', () => {
  const { path, heard, warnings, receive } = bench(() => false);
  path.agree(PLAIN);
  receive(packet(), PEER);
  for (let count = 0; count < 200; count += 1) receive(packet(2), ELSEWHERE);
  expect(heard).toHaveLength(1);
  const silent = bench(() => false);
  silent.path.agree(PLAIN);
  for (let count = 0; count < 200; count += 1) silent.receive(packet(count % 2), ELSEWHERE);
  expect([...warnings, ...silent.warnings]).toEqual([]);
});

it('a datagram with the source port 0, to which nothing can be sent, is refused', () => {
  const { path, ice, heard, sentTo, receive } = bench();
  ice.agree(REMOTE, 'offer');
  path.agree({ ...PLAIN, ice: true });
  receive(stunCheck({ to: ice.credentials, from: REMOTE, nominates: true }), { ...PEER, port: 0 });
  path.agree(PLAIN);
  receive(packet(), { ...PEER, port: 0 });
  if (path.destination) path.sendRtp(packet(), path.destination);
  expect(heard).toEqual([]);
  expect(sentTo).toEqual([PEER]);
  expect(path.packetsRefused).toBe(2);
});

it.each(['192.0.2.0/', '192.0.2.0/33', '192.0.2.0/ 8', '192.0.2.0/-1', '2001:db8::/129', 'everywhere', ''])(
  '"%s" is no network that packets could come from',
  (network) => {
    expect(sourceNetworks([network])).toMatchObject({ ok: false, fault: { code: 'bad_input' } });
  },
);
