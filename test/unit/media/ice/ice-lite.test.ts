import { createHmac } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { SeededRandom } from '../../../../base/random';
import { IceLite } from '../../../../media/ice/ice-lite';
import { isIntact, parseStun, writeResponse } from '../../../../media/ice/stun-message';
import { stunCheck } from '../../../support/stun-check';

const hex = (text: string): Buffer => Buffer.from(text.replace(/\s/g, ''), 'hex');

/** RFC 5769, section 2.1: a request with USERNAME, MESSAGE-INTEGRITY and FINGERPRINT. */
const SAMPLE = hex(`
  00 01 00 58 21 12 a4 42 b7 e7 a7 01 bc 34 d6 86 fa 87 df ae
  80 22 00 10 53 54 55 4e 20 74 65 73 74 20 63 6c 69 65 6e 74
  00 24 00 04 6e 00 01 ff 80 29 00 08 93 2f f9 b1 51 26 3b 36
  00 06 00 09 65 76 74 6a 3a 68 36 76 59 20 20 20
  00 08 00 14 9a ea a7 0c bf d8 cb 56 78 1e f2 b5 b2 d3 f2 49 c1 b5 71 a2
  80 28 00 04 e5 7a 3b cf`);
const SAMPLE_PASSWORD = 'VOkJxbRl1RmTxUk/WvJxBt';

describe('a STUN message', () => {
  it('of RFC 5769 is read, and its integrity and fingerprint hold', () => {
    const message = parseStun(SAMPLE);
    expect(message).toMatchObject({ kind: 'request', username: 'evtj:h6vY', iceControlled: true, unknown: [] });
    expect(message && isIntact(message, SAMPLE_PASSWORD)).toBe(true);
    expect(message && isIntact(message, `${SAMPLE_PASSWORD}x`)).toBe(false);
  });

  it.each([
    ['192.0.2.1', '0001 a147 e112 a643'],
    ['2001:db8:1234:5678:11:2233:4455:6677', '0002 a147 0113 a9fa a5d3 f179 bc25 f4b5 bed2 b9d9'],
  ])('maps %s as RFC 5769 does', (address, mapped) => {
    const request = parseStun(SAMPLE);
    if (!request) throw new Error('the sample is not read');
    const response = writeResponse(request, { kind: 'success', mapped: { address, port: 32_853 } }, SAMPLE_PASSWORD);
    expect(response.subarray(24, 24 + hex(mapped).length)).toEqual(hex(mapped));
    const read = parseStun(response);
    expect(read && isIntact(read, SAMPLE_PASSWORD)).toBe(true);
  });

  it('with any other bit than it should have is dropped', () => {
    for (let at = 0; at < SAMPLE.length; at += 1) {
      const changed = Buffer.from(SAMPLE);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(parseStun(changed)).toBeUndefined();
      expect(parseStun(SAMPLE.subarray(0, at))).toBeUndefined();
    }
  });

  it('of noise is dropped, even with a right fingerprint', () => {
    const random = new SeededRandom(4);
    for (let round = 0; round < 4_000; round += 1) {
      const body = Buffer.from(Array.from({ length: 4 * random.int(20) }, () => random.int(random.int(2) ? 10 : 256)));
      const head = Buffer.from(SAMPLE.subarray(0, 20));
      head.writeUInt16BE(body.length + 8, 2);
      const message = Buffer.concat([head, body]);
      const end = Buffer.alloc(8);
      end.writeUInt32BE(0x8028_0004);
      end.writeUInt32BE((crc32(message) ^ 0x5354_554e) >>> 0, 4);
      const parsed = parseStun(Buffer.concat([message, end]));
      expect(parsed && isIntact(parsed, SAMPLE_PASSWORD)).not.toBe(true);
    }
  });
});

const REMOTE = { usernameFragment: 'peer', password: 'a password of the peer' };
const [HOME, AWAY] = [
  { address: '198.51.100.7', port: 4000 },
  { address: '203.0.113.9', port: 5000 },
];

const agreed = (): IceLite => {
  const ice = new IceLite();
  ice.agree(REMOTE, 'offer');
  return ice;
};

describe('ICE on our side', () => {
  it('answers a check with the address that it came from, and sends there', () => {
    const ice = agreed();
    const response = ice.receive(1, stunCheck({ to: ice.credentials, from: REMOTE }), HOME);
    const read = response && parseStun(response);
    expect(read?.kind).toBe('success');
    expect(read && isIntact(read, ice.credentials.password)).toBe(true);
    expect(ice.isProved(1, HOME)).toBe(true);
    expect(ice.isProved(2, HOME)).toBe(false);
    expect(ice.isProved(1, AWAY)).toBe(false);
    expect(ice.destination(1)).toEqual(HOME);
  });

  it('stays with what the peer has nominated, until it nominates something else', () => {
    const ice = agreed();
    ice.receive(1, stunCheck({ to: ice.credentials, from: REMOTE, nominates: true }), HOME);
    ice.receive(1, stunCheck({ to: ice.credentials, from: REMOTE }), AWAY);
    expect(ice.destination(1)).toEqual(HOME);
    ice.receive(1, stunCheck({ to: ice.credentials, from: REMOTE, nominates: true }), AWAY);
    expect(ice.destination(1)).toEqual(AWAY);
  });

  it('has new credentials after a restart, and keeps the way until the peer nominates', () => {
    const ice = agreed();
    const before = ice.credentials;
    ice.receive(1, stunCheck({ to: before, from: REMOTE, nominates: true }), HOME);
    ice.agree(REMOTE, 'offer');
    expect(ice.credentials).toEqual(before);
    const renewed = { usernameFragment: 'anew', password: 'another password' };
    ice.agree(renewed, 'offer');
    expect(ice.credentials.usernameFragment).not.toBe(before.usernameFragment);
    expect(ice.destination(1)).toEqual(HOME);
    ice.receive(1, stunCheck({ to: before, from: REMOTE, nominates: true }), AWAY);
    expect(ice.destination(1)).toEqual(HOME);
    ice.receive(1, stunCheck({ to: ice.credentials, from: renewed, nominates: true }), AWAY);
    expect(ice.destination(1)).toEqual(AWAY);
  });

  it('keeps the credentials of its offer, whoever answers it', () => {
    const ice = agreed();
    const offered = ice.credentials;
    // A call control has let somebody else answer.
    const other = { usernameFragment: 'else', password: 'a password of somebody else' };
    ice.agree(other, 'answer');
    expect(ice.credentials).toEqual(offered);
    ice.receive(1, stunCheck({ to: offered, from: other, nominates: true }), AWAY);
    expect(ice.destination(1)).toEqual(AWAY);
  });

  it.each([
    ['a wrong password', { password: 'guessed' }, 401],
    ['a wrong name', { username: 'some:body' }, 401],
    ['the other role', { controlled: true }, 487],
    ['an attribute that we must understand and do not', { unknown: 0x7777 }, 420],
  ])('refuses %s', (_what, changes, code) => {
    const ice = agreed();
    const response = ice.receive(1, stunCheck({ to: ice.credentials, from: REMOTE, ...changes }), HOME);
    expect(response && errorCodeIn(response)).toBe(code);
    expect(ice.destination(1)).toBeUndefined();
  });

  it('answers no response and no indication, and keeps few addresses', () => {
    const ice = agreed();
    const check = stunCheck({ to: ice.credentials, from: REMOTE });
    const response = ice.receive(1, check, HOME);
    expect(response && ice.receive(1, response, HOME)).toBeUndefined();
    for (let port = 1; port <= 100; port += 1) ice.receive(1, check, { ...HOME, port });
    expect(Array.from({ length: 101 }, (_, port) => ice.isProved(1, { ...HOME, port })).filter(Boolean)).toHaveLength(
      16,
    );
  });

  it('gives credentials of the size and the letters of RFC 8839', () => {
    const { usernameFragment, password } = new IceLite().credentials;
    expect(usernameFragment).toMatch(/^[A-Za-z0-9+/]{4,}$/);
    expect(password).toMatch(/^[A-Za-z0-9+/]{22,}$/);
    expect(createHmac('sha1', password)).toBeDefined();
  });
});

const errorCodeIn = (response: Buffer): number | undefined => {
  const at = response.indexOf(Buffer.from([0, 9, 0, 4]), 20);
  return at < 0 ? undefined : (response[at + 6] ?? 0) * 100 + (response[at + 7] ?? 0);
};
