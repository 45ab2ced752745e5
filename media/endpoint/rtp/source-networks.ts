/** Where a peer's packets may come from. */
import { BlockList, isIP } from 'node:net';
import { fail, ok } from '../../../base/result';
import type { Result } from '../../../base/result';

const MAX_BITS = { 4: 32, 6: 128 } as const;

/** Of the network that neighbours share: the /24, and the /64 of IPv6. */
const NEIGHBOURHOOD_BITS = { 4: 24, 6: 64 } as const;

/** Whether another address is a neighbour of this one; undefined when it is none. */
export function networkAround(address: string): ((other: string) => boolean) | undefined {
  const family = isIP(address);
  const around =
    family === 4 || family === 6 ? sourceNetworks([`${address}/${NEIGHBOURHOOD_BITS[family]}`]) : undefined;
  return around?.ok ? around.value : undefined;
}

/** Whether an address lies in one of the networks; undefined, for anywhere, when there is no list. `bad_input` else. */
export function sourceNetworks(
  networks: readonly string[] | undefined,
): Result<((address: string) => boolean) | undefined> {
  if (!networks) return ok(undefined);
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', prefix] = network.split('/');
    const family = isIP(address);
    if (family !== 4 && family !== 6) return fail('bad_input', `"${network}" is no network that RTP could come from`);
    const bits = prefix === undefined ? MAX_BITS[family] : Number(prefix);
    if ((prefix !== undefined && !/^\d{1,3}$/.test(prefix)) || bits > MAX_BITS[family])
      return fail('bad_input', `"${network}" is no network that RTP could come from`);
    list.addSubnet(address, bits, family === 6 ? 'ipv6' : 'ipv4');
  }
  return ok((address) => list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4'));
}
