import { StreamFramer } from '../../../../signaling/sip/stream-framer';

const crlf = (text: string): Buffer => Buffer.from(text.replace(/\n/g, '\r\n'));
const message = (body: string, extra = ''): string =>
  `INFO sip:a@b SIP/2.0\nVia: SIP/2.0/TCP h;branch=z9hG4bK1\nFrom: <sip:a@b>;tag=1\nTo: <sip:a@b>\nCall-ID: 1\n` +
  `CSeq: 1 INFO\n${extra}Content-Length: ${body.length}\n\n${body}`;

const feed = (framer: StreamFramer, chunks: readonly Buffer[]): string[] =>
  chunks
    .flatMap((chunk) => framer.push(chunk))
    .map((event) => {
      if (event.kind === 'message') return `message:${event.message.body.toString()}`;
      return event.kind === 'fault' || event.kind === 'broken' ? `${event.kind}:${event.fault.message}` : event.kind;
    });

test('several messages in one piece come out one by one', () => {
  expect(feed(new StreamFramer(), [crlf(message('one') + message('') + message('three'))])).toEqual([
    'message:one',
    'message:',
    'message:three',
  ]);
});

test.each([1, 2, 3, 7, 64, 1000])('pieces of %i bytes make the same messages', (size) => {
  const bytes = crlf(message('one') + message('x'.repeat(500)) + message(''));
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
  expect(feed(new StreamFramer(), chunks)).toEqual(['message:one', `message:${'x'.repeat(500)}`, 'message:']);
});

test('a double CRLF between messages is a ping, a single one a pong', () => {
  const framer = new StreamFramer();
  expect(feed(framer, [crlf('\n\n')])).toEqual(['ping']);
  expect(feed(framer, [crlf('\n')])).toEqual(['pong']);
  expect(feed(framer, [crlf(`\n\n${message('a')}\n`)])).toEqual(['ping', 'message:a', 'pong']);
});

test('a ping that comes in four pieces is a ping', () => {
  expect(feed(new StreamFramer(), [Buffer.from('\r'), Buffer.from('\n\r'), Buffer.from('\n')])).toEqual(['ping']);
});

test('a message without Content-Length has no body in a stream', () => {
  const bare = message('').replace('Content-Length: 0\n', '');
  expect(feed(new StreamFramer(), [crlf(bare + bare)])).toEqual(['message:', 'message:']);
});

test('a refused message does not disturb those behind it', () => {
  const events = feed(new StreamFramer(), [crlf(message('bad', 'Contact: <sip:\n') + message('good'))]);
  expect(events[0]).toMatch(/^fault:malformed Contact header/);
  expect(events[1]).toBe('message:good');
});

test.each([
  [
    'a negative Content-Length',
    message('').replace('Length: 0', 'Length: -1'),
    'Content-Length of a message in a stream',
  ],
  ['two different Content-Lengths', message('abc', 'l: 2\n'), 'Content-Length of a message in a stream'],
  ['rubbish', 'GET / HTTP/1.1\n\n', 'the request line is not'],
  ['a body above the limit', message('').replace('Length: 0', 'Length: 2000'), 'the message body exceeds 1000 bytes'],
  ['a head above the limit', message('', `X: ${'x'.repeat(5000)}\n`), 'the message head exceeds 4096 bytes'],
])('%s breaks the stream for good', (_name, text, problem) => {
  const framer = new StreamFramer({ headBytes: 4096, bodyBytes: 1000 });
  const events = feed(framer, [crlf(text)]);
  expect(events).toHaveLength(1);
  expect(events[0]).toContain(`broken:`);
  expect(events[0]).toContain(problem);
  expect(framer.isBroken).toBe(true);
  expect(feed(framer, [crlf(message('late'))])).toEqual([]);
});

test('an endless head is refused as soon as it passes the limit', () => {
  const framer = new StreamFramer({ headBytes: 4096 });
  const events: string[] = [];
  for (let sent = 0; sent < 20_000 && events.length === 0; sent += 100)
    events.push(...feed(framer, [Buffer.alloc(100, 'x')]));
  expect(events).toEqual(['broken:the message head exceeds 4096 bytes']);
});

test('a broken stream’s request can still be answered', () => {
  const [event] = new StreamFramer().push(crlf(message('').replace('Length: 0', 'Length: x')));
  expect(event?.kind === 'broken' && event.fault.partial?.get('Call-ID')).toBe('1');
});
