/** A bare INVITE over UDP, to see exactly what comes back: status and headers of the final response. */
import { createSocket } from 'node:dgram';
import { randomBytes } from 'node:crypto';
import { parseMessage } from '../../signaling/sip/parse';
import { SipResponse } from '../../signaling/sip/message';

export interface Probe {
  readonly port: number;
  readonly number: string;
  readonly from?: string;
  readonly headers?: readonly string[];
}

const FINAL_TIMEOUT_MS = 5_000;

const sdpOf = (): string =>
  ['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 'c=IN IP4 127.0.0.1', 't=0 0', 'm=audio 40000 RTP/AVP 8', ''].join('\r\n');

/** Sends the INVITE, acknowledges a refusal (a call that is answered is hung up by the peer's own timers). */
export const probeInvite = async ({ port, number, from = '+4930777', headers = [] }: Probe): Promise<SipResponse> => {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const local = socket.address().port;
  const id = randomBytes(6).toString('hex');
  const body = sdpOf();
  const common = (to: string, method: string): string[] => [
    `Via: SIP/2.0/UDP 127.0.0.1:${local};branch=z9hG4bK${id};rport`,
    'Max-Forwards: 70',
    `From: <sip:${from}@127.0.0.1>;tag=${id}`,
    `To: ${to}`,
    `Call-ID: ${id}@probe`,
    `CSeq: 1 ${method}`,
  ];
  const uri = `sip:${number}@127.0.0.1:${port}`;
  const invite = [
    `INVITE ${uri} SIP/2.0`,
    ...common(`<${uri}>`, 'INVITE'),
    `Contact: <sip:probe@127.0.0.1:${local}>`,
    ...headers,
    'Content-Type: application/sdp',
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
  try {
    return await new Promise<SipResponse>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no final response to ${number}`)), FINAL_TIMEOUT_MS);
      socket.on('message', (datagram) => {
        const parsed = parseMessage(datagram);
        if (!parsed.ok || !(parsed.value instanceof SipResponse) || parsed.value.status < 200) return;
        clearTimeout(timer);
        const ack = [`ACK ${uri} SIP/2.0`, ...common(parsed.value.get('To') ?? '', 'ACK'), 'Content-Length: 0', '', ''];
        socket.send(ack.join('\r\n'), port, '127.0.0.1');
        resolve(parsed.value);
      });
      socket.send(invite, port, '127.0.0.1');
    });
  } finally {
    socket.close();
  }
};
