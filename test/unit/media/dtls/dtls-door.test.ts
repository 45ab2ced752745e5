/** The door of DTLS among strangers: who is believed, and what one who is not believed costs. */
import { SimulatedClock } from '../../../../base/clock';
import { createCertificate } from '../../../../media/dtls/certificate';
import { DtlsDoor } from '../../../../media/dtls/dtls-door';
import type { TransportAddress } from '../../../../media/sdp/rtp-remote';
import type { AgreedSecurity } from '../../../../media/srtp/packet-security';

const CERTIFICATES = { client: createCertificate(0), server: createCertificate(0) };
const HOMES = { client: at('192.0.2.1'), server: at('192.0.2.2') };
const STRANGER = at('198.51.100.66');

type Role = 'client' | 'server';

interface Side {
  readonly door: DtlsDoor;
  readonly security: AgreedSecurity[];
  readonly failed: (TransportAddress | undefined)[];
  /** Everything that it sent, and where to. */
  readonly sent: { readonly datagram: Buffer; readonly to: TransportAddress }[];
  /** Where its datagrams come from at the moment. */
  address: TransportAddress;
}

let clock: SimulatedClock;
let sides: Record<Role, Side>;
/** Whether ICE has proved the peer's addresses. */
let proved: readonly TransportAddress[];

const isProved = ({ address }: TransportAddress): boolean => proved.some((one) => one.address === address);

const otherOf = (role: Role): Role => (role === 'client' ? 'server' : 'client');

const sideOf = (role: Role): Side => {
  const fingerprint = { hash: 'sha256', value: CERTIFICATES[otherOf(role)].fingerprint };
  const side: Omit<Side, 'door'> = { security: [], failed: [], sent: [], address: HOMES[role] };
  const door = new DtlsDoor({
    role,
    certificate: CERTIFICATES[role],
    remoteFingerprints: [fingerprint],
    clock,
    destination: () => HOMES[otherOf(role)],
    isProved,
    send: (datagram, to) => {
      side.sent.push({ datagram, to });
      const other = otherOf(role);
      if (to.address === HOMES[other].address || isProved(to))
        clock.after(5, () => sides[other].door.receive(datagram, sides[role].address));
    },
    onConnected: (security) => side.security.push(security),
    onFailed: (_reason, from) => side.failed.push(from),
  });
  return Object.assign(side, { door });
};

beforeEach(() => {
  clock = new SimulatedClock();
  proved = [];
  sides = { client: sideOf('client'), server: sideOf('server') };
});

afterEach(() => {
  for (const { door } of Object.values(sides)) door.close();
  clock.advance(10);
  expect(clock.pendingTimers).toBe(0);
});

const begin = (): void => {
  sides.server.door.start();
  sides.client.door.start();
};

const expectAgreement = (): void => {
  const [ours, theirs] = [sides.client.security[0], sides.server.security[0]];
  expect(ours?.own).toBeDefined();
  expect(ours?.own).toEqual(theirs?.remote);
};

/** A hello as our own client says it. */
const helloOf = (): Buffer => {
  let hello: Buffer = Buffer.alloc(0);
  const door = new DtlsDoor({
    role: 'client',
    certificate: CERTIFICATES.client,
    remoteFingerprints: [],
    clock,
    destination: () => HOMES.server,
    isProved: () => false,
    send: (datagram) => (hello = datagram),
    onConnected: () => undefined,
    onFailed: () => undefined,
  });
  door.start();
  door.close();
  return hello;
};

const FATAL_ALERT = Buffer.from('15fefd000000000000000900020228', 'hex');

it('gives both sides their keys after a cookie', () => {
  begin();
  clock.advance(50);
  expectAgreement();
});

it('the cookie is asked for again of a client that has lost the question', () => {
  begin();
  clock.advance(1);
  const { door } = sides.server;
  jest.spyOn(door, 'receive').mockImplementationOnce(() => undefined);
  clock.advance(2000);
  expectAgreement();
});

it('asks whoever says hello for a cookie, with less than the hello had, and remembers nothing', () => {
  const hello = helloOf();
  for (let port = 1; port <= 1000; port += 1) sides.server.door.receive(hello, { ...STRANGER, port });
  expect(clock.pendingTimers).toBe(0);
  const { sent } = sides.server;
  expect(sent).toHaveLength(1000);
  expect(Math.max(...sent.map(({ datagram }) => datagram.length))).toBeLessThan(hello.length);
});

it('answers nothing but a hello of one that it does not know', () => {
  const pieces = [FATAL_ALERT, Buffer.alloc(300, 22), helloOf().subarray(0, 60), Buffer.from([22])];
  for (const datagram of pieces) sides.server.door.receive(datagram, STRANGER);
  expect(sides.server.sent).toEqual([]);
  expect(clock.pendingTimers).toBe(0);
});

it('a cookie counts for the address that it was made for alone', () => {
  begin();
  clock.advance(12);
  const second = sides.client.sent[1]?.datagram ?? Buffer.alloc(0);
  sides.server.sent.length = 0;
  sides.server.door.receive(second, STRANGER);
  expect(sides.server.sent).toHaveLength(1);
  expect(sides.server.sent[0]?.datagram.length).toBeLessThan(second.length);
});

it('a stranger neither ends nor diverts the handshake that we have begun', () => {
  sides.client.door.start();
  sides.client.door.receive(FATAL_ALERT, STRANGER);
  sides.client.door.receive(Buffer.alloc(100, 22), STRANGER);
  sides.server.door.start();
  clock.advance(1000);
  expectAgreement();
  expect(sides.client.failed).toEqual([]);
  expect(sides.client.sent.every(({ to }) => to.address === HOMES.server.address)).toBe(true);
});

it('strangers who finish the exchange of cookies do not push out the host of the SDP', () => {
  const answers = new Map<string, DtlsDoor>();
  const send = sides.server.sent;
  begin();
  clock.advance(12);
  for (let port = 1; port <= 10; port += 1) {
    const from = { ...STRANGER, port };
    const stranger = new DtlsDoor({
      role: 'client',
      certificate: CERTIFICATES.server,
      remoteFingerprints: [],
      clock,
      destination: () => HOMES.server,
      isProved: () => false,
      send: (datagram) => sides.server.door.receive(datagram, from),
      onConnected: () => undefined,
      onFailed: () => undefined,
    });
    answers.set(String(port), stranger);
    stranger.start();
    const cookie = send.at(-1);
    if (cookie) stranger.receive(cookie.datagram, HOMES.server);
  }
  clock.advance(1000);
  expectAgreement();
  answers.forEach((stranger) => stranger.close());
});

it('over ICE a handshake goes on when the peer changes its way, and needs no cookie', () => {
  const away = at('203.0.113.9', 5000);
  proved = [HOMES.client, away];
  begin();
  clock.advance(7);
  sides.client.address = away;
  clock.advance(3000);
  expectAgreement();
  expect(sides.server.failed).toEqual([]);
});

it('a stranger who repeats what the peer has sent is sent nothing afterwards', () => {
  begin();
  clock.advance(50);
  const [finished] = sides.client.sent.slice(-1);
  sides.server.sent.length = 0;
  for (let count = 0; count < 5; count += 1) sides.server.door.receive(finished?.datagram ?? FATAL_ALERT, STRANGER);
  expect(sides.server.sent).toEqual([]);
});

function at(address: string, port = 4000): TransportAddress {
  return { address, port };
}
