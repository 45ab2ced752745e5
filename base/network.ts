/** What of an address counts as one client. */

const GROUPS = 8;
const NETWORK_GROUPS = 4;

/**
 * The address itself, or the /64 of an IPv6 address: providers give each customer a whole one.
 * @param address as a socket shows it: IPv6 may be shortened by `::` (RFC 5952) and carry a zone.
 */
export const networkOf = (address: string): string => {
  if (!address.includes(':')) return address;
  const [head = '', tail] = (address.split('%')[0] ?? '').split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: Math.max(0, GROUPS - before.length - after.length) }, () => '0');
  return [...before, ...(tail === undefined ? [] : zeros), ...after].slice(0, NETWORK_GROUPS).join(':');
};
