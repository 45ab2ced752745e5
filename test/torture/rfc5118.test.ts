/**
 * The messages of RFC 5118 (IPv6), sections 4.1 to 4.10: what the parser makes of them, and what the running edge does
 * with them on ::1.
 */
import { networkInterfaces } from 'node:os';
import type { SipMessage } from '../../signaling/sip/message';
import { parseMessage } from '../../signaling/sip/parse';
import { TortureBench } from './torture-bench';

/** Content-Length is that of the body: the 268, 181 and 236 of sections 4.6, 4.8 and 4.9 fit none that was printed. */
const messageOf = (head: readonly string[], sdp: readonly string[] = []): Buffer => {
  const body = sdp.map((line) => `${line}\r\n`).join('');
  return Buffer.from(`${[...head, `Content-Length: ${body.length}`].join('\r\n')}\r\n\r\n${body}`);
};

const registerTo = (uri: string): Buffer =>
  messageOf([
    `REGISTER ${uri} SIP/2.0`,
    'To: sip:user@example.com',
    'From: sip:user@example.com;tag=81x2',
    'Via: SIP/2.0/UDP [2001:db8::9:1];branch=z9hG4bKas3-111',
    'Call-ID: SSG9559905523997077@hlau_4100',
    'Max-Forwards: 70',
    'Contact: "Caller" <sip:caller@[2001:db8::1]>',
    'CSeq: 98176 REGISTER',
  ]);

const optionsTo = (host: string): Buffer =>
  messageOf([
    `OPTIONS sip:user@${host} SIP/2.0`,
    `To: sip:user@${host}`,
    'From: sip:user@example.com;tag=810x2',
    'Via: SIP/2.0/UDP lab1.east.example.com;branch=z9hG4bKas3-111',
    'Call-ID: G9559905523997077@hlau_4100',
    'CSeq: 689 OPTIONS',
    'Max-Forwards: 70',
  ]);

const MEDIA = [
  't=3338481189 3370017201',
  'm=audio 6000 RTP/AVP 2',
  'a=rtpmap:2 G726-32/8000',
  'm=video 6024 RTP/AVP 107',
  'a=rtpmap:107 H263-1998/90000',
];

const MESSAGES = {
  '4.1': registerTo('sip:[2001:db8::10]'),
  '4.2': registerTo('sip:2001:db8::10'),
  '4.3': registerTo('sip:[2001:db8::10:5070]'),
  '4.4': registerTo('sip:[2001:db8::10]:5070'),
  '4.5 brackets': messageOf([
    'BYE sip:[2001:db8::10] SIP/2.0',
    'To: sip:user@example.com;tag=bd76ya',
    'From: sip:user@example.com;tag=81x2',
    'Via: SIP/2.0/UDP [2001:db8::9:1];received=[2001:db8::9:255];branch=z9hG4bKas3-111',
    'Call-ID: SSG9559905523997077@hlau_4100',
    'Max-Forwards: 70',
    'CSeq: 321 BYE',
  ]),
  '4.5 bare': messageOf([
    'OPTIONS sip:[2001:db8::10] SIP/2.0',
    'To: sip:user@example.com',
    'From: sip:user@example.com;tag=81x2',
    'Via: SIP/2.0/UDP [2001:db8::9:1];received=2001:db8::9:255;branch=z9hG4bKas3',
    'Call-ID: SSG95523997077@hlau_4100',
    'Max-Forwards: 70',
    'Contact: "Caller" <sip:caller@[2001:db8::9:1]>',
    'CSeq: 921 OPTIONS',
  ]),
  '4.6': messageOf(
    [
      'INVITE sip:user@[2001:db8::10] SIP/2.0',
      'To: sip:user@[2001:db8::10]',
      'From: sip:user@example.com;tag=81x2',
      'Via: SIP/2.0/UDP [2001:db8::20];branch=z9hG4bKas3-111',
      'Call-ID: SSG9559905523997077@hlau_4100',
      'Contact: "Caller" <sip:caller@[2001:db8::20]>',
      'CSeq: 8612 INVITE',
      'Max-Forwards: 70',
      'Content-Type: application/sdp',
    ],
    [
      'v=0',
      'o=assistant 971731711378798081 0 IN IP6 2001:db8::20',
      "s=Live video feed for today's meeting",
      'c=IN IP6 2001:db8::20',
      ...MEDIA,
    ],
  ),
  '4.7': messageOf([
    'BYE sip:user@host.example.net SIP/2.0',
    'Via: SIP/2.0/UDP [2001:db8::9:1]:6050;branch=z9hG4bKas3-111',
    'Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKjhja8781hjuaij65144',
    'Via: SIP/2.0/TCP [2001:db8::9:255];branch=z9hG4bK451jj;received=192.0.2.200',
    'Call-ID: 997077@lau_4100',
    'Max-Forwards: 70',
    'CSeq: 89187 BYE',
    'To: sip:user@example.net;tag=9817--94',
    'From: sip:user@example.com;tag=81x2',
  ]),
  '4.8': messageOf(
    [
      'INVITE sip:user@[2001:db8::10] SIP/2.0',
      'To: sip:user@[2001:db8::10]',
      'From: sip:user@example.com;tag=81x2',
      'Via: SIP/2.0/UDP [2001:db8::9:1];branch=z9hG4bKas3-111',
      'Call-ID: SSG9559905523997077@hlau_4100',
      'Contact: "Caller" <sip:caller@[2001:db8::9:1]>',
      'Max-Forwards: 70',
      'CSeq: 8912 INVITE',
      'Content-Type: application/sdp',
    ],
    [
      'v=0',
      'o=bob 280744730 28977631 IN IP4 host.example.com',
      's=',
      't=0 0',
      'm=audio 22334 RTP/AVP 0',
      'c=IN IP4 192.0.2.1',
      'm=video 6024 RTP/AVP 107',
      'c=IN IP6 2001:db8::1',
      'a=rtpmap:107 H263-1998/90000',
    ],
  ),
  '4.9': messageOf(
    [
      'INVITE sip:user@example.com SIP/2.0',
      'To: sip:user@example.com',
      'From: sip:user@east.example.com;tag=81x2',
      'Via: SIP/2.0/UDP [::ffff:192.0.2.10]:19823;branch=z9hG4bKbh19',
      'Via: SIP/2.0/UDP [::ffff:192.0.2.2];branch=z9hG4bKas3-111',
      'Call-ID: SSG9559905523997077@hlau_4100',
      'Contact: "T. desk phone" <sip:ted@[::ffff:192.0.2.2]>',
      'CSeq: 612 INVITE',
      'Max-Forwards: 70',
      'Content-Type: application/sdp',
    ],
    [
      'v=0',
      'o=assistant 971731711378798081 0 IN IP6 ::ffff:192.0.2.2',
      's=Call me soon, please!',
      'c=IN IP6 ::ffff:192.0.2.2',
      ...MEDIA,
    ],
  ),
  '4.10': optionsTo('[2001:db8:::192.0.2.1]'),
  '4.10 corrected': optionsTo('[2001:db8::192.0.2.1]'),
} as const;

type Section = keyof typeof MESSAGES;

const accepted = (section: Section): SipMessage => {
  const result = parseMessage(MESSAGES[section]);
  if (!result.ok) throw new Error(`${section} was refused: ${result.fault.message}`);
  return result.value;
};

const requestUri = (message: SipMessage): readonly [host: string, port: number | undefined] => {
  const uri = message.kind === 'request' ? message.readUri() : undefined;
  if (!uri?.ok) throw new Error('not a request with a readable URI');
  return [uri.value.host, uri.value.port];
};

describe('the parser', () => {
  test('4.1 valid SIP message with an IPv6 reference', () => {
    const message = accepted('4.1');
    expect(requestUri(message)).toEqual(['[2001:db8::10]', undefined]);
    expect(message.topVia.host).toBe('[2001:db8::9:1]');
    expect(message.contacts[0]?.uri.host).toBe('[2001:db8::1]');
  });

  test('4.2 an IPv6 reference without brackets is refused with 400', () => {
    const result = parseMessage(MESSAGES['4.2']);
    expect(result).toMatchObject({ ok: false, fault: { status: 400 } });
  });

  test('4.3 port ambiguous: what looks like a port is the last group of the address', () => {
    expect(requestUri(accepted('4.3'))).toEqual(['[2001:db8::10:5070]', undefined]);
  });

  test('4.4 port unambiguous', () => {
    expect(requestUri(accepted('4.4'))).toEqual(['[2001:db8::10]', 5070]);
  });

  test('4.5 the received parameter of a Via, with and without brackets', () => {
    expect(accepted('4.5 brackets').topVia.received).toBe('[2001:db8::9:255]');
    expect(accepted('4.5 brackets').topVia.branch).toBe('z9hG4bKas3-111');
    expect(accepted('4.5 bare').topVia.received).toBe('2001:db8::9:255');
    expect(accepted('4.5 bare').topVia.branch).toBe('z9hG4bKas3');
  });

  test('4.6 IPv6 addresses in SDP', () => {
    expect(accepted('4.6').body.toString()).toContain('c=IN IP6 2001:db8::20\r\n');
  });

  test('4.7 multiple IP addresses in SIP headers', () => {
    expect(accepted('4.7').vias.map((via) => [via.host, via.port])).toEqual([
      ['[2001:db8::9:1]', 6050],
      ['192.0.2.1', undefined],
      ['[2001:db8::9:255]', undefined],
    ]);
  });

  test('4.8 multiple IP addresses in SDP', () => {
    const sdp = accepted('4.8').body.toString();
    expect([sdp.includes('IN IP6 2001:db8::1'), sdp.includes('IN IP4 192.0.2.1')]).toEqual([true, true]);
  });

  test('4.9 IPv4-mapped IPv6 addresses', () => {
    const message = accepted('4.9');
    expect(message.topVia.host).toBe('[::ffff:192.0.2.10]');
    expect(message.topVia.port).toBe(19_823);
    expect(message.contacts[0]?.uri.host).toBe('[::ffff:192.0.2.2]');
  });

  test('4.10 the extra colon that the ABNF of RFC 3261 allows is tolerated, as the RFC recommends', () => {
    expect(requestUri(accepted('4.10'))).toEqual(['[2001:db8:::192.0.2.1]', undefined]);
    expect(requestUri(accepted('4.10 corrected'))).toEqual(['[2001:db8::192.0.2.1]', undefined]);
  });

  test.each(Object.keys(MESSAGES).filter((section) => section !== '4.2') as Section[])(
    '%s survives a round trip',
    (section) => {
      const message = accepted(section);
      const again = parseMessage(message.toBuffer());
      expect(again.ok && [again.value.vias.map(String), again.value.body.toString()]).toEqual([
        message.vias.map(String),
        message.body.toString(),
      ]);
    },
  );
});

const hasIPv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'));
const onIPv6 = hasIPv6 ? describe : describe.skip;

onIPv6('the running edge on ::1', () => {
  test.each<[Section, number, string[]]>([
    ['4.1', 200, ['REGISTER']],
    ['4.2', 400, []],
    ['4.3', 200, ['REGISTER']],
    ['4.4', 200, ['REGISTER']],
    ['4.5 brackets', 481, []],
    ['4.5 bare', 200, ['OPTIONS']],
    ['4.6', 486, ['INVITE']],
    ['4.7', 481, []],
    ['4.8', 486, ['INVITE']],
    ['4.9', 486, ['INVITE']],
    ['4.10', 200, ['OPTIONS']],
    ['4.10 corrected', 200, ['OPTIONS']],
  ])('%s is answered with %i over UDP and TCP', async (section, status, handedOver) => {
    for (const transport of ['udp', 'tcp'] as const) {
      const bench = await TortureBench.start('v6');
      try {
        const fate = await bench.throwAt(transport, MESSAGES[section]);
        expect(fate).toEqual({ answers: [status], handedOver, hungUp: false });
      } finally {
        await bench.close();
      }
    }
  });
});
