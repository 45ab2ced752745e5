import { escapeUser, parseUri, sameUri, type SipUri } from '../../../../signaling/sip/uri';

const uri = (text: string): SipUri => {
  const result = parseUri(text);
  if (!result.ok) throw new Error(`${text}: ${result.fault.message}`);
  return result.value;
};

test.each([
  'sip:alice@atlanta.com',
  'sip:alice:secretword@atlanta.com;transport=tcp',
  'sips:alice@atlanta.com?subject=project%20x&priority=urgent',
  'sip:+1-212-555-1212:1234@gateway.com;user=phone',
  'sips:1212@gateway.com',
  'sip:alice@192.0.2.4',
  'sip:atlanta.com;method=REGISTER?to=alice%40atlanta.com',
  'sip:alice;day=tuesday@atlanta.com',
  'sip:[2001:db8::10]:5070;lr',
  'sip:user;par=u%40example.net@example.com',
  'tel:+358-555-1234567;postd=pp22',
  'tel:7042;phone-context=example.com',
  'soap.beep://192.0.2.103:3002',
  'urn:service:sos',
])('%s is written as it was read', (text) => {
  expect(uri(text).toString()).toBe(text);
});

test('the parts of a full URI', () => {
  const full = uri('SIPS:a%20b:pw@Host.Example:5061;Transport=TLS;lr?Subject=x&y=1');
  expect(full).toMatchObject({
    scheme: 'sips',
    user: 'a%20b',
    userDecoded: 'a b',
    password: 'pw',
    host: 'Host.Example',
    port: 5061,
    headers: new Map([
      ['subject', 'x'],
      ['y', '1'],
    ]),
  });
  expect([...full.params]).toEqual([
    ['transport', 'TLS'],
    ['lr', undefined],
  ]);
});

test('a tel URI has a number and no host', () => {
  expect(uri('tel:+49-30-123;ext=5')).toMatchObject({ scheme: 'tel', user: '+49-30-123', host: '', isSip: false });
});

test.each([
  ['', 'no scheme'],
  ['alice', 'no scheme'],
  [':alice@h', 'no scheme'],
  ['sip:', 'no valid host'],
  ['sip:@h', 'empty user'],
  ['sip:a@', 'no valid host'],
  ['sip:a@h:99999', 'malformed port'],
  ['sip:a@h:', 'malformed port'],
  ['sip:a@h;', 'malformed parameter'],
  ['sip:a@h;x;X', 'malformed parameter'],
  ['sip:a@h?x', 'malformed header'],
  ['sip:a@h/x', "'/' behind its host"],
  ['sip:a b@h', 'illegal character'],
  ['<sip:a@h>', 'illegal character'],
  ['sip:a%4@h', 'illegal character'],
  ['sip:a@[1::2', 'no valid host'],
  ['sip:a@[zz]', 'no valid host'],
  ['tel:', 'malformed number'],
  ['tel:+', 'malformed number'],
  ['1x:y', 'malformed scheme'],
  ['urn:', 'nothing behind its scheme'],
])('%j is refused: %s', (text, problem) => {
  const result = parseUri(text);
  expect(result.ok ? 'accepted' : result.fault.message).toContain(problem);
});

/** The examples of RFC 3261, 19.1.4. */
describe('equivalence', () => {
  test.each([
    ['sip:%61lice@atlanta.com;transport=TCP', 'sip:alice@AtlanTa.CoM;Transport=tcp'],
    ['sip:carol@chicago.com', 'sip:carol@chicago.com;newparam=5'],
    ['sip:carol@chicago.com', 'sip:carol@chicago.com;security=on'],
    [
      'sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com',
      'sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com',
    ],
    [
      'sip:alice@atlanta.com?subject=project%20x&priority=urgent',
      'sip:alice@atlanta.com?priority=urgent&subject=project%20x',
    ],
    ['tel:+358-555-1234567', 'tel:+3585551234567'],
  ])('%s equals %s', (a, b) => {
    expect(sameUri(uri(a), uri(b))).toBe(true);
    expect(sameUri(uri(b), uri(a))).toBe(true);
  });

  test.each([
    ['SIP:ALICE@AtLanTa.CoM;Transport=udp', 'sip:alice@AtLanTa.CoM;Transport=UDP'],
    ['sip:bob@biloxi.com', 'sip:bob@biloxi.com:5060'],
    ['sip:bob@biloxi.com', 'sip:bob@biloxi.com;transport=udp'],
    ['sip:bob@biloxi.com', 'sip:bob@biloxi.com:6000;transport=tcp'],
    ['sip:carol@chicago.com', 'sip:carol@chicago.com?Subject=next%20meeting'],
    ['sip:bob@phone21.boxesbybob.com', 'sip:bob@192.0.2.4'],
    ['sip:carol@chicago.com;security=on', 'sip:carol@chicago.com;security=off'],
    ['sip:a@h', 'sips:a@h'],
    ['sip:a@h', 'sip:a:pw@h'],
    ['tel:+1', 'tel:+2'],
    ['urn:service:sos', 'urn:service:fire'],
  ])('%s differs from %s', (a, b) => {
    expect(sameUri(uri(a), uri(b))).toBe(false);
    expect(sameUri(uri(b), uri(a))).toBe(false);
  });
});

test.each([
  ['4000', '4000'],
  ['+49 30', '+49%2030'],
  ['a@b', 'a%40b'],
  ['100%', '100%25'],
  ['张伟', '%E5%BC%A0%E4%BC%9F'],
])('the user %j is escaped as %s and read back', (text, escaped) => {
  expect(escapeUser(text)).toBe(escaped);
  expect(uri(`sip:${escaped}@h`).userDecoded).toBe(text);
});
