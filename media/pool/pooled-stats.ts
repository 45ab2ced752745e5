/** The counters of many endpoints, wherever they are. */
import type { EndpointId } from '../../base/ids';
import { ok } from '../../base/result';
import type { Result } from '../../base/result';
import type { EndpointReading } from '../ports';
import type { Book } from './book';
import type { Member } from './member';

/** One request for each process that has some of them; those that cannot be asked are left out. */
export async function statsOfMany(
  members: readonly Member[],
  book: Book,
  endpointIds: readonly EndpointId[],
): Promise<Result<readonly EndpointReading[]>> {
  const readings = members.map(async (member) => {
    const own = endpointIds.filter((endpointId) => book.endpoints.get(endpointId)?.member === member);
    if (own.length === 0 || !member.port.ready) return [];
    const read = await member.port.statsOf(own);
    return read.ok ? read.value : [];
  });
  return ok((await Promise.all(readings)).flat());
}
