/** The two UDP sockets of an RTP endpoint, bound to an even port and the next. */
import { createSocket } from 'node:dgram';
import type { RemoteInfo, Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { messageOf } from '../../../base/errors';
import { fail, ok } from '../../../base/result';
import type { Result } from '../../../base/result';
import type { PortAllocator } from '../../rtp/port-allocator';
import type { TransportAddress } from '../../sdp/rtp-remote';

/** Ports that other programs hold are passed over, so many at most. */
const MAX_BIND_ATTEMPTS = 32;

export type DatagramListener = (datagram: Buffer, from: RemoteInfo) => void;

export interface UdpPair {
  readonly rtpPort: number;
  readonly rtcpPort: number;
  readonly isIPv6: boolean;
  onRtp(listener: DatagramListener): void;
  onRtcp(listener: DatagramListener): void;
  sendRtp(datagram: Buffer, to: TransportAddress): void;
  sendRtcp(datagram: Buffer, to: TransportAddress): void;
  /** Closes both sockets and gives the ports back. Idempotent. */
  close(): void;
}

export interface UdpPairOptions {
  readonly address: string;
  readonly ports: PortAllocator;
  /** Told of errors of the sockets, such as an unreachable peer; the sockets stay open. */
  readonly onError: (error: Error) => void;
}

/** Fails with `overloaded` when the range is exhausted and with `unavailable` when its ports cannot be bound. */
export async function bindUdpPair(options: UdpPairOptions): Promise<Result<UdpPair>> {
  const { address, ports } = options;
  const refused: number[] = [];
  try {
    for (;;) {
      const port = ports.take();
      if (!port.ok) return port;
      const bound = await bindBoth(port.value, options);
      if (bound.ok) return bound;
      refused.push(port.value);
      if (refused.length >= Math.min(MAX_BIND_ATTEMPTS, ports.capacity))
        return fail('unavailable', `no RTP port could be bound on ${address}: ${bound.fault.message}`, bound.fault);
    }
  } finally {
    refused.forEach((port) => ports.give(port));
  }
}

async function bindBoth(rtpPort: number, { address, ports, onError }: UdpPairOptions): Promise<Result<UdpPair>> {
  const ipv6 = isIPv6(address);
  const rtp = newSocket(ipv6);
  const rtcp = newSocket(ipv6);
  try {
    await bind(rtp, rtpPort, address);
    await bind(rtcp, rtpPort + 1, address);
  } catch (error) {
    rtp.close();
    rtcp.close();
    return fail('unavailable', messageOf(error), error);
  }
  rtp.on('error', onError);
  rtcp.on('error', onError);
  let closed = false;
  // Without a callback: media that cannot be sent is lost like any other, and the peer's silence will tell.
  const sendOn = (socket: Socket) => (datagram: Buffer, to: TransportAddress) => {
    if (!closed) socket.send(datagram, to.port, to.address);
  };
  return ok({
    rtpPort,
    rtcpPort: rtpPort + 1,
    isIPv6: ipv6,
    onRtp: (listener) => void rtp.on('message', listener),
    onRtcp: (listener) => void rtcp.on('message', listener),
    sendRtp: sendOn(rtp),
    sendRtcp: sendOn(rtcp),
    close: () => {
      if (closed) return;
      closed = true;
      rtp.close();
      rtcp.close();
      ports.give(rtpPort);
    },
  });
}

/** Every address sent to is an IP address already: without its own look-up a socket would ask the resolver each time. */
function newSocket(ipv6: boolean): Socket {
  const family = ipv6 ? 6 : 4;
  return createSocket({
    type: ipv6 ? 'udp6' : 'udp4',
    // The same port of IPv4 is another leg's.
    ipv6Only: ipv6,
    lookup: (hostname, _options, callback) => callback(null, hostname, family),
  });
}

const bind = (socket: Socket, port: number, address: string): Promise<void> =>
  new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.bind({ port, address, exclusive: true }, () => {
      socket.off('error', reject);
      resolve();
    });
  });
