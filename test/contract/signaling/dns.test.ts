/** RFC 3263 against a DNS server of the tests' own: NAPTR, SRV, A and AAAA, failover and memory. */
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { SimulatedClock } from '../../../base/clock';
import { Resolver } from '../../../signaling/edge/resolver';
import { systemDns } from '../../../signaling/edge/system-dns';
import { parseUri } from '../../../signaling/sip/uri';
import { ANSWER, OFFER } from './sip-peer';
import { edgeOnly, ServerUnderTest } from './server-under-test';

const TYPES: Readonly<Record<number, string>> = { 1: 'A', 28: 'AAAA', 33: 'SRV', 35: 'NAPTR' };

const nameOf = (text: string): Buffer =>
  Buffer.concat([
    ...text
      .split('.')
      .filter(Boolean)
      .map((label) => Buffer.concat([Buffer.of(label.length), Buffer.from(label)])),
    Buffer.of(0),
  ]);
const u16 = (...values: number[]): Buffer => Buffer.concat(values.map((value) => Buffer.of(value >> 8, value & 255)));
const text = (value: string): Buffer => Buffer.concat([Buffer.of(value.length), Buffer.from(value)]);

const a = (address: string): Buffer => Buffer.from(address.split('.').map(Number));
const loopback6 = Buffer.from([...Array<number>(15).fill(0), 1]);
const srv = (priority: number, weight: number, to: readonly [string, number]): Buffer =>
  Buffer.concat([u16(priority, weight, to[1]), nameOf(to[0])]);
const naptr = (order: number, service: string, to: string): Buffer =>
  Buffer.concat([u16(order, 1), text('s'), text(service), text(''), nameOf(to)]);

/** A DNS server that answers from a table of `TYPE name`. */
class DnsServer {
  readonly asked: string[] = [];
  private constructor(
    private readonly socket: Socket,
    private readonly zone: Record<string, Buffer[]>,
  ) {}

  static async start(zone: Record<string, Buffer[]>): Promise<DnsServer> {
    const socket = createSocket('udp4');
    const server = new DnsServer(socket, zone);
    socket.on('message', (query, peer) => socket.send(server.answer(query), peer.port, peer.address));
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    return server;
  }

  get address(): string {
    return `127.0.0.1:${this.socket.address().port}`;
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.socket.close(() => resolve()));
  }

  private answer(query: Buffer): Buffer {
    const labels: string[] = [];
    let at = 12;
    for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
      labels.push(query.toString('latin1', at + 1, at + 1 + length));
      at += length + 1;
    }
    const type = query.readUInt16BE(at + 1);
    const key = `${TYPES[type]} ${labels.join('.')}`;
    this.asked.push(key);
    const records = this.zone[key] ?? [];
    const header = Buffer.concat([
      query.subarray(0, 2),
      u16(records.length > 0 ? 0x8180 : 0x8183, 1, records.length, 0, 0),
    ]);
    const answers = records.map((data) => Buffer.concat([u16(0xc00c, type, 1, 0, 60, data.length), data]));
    return Buffer.concat([header, query.subarray(12, at + 5), ...answers]);
  }
}

let dns: DnsServer;
let server: ServerUnderTest | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
  await dns.close();
});

const portOf = (self: string): number => Number(self.split(':')[1]);

const clock = new SimulatedClock();

const resolveAll = async (uri: string, options: { tls?: boolean; random?: () => number } = {}): Promise<string[]> => {
  const parsed = parseUri(uri);
  if (!parsed.ok) throw new Error(parsed.fault.message);
  const { tls = true, random = () => 0 } = options;
  const resolver = new Resolver({ clock, dns: systemDns([dns.address]), tls, random });
  const targets = await resolver.resolve(parsed.value);
  return targets.map(({ transport, address, port }) => `${transport}/${address}:${port}`);
};

const ZONE = {
  'NAPTR carrier.test': [
    naptr(20, 'SIP+D2U', '_sip._udp.carrier.test'),
    naptr(10, 'SIPS+D2T', '_sips._tcp.carrier.test'),
  ],
  'SRV _sip._udp.carrier.test': [srv(20, 0, ['b.carrier.test', 5070]), srv(10, 0, ['a.carrier.test', 5060])],
  'SRV _sips._tcp.carrier.test': [srv(1, 0, ['a.carrier.test', 5061])],
  'A a.carrier.test': [a('192.0.2.1')],
  'AAAA a.carrier.test': [loopback6],
  'A b.carrier.test': [a('192.0.2.2')],
  'SRV _sip._tcp.only-srv.test': [srv(1, 0, ['b.carrier.test', 5080])],
  'A plain.test': [a('192.0.2.9')],
};

test.each([
  ['sip:1@192.0.2.7', {}, ['udp/192.0.2.7:5060']],
  [
    'sip:1@carrier.test',
    {},
    ['tls/192.0.2.1:5061', 'tls/::1:5061', 'udp/192.0.2.1:5060', 'udp/::1:5060', 'udp/192.0.2.2:5070'],
  ],
  ['sip:1@carrier.test', { tls: false }, ['udp/192.0.2.1:5060', 'udp/::1:5060', 'udp/192.0.2.2:5070']],
  ['sips:1@carrier.test', {}, ['tls/192.0.2.1:5061', 'tls/::1:5061']],
  ['sip:1@carrier.test;transport=udp', {}, ['udp/192.0.2.1:5060', 'udp/::1:5060', 'udp/192.0.2.2:5070']],
  ['sip:1@b.carrier.test:5099;transport=tcp', {}, ['tcp/192.0.2.2:5099']],
  ['sip:1@only-srv.test', {}, ['tcp/192.0.2.2:5080']],
  ['sip:1@plain.test', {}, ['udp/192.0.2.9:5060']],
  ['sip:1@plain.test;transport=tls', {}, ['tls/192.0.2.9:5061']],
  ['sip:1@nowhere.test', {}, []],
])('%s %j leads to %j', async (uri, options, expected) => {
  dns = await DnsServer.start(ZONE);
  expect(await resolveAll(uri, options)).toEqual(expected);
});

test('draws among servers of one priority by their weights', async () => {
  dns = await DnsServer.start({
    'SRV _sip._udp.w.test': [srv(1, 10, ['a.w.test', 1]), srv(1, 90, ['b.w.test', 2])],
    'A a.w.test': [a('192.0.2.1')],
    'A b.w.test': [a('192.0.2.2')],
  });
  const firstOf = async (drawn: number): Promise<string | undefined> =>
    (await resolveAll('sip:w.test;transport=udp', { random: () => drawn }))[0];
  expect(await firstOf(0.05)).toBe('udp/192.0.2.1:1');
  expect(await firstOf(0.5)).toBe('udp/192.0.2.2:2');
});

test('asks once a minute, and after a miss sooner', async () => {
  dns = await DnsServer.start({ 'A plain.test': [a('192.0.2.9')] });
  const resolver = new Resolver({ clock, dns: systemDns([dns.address]), tls: false, random: () => 0 });
  const uri = parseUri('sip:plain.test:5060');
  const missing = parseUri('sip:missing.test:5060');
  if (!uri.ok || !missing.ok) throw new Error('unreadable');
  const count = (key: string): number => dns.asked.filter((asked) => asked === key).length;
  for (const passedMs of [0, 10_000, 15_000]) {
    clock.advance(passedMs);
    await resolver.resolve(uri.value);
    await resolver.resolve(missing.value);
  }
  expect([count('A plain.test'), count('A missing.test')]).toEqual([1, 2]);
  clock.advance(40_000);
  await resolver.resolve(uri.value);
  expect(count('A plain.test')).toBe(2);
});

edgeOnly.each([
  ['does not answer', undefined],
  ['answers 503', 503],
])('the second server takes the call when the first %s, and the next one at once', async (_what, status) => {
  const zone: Record<string, Buffer[]> = { 'A first.f.test': [a('127.0.0.1')], 'A second.f.test': [a('127.0.0.1')] };
  dns = await DnsServer.start(zone);
  server = await ServerUnderTest.start({ dnsServers: [dns.address], timers: { t1Ms: 20, t2Ms: 80 } });
  const [first, second] = [await server.peer('udp'), await server.peer('udp')];
  zone['SRV _sip._udp.f.test'] = [
    srv(1, 0, ['first.f.test', portOf(first.self)]),
    srv(2, 0, ['second.f.test', portOf(second.self)]),
  ];
  const srf = await server.app();
  const call = srf.createUAC('sip:bob@f.test', { localSdp: OFFER });
  const refused = await first.nextRequest('INVITE');
  if (status !== undefined) first.send(first.response(refused, status));
  const invite = await second.nextRequest('INVITE');
  expect(invite.callId).toBe(refused.callId);
  second.send(second.response(invite, 200, ANSWER));
  await second.nextRequest('ACK');
  await call;
  const again = srf.createUAC('sip:bob@f.test', { localSdp: OFFER });
  let next = await second.nextRequest('INVITE');
  // The first INVITE may have been repeated before it was answered.
  while (next.callId === invite.callId) next = await second.nextRequest('INVITE');
  second.send(second.response(next, 200, ANSWER));
  await second.nextRequest('ACK');
  await again;
});

edgeOnly.each([
  ['does not answer any more', undefined],
  ['answers 503', 503],
])('a request within a dialog goes to the next server of its route when the first %s', async (_what, status) => {
  const zone: Record<string, Buffer[]> = { 'A first.r.test': [a('127.0.0.1')], 'A second.r.test': [a('127.0.0.1')] };
  dns = await DnsServer.start(zone);
  server = await ServerUnderTest.start({ dnsServers: [dns.address], timers: { t1Ms: 20, t2Ms: 80 } });
  const [first, second] = [await server.peer('udp'), await server.peer('udp')];
  zone['SRV _sip._udp.r.test'] = [
    srv(1, 0, ['first.r.test', portOf(first.self)]),
    srv(2, 0, ['second.r.test', portOf(second.self)]),
  ];
  const srf = await server.app();
  const call = srf.createUAC('sip:bob@r.test', { localSdp: OFFER });
  const invite = await first.nextRequest('INVITE');
  const ok = first.response(invite, 200, ANSWER);
  ok.append('Record-Route', '<sip:r.test;lr>');
  first.send(ok);
  await first.nextRequest('ACK');
  const asked = (await call).request({ method: 'INFO' } as never);
  const lost = await first.nextRequest('INFO');
  if (status !== undefined) first.send(first.response(lost, status));
  const info = await second.nextRequest('INFO');
  expect([info.callId, info.cseq.number]).toEqual([lost.callId, lost.cseq.number]);
  expect(info.topVia.branch).not.toBe(lost.topVia.branch);
  second.send(second.response(info, 200));
  expect((await asked).status).toBe(200);
});

edgeOnly.each([
  ['does not answer', undefined],
  ['answers 503', 503],
])('a BYE over TCP goes to the next server of its route when the first %s', async (_what, status) => {
  const zone: Record<string, Buffer[]> = { 'A first.t.test': [a('127.0.0.1')], 'A second.t.test': [a('127.0.0.1')] };
  dns = await DnsServer.start(zone);
  server = await ServerUnderTest.start({ dnsServers: [dns.address], timers: { t1Ms: 20, t2Ms: 80 } });
  const first = await server.peer('tcp', { listens: true });
  const second = await server.peer('tcp', { listens: true });
  zone['SRV _sip._tcp.t.test'] = [
    srv(1, 0, ['first.t.test', portOf(first.self)]),
    srv(2, 0, ['second.t.test', portOf(second.self)]),
  ];
  const srf = await server.app();
  const call = srf.createUAC('sip:bob@t.test;transport=tcp', { localSdp: OFFER });
  const invite = await first.nextRequest('INVITE');
  const ok = first.response(invite, 200, ANSWER);
  ok.append('Record-Route', '<sip:t.test;transport=tcp;lr>');
  first.send(ok);
  await first.nextRequest('ACK');
  const over = (await call).destroy();
  const lost = await first.nextRequest('BYE');
  if (status !== undefined) first.send(first.response(lost, status));
  const bye = await second.nextRequest('BYE');
  expect([bye.callId, bye.cseq.number]).toEqual([lost.callId, lost.cseq.number]);
  second.send(second.response(bye, 200));
  await over;
});
