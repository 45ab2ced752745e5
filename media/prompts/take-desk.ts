/** What is being taken from whom, and what was taken and waits to be kept or dropped. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../base/clock';
import type { EndpointId } from '../../base/ids';
import { fail, ok } from '../../base/result';
import type { Result } from '../../base/result';
import type { MediaEndpoint } from '../endpoint/endpoint';
import type { MediaEvent, TakeRequest, TakeSummary } from '../ports';
import { Take } from './take';

const MIN_MS = 1000;
const MAX_MS = 600_000;
/** Each holds its sound in memory while it runs: at 16 kHz 2 MB a minute. */
const MAX_AT_ONCE = 20;
const TAKE_ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/;

export interface TakeDeskOptions {
  readonly dir: string | undefined;
  readonly clock: Clock;
  readonly onEnded: (event: Extract<MediaEvent, { type: 'take-ended' }>) => void;
}

export class TakeDesk {
  private readonly takes = new Map<string, Take>();

  constructor(private readonly options: TakeDeskOptions) {}

  /** Fails with `bad_input`, `conflict`, `overloaded`, and `unsupported` where takes cannot be kept. */
  start(request: TakeRequest, endpoint: MediaEndpoint): Result<void> {
    const { takeId, endpointId, maxMs } = request;
    const { clock, dir, onEnded } = this.options;
    if (dir === undefined) return fail('unsupported', 'there is no folder here for what is taken');
    if (!TAKE_ID.test(takeId)) return fail('bad_input', `"${takeId}" is no id of a take`);
    if (!(maxMs >= MIN_MS && maxMs <= MAX_MS))
      return fail('bad_input', `a take lasts ${MIN_MS} to ${MAX_MS} ms, not ${maxMs}`);
    if (this.takes.has(takeId)) return fail('conflict', `take ${takeId} is running already`);
    if (this.takes.size >= MAX_AT_ONCE) return fail('overloaded', 'too many takes are running');
    if (!endpoint.codec) return fail('conflict', `endpoint ${endpointId} has no codec yet`);
    const onFull = (): void => onEnded({ type: 'take-ended', takeId, endpointId });
    this.takes.set(takeId, new Take({ endpoint, codec: endpoint.codec, maxMs, clock, onFull }));
    return ok(undefined);
  }

  /** Writes the file. Fails with `not_found`, `bad_input` when nothing was said, and `unavailable`. */
  async stop(takeId: string): Promise<Result<TakeSummary>> {
    const take = this.takes.get(takeId);
    const { dir } = this.options;
    if (!take || dir === undefined) return fail('not_found', `there is no take ${takeId}`);
    this.takes.delete(takeId);
    const path = join('takes', `${takeId}.wav`);
    const written = await take.finish(join(dir, path));
    return written.ok ? ok({ path, durationMs: written.value }) : written;
  }

  /** Idempotent. */
  async drop(takeId: string): Promise<Result<void>> {
    const { dir } = this.options;
    this.takes.get(takeId)?.close();
    this.takes.delete(takeId);
    if (dir !== undefined && TAKE_ID.test(takeId)) await rm(join(dir, 'takes', `${takeId}.wav`), { force: true });
    return ok(undefined);
  }

  /** The party has gone: nothing more comes, and what came has nobody to accept it. */
  endOf(endpointId: EndpointId): void {
    for (const [takeId, take] of this.takes) if (take.endpointId === endpointId) void this.drop(takeId);
  }

  /** Idempotent. */
  close(): void {
    for (const take of this.takes.values()) take.close();
    this.takes.clear();
  }
}
