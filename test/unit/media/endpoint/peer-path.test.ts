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
  readonly heard: RtpPacket[];
  readonly sentTo: TransportAddress[];
  readonly receive: (datagram: Buffer, from: TransportAddress) => void;
}

/** Sockets that throw, as Node's do, when they are to send to a port that is none. */
const bench = (): Bench => {
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
  const ice = new IceLite();
  const heard: RtpPacket[] = [];
  const path = new PeerPath({
    sockets,
    ice,
    certificate: createCertificate(0),
    mayBeIn: undefined,
    clock: new SimulatedClock(),
    log: silentLogger(),
    wants: () => true,
    onRtp: (packet) => heard.push(packet),
    onRtcp: () => true,
    onSignOfLife: () => undefined,
    onFailed: () => undefined,
  });
  const receive: Bench['receive'] = (datagram, { address, port }) =>
    onRtp(datagram, { address, port, family: 'IPv4', size: datagram.length });
  return { path, ice, heard, sentTo, receive };
};

const packet = (): Buffer =>
  serializeRtp({ marker: false, payloadType: 8, sequenceNumber: 1, timestamp: 1, ssrc: 1, payload: Buffer.alloc(160) });

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
