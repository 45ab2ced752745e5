/** What the processes count, as if they were one. */
import type { EndpointId } from '../../base/ids';
import { ok } from '../../base/result';
import type { Result } from '../../base/result';
import type { EndpointReading, MediaCounts } from '../ports';
import type { Book } from './book';
import type { Member } from './member';
import type { Trunks } from './trunks';

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

interface Counted {
  readonly name: string;
  readonly port: Pick<Member['port'], 'ready' | 'counts'>;
}

/** What each holds, of those that can be asked and answer. */
export async function countsByName(members: readonly Counted[]): Promise<ReadonlyMap<string, MediaCounts>> {
  const asked = members.filter(({ port }) => port.ready);
  const counts = await Promise.all(asked.map(async ({ name, port }) => ({ name, counted: await port.counts() })));
  return new Map(counts.flatMap(({ name, counted }) => (counted.ok ? [[name, counted.value] as const] : [])));
}

/** Two ends, each with a port for RTP and one for RTCP. */
const PORTS_PER_TRUNK = 4;

/** Of all processes that can be asked, without the trunks between them. */
export async function countsOfAll(
  members: readonly Member[],
  book: Book,
  trunks: Trunks,
): Promise<Result<MediaCounts>> {
  const asked = members.filter(({ port }) => port.ready).map(({ port }) => port.counts());
  const total = { endpoints: 0, bridges: 0, mixes: 0, plays: 0, recordings: 0, portsInUse: 0 };
  for (const counts of await Promise.all(asked)) {
    if (!counts.ok) return counts;
    for (const key of Object.keys(total) as (keyof MediaCounts)[]) total[key] += counts.value[key];
  }
  const laid = trunks.all();
  const emptyMixes = [...book.mixes.values()].filter(({ venue }) => !venue);
  return ok({
    ...total,
    mixes: total.mixes + emptyMixes.length,
    endpoints: total.endpoints - 2 * laid.length,
    bridges: total.bridges - laid.filter(({ purpose }) => purpose === 'seat').length,
    portsInUse: total.portsInUse - PORTS_PER_TRUNK * laid.length,
  });
}
