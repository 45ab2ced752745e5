/** Two processes, of which one can be drained while the other is there. */
import type { MediaInUse, MediaProcessView, MediaProcesses } from '../../../api/ports';
import { fail, ok } from '../../../base/result';
import type { Result } from '../../../base/result';

export class FakeMediaProcesses implements MediaProcesses {
  readonly drained: { readonly name: string; readonly withinMs: number | undefined }[] = [];
  processes: MediaProcessView[] = [
    { name: 'media-1', state: 'ready', isLocal: true, endpoints: 4 },
    { name: 'media-2', state: 'ready', isLocal: true, endpoints: 0 },
  ];

  list(): readonly MediaProcessView[] {
    return this.processes;
  }

  inUse(): Promise<ReadonlyMap<string, MediaInUse>> {
    return Promise.resolve(new Map([['media-1', { bridges: 2, mixes: 0, plays: 0, recordings: 1, ports: 4 }]]));
  }

  drain(name: string, withinMs?: number): Result<void> {
    if (!this.processes.some((one) => one.name === name))
      return fail('not_found', `There is no media process ${name}.`);
    const others = this.processes.filter((one) => one.name !== name && one.state === 'ready');
    if (others.length === 0) return fail('conflict', 'No other media process could take calls.');
    this.drained.push({ name, withinMs });
    this.processes = this.processes.map((one) => (one.name === name ? { ...one, state: 'draining' } : one));
    return ok(undefined);
  }
}
