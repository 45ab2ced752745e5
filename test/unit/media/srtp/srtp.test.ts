import { SeededRandom } from '../../../../base/random';
import { serializeRtp } from '../../../../media/rtp/packet';
import { GcmCipher } from '../../../../media/srtp/gcm-transform';
import { nearestIndex, ReplayWindow } from '../../../../media/srtp/packet-index';
import { PacketSecurity } from '../../../../media/srtp/packet-security';
import { rtpKeys } from '../../../../media/srtp/session-keys';
import { SrtpContext } from '../../../../media/srtp/srtp-context';
import { SRTP_SUITES, suiteNamed } from '../../../../media/srtp/suites';
import type { SrtpSuite } from '../../../../media/srtp/suites';

const hex = (text: string): Buffer => Buffer.from(text.replace(/\s/g, ''), 'hex');

const suiteOf = (name: string): SrtpSuite => {
  const suite = suiteNamed(name);
  if (!suite) throw new Error(`no suite ${name}`);
  return suite;
};

/** RFC 3711, appendix B.3. */
const MASTER = { key: hex('E1F97A0D3E018BE0D64FA32C06DE4139'), salt: hex('0EC675AD498AFEEBB6960B3AABE6') };
const AES_128 = suiteOf('AES_CM_128_HMAC_SHA1_80');

describe('key derivation', () => {
  it('gives the keys of RFC 3711, B.3', () => {
    const keys = rtpKeys(AES_128, MASTER);
    expect(keys.encryption).toEqual(hex('C61E7A93744F39EE10734AFE3FF7A087'));
    expect(keys.salt).toEqual(hex('30CBBC08863D8C85D49DB34A9AE1'));
    expect(keys.authentication).toEqual(hex('CEBE321F6FF7716B6FD4AB49AF256A156D38BAA4'));
  });

  it('gives the keys of RFC 6188, 7.2, for 256 bits', () => {
    const master = {
      key: hex('f0f04914b513f2763a1b1fa130f10e2998f6f6e43e4309d1e622a0e332b9f1b6'),
      salt: hex('3b04803de51ee7c96423ab5b78d2'),
    };
    const keys = rtpKeys(suiteOf('AES_256_CM_HMAC_SHA1_80'), master);
    expect(keys.encryption).toEqual(hex('5ba1064e30ec51613cad926c5a28ef731ec7fb397f70a960653caf06554cd8c4'));
    expect(keys.salt).toEqual(hex('fa31791685ca444a9e07c6c64e93'));
    expect(keys.authentication).toEqual(hex('fd9c32d39ed5fbb5a9dc96b30818454d1313dc05'));
  });
});

describe('the packets that the reference implementation (libsrtp) is tested with', () => {
  const plain = hex(`800f1234 decafbad cafebabe ${'ab'.repeat(16)}`);
  const secured = hex('800f1234 decafbad cafebabe 4e55dc4ce79978d88ca4d215949d2402 b78d6acc99ea179b8dbb');

  it('are secured as it does', () => {
    expect(new SrtpContext(AES_128, MASTER).protectRtp(plain)).toEqual(secured);
  });

  it('are opened', () => {
    expect(new SrtpContext(AES_128, MASTER).openRtp(secured)).toEqual(plain);
  });

  it('hold for reports, too', () => {
    const report = hex(`81c8000b cafebabe ${'ab'.repeat(16)}`);
    const sealed = hex('81c8000b cafebabe 7128035be487b9bdbef89041f977a5a8 80000001 993e08cd54d6c1230798');
    expect(new SrtpContext(AES_128, MASTER).protectRtcp(report)).toEqual(sealed);
    expect(new SrtpContext(AES_128, MASTER).openRtcp(sealed)).toEqual(report);
  });
});

describe('the packets of RFC 7714', () => {
  const keys = { encryption: hex('000102030405060708090a0b0c0d0e0f'), salt: hex('51756964 2070726f 2071756f') };
  const header = hex('8040f17b 8041f8d3 5501a0b2');
  const plain = Buffer.from('Gallia est omnis divisa in partes tres', 'ascii');
  const sealed = hex(
    'f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833899d7f27beb16a9152cf765ee4390cce',
  );

  it('16.1.1 is sealed and opened', () => {
    const cipher = new GcmCipher(keys);
    const nonce = cipher.rtpNonce(0x5501a0b2, 0xf17b);
    expect(nonce).toEqual(hex('51753c6580c2726f20718414'));
    expect(cipher.seal(plain, { nonce, aad: [header] })).toEqual(sealed);
    expect(cipher.open(sealed, { nonce, aad: [header] })).toEqual(plain);
    expect(cipher.open(sealed, { nonce, aad: [plain] })).toBeUndefined();
  });

  it('17.1 has this nonce for a report', () => {
    expect(new GcmCipher(keys).rtcpNonce(0x4d617273, 0x5d4)).toEqual(hex('517524055203726f207170bb'));
  });
});

const packetOf = (sequenceNumber: number, ssrc = 7): Buffer =>
  serializeRtp({
    marker: false,
    payloadType: 8,
    sequenceNumber,
    timestamp: sequenceNumber * 160,
    ssrc,
    csrcs: [],
    payload: Buffer.alloc(160, sequenceNumber & 0xff),
    paddingBytes: 0,
  });

describe.each(SRTP_SUITES.map((suite) => [suite.name, suite] as const))('%s', (_name, suite) => {
  const master = { key: Buffer.alloc(suite.keyBytes, 3), salt: Buffer.alloc(suite.saltBytes, 9) };

  it('carries packets over rollovers of the sequence number, late and lost ones among them', () => {
    const random = new SeededRandom(5);
    const sender = new SrtpContext(suite, master);
    const receiver = new SrtpContext(suite, master);
    const plain = Array.from({ length: 140_000 / 20 }, (_, index) => packetOf((30_000 + index * 20) & 0xffff));
    const wire = plain.map((packet) => sender.protectRtp(packet));
    for (let index = 0; index + 3 < wire.length; index += 3) {
      for (const place of random.int(2) === 0 ? [index + 2, index, index + 1] : [index, index + 2]) {
        expect(receiver.openRtp(wire[place] as Buffer)?.equals(plain[place] as Buffer)).toBe(true);
      }
    }
  });

  it('goes into a stream that has been running, however often its numbers have begun anew', () => {
    const sender = new SrtpContext(suite, master);
    for (let number = 0; number <= 200_000; number += 20_000) sender.protectRtp(packetOf(number & 0xffff));
    const [first, second] = [220_000, 240_000].map((number) => sender.protectRtp(packetOf(number & 0xffff)));
    expect(new SrtpContext(suite, master).openRtp(first as Buffer)).toBeUndefined();
    expect(new SrtpContext(suite, master, 2).openRtp(first as Buffer)).toBeUndefined();
    const late = new SrtpContext(suite, master, 22);
    expect(late.openRtp(first as Buffer)).toEqual(packetOf(220_000 & 0xffff));
    expect(late.openRtp(first as Buffer)).toBeUndefined();
    expect(late.openRtp(second as Buffer)).toEqual(packetOf(240_000 & 0xffff));
  });

  it('refuses what was changed, comes again, or was secured with another key', () => {
    const sender = new SrtpContext(suite, master);
    const receiver = new SrtpContext(suite, master);
    const secured = sender.protectRtp(packetOf(1000));
    for (const place of [1, 3, 10, 40, secured.length - 1]) {
      const changed = Buffer.from(secured);
      changed[place] = (changed[place] ?? 0) ^ 1;
      expect(receiver.openRtp(changed)).toBeUndefined();
    }
    const other = new SrtpContext(suite, { ...master, salt: Buffer.alloc(suite.saltBytes, 8) });
    expect(receiver.openRtp(other.protectRtp(packetOf(1001)))).toBeUndefined();
    expect(receiver.openRtp(secured)).toEqual(packetOf(1000));
    expect(receiver.openRtp(secured)).toBeUndefined();
    const report = Buffer.concat([hex('81c90001'), Buffer.alloc(28, 1)]);
    const sealed = sender.protectRtcp(report);
    expect(receiver.openRtcp(sealed)).toEqual(report);
    expect(receiver.openRtcp(sealed)).toBeUndefined();
  });
});

describe('what is no SRTP', () => {
  it('is refused, whatever its length', () => {
    const random = new SeededRandom(11);
    const receiver = new SrtpContext(AES_128, MASTER);
    for (let round = 0; round < 20_000; round += 1) {
      const noise = Buffer.from(Array.from({ length: random.int(60) }, () => random.int(256)));
      expect(receiver.openRtp(noise)).toBeUndefined();
      expect(receiver.openRtcp(noise)).toBeUndefined();
    }
  });
});

describe('the index of a packet', () => {
  it('is the nearest to the highest one', () => {
    expect(nearestIndex(5, undefined)).toBe(5);
    expect(nearestIndex(2, 0xfffe)).toBe(0x1_0002);
    expect(nearestIndex(0xffff, 0x1_0003)).toBe(0xffff);
    expect(nearestIndex(0xffff, 3)).toBe(0xffff);
    expect(nearestIndex(0x8000, 0x2_8000)).toBe(0x2_8000);
  });

  it('is admitted once, as long as it is not older than the window', () => {
    const window = new ReplayWindow();
    window.add(1000);
    expect(window.admits(1000)).toBe(false);
    expect(window.admits(873)).toBe(true);
    expect(window.admits(872)).toBe(false);
    window.add(1128);
    expect(window.admits(1000)).toBe(false);
    expect(window.admits(1001)).toBe(true);
  });
});

describe('a new agreement', () => {
  it('goes on with a key that stays: nothing is replayed, and no keystream is used twice', () => {
    const own = { key: Buffer.alloc(16, 1), salt: Buffer.alloc(14, 1) };
    const remote = { key: Buffer.alloc(16, 2), salt: Buffer.alloc(14, 2) };
    const us = new PacketSecurity();
    const peer = new PacketSecurity();
    us.agree({ suite: AES_128, own, remote });
    peer.agree({ suite: AES_128, own: remote, remote: own });
    const first = peer.protectRtp(packetOf(9));
    expect(us.openRtp(first)).toEqual(packetOf(9));
    us.agree({ suite: AES_128, own, remote: { ...remote } });
    expect(us.openRtp(first)).toBeUndefined();
    us.agree(undefined);
    expect(us.openRtp(packetOf(10))).toEqual(packetOf(10));
    us.agree({ suite: AES_128, own, remote });
    expect(us.openRtp(first)).toBeUndefined();
  });

  it.each([
    ['plain RTP', undefined],
    ['another suite', 'AES_CM_128_HMAC_SHA1_32'],
  ])('uses no keystream twice after %s in between', (_what, between) => {
    const own = { key: Buffer.alloc(16, 1), salt: Buffer.alloc(14, 1) };
    const remote = { key: Buffer.alloc(16, 2), salt: Buffer.alloc(14, 2) };
    const other = { key: Buffer.alloc(16, 3), salt: Buffer.alloc(14, 3) };
    const us = new PacketSecurity();
    us.agree({ suite: AES_128, own, remote });
    const report = Buffer.concat([hex('81c90001'), Buffer.alloc(28, 1)]);
    const before = us.protectRtcp(report);
    us.agree(between === undefined ? undefined : { suite: suiteOf(between), own: other, remote });
    us.agree({ suite: AES_128, own, remote });
    expect(us.protectRtcp(report).subarray(8, 32)).not.toEqual(before.subarray(8, 32));
  });
});
