/**
 * `npm run bench -- sip-parser [--json]`: how long one INVITE of about 900 bytes takes to parse (all typed headers
 * included) and to serialise. Each of 400 measurements is the mean of 500 operations.
 */
import { parseArgs } from 'node:util';
import { parseMessage } from '../../signaling/sip/parse';
import type { SipMessage } from '../../signaling/sip/message';
import { percentilesOf } from './support/percentiles';
import type { Percentiles } from './support/percentiles';
import { printResult } from './support/report';
import { whereItRuns } from './support/where';

const ROUNDS = 400;
const PER_ROUND = 500;
const WARM_UP_ROUNDS = 40;

const SDP = [
  'v=0',
  'o=- 1700000000 1700000000 IN IP4 192.0.2.10',
  's=-',
  'c=IN IP4 192.0.2.10',
  't=0 0',
  'm=audio 20000 RTP/AVP 8 0 101',
  'a=rtpmap:101 telephone-event/8000',
  'a=fmtp:101 0-15',
  '',
].join('\r\n');

const INVITE = Buffer.from(
  [
    'INVITE sip:4000@center.example:5060;transport=udp SIP/2.0',
    'Via: SIP/2.0/UDP 192.0.2.1:5060;rport;branch=z9hG4bK3y1Ft0aXpQr7u',
    'Via: SIP/2.0/UDP 198.51.100.7:5060;received=198.51.100.7;branch=z9hG4bKabcdef012345',
    'Record-Route: <sip:192.0.2.1;lr;ftag=8a7b>',
    'Max-Forwards: 69',
    'From: "Erika Mustermann" <sip:+493012345678@carrier.example;user=phone>;tag=8a7b6c5d4e',
    'To: <sip:4000@center.example;user=phone>',
    'Call-ID: 3848276298220188511@carrier.example',
    'CSeq: 314159 INVITE',
    'Contact: <sip:+493012345678@198.51.100.7:5060;transport=udp>',
    'Allow: INVITE, ACK, BYE, CANCEL, OPTIONS, PRACK, UPDATE, INFO, REFER',
    'Supported: 100rel, timer, replaces',
    'User-Agent: Carrier SBC 7.1',
    'Content-Type: application/sdp',
    `Content-Length: ${SDP.length}`,
    '',
    SDP,
  ].join('\r\n'),
);

const mustParse = (): SipMessage => {
  const result = parseMessage(INVITE);
  if (!result.ok) throw new Error(result.fault.message);
  return result.value;
};

/** Microseconds of one operation, measured over a round of many. */
const roundUs = (operation: () => unknown): number => {
  const startedMs = performance.now();
  for (let count = 0; count < PER_ROUND; count += 1) operation();
  return ((performance.now() - startedMs) * 1000) / PER_ROUND;
};

const measure = (operation: () => unknown): Percentiles => {
  for (let round = 0; round < WARM_UP_ROUNDS; round += 1) roundUs(operation);
  return percentilesOf(
    Array.from({ length: ROUNDS }, () => roundUs(operation)),
    2,
  );
};

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
const where = whereItRuns();
const message = mustParse();
const result = {
  bench: 'sip-parser',
  parse_us: measure(mustParse),
  serialize_us: measure(() => {
    message.compact();
    return message.toBuffer();
  }),
  message_bytes: INVITE.length,
  rounds: ROUNDS,
  per_round: PER_ROUND,
  ...where,
};
printResult(result, values.json);
