/** The DNS of the machine, or of given servers. */
import { lookup, Resolver } from 'node:dns/promises';
import type { DnsClient } from './resolver';

/** @param servers `address:port` each; left out: those of the machine. */
export const systemDns = (servers?: readonly string[]): DnsClient => {
  const resolver = new Resolver({ timeout: 1_500, tries: 2 });
  if (servers) resolver.setServers(servers);
  return {
    naptr: (name) => resolver.resolveNaptr(name),
    srv: (name) => resolver.resolveSrv(name),
    a: (name) => resolver.resolve4(name),
    aaaa: (name) => resolver.resolve6(name),
    local: async (name) => (await lookup(name, { all: true })).map(({ address }) => address),
  };
};
