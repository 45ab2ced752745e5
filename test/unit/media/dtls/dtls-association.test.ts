import { createHash } from 'node:crypto';
import { SimulatedClock } from '../../../../base/clock';
import { SeededRandom } from '../../../../base/random';
import { createCertificate } from '../../../../media/dtls/certificate';
import { DtlsAssociation } from '../../../../media/dtls/dtls-association';
import { chosenSrtpSuite } from '../../../../media/dtls/hello';
import type { AgreedSecurity } from '../../../../media/srtp/packet-security';

const [OURS, THEIRS, STRANGERS] = [createCertificate(0), createCertificate(0), createCertificate(0)];

interface Side {
  readonly association: DtlsAssociation;
  readonly security: AgreedSecurity[];
  readonly ended: string[];
  readonly sent: Buffer[];
}

/** Two ends of a path; `carry` is told of each datagram and says what arrives: the datagram, something else, nothing. */
class Path {
  readonly clock = new SimulatedClock();
  readonly client: Side;
  readonly server: Side;

  constructor(
    private readonly carry: (datagram: Buffer, count: number) => Buffer[] = (datagram) => [datagram],
    certificates = { client: THEIRS, server: OURS, expectedClient: THEIRS, expectedServer: OURS },
  ) {
    const { client, server, expectedClient, expectedServer } = certificates;
    this.client = this.side('client', client, expectedServer.fingerprint);
    this.server = this.side('server', server, expectedClient.fingerprint);
  }

  private count = 0;

  private side(role: 'client' | 'server', certificate: typeof OURS, fingerprint: string): Side {
    const [security, ended, sent]: [AgreedSecurity[], string[], Buffer[]] = [[], [], []];
    const association = new DtlsAssociation({
      role,
      certificate,
      remoteFingerprints: [{ hash: 'sha256', value: fingerprint }],
      clock: this.clock,
      send: (datagram) => {
        sent.push(datagram);
        this.count += 1;
        const arriving = this.carry(datagram, this.count);
        const to = (): DtlsAssociation => (role === 'client' ? this.server : this.client).association;
        for (const one of arriving) this.clock.after(5, () => to().receive(one));
      },
      onConnected: (agreed) => security.push(agreed),
      onEnded: (reason) => ended.push(reason),
    });
    return { association, security, ended, sent };
  }

  run(forMs: number): void {
    this.server.association.start();
    this.client.association.start();
    this.clock.advance(forMs);
  }

  close(): void {
    this.client.association.close();
    this.server.association.close();
  }
}

const expectAgreement = ({ client, server }: Path): void => {
  const [ours, theirs] = [client.security[0], server.security[0]];
  if (!ours || !theirs) throw new Error(`no agreement: ${[...client.ended, ...server.ended].join('; ') || 'silence'}`);
  expect(ours.own).toEqual(theirs.remote);
  expect(ours.remote).toEqual(theirs.own);
  expect(ours.own).not.toEqual(ours.remote);
  expect(ours.suite.name).toBe('AEAD_AES_128_GCM');
};

describe('a DTLS association', () => {
  it('gives both sides the keys of SRTP, in two round trips', () => {
    const path = new Path();
    path.run(25);
    expectAgreement(path);
    expect(path.client.sent).toHaveLength(2);
    expect(path.server.sent).toHaveLength(2);
    path.close();
    path.clock.advance(10);
    expect(path.clock.pendingTimers).toBe(0);
  });

  it('tells the other side that it is over', () => {
    const path = new Path();
    path.run(25);
    path.client.association.close();
    path.clock.advance(10);
    expect(path.server.ended).toEqual(['the peer has closed DTLS']);
    expect(path.clock.pendingTimers).toBe(0);
  });

  it.each([1, 2, 3, 4])('goes on when datagram %i is lost', (lost) => {
    const path = new Path((datagram, count) => (count === lost ? [] : [datagram]));
    path.run(3_000);
    expectAgreement(path);
    path.close();
  });

  it('is repeated to a client by the server alone once both are connected, so that nobody repeats for ever', () => {
    const path = new Path();
    path.run(25);
    const [asked, last] = [path.client.sent.at(-1), path.server.sent.at(-1)];
    if (!asked || !last) throw new Error('nothing was sent');
    path.server.association.receive(asked);
    expect(path.server.sent).toHaveLength(3);
    path.client.association.receive(last);
    path.clock.advance(1_000);
    expect(path.client.sent).toHaveLength(2);
    expect(path.server.sent).toHaveLength(3);
    path.close();
  });

  it('is not repeated by a client for each of the repetitions that have waited for it', () => {
    const path = new Path((datagram, count) => (count === 2 ? Array<Buffer>(20).fill(datagram) : [datagram]));
    path.run(300);
    expectAgreement(path);
    expect(path.client.sent).toHaveLength(2);
    path.close();
  });

  it('comes to an end through heavy loss, repetition and disorder', () => {
    for (let seed = 1; seed <= 30; seed += 1) {
      const random = new SeededRandom(seed);
      const held: Buffer[] = [];
      const path = new Path((datagram) => {
        const dice = random.int(10);
        if (dice < 3) return [];
        if (dice < 5) return [datagram, datagram];
        if (dice < 7) {
          held.push(datagram);
          return [];
        }
        return [datagram, ...held.splice(0)];
      });
      path.run(50_000);
      expectAgreement(path);
      path.close();
    }
  });

  it('puts messages together that come in small pieces', () => {
    const path = new Path((datagram) => inPieces(datagram, 40));
    path.run(3_000);
    expectAgreement(path);
    path.close();
  });

  it('connects to nobody without the certificate of the SDP', () => {
    const asClient = new Path(undefined, {
      client: STRANGERS,
      server: OURS,
      expectedClient: THEIRS,
      expectedServer: OURS,
    });
    asClient.run(5_000);
    expect(asClient.server.security).toEqual([]);
    expect(asClient.server.ended[0]).toContain('the certificate is not that of the SDP');
    const asServer = new Path(undefined, {
      client: THEIRS,
      server: STRANGERS,
      expectedClient: THEIRS,
      expectedServer: OURS,
    });
    asServer.run(5_000);
    expect(asServer.client.security).toEqual([]);
    expect(asServer.client.ended[0]).toContain('the certificate is not that of the SDP');
    expect(asServer.server.ended[0]).toContain('alert 42');
  });

  it('connects to nobody who shows a certificate of which it has not the key', () => {
    const copied = { ...STRANGERS, der: THEIRS.der };
    const path = new Path(undefined, { client: copied, server: OURS, expectedClient: THEIRS, expectedServer: OURS });
    path.run(5_000);
    expect(path.server.security).toEqual([]);
    expect(path.server.ended[0]).toContain('a signature does not fit the certificate');
    const server = new Path(undefined, {
      client: THEIRS,
      server: { ...STRANGERS, der: OURS.der },
      expectedClient: THEIRS,
      expectedServer: OURS,
    });
    server.run(5_000);
    expect(server.client.security).toEqual([]);
    expect(server.client.ended[0]).toContain('a signature does not fit the certificate');
  });

  it('gives up after a minute', () => {
    const path = new Path(() => []);
    path.run(61_000);
    expect(path.client.ended[0]).toContain('too long');
    expect(path.clock.pendingTimers).toBe(0);
  });

  it('survives mutated datagrams without agreeing to anything that was changed', () => {
    const random = new SeededRandom(7);
    let agreements = 0;
    for (let round = 0; round < 400; round += 1) {
      const path = new Path((datagram) => (random.int(3) === 0 ? [mutated(datagram, random), datagram] : [datagram]));
      path.run(20_000);
      const [ours, theirs] = [path.client.security[0], path.server.security[0]];
      if (ours && theirs) {
        agreements += 1;
        expect(ours.own).toEqual(theirs.remote);
      }
      path.close();
      expect(path.client.sent.length + path.server.sent.length).toBeLessThan(200);
    }
    expect(agreements).toBeGreaterThan(0);
  });

  it('answers noise with nothing', () => {
    const random = new SeededRandom(3);
    const path = new Path();
    path.server.association.start();
    for (let round = 0; round < 20_000; round += 1) {
      const noise = Buffer.from(Array.from({ length: random.int(100) }, () => random.int(256)));
      path.server.association.receive(noise);
    }
    expect(path.server.sent).toEqual([]);
    path.close();
  });
});

it.each([
  ['one of ours', '0002 0007 00', 'AEAD_AES_128_GCM'],
  ['two of ours, where a server must choose', '0004 0007 0001 00', undefined],
  ['a key identifier that nobody has offered', '0002 0007 01 2a', undefined],
  ['none that we know', '0002 0005 00', undefined],
])('a server that answers with %s', (_what, bytes, name) => {
  const extensions = new Map([[14, Buffer.from(bytes.replace(/ /g, ''), 'hex')]]);
  expect(chosenSrtpSuite({ random: Buffer.alloc(32), cipherSuite: 0, extensions })?.name).toBe(name);
});

it('the fingerprint is that of the certificate', () => {
  const hash = createHash('sha256').update(OURS.der).digest('hex').toUpperCase();
  expect(OURS.fingerprint.replaceAll(':', '')).toBe(hash);
});

const mutated = (datagram: Buffer, random: SeededRandom): Buffer => {
  const copy = Buffer.from(datagram);
  for (let count = random.int(4); count >= 0; count -= 1) copy[random.int(copy.length)] = random.int(256);
  return random.int(8) === 0 ? copy.subarray(0, random.int(copy.length)) : copy;
};

/** Handshake messages in the clear, each cut into fragments of so many bytes; what is encrypted stays whole. */
const inPieces = (datagram: Buffer, bytes: number): Buffer[] => {
  const pieces: Buffer[] = [];
  for (let at = 0; at < datagram.length;) {
    const length = datagram.readUInt16BE(at + 11);
    const record = datagram.subarray(at, at + 13 + length);
    at += 13 + length;
    if (record.readUInt8(0) !== 22 || record.readUInt16BE(3) !== 0) {
      pieces.push(record);
      continue;
    }
    const [header, body] = [record.subarray(13, 25), record.subarray(25)];
    for (let offset = 0; offset === 0 || offset < body.length; offset += bytes) {
      const part = body.subarray(offset, offset + bytes);
      const head = Buffer.from(header);
      head.writeUIntBE(offset, 6, 3);
      head.writeUIntBE(part.length, 9, 3);
      const recordHead = Buffer.from(record.subarray(0, 13));
      recordHead.writeUInt16BE(12 + part.length, 11);
      pieces.push(Buffer.concat([recordHead, head, part]));
    }
  }
  return pieces.reverse();
};
