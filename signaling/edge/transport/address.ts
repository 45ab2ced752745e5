/** Small facts about IP addresses, and what the edge calls itself towards a peer. */
import { isIPv4, isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Clock } from '../../../base/clock';

/** `::ffff:192.0.2.1` as `192.0.2.1`, everything else unchanged. */
export const plainAddress = (address: string): string =>
  address.toLowerCase().startsWith('::ffff:') && isIPv4(address.slice(7)) ? address.slice(7) : address;

/** The address without brackets when the host of a URI is an IP address, else undefined. */
export const numericHost = (host: string): string | undefined => {
  const bare = host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
  return isIPv4(bare) || isIPv6(bare) ? bare : undefined;
};

/** An address as the host of a URI: an IPv6 address in brackets. */
export const hostOf = (address: string): string => (isIPv6(address) ? `[${address}]` : address);

export const isLoopback = (address: string): boolean => {
  const plain = plainAddress(address);
  return plain.startsWith('127.') || plain === '::1';
};

/** Whether a socket bound to this address listens on every interface. */
export const isWildcard = (address: string): boolean => address === '0.0.0.0' || address === '::';

/** Whether an address means something only within its own network: private, shared, link-local, loopback. */
export const isPrivate = (address: string): boolean => {
  if (isIPv6(address)) return /^(fc|fd|fe8|fe9|fea|feb)/i.test(address) || address === '::1';
  const [a = 0, b = 0] = address.split('.').map(Number);
  if (a === 10 || a === 127) return true;
  if (a === 172) return b >= 16 && b < 32;
  if (a === 192) return b === 168;
  if (a === 169) return b === 254;
  return a === 100 && b >= 64 && b < 128;
};

/**
 * The address under which a peer reaches us: the configured public one, else the one we are bound to, else, bound to
 * the wildcard, loopback for loopback peers and the first address of a network interface for all others.
 */
export const advertisedAddress = (
  peer: string,
  configured: {
    readonly bindAddress: string;
    readonly publicAddress: string | undefined;
    /** Left out: the system is asked each time. */
    readonly interfaces?: InterfaceAddresses;
  },
): string => {
  if (configured.publicAddress !== undefined && !isLoopback(peer)) return configured.publicAddress;
  if (!isWildcard(configured.bindAddress)) return configured.bindAddress;
  if (isLoopback(peer)) return plainAddress(peer);
  const family = isIPv6(peer) ? 'IPv6' : 'IPv4';
  const found = configured.interfaces ? configured.interfaces.first(family) : firstAddress(family);
  return found ?? configured.bindAddress;
};

type Family = 'IPv4' | 'IPv6';

const firstAddress = (family: Family): string | undefined => {
  const addresses = Object.values(networkInterfaces()).flatMap((entries) => entries ?? []);
  return addresses.find((entry) => !entry.internal && entry.family === family)?.address;
};

/** How long the addresses of the machine's interfaces are believed: asking takes longer than parsing a message. */
const BELIEVED_MS = 2_000;

/** The first address of a network interface, remembered for two seconds. */
export class InterfaceAddresses {
  private readonly known = new Map<Family, { readonly address: string | undefined; readonly untilMs: number }>();

  constructor(private readonly clock: Clock) {}

  first(family: Family): string | undefined {
    const nowMs = this.clock.monotonicMs();
    const known = this.known.get(family);
    if (known && known.untilMs > nowMs) return known.address;
    const address = firstAddress(family);
    this.known.set(family, { address, untilMs: nowMs + BELIEVED_MS });
    return address;
  }
}
