import { SimulatedClock } from '../../../../base/clock';
import { silentLogger } from '../../../../base/log';
import { Dialog } from '../../../../signaling/edge/dialog/dialog';
import { NextHops } from '../../../../signaling/edge/next-hops';
import { ownContact, replaceLocalhost } from '../../../../signaling/edge/own-address';
import { RefusalLog } from '../../../../signaling/edge/refusal-log';
import { advertisedAddress, isPrivate, numericHost, plainAddress } from '../../../../signaling/edge/transport/address';
import { Resolver } from '../../../../signaling/edge/resolver';
import type { StreamConnection } from '../../../../signaling/edge/transport/stream-table';
import { StreamTable } from '../../../../signaling/edge/transport/stream-table';
import type { TcpTransport } from '../../../../signaling/edge/transport/tcp';
import type { UdpTransport } from '../../../../signaling/edge/transport/udp';
import type { Connection, SocketAddress } from '../../../../signaling/sip/connection';
import { SipRequest } from '../../../../signaling/sip/message';
import { connectionTo, someOwner } from './fakes';

const streams = (): StreamTable => new StreamTable(10);

const unknown = (): Promise<never> => Promise.reject(new Error('unknown'));

const hopsWith = (table: StreamTable): NextHops =>
  new NextHops({
    udp: {
      toward: ({ address, port }: SocketAddress) => connectionTo('udp', address, port),
    } as unknown as UdpTransport,
    tcp: {
      connect: ({ address, port }: SocketAddress) => connectionTo('tcp', address, port),
    } as unknown as TcpTransport,
    tls: {
      connect: ({ address, port }: SocketAddress) => connectionTo('tls', address, port),
    } as unknown as TcpTransport,
    clock: new SimulatedClock(),
    streams: table,
    resolver: new Resolver({
      clock: new SimulatedClock(),
      tls: true,
      random: () => 0,
      dns: {
        naptr: unknown,
        srv: unknown,
        a: (host) => (host === 'carrier.example' ? Promise.resolve(['192.0.2.50']) : unknown()),
        aaaa: unknown,
        local: unknown,
      },
    }),
  });

const leadsTo = async (hops: NextHops, uri: string): Promise<string> => {
  const hop = await hops.toUri(uri);
  return hop.ok ? `${hop.value.protocol}/${hop.value.remote.address}:${hop.value.remote.port}` : hop.fault.code;
};

describe('a TLS connection that stands', () => {
  const opened = (serverName: string | undefined): StreamConnection => ({
    ...connectionTo('tls', '192.0.2.50', 5061),
    ...{ serverName, closed: false, close: () => undefined },
  });
  const usedFor = async (uri: string, table: StreamTable): Promise<unknown> => {
    const hop = await hopsWith(table).toUri(uri);
    return hop.ok ? hop.value : hop.fault;
  };

  it('is used for the host that has proved itself, and for its address; not for another host there', async () => {
    const table = streams();
    const [other, carrier] = [opened('other.example'), opened('Carrier.Example')];
    table.add(other);
    expect(await usedFor('sips:1@carrier.example', table)).not.toBe(other);
    table.add(carrier);
    expect(await usedFor('sips:1@carrier.example', table)).toBe(carrier);
    expect(await usedFor('sips:1@192.0.2.50', table)).toBe(carrier);
    expect([table.size, table.all()]).toEqual([2, [other, carrier]]);
    table.remove(carrier);
    table.remove(carrier);
    expect(await usedFor('sips:1@carrier.example', table)).not.toBe(carrier);
    expect([table.size, table.countOf('192.0.2.50')]).toEqual([1, 1]);
  });

  it('is used for any host when the peer has opened it', async () => {
    const table = streams();
    const theirs = opened(undefined);
    table.add(theirs);
    expect(await usedFor('sips:1@carrier.example', table)).toBe(theirs);
  });
});

describe('the way to a URI', () => {
  it.each([
    ['sip:1@192.0.2.1', 'udp/192.0.2.1:5060'],
    ['sip:1@192.0.2.1:5070;transport=tcp', 'tcp/192.0.2.1:5070'],
    ['sips:1@192.0.2.1', 'tls/192.0.2.1:5061'],
    ['sip:1@192.0.2.1:5070;transport=tls', 'tls/192.0.2.1:5070'],
    ['<sip:1@[2001:db8::1]:5062>', 'udp/2001:db8::1:5062'],
    ['sip:1@carrier.example', 'udp/192.0.2.50:5060'],
    ['sip:1@unknown.example', 'no_route'],
    ['tel:+49', 'no_route'],
    ['sip:1@192.0.2.1;transport=sctp', 'unsupported'],
    ['sip:1@192.0.2.1:4444;transport=ws', 'unavailable'],
    ['sip:x@abc.invalid;transport=ws', 'unavailable'],
    ['rubbish', 'bad_input'],
  ])('%s leads to %s', async (uri, expected) => {
    expect(await leadsTo(hopsWith(streams()), uri)).toBe(expected);
  });

  it('is the connection that a browser opened, by its address or its made-up host', async () => {
    const table = streams();
    const browser = connectionTo('ws', '192.0.2.77', 50_123);
    table.add(browser);
    table.addAlias('ABC.invalid', browser);
    const hops = hopsWith(table);
    expect(await leadsTo(hops, 'sip:192.0.2.77:50123;transport=ws')).toBe('ws/192.0.2.77:50123');
    expect(await leadsTo(hops, 'sip:x@abc.invalid;transport=ws')).toBe('ws/192.0.2.77:50123');
    table.remove(browser);
    expect(await leadsTo(hops, 'sip:x@abc.invalid;transport=ws')).toBe('unavailable');
  });
});

describe('the way within a dialog', () => {
  const dialogWith = (connection: Connection, contact: string): Dialog => {
    const invite = new SipRequest({ method: 'INVITE', uri: 'sip:us' });
    const headers = { From: '<sip:a@b>;tag=1', To: '<sip:us>', 'Call-ID': 'c', CSeq: '1 INVITE', Contact: contact };
    for (const [name, value] of Object.entries(headers)) invite.append(name, value);
    return Dialog.ofIncoming(invite, { localTag: 'x', owner: someOwner(), connection });
  };

  it.each([
    ['the Contact', '<sip:a@198.51.100.4:5080>', '198.51.100.4:5080'],
    ['the source when the Contact is a private address elsewhere', '<sip:a@10.0.0.5>', '192.0.2.9:6000'],
    ['the Contact’s port on the source’s own address', '<sip:a@192.0.2.9:5062>', '192.0.2.9:5062'],
  ])('over UDP is %s', async (_what, contact, expected) => {
    const hop = await hopsWith(streams()).toDialog(dialogWith(connectionTo('udp', '192.0.2.9', 6_000), contact));
    expect(hop.ok && `${hop.value.remote.address}:${hop.value.remote.port}`).toBe(expected);
  });

  it('is the stream it came by, while that is open', async () => {
    const stream = connectionTo('tcp', '192.0.2.9', 33_000);
    const dialog = dialogWith(stream, '<sip:a@192.0.2.9:5060;transport=tcp>');
    const hops = hopsWith(streams());
    expect(await hops.toDialog(dialog)).toEqual({ ok: true, value: stream });
    stream.close();
    const again = await hops.toDialog(dialog);
    expect(again.ok && again.value.remote.port).toBe(5060);
  });
});

describe('the table of streams', () => {
  it('gives a made-up host to nobody else while its connection lives, and only a few to one', () => {
    const table = streams();
    const [first, second] = [connectionTo('ws', '192.0.2.1', 1), connectionTo('ws', '192.0.2.2', 2)];
    table.add(first);
    table.add(second);
    table.addAlias('host.invalid', first);
    table.addAlias('host.invalid', second);
    expect(table.findAlias('host.invalid')).toBe(first);
    for (let number = 0; number < 20; number += 1) table.addAlias(`h${number}.invalid`, second);
    expect(table.findAlias('h3.invalid')).toBe(second);
    expect(table.findAlias('h4.invalid')).toBeUndefined();
    expect(table.size).toBe(2);
  });
});

describe('what the edge calls itself', () => {
  const ws = connectionTo('ws');
  it.each([
    ['contact', '<sip:a@localhost>', '<sip:a@203.0.113.1:5060;transport=ws>'],
    ['contact', 'sip:a@localhost', '<sip:a@203.0.113.1:5060;transport=ws>'],
    ['contact', '<sip:a@other>', '<sip:a@other>'],
    ['from', '"localhost" <sip:a@localhost>;tag=1', '"localhost" <sip:a@203.0.113.1>;tag=1'],
    ['from', '<sip:localhost@localhost.example>', '<sip:localhost@localhost.example>'],
  ])('%s %s becomes %s', (name, value, expected) => {
    expect(replaceLocalhost(name, value, ws)).toBe(expected);
  });

  it('has a Contact for every transport', () => {
    expect(ownContact(connectionTo('udp'))).toBe('<sip:203.0.113.1:5060>');
    expect(ownContact(connectionTo('tcp'))).toBe('<sip:203.0.113.1:5060;transport=tcp>');
  });

  it.each([
    ['192.0.2.1', '10.0.0.1', '203.0.113.9', '203.0.113.9'],
    ['127.0.0.1', '10.0.0.1', '203.0.113.9', '10.0.0.1'],
    ['192.0.2.1', '10.0.0.1', undefined, '10.0.0.1'],
    ['127.0.0.1', '0.0.0.0', undefined, '127.0.0.1'],
  ])('to %s, bound to %s, public %s: %s', (peer, bindAddress, publicAddress, expected) => {
    expect(advertisedAddress(peer, { bindAddress, publicAddress })).toBe(expected);
  });
});

it('addresses: mapped ones are plain, private ones are known, hosts may be numeric', () => {
  expect(plainAddress('::ffff:192.0.2.1')).toBe('192.0.2.1');
  expect(['10.1.1.1', '172.20.0.1', '192.168.0.1', '100.64.0.1', 'fd00::1'].every(isPrivate)).toBe(true);
  expect(['172.32.0.1', '100.128.0.1', '8.8.8.8', '2001:db8::1'].some(isPrivate)).toBe(false);
  expect([numericHost('[::1]'), numericHost('192.0.2.1'), numericHost('host')]).toEqual([
    '::1',
    '192.0.2.1',
    undefined,
  ]);
});

it('a flood of refusals is counted, not written', () => {
  const clock = new SimulatedClock();
  const lines: unknown[] = [];
  const log = Object.assign(silentLogger(), { warn: (details: unknown) => void lines.push(details) });
  const refusals = new RefusalLog({ clock, log, linesPerSecond: 3 });
  clock.advance(5_000);
  for (let count = 0; count < 100; count += 1) refusals.note('scan', connectionTo('udp'));
  expect(lines).toHaveLength(3);
  clock.advance(1_000);
  refusals.note('scan', connectionTo('udp'));
  expect(lines[3]).toEqual({ count: 97 });
});
