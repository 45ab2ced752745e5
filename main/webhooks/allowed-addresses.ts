/** Where webhooks may lead: an administrator's address must not make the server talk to itself. */
import { BlockList, isIP } from 'node:net';
import { ok } from '../../base/result';
import type { Result } from '../../base/result';
import { parseNetworks } from '../../signaling/trunks/cidr';

/** This machine, its link, and what is nobody's: the metadata services of clouds are on the link. */
const NEVER_BY_DEFAULT: readonly (readonly [string, number, 'ipv4' | 'ipv6'])[] = [
  ['0.0.0.0', 8, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['224.0.0.0', 3, 'ipv4'],
  ['::', 127, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
  ['ff00::', 8, 'ipv6'],
];

export type MayReach = (address: string) => boolean;

const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');

/**
 * @param networks the only ones that may be reached; all but this machine and its link when there are none.
 * Errors: `bad_input` for what is no network.
 */
export const mayReach = (networks: readonly string[]): Result<MayReach> => {
  if (networks.length > 0) {
    const parsed = parseNetworks(networks);
    if (!parsed.ok) return parsed;
    return ok((address) => parsed.value(plain(address)));
  }
  const never = new BlockList();
  for (const [network, prefix, family] of NEVER_BY_DEFAULT) never.addSubnet(network, prefix, family);
  return ok((text) => {
    const address = plain(text);
    const family = isIP(address);
    return family !== 0 && !never.check(address, family === 6 ? 'ipv6' : 'ipv4');
  });
};
