/** Networks in CIDR notation (RFC 4632, RFC 4291). */
import { isIP } from 'node:net';
import { BlockList } from 'node:net';
import type { Result } from '../../base/result';
import { fail, ok } from '../../base/result';

/** Whether an address lies in one of the networks; `192.0.2.1` alone means this address. */
export const parseNetworks = (texts: readonly string[]): Result<(address: string) => boolean> => {
  const list = new BlockList();
  for (const text of texts) {
    const [address = '', prefix, ...rest] = text.split('/');
    const family = isIP(address);
    const bits = prefix === undefined ? (family === 6 ? 128 : 32) : Number(prefix);
    const wellFormed = family !== 0 && rest.length === 0 && /^\d{0,3}$/.test(prefix ?? '') && prefix !== '';
    if (!wellFormed || bits > (family === 6 ? 128 : 32)) {
      return fail('bad_input', `"${text}" is not an address or a network like 192.0.2.0/24`);
    }
    list.addSubnet(address, bits, family === 6 ? 'ipv6' : 'ipv4');
  }
  return ok((address) => {
    const family = isIP(address);
    return family !== 0 && list.check(address, family === 6 ? 'ipv6' : 'ipv4');
  });
};
