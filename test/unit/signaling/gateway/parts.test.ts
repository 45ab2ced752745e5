import { ERROR_CODES } from '../../../../base/errors';
import { parseInfoDigit } from '../../../../signaling/gateway/info-digit';
import { addressOf, partyOf, userOf } from '../../../../signaling/gateway/party';
import { codeOfStatus, statusOfCode } from '../../../../signaling/status-codes';
import { parseNetworks } from '../../../../signaling/trunks/cidr';

describe('SIP statuses and error codes', () => {
  it('every code has a final status that refuses', () => {
    for (const code of ERROR_CODES) expect(statusOfCode(code)).toBeGreaterThanOrEqual(400);
  });

  it.each([
    [486, 'busy'],
    [600, 'busy'],
    [603, 'declined'],
    [404, 'not_found'],
    [488, 'not_acceptable_media'],
    [302, 'no_route'],
    [499, 'bad_input'],
    [599, 'internal'],
    [699, 'busy'],
  ])('%d means %s', (status, code) => {
    expect(codeOfStatus(status)).toBe(code);
  });
});

describe('digits by INFO', () => {
  it.each([
    ['application/dtmf-relay', 'Signal=5\r\nDuration=250\r\n', { digit: '5', durationMs: 250 }],
    ['application/dtmf-relay; x=y', 'signal = *\nDuration = 99999', { digit: '*', durationMs: 10_000 }],
    ['application/dtmf-relay', 'Signal=11', { digit: '#', durationMs: 160 }],
    ['application/dtmf', 'd', { digit: 'D', durationMs: 160 }],
    ['application/dtmf', '55', undefined],
    ['application/dtmf-relay', 'Signal=', undefined],
    ['text/plain', '5', undefined],
    [undefined, undefined, undefined],
  ])('%s %j is %j', (type, body, expected) => {
    expect(parseInfoDigit(type, body)).toEqual(expected);
  });
});

describe('parties', () => {
  it.each([
    ['"Zhang San" <sip:+86138@x>;tag=1', { number: '+86138', displayName: 'Zhang San' }],
    ['sip:4000@x;tag=1', { number: '4000' }],
    ['<tel:+4930123>', { number: '+4930123' }],
    ['"" <sip:a%20b@x>', { number: 'a b' }],
    ['rubbish', { number: '' }],
    [undefined, { number: '' }],
  ])('%s', (header, party) => {
    expect(partyOf(header)).toEqual(party);
  });

  it('are written so that they are read the same', () => {
    const party = { number: 'a b@c', displayName: 'He said "hi" \\ <x>' };
    expect(partyOf(addressOf(party))).toEqual(party);
    expect(userOf('sip:4%30@x')).toBe('40');
  });

  it('cannot bring headers along', () => {
    expect(addressOf({ number: '1>\r\nX: y' })).not.toMatch(/\r|\n|> ?X/);
  });
});

describe('networks', () => {
  const contains = (networks: string[], address: string): boolean => {
    const parsed = parseNetworks(networks);
    return parsed.ok && parsed.value(address);
  };

  it.each([
    ['192.0.2.0/24', '192.0.2.200', true],
    ['192.0.2.0/24', '192.0.3.1', false],
    ['192.0.2.7', '192.0.2.7', true],
    ['192.0.2.7', '192.0.2.8', false],
    ['2001:db8::/32', '2001:db8:1::1', true],
    ['0.0.0.0/0', '8.8.8.8', true],
    ['0.0.0.0/0', 'not an address', false],
  ])('%s and %s: %s', (network, address, expected) => {
    expect(contains([network], address)).toBe(expected);
  });

  it.each(['192.0.2.0/33', '192.0.2/24', 'carrier.example', '192.0.2.0/', '192.0.2.0/8/8', ''])(
    '%j is refused',
    (text) => {
      expect(parseNetworks([text]).ok).toBe(false);
    },
  );
});
