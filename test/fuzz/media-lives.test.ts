/**
 * An app that is killed again and again in the middle of its work, with processes that die too: whatever the next life
 * finds, nothing is left open that nobody knows of, and everything that it knows can be used and closed.
 * `MEDIA_LIVES_ROUNDS=1000 npm run fuzz -- media-lives` runs so many worlds, `MEDIA_LIVES_SEED=n` that of one seed.
 */
import { SimulatedClock } from '../../base/clock';
import { newId } from '../../base/ids';
import type { EndpointId, MixId, PlayId, RecordingId } from '../../base/ids';
import { silentLogger } from '../../base/log';
import { SeededRandom } from '../../base/random';
import type { ProcessPort } from '../../media/pool/member';
import { MediaPool } from '../../media/pool/pool';
import type { MediaEvent } from '../../media/ports';
import { ProcessDouble } from '../support/media-process-double';

const ONE_SEED = process.env['MEDIA_LIVES_SEED'];
const ROUNDS = ONE_SEED === undefined ? Number(process.env['MEDIA_LIVES_ROUNDS'] ?? 40) : 1;
const FIRST_SEED = Number(ONE_SEED ?? 1);

/** What a process says to an app that is dead, and what that one still says, is heard by nobody. */
const mortal = (port: ProcessPort, isDead: () => boolean): ProcessPort =>
  new Proxy(port, {
    get: (target, name: keyof ProcessPort) => {
      const found: unknown = Reflect.get(target, name);
      if (name === 'onEvent' || name === 'onChange')
        return (listener: (told: never) => void) =>
          (found as ProcessPort['onEvent'])((told) => void (isDead() || listener(told as never)));
      if (typeof found !== 'function') return found;
      return (...params: unknown[]) =>
        isDead() ? new Promise(() => undefined) : (found as (...all: unknown[]) => unknown)(...params);
    },
  });

class World {
  private readonly clock = new SimulatedClock();
  readonly processes = ['one', 'two', 'three'].map((name) => new ProcessDouble(name));
  private readonly legs = new Set<EndpointId>();
  private readonly mixes = new Set<MixId>();
  private readonly recordings = new Set<RecordingId>();
  private readonly plays = new Set<PlayId>();
  private readonly thrown: unknown[] = [];
  private pool: MediaPool;
  private kill: () => void;

  constructor(private readonly random: SeededRandom) {
    for (const process of this.processes) process.keeps = true;
    [this.pool, this.kill] = this.start();
  }

  async live(steps: number): Promise<void> {
    for (let step = 0; step < steps; step += 1) {
      this.act().catch((error: unknown) => this.thrown.push(error));
      // Some of what was asked for is on its way when the next thing happens.
      if (this.random.int(3) > 0) await this.turns(60);
      else await this.turns(this.random.int(6));
    }
  }

  /** Killed at any moment, with a process or without; what the next life does not want is closed. */
  async dieAndComeBack(): Promise<void> {
    this.kill();
    const dying = this.random.int(4) === 0 ? this.pick(this.processes) : undefined;
    dying?.die();
    dying?.comeBack();
    [this.pool, this.kill] = this.start();
    const inherited = await this.pool.inherited();
    const some = <Id>(ids: readonly Id[]): ReadonlySet<Id> => new Set(ids.filter(() => this.random.int(4) > 0));
    const kept = {
      endpoints: some(inherited.endpoints.map(({ endpointId }) => endpointId)),
      recordings: some(inherited.recordings.map(({ recordingId }) => recordingId)),
      mixes: some(inherited.mixes.map(({ mixId }) => mixId)),
    };
    await this.pool.closeRest(kept);
    await this.turns(200);
    this.only(this.legs, kept.endpoints);
    this.only(this.mixes, kept.mixes);
    this.only(this.recordings, kept.recordings);
    this.only(this.plays, new Set(inherited.plays));
  }

  /** What is open in the processes of which the app does not know, and what it knows that cannot be asked. */
  async closeAll(): Promise<string[]> {
    await this.turns(200);
    const unknown = this.thrown.map(String);
    for (const endpointId of this.legs)
      if (!(await this.pool.hideDigits(endpointId, false)).ok) unknown.push(`leg ${endpointId}`);
    await Promise.all([...this.recordings].map((recordingId) => this.pool.stopRecording(recordingId)));
    await Promise.all([...this.mixes].map((mixId) => this.pool.closeMix(mixId)));
    await Promise.all([...this.legs].map((endpointId) => this.pool.closeEndpoint(endpointId)));
    await this.turns(200);
    this.pool.close();
    for (const process of this.processes) {
      const { endpoints, recordings, mixes } = process.open();
      unknown.push(...[...endpoints, ...recordings, ...mixes].map((id) => `${process.name} has ${id}`));
      unknown.push(...[...process.memos.keys()].map((id) => `${process.name} remembers ${id}`));
    }
    return unknown;
  }

  private start(): [MediaPool, () => void] {
    let dead = false;
    const processes = this.processes.map(({ name, port }) => ({ name, port: mortal(port, () => dead) }));
    const pool = new MediaPool({ processes, clock: this.clock, log: silentLogger() });
    pool.onEvent((event) => this.heard(pool, event));
    return [pool, () => void (dead = true)];
  }

  private heard(pool: MediaPool, event: MediaEvent): void {
    if (event.type === 'endpoint-reopened' && this.random.int(3) > 0) void pool.acceptAnswer(event.endpointId, 'v=0');
    if (event.type === 'endpoint-lost') this.legs.delete(event.endpointId);
    if (event.type === 'recording-failed') this.recordings.delete(event.recordingId);
  }

  private async act(): Promise<unknown> {
    const { pool, random } = this;
    const [a, b] = [this.pick([...this.legs]), this.pick([...this.legs])];
    const mixId = this.pick([...this.mixes]);
    const recordingId = this.pick([...this.recordings]);
    const choice = random.int(14);
    if (!a || !b || choice < 3) return this.open(a);
    switch (choice) {
      case 3:
      case 4:
        return pool.bridge(a, b);
      case 5:
        return pool.unbridge(a);
      case 6:
        return this.openMix();
      case 7:
        return (
          mixId &&
          pool.joinMix(
            mixId,
            [a, b].map((endpointId) => ({ endpointId, hears: 'all', speaks: [a] })),
          )
        );
      case 8:
        return pool.leaveMix(a);
      case 9:
        return this.play(a);
      case 10:
        return this.record(a);
      case 11:
        return recordingId && pool.attachRecording(recordingId, 1, b);
      case 12:
        this.legs.delete(a);
        return pool.closeEndpoint(a);
      default:
        return this.shake();
    }
  }

  private open(near: EndpointId | undefined): Promise<unknown> {
    const endpointId = newId<EndpointId>();
    this.legs.add(endpointId);
    const beside = near && this.random.int(2) === 0 ? { near } : {};
    return this.pool.openEndpoint({ endpointId, kind: 'rtp', codecs: ['PCMA'], offer: 'v=0', ...beside });
  }

  private openMix(): Promise<unknown> {
    const mixId = newId<MixId>();
    this.mixes.add(mixId);
    return this.pool.openMix({ mixId });
  }

  private play(endpointId: EndpointId): Promise<unknown> {
    const playId = newId<PlayId>();
    this.plays.add(playId);
    return this.pool.play({ playId, endpointId, sources: [{ kind: 'music', name: 'default' }], loop: true });
  }

  private async record(near: EndpointId): Promise<void> {
    const recordingId = newId<RecordingId>();
    this.recordings.add(recordingId);
    await this.pool.startRecording({ recordingId, path: `${recordingId}.wav`, codec: 'PCMA', near });
    await this.pool.attachRecording(recordingId, 0, near);
  }

  /** A process dies while the app lives. */
  private async shake(): Promise<void> {
    if (this.random.int(3) > 0) return;
    const process = this.pick(this.processes);
    process?.die();
    process?.comeBack();
  }

  private pick<One>(all: readonly One[]): One | undefined {
    return all[this.random.int(Math.max(1, all.length))];
  }

  private only<Id>(known: Set<Id>, left: ReadonlySet<Id>): void {
    for (const id of known) if (!left.has(id)) known.delete(id);
  }

  private async turns(count: number): Promise<void> {
    for (let turn = 0; turn < count; turn += 1) await Promise.resolve();
  }
}

it(`of ${ROUNDS} apps that were killed three times, from seed ${FIRST_SEED}, nothing is open that nobody knows of`, async () => {
  for (let seed = FIRST_SEED; seed < FIRST_SEED + ROUNDS; seed += 1) {
    const world = new World(new SeededRandom(seed));
    for (let life = 0; life < 3; life += 1) {
      await world.live(25);
      await world.dieAndComeBack();
    }
    await world.live(10);
    expect({ seed, unknown: await world.closeAll() }).toEqual({ seed, unknown: [] });
  }
}, 60_000);
