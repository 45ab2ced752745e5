/** Which process takes what a party says; the files lie in the folder that all processes of a host share. */
import { fail, ok } from '../../base/result';
import type { Result } from '../../base/result';
import type { MediaPort, TakeRequest, TakeSummary } from '../ports';
import type { PooledEndpoint } from './book';
import type { Member } from './member';

export class PooledTakes {
  /** Until they are dropped. */
  private readonly ports = new Map<string, MediaPort>();

  constructor(private readonly members: readonly Pick<Member, 'port'>[]) {}

  /** One that runs already, or whose file lies there. */
  adopt(takeId: string, { port }: Member): void {
    this.ports.set(takeId, port);
  }

  async start({ member }: PooledEndpoint, request: TakeRequest): Promise<Result<void>> {
    const { takeId } = request;
    if (this.ports.has(takeId)) return fail('conflict', `take ${takeId} is running already`);
    this.ports.set(takeId, member.port);
    const started = await member.port.startTake(request);
    if (!started.ok) this.ports.delete(takeId);
    return started;
  }

  async stop(takeId: string): Promise<Result<TakeSummary>> {
    return this.ports.get(takeId)?.stopTake(takeId) ?? fail('not_found', `there is no take ${takeId}`);
  }

  /** What a process that is gone has written is removed by another. */
  async drop(takeId: string): Promise<Result<void>> {
    const port = this.ports.get(takeId);
    this.ports.delete(takeId);
    if (!port) return ok(undefined);
    const dropped = await port.dropTake(takeId);
    if (dropped.ok) return dropped;
    const other = this.members.find((member) => member.port !== port && member.port.ready);
    return other ? other.port.dropTake(takeId) : dropped;
  }
}
