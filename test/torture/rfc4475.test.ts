/**
 * The 49 messages of RFC 4475 at the level of the parser: which are accepted, which refused and with what status.
 *
 * Accepted messages must survive a round trip. Where the RFC lets an element choose between refusing and being liberal,
 * the row says what we chose.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SipMessage } from '../../signaling/sip/message';
import { parseMessage } from '../../signaling/sip/parse';
import { StreamFramer } from '../../signaling/sip/stream-framer';

const FOLDER = join(__dirname, '../fixtures/rfc4475');
const bytesOf = (name: string): Buffer => readFileSync(join(FOLDER, `${name}.dat`));

type Row = readonly [section: string, name: string, note: string];

/** Messages that the parser accepts. Those of 3.2 and later are for transactions and applications to refuse. */
const ACCEPTED: readonly Row[] = [
  ['3.1.1.1', 'wsinv', 'a short tortuous INVITE'],
  ['3.1.1.2', 'intmeth', 'wide range of valid characters'],
  ['3.1.1.3', 'esc01', 'valid use of the % escaping mechanism'],
  ['3.1.1.4', 'escnull', 'escaped nulls in URIs'],
  ['3.1.1.5', 'esc02', 'use of % when it is not an escape'],
  ['3.1.1.6', 'lwsdisp', 'no white space between display name and <'],
  ['3.1.1.7', 'longreq', 'long values in header fields'],
  ['3.1.1.8', 'dblreq', 'extra octets behind the body: dropped'],
  ['3.1.1.9', 'semiuri', 'semicolon-separated parameters in the user part'],
  ['3.1.1.10', 'transports', 'varied and unknown transports'],
  ['3.1.1.11', 'mpart01', 'multipart body'],
  ['3.1.1.12', 'unreason', 'unusual reason phrase'],
  ['3.1.1.13', 'noreason', 'empty reason phrase'],
  ['3.1.2.12', 'baddate', 'invalid time zone in Date: nothing here depends on Date, so it is left alone'],
  ['3.1.2.15', 'baddn', 'non-token display name without quotes: the quotes are inferred'],
  ['3.2.1', 'badbranch', 'branch without a transaction id: matched as RFC 2543 says'],
  ['3.3.2', 'unkscm', 'Request-URI with an unknown scheme'],
  ['3.3.3', 'novelsc', 'Request-URI with a known but atypical scheme'],
  ['3.3.4', 'unksm2', 'unknown schemes in header fields'],
  ['3.3.5', 'bext01', 'unknown Require and Proxy-Require'],
  ['3.3.6', 'invut', 'unknown content type'],
  ['3.3.7', 'regaut01', 'unknown authorization scheme'],
  ['3.3.10', 'bcast', '200 OK with a broadcast Via'],
  ['3.3.11', 'zeromf', 'Max-Forwards of zero'],
  ['3.3.12', 'cparam01', 'REGISTER with a Contact header parameter'],
  ['3.3.13', 'cparam02', 'REGISTER with a URL parameter'],
  ['3.3.14', 'regescrt', 'REGISTER with a URL-escaped header'],
  ['3.3.15', 'sdp01', 'unacceptable Accept offering'],
  ['3.4.1', 'inv2543', 'INVITE with RFC 2543 syntax'],
];

/** Messages that the parser refuses: status to answer (none for responses), and what the fault says. */
const REFUSED: readonly (readonly [...Row, status: number | undefined, problem: string])[] = [
  ['3.1.2.1', 'badinv01', 'extraneous separators', 400, 'malformed Via header: a parameter has no name'],
  ['3.1.2.2', 'clerr', 'Content-Length larger than message', 400, 'Content-Length promises 9999 bytes but'],
  ['3.1.2.3', 'ncl', 'negative Content-Length', 400, 'malformed Content-Length header'],
  ['3.1.2.4', 'scalar02', 'request scalars with overlarge values', 400, 'malformed CSeq header'],
  ['3.1.2.5', 'scalarlg', 'response scalars with overlarge values', undefined, 'malformed CSeq header'],
  [
    '3.1.2.6',
    'quotbal',
    'unterminated quoted string',
    400,
    'malformed To header: the display name has no closing quote',
  ],
  ['3.1.2.7', 'ltgtruri', '<> enclosing the Request-URI', 400, 'malformed Request-URI'],
  ['3.1.2.8', 'lwsruri', 'white space in the Request-URI', 400, 'malformed Request-URI'],
  ['3.1.2.9', 'lwsstart', 'multiple spaces in the start line', 400, 'malformed Request-URI'],
  ['3.1.2.10', 'trws', 'spaces at the end of the Request-Line', 400, 'the request line is not'],
  ['3.1.2.11', 'escruri', 'escaped headers in the Request-URI', 400, 'the Request-URI carries headers'],
  ['3.1.2.13', 'regbadct', 'name-addr URI not enclosed in <>', 400, 'malformed Contact header'],
  ['3.1.2.14', 'badaspec', 'spaces within addr-spec', 400, 'malformed To header'],
  ['3.1.2.16', 'badvers', 'unknown protocol version', 505, "the version 'SIP/7.0' is not SIP/2.0"],
  ['3.1.2.17', 'mismatch01', 'start line and CSeq methods differ', 400, 'the CSeq header'],
  ['3.1.2.18', 'mismatch02', 'unknown method with CSeq mismatch', 400, 'the CSeq header'],
  ['3.1.2.19', 'bigcode', 'overlarge response code', undefined, 'the status line is not'],
  ['3.3.1', 'insuf', 'missing required header fields', 400, 'the From header is missing'],
  ['3.3.8', 'multi01', 'multiple values in single-value headers', 400, 'the CSeq header is given twice'],
  ['3.3.9', 'mcl01', 'multiple Content-Length values', 400, 'the Content-Length header is given twice'],
];

/** A message as plain data, for comparison. */
const picture = (message: SipMessage): unknown => ({
  start: message.kind === 'request' ? [message.method, message.uri] : [message.status, message.reason],
  headers: message.headers.filter((field) => field.key !== 'content-length'),
  body: message.body.toString('latin1'),
  from: message.from.toString(),
  to: message.to.toString(),
  vias: message.vias.map(String),
  contacts: message.contacts.map(String),
  routes: message.routes.map(String),
  cseq: message.cseq,
});

const accepted = (name: string): SipMessage => {
  const result = parseMessage(bytesOf(name));
  if (!result.ok) throw new Error(`${name} was refused: ${result.fault.message}`);
  return result.value;
};

test('all 49 messages have a row', () => {
  const files = readdirSync(FOLDER).map((file) => file.replace('.dat', ''));
  const rows = [...ACCEPTED, ...REFUSED].map(([, name]) => name);
  expect(rows).toHaveLength(49);
  expect([...rows].sort()).toEqual(files.sort());
});

test.each(ACCEPTED)('%s %s is accepted and survives a round trip (%s)', (_section, name) => {
  const message = accepted(name);
  const again = parseMessage(message.toBuffer());
  if (!again.ok) throw new Error(again.fault.message);
  expect(picture(again.value)).toEqual(picture(message));
});

test.each(REFUSED)('%s %s is refused (%s)', (_section, name, _note, status, problem) => {
  const result = parseMessage(bytesOf(name));
  if (result.ok) throw new Error(`${name} was accepted`);
  expect(result.fault.message).toContain(problem);
  expect(result.fault.partial === undefined ? undefined : result.fault.status).toBe(status);
});

test.each(ACCEPTED.filter(([, name]) => name !== 'dblreq' && name !== 'baddn'))(
  '%s %s comes whole out of a stream, byte by byte',
  (_section, name) => {
    const message = accepted(name);
    const bytes = message.toBuffer();
    const framer = new StreamFramer();
    const events = [...bytes].flatMap((byte) => framer.push(Buffer.of(byte)));
    expect(events).toHaveLength(1);
    const [event] = events;
    expect(event?.kind === 'message' && picture(event.message)).toEqual(picture(message));
  },
);

describe('what the tortuous messages mean', () => {
  test('wsinv: folded, compact and oddly spaced headers', () => {
    const message = accepted('wsinv');
    expect(message.to.tag).toBe('1918181833n');
    expect(message.from.displayName).toBe('J Rosenberg \\"');
    expect(message.from.tag).toBe('98asjd8');
    expect(message.maxForwards).toBe(68);
    expect(message.cseq).toEqual({ number: 9, method: 'INVITE' });
    expect(message.vias.map((via) => [via.transport, via.host, via.branch])).toEqual([
      ['UDP', '192.0.2.2', '390skdjuw'],
      ['TCP', 'spindle.example.com', 'z9hG4bK9ikj8'],
      ['UDP', '192.168.255.111', 'z9hG4bK30239'],
    ]);
    expect(message.contacts[0]?.displayName).toBe('Quoted string ""');
    expect(message.contacts[0]?.params.get('newparam')).toBe('newvalue');
    expect(message.contacts[0]?.params.get('q')).toBe('0.33');
    expect(message.get('NewFangledHeader')).toBe('newfangled value continued newfangled value');
    expect(message.get('UnknownHeaderWithUnusualValue')).toBe(';;,,;;,;');
    expect(message.get('Subject')).toBe('');
    expect(message.body).toHaveLength(150);
  });

  test('intmeth: a method of every legal character, UTF-8 in an extension header', () => {
    const message = accepted('intmeth');
    expect(message.kind === 'request' && message.method).toBe("!interesting-Method0123456789_*+`.%indeed'~");
    expect(message.get("extensionHeader-!.%*+_`'~")).toBe('\uFEFF大停電');
    expect(message.from.uri.headers.size).toBe(0);
    expect(message.to.displayName).toContain('BEL:');
  });

  test('esc01: escapes are resolved for the user only', () => {
    const message = accepted('esc01');
    expect(message.to.uri.user).toBe('%75se%72');
    expect(message.to.uri.userDecoded).toBe('user');
  });

  test('semiuri: the user part keeps its semicolons', () => {
    const message = accepted('semiuri');
    const uri = message.kind === 'request' && message.readUri();
    expect(uri && uri.ok && [uri.value.user, uri.value.params.size]).toEqual(['user;par=u%40example.net', 0]);
  });

  test('dblreq: the second message is not part of the first', () => {
    expect(accepted('dblreq').body).toHaveLength(0);
  });

  test('baddn: the unquoted display name is read and written with quotes', () => {
    expect(accepted('baddn').from.toString()).toBe('"Bell, Alexander" <sip:a.g.bell@example.com>;tag=43');
  });

  test('cparam01 and cparam02: a parameter belongs to the header or to the URI', () => {
    expect(accepted('cparam01').contacts[0]?.params.has('unknownparam')).toBe(true);
    expect(accepted('cparam02').contacts[0]?.uri.params.has('unknownparam')).toBe(true);
  });

  test('regescrt: the Route inside the Contact stays inside', () => {
    expect(accepted('regescrt').contacts[0]?.uri.headers.get('route')).toBe('%3Csip:sip.example.com%3E');
  });

  test('unreason: the reason phrase keeps its characters', () => {
    const message = accepted('unreason');
    expect(message.kind === 'response' && message.reason).toContain('= 2**3 * 5**2');
  });

  test('inv2543: no branch and no tag', () => {
    const message = accepted('inv2543');
    expect(message.topVia.hasMagicBranch).toBe(false);
    expect(message.from.tag).toBeUndefined();
  });
});
