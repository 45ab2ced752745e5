import { SeededRandom } from '../../../../base/random';
import { headerOf, parseAppMessage } from '../../../../signaling/edge/control/app-message';
import { parseCommand } from '../../../../signaling/edge/control/command';
import { ControlFormatError, encodeFrame, FrameDecoder } from '../../../../signaling/edge/control/frame';
import { formatMeta } from '../../../../signaling/edge/control/meta';

describe('frames of the wire protocol', () => {
  it('count bytes, not characters', () => {
    expect(encodeFrame('é中')).toBe('5#é中');
  });

  it('come out whole, however the stream is cut', () => {
    const texts = ['a|ping', 'é|中文|x', 'b'.repeat(500)];
    const stream = Buffer.from(texts.map((text) => encodeFrame(text)).join(''));
    for (const size of [1, 2, 3, 7, 100, stream.length]) {
      const decoder = new FrameDecoder(1_000);
      const got: string[] = [];
      for (let at = 0; at < stream.length; at += size) got.push(...decoder.push(stream.subarray(at, at + size)));
      expect(got).toEqual(texts);
    }
  });

  it.each([
    ['no length', 'abc'],
    ['a negative length', '-1#a'],
    ['nothing before #', '#a'],
    ['zero', '0#'],
    ['more than the limit', '2000#a'],
    ['digits without end', '11111111'],
    ['white space', ' 1#a'],
  ])('with %s are refused', (_what, text) => {
    expect(() => new FrameDecoder(1_000).push(Buffer.from(text))).toThrow(ControlFormatError);
  });
});

describe('commands of an app', () => {
  it.each([
    ['id|authenticate|secret|a,b', { kind: 'authenticate', secret: 'secret', tags: ['a', 'b'] }],
    ['id|route|INVITE', { kind: 'route', verb: 'invite' }],
    ['id|remove_route|bye', { kind: 'remove_route', verb: 'bye' }],
    ['id|ping', { kind: 'ping' }],
    ['id|extension|trace\r\n{"callIds":["a|b"]}', { kind: 'extension', name: 'trace', input: { callIds: ['a|b'] } }],
    ['id|extension|trace', { kind: 'extension', name: 'trace', input: undefined }],
    ['id|extension|trace\r\n{"a"', { kind: 'malformed' }],
    ['id|extension||\r\n{}', { kind: 'malformed' }],
    ['id|dance|x', { kind: 'unsupported', name: 'dance' }],
    ['id|sip||\r\nINVITE sip:a@b SIP/2.0\r\n\r\n', { kind: 'request', proxy: undefined }],
    ['id|sip|||sip:p;lr\r\nINVITE sip:a@b SIP/2.0\r\n\r\n', { kind: 'request', proxy: 'sip:p;lr' }],
    [
      'id|sip||d;from-tag=x\r\nBYE sip:placeholder SIP/2.0\r\n\r\n',
      { kind: 'request_in_dialog', dialogId: 'd;from-tag=x' },
    ],
    ['id|sip|t|\r\nCANCEL sip:a@b SIP/2.0\r\n\r\n', { kind: 'cancel', transactionId: 't' }],
    ['id|sip|t|\r\nSIP/2.0 200 OK\r\n\r\n', { kind: 'respond', transactionId: 't' }],
    ['id|sip|t|\r\nnonsense', { kind: 'malformed' }],
    ['id|sip', { kind: 'malformed' }],
    [
      'id|proxy|t1|remainInDialog|fullResponse|followRedirects|simultaneous|2s|1500ms|sip:a@b|sip:c@d\r\nINVITE sip:a@b SIP/2.0\r\nX-A: 1\r\n',
      {
        kind: 'proxy',
        transactionId: 't1',
        remainInDialog: true,
        fullResponse: true,
        followRedirects: true,
        simultaneous: true,
        provisionalTimeoutMs: 2_000,
        finalTimeoutMs: 1_500,
        targets: ['sip:a@b', 'sip:c@d'],
      },
    ],
    [
      'id|proxy|t1||||serial|||\r\nINVITE sip:a@b SIP/2.0\r\n',
      { kind: 'malformed', reason: expect.stringContaining('no destination') },
    ],
    [
      'id|proxy|t1||||serial|soon||sip:a@b\r\nINVITE sip:a@b SIP/2.0\r\n',
      { kind: 'malformed', reason: expect.stringContaining('timeouts') },
    ],
  ])('%j', (text, command) => {
    expect(parseCommand(text)).toMatchObject({ id: 'id', ...command });
  });

  it.each(['', 'id', '|sip|', 'a b|ping'])('%j has no id and type to answer to', (text) => {
    expect(() => parseCommand(text)).toThrow(ControlFormatError);
  });
});

describe('SIP as an app writes it', () => {
  it('keeps headers in order and ignores a wrong Content-Length', () => {
    const message = parseAppMessage('SIP/2.0 200 OK\r\nX-A: 1\r\ncontent-length: 1\r\n\r\nv=0\r\n中');
    expect(message).toMatchObject({ kind: 'response', status: 200, reason: 'OK', body: 'v=0\r\n中' });
    expect(message.headers[0]).toEqual({ name: 'X-A', key: 'x-a', value: '1' });
    expect(headerOf(message, 'x-a')).toBe('1');
  });

  it.each(['X Y: 1', 'no colon', 'X: a\nInjected: b', 'X: a\rb'])('refuses the header line %j', (line) => {
    expect(() => parseAppMessage(`BYE sip:a SIP/2.0\r\n${line}\r\n\r\n`)).toThrow(/invalid header line/);
  });

  it('never throws anything but a format error, whatever comes', () => {
    const random = new SeededRandom(4711);
    const sample = 'id|sip|t|d|sip:p\r\nINVITE sip:a@b SIP/2.0\r\nFrom: <sip:a>;tag=1\r\n\r\nv=0';
    for (let round = 0; round < 20_000; round += 1) {
      const bytes = Buffer.from(sample);
      for (let edits = random.int(6); edits >= 0; edits -= 1) bytes[random.int(bytes.length)] = random.int(256);
      const decoder = new FrameDecoder(200);
      try {
        const cut = bytes.subarray(0, random.int(bytes.length)).toString('latin1');
        decoder.push(bytes);
        parseCommand(cut);
      } catch (error) {
        if (!(error instanceof ControlFormatError)) throw new Error(`round ${round}`, { cause: error });
      }
    }
  });
});

it('meta data tell source, bytes, transport, address, port and time of day', () => {
  const atMs = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
  expect(formatMeta({ source: 'network', bytes: 9, protocol: 'udp', address: '192.0.2.1', port: 5060, atMs })).toBe(
    'network|9|udp|192.0.2.1|5060|03:04:05.678000',
  );
});
