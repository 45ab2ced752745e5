import { parseMessage } from '../../../../signaling/sip/parse';

const HEAD = 'Via: SIP/2.0/UDP h;branch=z9hG4bK1\nFrom: <sip:a@b>;tag=1\nTo: <sip:a@b>\nCall-ID: 1\nCSeq: 1 INFO\n';
const crlf = (text: string): Buffer => Buffer.from(text.replace(/\n/g, '\r\n'));
const info = (rest: string, start = 'INFO sip:a@b SIP/2.0'): Buffer => crlf(`${start}\n${HEAD}${rest}`);

const problem = (bytes: Buffer): string => {
  const result = parseMessage(bytes);
  return result.ok ? 'accepted' : `${result.fault.status} ${result.fault.message}`;
};
const accepted = (bytes: Buffer) => {
  const result = parseMessage(bytes);
  if (!result.ok) throw new Error(result.fault.message);
  return result.value;
};

test('line breaks before the start line are skipped', () => {
  expect(accepted(Buffer.concat([crlf('\n\n'), info('\n')])).kind).toBe('request');
});

test('a datagram may end without the empty line when it has no body', () => {
  expect(accepted(info('')).contentLength).toBe(0);
});

test('without Content-Length the body reaches to the end of the datagram; with it, no further', () => {
  expect(accepted(info('\nabc')).body.toString()).toBe('abc');
  expect(accepted(info('Content-Length: 2\n\nabc')).body.toString()).toBe('ab');
});

test('names and versions match in any case', () => {
  expect(accepted(info('\n', 'INFO sip:a@b sip/2.0')).kind).toBe('request');
  expect(accepted(info('\n', 'sip/2.0 200 OK')).kind).toBe('response');
});

test('methods are case-sensitive', () => {
  expect(problem(info('\n', 'Info sip:a@b SIP/2.0'))).toContain("method 'INFO' is not the request's");
});

test('a response without reason phrase or its space is accepted', () => {
  expect(accepted(info('\n', 'SIP/2.0 200 '))).toMatchObject({ status: 200, reason: '' });
  expect(accepted(info('\n', 'SIP/2.0 200'))).toMatchObject({ status: 200, reason: '' });
});

test.each([
  ['an empty datagram', Buffer.alloc(0), 'start line does not end in CRLF'],
  ['only line breaks', crlf('\n\n'), 'start line does not end in CRLF'],
  ['bare line feeds', Buffer.from('INFO sip:a@b SIP/2.0\nVia: x\n\n'), 'start line does not end in CRLF'],
  [
    'a bare line feed within a header',
    crlf(`INFO sip:a@b SIP/2.0\n${HEAD}`).fill('\n', 55, 56),
    'does not end in CRLF',
  ],
  ['a bare carriage return within a header', info('X: a\rb\n\n'), 'does not end in CRLF'],
  ['a header without a colon', info('Nonsense\n\n'), 'a name and a colon'],
  ['a header name with a space', info('No pe: x\n\n'), 'a name and a colon'],
  ['an empty header name', info(': x\n\n'), 'a name and a colon'],
  ['a continuation before any header', crlf(`INFO sip:a@b SIP/2.0\n x: y\n${HEAD}\n`), 'a name and a colon'],
  ['a body shorter than promised', info('Content-Length: 9\n\nabc'), 'promises 9 bytes but 3 came'],
  ['no method', info('\n', ' sip:a@b SIP/2.0'), 'does not start with a method'],
  ['no URI', info('\n', 'INFO SIP/2.0'), 'malformed Request-URI'],
  ['another version', info('\n', 'INFO sip:a@b SIP/3.0'), '505'],
  ['a status of two digits', info('\n', 'SIP/2.0 99 x'), 'status line'],
  ['a status of 700', info('\n', 'SIP/2.0 700 x'), 'status line'],
  ['a Via too few', crlf(`INFO sip:a@b SIP/2.0\n${HEAD.replace(/Via.*\n/, '')}\n`), 'the Via header is missing'],
  ['a malformed second Via', info('Via: SIP/2.0/UDP\n\n'), 'malformed Via header'],
  ['two From headers', info('f: <sip:x@y>;tag=2\n\n'), 'the From header is given twice'],
  ['a malformed Record-Route', info('Record-Route: <sip:x\n\n'), 'malformed Record-Route header'],
])('%s is refused', (_name, bytes, expected) => {
  expect(problem(bytes)).toContain(expected);
});

test('more than 500 header fields are refused', () => {
  expect(problem(info('X: 1\n'.repeat(496) + '\n'))).toContain('more than 500 header fields');
  expect(problem(info('X: 1\n'.repeat(495) + '\n'))).toBe('accepted');
});

test('the fault keeps what an answer needs', () => {
  const result = parseMessage(info('Contact: <sip:\n\n'));
  expect(result.ok ? undefined : result.fault.partial?.get('Call-ID')).toBe('1');
});
