/** Which address our SDP names when sockets are bound to "any address", which nobody can send to. */
import { networkInterfaces } from 'node:os';

const ANY_ADDRESS: Readonly<Record<string, 'IPv4' | 'IPv6'>> = { '0.0.0.0': 'IPv4', '::': 'IPv6' };

/** The bound address itself; of any-addresses the first one of this machine that is not loopback. */
export function announcedAddress(bindAddress: string): string {
  const family = ANY_ADDRESS[bindAddress];
  if (family === undefined) return bindAddress;
  const addresses = Object.values(networkInterfaces()).flatMap((entries) => entries ?? []);
  const outer = addresses.find((entry) => entry.family === family && !entry.internal);
  return outer?.address ?? (family === 'IPv4' ? '127.0.0.1' : '::1');
}
