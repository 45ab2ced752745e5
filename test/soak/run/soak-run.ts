/** One whole soak: a product, its center and its people; calls for a while; what is left when they are over. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { percentilesOf } from '../../bench/support/percentiles';
import { Product } from '../../support/product';
import { pause } from '../../support/wait';
import { agentName, isSupervised, membersOfRoom, numberOfConversation, setUpCenter, writeAccounts } from '../center';
import type { CenterPlan } from '../center';
import type { SoakOptions } from '../options';
import { BrowserTelephones } from '../seat/browser-telephone';
import { Seat } from '../seat/seat';
import { Voices } from '../sound/voices';
import { leftInMedia, leftInProcesses } from '../watch/leaks';
import { bytesPerHour } from '../watch/memory';
import type { Sample } from '../watch/memory';
import { corePercents, ProductProcesses } from '../watch/processes';
import type { ProcessReading } from '../watch/processes';
import { Starvation } from '../watch/starvation';
import { Conversations, voiceOf } from './conversation';
import type { ConversationOptions } from './conversation';
import { Room, voiceOfMember } from './room';
import { Report, Story } from './story';
import type { Violation } from './story';

const CALLS_PER_ROOM = 5;
/** Of so many conversations one has a supervisor of its own. */
const SUPERVISED_EVERY = 3;
/** Calls begin one after the other, as they do in life. */
const BEGIN_APART_MS = 400;
const MEMORY_EVERY_MS = 15_000;
const WARM_UP_SHARE = 0.15;
const MEGABYTE = 1 << 20;
/** What a process may have more at the end than after the first round. */
const GROWTH_ALLOWED_BYTES = 12 * MEGABYTE;
const SEATS_AT_A_TIME = 8;
/** What may stand in the log as an error although nothing is wrong: nothing. */
const ERROR_LEVEL = 50;

export interface SoakResult {
  readonly seed: number;
  readonly minutes: number;
  readonly concurrent_calls: number;
  readonly calls: number;
  readonly acts: Readonly<Record<string, number>>;
  readonly looks: number;
  /** Of the looks, which prove nothing then. */
  readonly starved_looks_percent: number;
  /** Of the time, while what was heard did not count. */
  readonly starved_percent: number;
  /** Of one core, from the first call to the last: by process, the soak itself among them. */
  readonly core_percent: Readonly<Record<string, number>>;
  readonly settled_ms: { readonly p50: number; readonly p95: number; readonly max: number };
  readonly recordings: number;
  readonly recorded_minutes: number;
  readonly memory: Readonly<Record<string, MemoryFigures>>;
  readonly violations: readonly Violation[];
}

interface MemoryFigures {
  readonly live_mib_after_warm_up: number;
  readonly live_mib_at_end: number;
  readonly resident_mib_per_hour: number;
}

export async function soak(options: SoakOptions): Promise<SoakResult> {
  const { calls, seed, minutes } = options;
  const rooms = calls >= 2 * CALLS_PER_ROOM ? Math.max(1, Math.floor(calls / 25)) : 0;
  const plan: CenterPlan = {
    conversations: calls - rooms * CALLS_PER_ROOM,
    supervisedEvery: SUPERVISED_EVERY,
    rooms,
  };
  console.error(`seed ${seed}: ${plan.conversations} conversations, ${rooms} rooms, ${minutes} minutes`);
  const product = await Product.start({
    prepare: (home) => writeAccounts(home, plan),
    config: 'protection: {traceMegabytes: 1, strangerBurst: 10000}\nlogLevel: info\n',
    env: { RTP_PORTS: '20000-23999', NODE_OPTIONS: '--inspect-port=0' },
    lifetimeMs: (minutes + 15) * 60_000,
  });
  const run = new SoakRun(product, options, plan);
  const interrupt = (): void => run.interrupt();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    return await run.soak();
  } finally {
    run.close();
    const log = join('.cache', `soak-${seed}.log`);
    await mkdir('.cache', { recursive: true });
    await writeFile(log, product.output);
    console.error(`the product's log is in ${log}`);
    await product.stop();
  }
}

class SoakRun {
  private readonly voices = new Voices();
  private readonly report: Report;
  private readonly seats: Seat[] = [];
  private readonly telephones = new BrowserTelephones();
  private processes: ProductProcesses | undefined;
  private starvation: Starvation | undefined;
  private readonly resident = new Map<string, Sample[]>();
  private corePercent: Readonly<Record<string, number>> = {};
  private isInterrupted = false;

  constructor(
    private readonly product: Product,
    private readonly options: SoakOptions,
    private readonly plan: CenterPlan,
  ) {
    this.report = new Report(options.seed);
  }

  async soak(): Promise<SoakResult> {
    const { minutes, memory } = this.options;
    await setUpCenter(this.product, this.plan, {
      musicHz: this.voices.add('music'),
      promptHz: this.voices.add('prompt'),
    });
    this.processes = await ProductProcesses.open(this.product);
    const groups = await this.open();
    const idle = await this.processes.readings();
    const totalMs = minutes * 60_000;
    const warmUpMs = memory ? totalMs * WARM_UP_SHARE : 0;
    if (memory) await this.round(groups, warmUpMs);
    const warm = memory ? await this.processes.readings() : idle;
    const watching = setInterval(() => this.sampleMemory(), MEMORY_EVERY_MS);
    const { processes } = this;
    const [cpuMs, beganMs] = [processes.cpuMs(), performance.now()];
    await this.round(groups, totalMs - warmUpMs);
    this.corePercent = corePercents(cpuMs, processes.cpuMs(), performance.now() - beganMs);
    clearInterval(watching);
    this.violate('processes', await leftInProcesses(idle, () => processes.readings()));
    const end = await processes.readings();
    if (memory) this.violate('memory', grown(warm, end));
    this.violate('log', this.errorsInLog());
    return this.result(warm, end);
  }

  /** The calls of now are the last. */
  interrupt(): void {
    this.isInterrupted = true;
  }

  close(): void {
    for (const seat of this.seats) seat.close();
    this.processes?.close();
    this.starvation?.close();
  }

  /** Everybody who takes part, each with a voice. */
  private async open(): Promise<readonly { run: (isOver: () => boolean) => Promise<void> }[]> {
    const { product, voices, report, plan } = this;
    const { seed } = this.options;
    const pids = [process.pid, ...(this.processes?.soundPids ?? [])];
    const starvation = new Starvation(pids);
    this.starvation = starvation;
    const common = { product, voices, report, starvation, seed };
    const rooms = Array.from({ length: plan.rooms }, (_, room) => {
      membersOfRoom(room).forEach((_member, index) => voices.add(voiceOfMember(room, index)));
      return new Room({ ...common, room });
    });
    const conversations: Conversations[] = [];
    for (let first = 0; first < plan.conversations; first += SEATS_AT_A_TIME) {
      const count = Math.min(SEATS_AT_A_TIME, plan.conversations - first);
      conversations.push(
        ...(await Promise.all(Array.from({ length: count }, (_, index) => this.conversation(first + index, common)))),
      );
      console.error(`${conversations.length} of ${plan.conversations} conversations have their agents`);
    }
    return [...conversations, ...rooms];
  }

  private async conversation(
    index: number,
    common: Omit<ConversationOptions, 'index' | 'number' | 'seats'>,
  ): Promise<Conversations> {
    const { voices, plan } = this;
    voices.add(voiceOf(index, 'caller'));
    const kinds = ['a', 'b', ...(isSupervised(plan, index) ? (['supervisor'] as const) : [])] as const;
    const toneOf = Object.fromEntries(kinds.map((kind) => [kind, voices.add(voiceOf(index, kind))]));
    const [a, b, supervisor] = await Promise.all(
      kinds.map((kind) => this.seat(agentName(kind, index), toneOf[kind] ?? 0)),
    );
    if (!a || !b) throw new Error('a conversation needs two agents');
    const seats = { a, b, ...(supervisor && { supervisor }) };
    for (const seat of Object.values(seats)) await seat.beReady();
    const number = numberOfConversation(index);
    return new Conversations({ ...common, index, number, seats });
  }

  private async seat(userName: string, toneHz: number): Promise<Seat> {
    const { product, telephones } = this;
    const seat = await Seat.open({ product, telephones, userName, toneHz, answerAfterMs: () => 300 });
    this.seats.push(seat);
    return seat;
  }

  /** Calls for so long, and then what is left of them. */
  private async round(
    groups: readonly { run: (isOver: () => boolean) => Promise<void> }[],
    forMs: number,
  ): Promise<void> {
    const endMs = performance.now() + forMs;
    const telling = setInterval(() => this.tell(endMs), 30_000);
    const isOver = (): boolean => this.isInterrupted || performance.now() >= endMs;
    await Promise.all(
      groups.map(async (group, index) => {
        await pause(index * BEGIN_APART_MS);
        await group.run(isOver);
      }),
    );
    clearInterval(telling);
    this.violate('media after the last call', await leftInMedia(this.product));
  }

  private tell(endMs: number): void {
    const { calls, recordings, violations } = this.report;
    const leftS = Math.max(0, Math.round((endMs - performance.now()) / 1000));
    const figures = [`${calls} calls`, `${recordings} recordings`, `${violations.length} violations`];
    console.error(`${leftS} s left: ${figures.join(', ')}; starved for ${this.starvedPercent} % of the time`);
  }

  private get starvedPercent(): number {
    return Math.round((this.starvation?.share ?? 0) * 1000) / 10;
  }

  private sampleMemory(): void {
    for (const [name, bytes] of Object.entries(this.processes?.residentBytes() ?? {})) {
      const samples = this.resident.get(name) ?? [];
      this.resident.set(name, [...samples, { atMs: performance.now(), bytes }]);
    }
  }

  private violate(where: string, faults: readonly string[]): void {
    for (const fault of faults) this.report.violated(new Story(where), fault);
  }

  private errorsInLog(): string[] {
    const lines = this.product.log.filter(({ level }) => typeof level === 'number' && level >= ERROR_LEVEL);
    return lines.map((line) => JSON.stringify(line)).slice(0, 20);
  }

  private result(warm: Record<string, ProcessReading>, end: Record<string, ProcessReading>): SoakResult {
    const { report, options } = this;
    const mib = (bytes: number): number => Math.round((bytes / MEGABYTE) * 10) / 10;
    const { p50, p95, max } = percentilesOf(report.settledMs.length > 0 ? report.settledMs : [0]);
    const memory = Object.entries(end).map(([name, { liveBytes }]): [string, MemoryFigures] => [
      name,
      {
        live_mib_after_warm_up: mib(warm[name]?.liveBytes ?? 0),
        live_mib_at_end: mib(liveBytes),
        resident_mib_per_hour: mib(bytesPerHour(this.resident.get(name) ?? [])),
      },
    ]);
    return {
      seed: options.seed,
      minutes: options.minutes,
      concurrent_calls: options.calls,
      calls: report.calls,
      acts: Object.fromEntries([...report.acts].sort()),
      looks: report.looks,
      starved_looks_percent: Math.round((1_000 * report.starvedLooks) / Math.max(1, report.looks)) / 10,
      starved_percent: this.starvedPercent,
      core_percent: this.corePercent,
      settled_ms: { p50, p95, max },
      recordings: report.recordings,
      recorded_minutes: Math.round(report.recordedMs / 60_000),
      memory: Object.fromEntries(memory),
      violations: report.violations,
    };
  }
}

const grown = (warm: Record<string, ProcessReading>, end: Record<string, ProcessReading>): string[] =>
  Object.entries(end).flatMap(([name, { liveBytes }]) => {
    const before = warm[name]?.liveBytes ?? 0;
    if (liveBytes - before <= GROWTH_ALLOWED_BYTES) return [];
    const mib = (bytes: number): string => (bytes / MEGABYTE).toFixed(1);
    return [`${name} has grown from ${mib(before)} to ${mib(liveBytes)} MiB`];
  });
