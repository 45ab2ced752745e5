import { parseMessage } from '../../../../signaling/sip/parse';
import { SipRequest, SipResponse } from '../../../../signaling/sip/message';

const INVITE = [
  'INVITE sip:4000@center.example SIP/2.0',
  'v: SIP/2.0/UDP a.example;branch=z9hG4bK1, SIP/2.0/TCP b.example;branch=z9hG4bK2',
  'Via: SIP/2.0/UDP c.example;branch=z9hG4bK3',
  'f: "李雷" <sip:1@carrier.example>;tag=x',
  't: <sip:4000@center.example>',
  'i: 1@carrier.example',
  'CSeq: 1 INVITE',
  'm: "Smith, J" <sip:1@192.0.2.1>, <sip:2@192.0.2.1>',
  'x-Custom:  kept , as is  ',
  'Timestamp: 54',
  'c: application/sdp',
  'l: 4',
  '',
  'v=0\n',
].join('\r\n');

const request = (text = INVITE): SipRequest => {
  const result = parseMessage(Buffer.from(text));
  if (!result.ok) throw new Error(result.fault.message);
  if (result.value.kind !== 'request') throw new Error('not a request');
  return result.value;
};

describe('reading headers', () => {
  test('names match in any case and in compact form', () => {
    const message = request();
    for (const name of ['Call-ID', 'call-id', 'i', 'I']) expect(message.get(name)).toBe('1@carrier.example');
    expect(message.has('CONTENT-TYPE')).toBe(true);
    expect(message.has('Expires')).toBe(false);
  });

  test('list headers are taken apart, others are not', () => {
    const message = request();
    expect(message.getAll('Via')).toHaveLength(3);
    expect(message.get('Contact')).toBe('"Smith, J" <sip:1@192.0.2.1>');
    expect(message.getAll('X-Custom')).toEqual(['kept , as is']);
  });

  test('typed accessors give parsed values', () => {
    const message = request();
    expect(message.topVia.host).toBe('a.example');
    expect(message.vias.map((via) => via.host)).toEqual(['a.example', 'b.example', 'c.example']);
    expect(message.from).toMatchObject({ displayName: '李雷', tag: 'x' });
    expect(message.to.tag).toBeUndefined();
    expect(message.cseq).toEqual({ number: 1, method: 'INVITE' });
    expect(message.contacts).toHaveLength(2);
    expect(message.contentLength).toBe(4);
    expect(message.maxForwards).toBeUndefined();
    expect(message.routes).toEqual([]);
  });

  test('a missing or malformed header makes its accessor throw, and read say why', () => {
    const message = new SipRequest({ method: 'INFO', uri: 'sip:a@b' });
    expect(() => message.from).toThrow('the message has no from header');
    message.append('From', 'nonsense');
    expect(() => message.from).toThrow('malformed From header: the URI has no scheme');
    expect(message.read('from')).toMatchObject({ ok: false, fault: { code: 'bad_input' } });
  });

  test('a star is no contact', () => {
    const message = request(INVITE.replace(/m: .*\r\n/, 'Contact: *\r\n'));
    expect(message.hasStarContact).toBe(true);
    expect(message.contacts).toEqual([]);
  });
});

describe('changing headers', () => {
  test('a change is seen by the accessor that had been read before', () => {
    const message = request();
    expect(message.topVia.host).toBe('a.example');
    message.removeFirst('Via');
    expect(message.topVia.host).toBe('b.example');
    message.prepend('Via', 'SIP/2.0/WS d.invalid;branch=z9hG4bK0');
    expect(message.vias.map((via) => via.host)).toEqual(['d.invalid', 'b.example', 'c.example']);
    message.set('To', '<sip:x@y>;tag=2');
    expect(message.to.tag).toBe('2');
    message.uri = 'sip:other@center.example';
    expect(message.readUri()).toMatchObject({ ok: true, value: { user: 'other' } });
  });

  test('set replaces all fields of the name where the first stood', () => {
    const message = request();
    message.set('Via', 'SIP/2.0/UDP only.example');
    expect(message.headers.map((field) => field.key).slice(0, 2)).toEqual(['via', 'from']);
    expect(message.getAll('Via')).toEqual(['SIP/2.0/UDP only.example']);
    message.remove('v');
    expect(message.has('Via')).toBe(false);
    message.removeFirst('Via');
    expect(message.has('Via')).toBe(false);
  });

  test('prepend puts a new header first', () => {
    const message = request();
    message.prepend('Record-Route', '<sip:p;lr>');
    expect(message.headers[0]?.name).toBe('Record-Route');
  });

  test('a line break in a value cannot add a header', () => {
    const message = request();
    message.set('Subject', 'x\r\nEvil: 1\n\nbody');
    expect(request(message.toBuffer().toString()).has('Evil')).toBe(false);
  });

  test('a copy is independent', () => {
    const message = request();
    const copy = message.clone();
    copy.set('To', '<sip:x@y>');
    copy.uri = 'sip:x@y';
    expect(message.to.uri.user).toBe('4000');
    expect(message.uri).toBe('sip:4000@center.example');
  });
});

describe('writing', () => {
  test('fields keep their order, names and values, and Content-Length follows the body', () => {
    const message = request();
    message.body = Buffer.from('v=0\r\ns=李\r\n');
    expect(message.toBuffer().toString()).toBe(
      INVITE.replace('x-Custom:  kept , as is  ', 'x-Custom: kept , as is')
        .replace('l: 4', 'l: 12')
        .replace(/v=0\n$/, 'v=0\r\ns=李\r\n'),
    );
  });

  test('Content-Length is added where it is missing', () => {
    const message = new SipRequest({ method: 'OPTIONS', uri: 'sip:a@b' });
    expect(message.toBuffer().toString()).toBe('OPTIONS sip:a@b SIP/2.0\r\nContent-Length: 0\r\n\r\n');
  });

  test('bytes that are not UTF-8 come out as they went in', () => {
    const bytes = Buffer.from(INVITE.replace('李雷', '\xe9\xff'), 'latin1');
    const result = parseMessage(bytes);
    if (!result.ok) throw new Error(result.fault.message);
    expect(result.value.toBuffer().includes(Buffer.from('"\xe9\xff" <sip:1', 'latin1'))).toBe(true);
  });
});

describe('the text of a message that came as we write it', () => {
  const PLAIN = INVITE.replace('  kept , as is  ', ' kept , as is');
  /** What it would be if nothing had been kept. */
  const written = (message: SipRequest): string => {
    message.compact();
    return message.toText();
  };

  test('is what came', () => {
    expect(request(PLAIN).toText()).toBe(PLAIN);
  });

  test.each([
    ['folded lines', PLAIN.replace('Timestamp: 54', 'Timestamp:\r\n 54')],
    ['white space', PLAIN.replace('CSeq: 1', 'CSeq  :\t1')],
    [
      'too much and too little white space',
      PLAIN.replace('CSeq: 1', 'CSeq:  1').replace('Timestamp: 54', 'Timestamp:54'),
    ],
    ['a size written with zeros', PLAIN.replace('l: 4', 'l: 004')],
    ['no size', PLAIN.replace('l: 4\r\n', '')],
  ])('is written anew for %s', (_, text) => {
    const message = request(text);
    expect(message.toText()).toBe(written(message));
    expect(message.toText()).toMatch(/^(?:[^\s:]+: \S.*\r\n)+\r\nv=0/m);
    expect(message.toText()).toMatch(/^(?:l|Content-Length): 4\r$/m);
  });

  test.each<[string, (message: SipRequest) => void]>([
    ['set', (message) => message.set('CSeq', '2 INVITE')],
    ['append', (message) => message.append('Supported', 'timer')],
    ['prepend before its kind', (message) => message.prepend('Via', 'SIP/2.0/UDP d.example;branch=z9hG4bK4')],
    ['prepend in the middle', (message) => message.prepend('From', '<sip:2@carrier.example>')],
    ['remove', (message) => message.remove('Timestamp')],
    ['removeFirst', (message) => message.removeFirst('Via')],
    ['a longer body', (message) => void (message.body = Buffer.from('v=0\ns=-\n'))],
    ['another address', (message) => void (message.uri = 'sip:5@center.example')],
  ])('follows a change by %s, in copies too', (_, change) => {
    const message = request(PLAIN);
    const before = message.clone();
    const copy = message.clone();
    change(message);
    change(copy);
    expect(message.toText()).not.toBe(PLAIN);
    expect(message.toText()).toBe(written(message));
    expect(copy.toText()).toBe(message.toText());
    expect(before.toText()).toBe(PLAIN);
    expect(message.byteLength).toBe(message.toBuffer().length);
  });
});

describe('SipResponse.from', () => {
  test('copies Vias, From, Call-ID and CSeq and adds a tag to To (RFC 3261, 8.2.6.2)', () => {
    const response = SipResponse.from(request(), 180, { toTag: 'ours', headers: [['Contact', '<sip:me@h>']] });
    expect(response.reason).toBe('Ringing');
    expect(response.getAll('Via')).toEqual(request().getAll('Via'));
    expect(response.to.tag).toBe('ours');
    expect(response.from.tag).toBe('x');
    expect(response.callId).toBe('1@carrier.example');
    expect(response.cseq).toEqual({ number: 1, method: 'INVITE' });
    expect(response.has('Timestamp')).toBe(false);
    expect(response.contacts).toHaveLength(1);
  });

  test('makes a tag when none is given, but none in a 100, which gets the Timestamp', () => {
    expect(SipResponse.from(request(), 404).to.tag).toMatch(/^[\w-]{12}$/);
    const trying = SipResponse.from(request(), 100);
    expect(trying.to.tag).toBeUndefined();
    expect(trying.get('Timestamp')).toBe('54');
  });

  test('leaves the tag of a request within a dialog', () => {
    const inDialog = request(INVITE.replace('t: <sip:4000@center.example>', 't: sip:4000@center.example;tag=old'));
    expect(SipResponse.from(inDialog, 200, { toTag: 'new' }).to.tag).toBe('old');
  });

  test('takes a reason and a body', () => {
    const response = SipResponse.from(request(), 488, { reason: 'No Codec', body: Buffer.from('x') });
    expect(response.toBuffer().toString()).toMatch(/^SIP\/2\.0 488 No Codec\r\n[^]*Content-Length: 1\r\n\r\nx$/);
  });

  test('knows a phrase for a status it does not know', () => {
    expect(SipResponse.from(request(), 499).reason).toBe('Bad Request');
  });
});
