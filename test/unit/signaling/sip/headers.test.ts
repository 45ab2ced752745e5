/** The header table: what every grammar accepts, how it writes it, and what it refuses. */
import fc from 'fast-check';
import type { Result } from '../../../../base/result';
import { contactExpiresS } from '../../../../signaling/sip/headers/contact';
import { NameAddr, parseNameAddr } from '../../../../signaling/sip/headers/name-addr';
import { quote, splitCommas, unquote } from '../../../../signaling/sip/headers/scan';
import { HEADER_TABLE, type KnownHeader } from '../../../../signaling/sip/headers/table';
import { formatReplaces, parseReplaces } from '../../../../signaling/sip/headers/replaces';
import { parseVia } from '../../../../signaling/sip/headers/via';
import { SipUri } from '../../../../signaling/sip/uri';

interface AnyGrammar {
  readonly parse: (text: string) => Result<unknown>;
  readonly format: (value: unknown) => string;
}
const grammarOf = (key: KnownHeader): AnyGrammar => HEADER_TABLE[key] as unknown as AnyGrammar;

const GOOD: readonly (readonly [KnownHeader, text: string, written: string])[] = [
  ['via', 'SIP/2.0/UDP h:5060;branch=z9hG4bK1', 'SIP/2.0/UDP h:5060;branch=z9hG4bK1'],
  [
    'via',
    'sip / 2.0 / tcp  [2001:db8::1] : 5061 ; rport ; branch = x',
    'SIP/2.0/TCP [2001:db8::1]:5061;rport;branch=x',
  ],
  ['from', 'Alice <sip:a@h>;tag=1', 'Alice <sip:a@h>;tag=1'],
  ['from', '"A \\"B\\" C"<sip:a@h>', '"A \\"B\\" C" <sip:a@h>'],
  ['to', 'sip:a@h;tag=2', '<sip:a@h>;tag=2'],
  ['to', '张伟 <sip:a@h>', '"张伟" <sip:a@h>'],
  ['to', '"" <sip:a@h>', '"" <sip:a@h>'],
  ['contact', '<sip:a@h;ob>;expires=60;q=0.5', '<sip:a@h;ob>;expires=60;q=0.5'],
  ['contact', '<sip:a@h>;+sip.instance="<urn:uuid:1>"', '<sip:a@h>;+sip.instance="<urn:uuid:1>"'],
  ['route', '<sip:p.example;lr>', '<sip:p.example;lr>'],
  ['cseq', '00042  INVITE', '42 INVITE'],
  ['cseq', '2147483647 X', '2147483647 X'],
  ['call-id', 'a84b4c76e66710@pc33.atlanta.com', 'a84b4c76e66710@pc33.atlanta.com'],
  ['max-forwards', '0068', '68'],
  ['content-length', '0', '0'],
  ['expires', '4294967295', '4294967295'],
  ['content-type', 'Application/SDP', 'application/sdp'],
  ['content-type', 'multipart/mixed ; boundary="a b"', 'multipart/mixed;boundary="a b"'],
  ['allow', 'INVITE', 'INVITE'],
  ['supported', '100rel', '100rel'],
  ['rseq', '1', '1'],
  ['rack', '776656 1 INVITE', '776656 1 INVITE'],
  ['session-expires', '1800;refresher=uac', '1800;refresher=uac'],
  ['reason', 'Q.850;cause=16;text="Normal call clearing"', 'Q.850;cause=16;text="Normal call clearing"'],
  ['replaces', '98732@x.example;from-tag=1;to-tag=2', '98732@x.example;from-tag=1;to-tag=2'],
  [
    'www-authenticate',
    'Digest realm="a, b",  nonce="x", qop="auth,auth-int"',
    'Digest realm="a, b", nonce="x", qop="auth,auth-int"',
  ],
  [
    'authorization',
    'Digest username="u", nc=00000001, qop=auth, response="ab"',
    'Digest username="u", nc=00000001, qop=auth, response="ab"',
  ],
  ['authentication-info', 'nextnonce="n", qop=auth', 'nextnonce="n", qop=auth'],
];

test.each(GOOD)('%s: %s is written as %s, which means the same', (key, text, written) => {
  const { parse, format } = grammarOf(key);
  const first = parse(text);
  if (!first.ok) throw new Error(first.fault.message);
  expect(format(first.value)).toBe(written);
  expect(parse(written)).toEqual(first);
});

const BAD: readonly (readonly [KnownHeader, text: string, problem: string])[] = [
  ['via', '', "does not start with 'SIP/2.0/'"],
  ['via', 'SIP/3.0/UDP h', "does not start with 'SIP/2.0/'"],
  ['via', 'SIP/2.0/ h', 'host is malformed'],
  ['via', 'SIP/2.0/UDP', 'host is malformed'],
  ['via', 'SIP/2.0/UDP h:', 'port is malformed'],
  ['via', 'SIP/2.0/UDP h:70000', 'port is malformed'],
  ['via', 'SIP/2.0/UDP h branch=1', "where a ';' is due"],
  ['via', 'SIP/2.0/UDP h;branch=', "value of parameter 'branch' is malformed"],
  ['from', '', 'no scheme'],
  ['from', '"A <sip:a@h>', 'no closing quote'],
  ['from', '"A" sip:a@h', "no '<' follows"],
  ['from', '<sip:a@h', "no closing '>'"],
  ['from', 'a"b" <sip:a@h>', 'stray delimiter'],
  ['from', '<sip:a@h> x', "where a ';' is due"],
  ['from', '<sip:a@h>;tag="1', "value of parameter 'tag' is malformed"],
  ['contact', 'sip:a@h?x=y', 'must stand in angle brackets'],
  ['contact', '<sip:a@h>;expires=99999999999', 'expires parameter'],
  ['contact', '<sip:a@h>;q=2', 'q parameter'],
  ['cseq', 'INVITE', 'sequence number'],
  ['cseq', '2147483648 INVITE', 'sequence number'],
  ['cseq', '1', 'no method'],
  ['cseq', '1 INVITE X', 'no method'],
  ['call-id', 'a b', 'white space'],
  ['max-forwards', '256', 'from 0 to 255'],
  ['content-length', '-1', 'not a number of bytes'],
  ['content-length', '1.5', 'not a number of bytes'],
  ['expires', '4294967296', 'below 2**32'],
  ['content-type', 'text', "'type/subtype'"],
  ['allow', 'IN VITE', 'not a token'],
  ['rseq', '0', 'response number'],
  ['rack', '1 INVITE', 'sequence number'],
  ['session-expires', 'x', 'interval'],
  ['reason', 'a b;c', 'malformed'],
  ['www-authenticate', 'Digest', 'no scheme with parameters'],
  ['www-authenticate', 'Digest realm', 'not name=value'],
  ['www-authenticate', 'Digest realm="x', "value of 'realm' is malformed"],
  ['www-authenticate', 'Digest a=1, A=2', 'given twice'],
  ['www-authenticate', 'Digest a=1 b=2', 'no comma'],
];

test.each(BAD)('%s: %j is refused: %s', (key, text, problem) => {
  const result = grammarOf(key).parse(text);
  expect(result.ok ? 'accepted' : result.fault.message).toContain(problem);
});

test('commas split only outside quotes and angle brackets', () => {
  expect(splitCommas('"a,b" <sip:x@h?c=d,e>;p="1,2" , <sip:y@h>')).toEqual([
    '"a,b" <sip:x@h?c=d,e>;p="1,2"',
    '<sip:y@h>',
  ]);
  expect(splitCommas('a,,b')).toEqual(['a', '', 'b']);
});

test('any text survives quoting', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => unquote(quote(text)) === text));
});

test('any display name, tag and host survives writing and reading', () => {
  const host = fc.stringMatching(/^[a-z][a-z0-9.-]{0,20}$/);
  const name = fc.option(fc.string({ unit: 'grapheme' }), { nil: undefined });
  fc.assert(
    fc.property(name, fc.stringMatching(/^[A-Za-z0-9.~-]{1,12}$/), host, (displayName, tag, hostName) => {
      const value = new NameAddr(new SipUri({ scheme: 'sip', user: 'u', host: hostName }), displayName).withTag(tag);
      expect(parseNameAddr(value.toString())).toEqual({ ok: true, value });
    }),
  );
});

test('any parameter value survives writing and reading', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const value = new NameAddr(new SipUri({ scheme: 'sip', host: 'h' })).withParams({ p: text });
      const read = parseNameAddr(value.toString());
      expect(read.ok && read.value.params.get('p')).toBe(text);
    }),
  );
});

test('parameters are found by name and keep their order, be they few or many; the first of a name counts', () => {
  for (const count of [0, 1, 2, 7, 8, 9, 40]) {
    const names = Array.from({ length: count }, (_, index) => `p${index}`);
    const text = names.map((name, index) => `;${name}=${index};${name}=again`).join('');
    const read = parseNameAddr(`<sip:a@h>${text}`);
    if (!read.ok) throw new Error(read.fault.message);
    const { params } = read.value;
    expect([...params]).toEqual(names.map((name, index) => [name, String(index)]));
    expect([params.size, params.has('p40'), params.get('p40')]).toEqual([count, false, undefined]);
    expect(names.map((name) => params.get(name))).toEqual(names.map((_, index) => String(index)));
    expect(read.value.withParams({ tag: 'x', p0: null }).toString()).toBe(
      `<sip:a@h>${names
        .map((name, index) => `;${name}=${index}`)
        .join('')
        .replace(';p0=0', '')};tag=x`,
    );
  }
});

test('Replaces that would write another header is none (RFC 3891, 6.1)', () => {
  const tags = { callId: 'abc@h', toTag: 'a', fromTag: 'b', earlyOnly: false };
  expect(parseReplaces(formatReplaces(tags))).toEqual({ ok: true, value: tags });
  for (const text of [
    'abc;to-tag="a\r\nX-Evil: y";from-tag=b',
    'abc;to-tag=a;from-tag="b;c"',
    'a\r\nX: y;to-tag=a;from-tag=b',
  ]) {
    expect(parseReplaces(text).ok).toBe(false);
  }
});

test('a branch identifies a transaction only with something behind the magic cookie', () => {
  const magic = (branch: string): boolean => {
    const via = parseVia(`SIP/2.0/UDP h;branch=${branch}`);
    return via.ok && via.value.hasMagicBranch;
  };
  expect([magic('z9hG4bK1'), magic('z9hG4bK'), magic('1')]).toEqual([true, false, false]);
});

test('a Contact’s own expires wins over the header’s', () => {
  const contact = parseNameAddr('<sip:a@h>;expires=30');
  if (!contact.ok) throw new Error(contact.fault.message);
  expect(contactExpiresS(contact.value, 60)).toBe(30);
  expect(contactExpiresS(contact.value.withParams({ expires: null }), 60)).toBe(60);
});
