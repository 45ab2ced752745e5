/** One whole run: a product, its agents, contacts one after the other while faults happen, and the judgement. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Health, InteractionPage, InteractionView } from '../../api/contract/rest';
import { asId } from '../../base/ids';
import type { AgentId, QueueId } from '../../base/ids';
import { SeededRandom } from '../../base/random';
import { BrowserTelephones } from '../soak/seat/browser-telephone';
import { fillStore } from '../support/filled-store';
import { processOf } from '../support/process-tree';
import { Product } from '../support/product';
import { pause, until } from '../support/wait';
import { Agent } from './agent';
import { checkHistory } from './check-history';
import type { Recorded, Violation } from './check-history';
import { Contact, planContact } from './contact';
import { History } from './history';
import { Nemesis } from './nemesis';
import type { Machines } from './nemesis';
import type { FaultsOptions } from './options';
import { Outside } from './outside';

const QUEUE = 'faults';
const NUMBER = '4900';
const OFFER_TIMEOUT_MS = 8_000;
/** Callers for each agent: some always wait. */
const CALLERS_PER_AGENT = 1.3;
/** At the most, where faults are to come that have not been yet. */
const MORE_CONTACTS = 1_000;
const SEATS_AT_A_TIME = 8;
const SETTLE_MS = 45_000;
/** A machine that is busy restarts nothing quickly. */
const RESTART_TIMEOUT_MS = 60_000;
/** Within which a center is whole again, whatever has happened to it. */
const WHOLE_TIMEOUT_MS = 120_000;
const HEALTH_TIMEOUT_MS = 3_000;
const CONFIG = 'protection: {traceMegabytes: 1, strangerBurst: 100000}\nlogLevel: info\n';

export interface FaultsResult {
  readonly seed: number;
  readonly contacts: number;
  readonly served: number;
  readonly abandoned: number;
  /** How many states of the ACD were compared with what they were before a kill of the app. */
  readonly statesCompared: number;
  /** How often a caller was told to call again. */
  readonly turnedAway: number;
  /** How often which fault. */
  readonly performed: Readonly<Record<string, number>>;
  readonly seconds: number;
  readonly violations: readonly Violation[];
}

/** Everything is told to `say` as it goes. */
export const runFaults = async (options: FaultsOptions, say: (line: string) => void): Promise<FaultsResult> => {
  say(`seed ${options.seed}: ${options.contacts} contacts, ${options.agents} agents`);
  const outside = options.faults.some(({ kind }) => kind === 'partition') ? await Outside.open() : undefined;
  const product = await Product.start({
    prepare: async (home) => {
      await writeAccounts(home, options.agents);
      await outside?.start(home, CONFIG);
    },
    config: `${CONFIG}${outside?.config ?? ''}`,
    get env() {
      return { RTP_PORTS: '20000-23999', ...outside?.environment };
    },
    lifetimeMs: 12 * 60 * 60_000,
  });
  const run = new FaultsRun({ product, outside }, options, say);
  const interrupt = (): void => run.interrupt();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    return await run.run();
  } catch (error) {
    await run.keep([], []);
    throw error;
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    await run.close();
    await product.stop();
    await outside?.close();
  }
};

interface Started {
  readonly product: Product;
  /** Edge and store, where they are not the product's own children. */
  readonly outside: Outside | undefined;
}

/** What the apps that came after a kill have said of the ACD's state, by its hashes. */
const resumedIn = (product: Product, mustCompare: boolean): { compared: number; violations: Violation[] } => {
  const said = product.log.filter(({ msg }) => msg === 'the ACD goes on from its journal');
  const sum = (field: 'compared' | 'differing'): number => said.reduce((all, line) => all + Number(line[field]), 0);
  const [compared, differing] = [sum('compared'), sum('differing')];
  const what = `of ${compared} states of the ACD after a restart ${differing} are others than before`;
  const isWrong = differing > 0 || (mustCompare && compared === 0);
  return { compared, violations: isWrong ? [{ kind: 'altered', contact: '-', what }] : [] };
};

const machinesOf = ({ product, outside }: Started): Machines => ({
  kill: (victim) => (outside && victim !== 'app' ? outside.kill(victim) : product.crash(victim, RESTART_TIMEOUT_MS)),
  pidOf: (victim) => (outside && victim !== 'app' ? outside.pidOf(victim) : processOf(product.pid, victim)),
  part: (victim) => outside?.part(victim === 'app' ? ['edge', 'store'] : [victim]),
  heal: (forgets) => outside?.heal(forgets),
  whole: async () => void (await until('the product to be whole again', () => isWhole(product), WHOLE_TIMEOUT_MS)),
});

const isWhole = async (product: Product): Promise<boolean> => {
  const signal = AbortSignal.timeout(HEALTH_TIMEOUT_MS);
  const reply = await fetch(`${product.url}/api/v1/health`, { signal }).catch(() => undefined);
  if (!reply?.ok) return false;
  const { status } = (await reply.json().catch(() => ({}))) as Partial<Health>;
  if (status === 'ok') return true;
  await pause(100);
  return false;
};

const writeAccounts = (home: string, agents: number): Promise<void> =>
  fillStore(home, async (store, account) => {
    await store.users.add({ ...account, userName: 'super1', displayName: 'Supervisor', roles: ['supervisor'] });
    await store.queues.save({
      _id: asId<QueueId>(QUEUE),
      name: 'Faults',
      skills: { [QUEUE]: 1 },
      ...{ offerTimeoutMs: OFFER_TIMEOUT_MS, wrapUpMs: 0 },
    });
    for (let index = 0; index < agents; index += 1) {
      const userName = `agent-${index}`;
      const agent = { agentId: asId<AgentId>(userName), extension: `5${100 + index}`, skills: { [QUEUE]: 5 } };
      await store.users.add({ ...account, userName, displayName: userName, roles: ['agent'], agent });
    }
  });

class FaultsRun {
  private readonly history = new History(() => performance.now());
  private readonly random: SeededRandom;
  private readonly telephones = new BrowserTelephones();
  private readonly agents: Agent[] = [];
  /** By the callers' numbers, those who have not left. */
  private readonly contacts = new Map<string, Contact>();
  private begun = 0;
  private isInterrupted = false;
  private readonly nemesis: Nemesis;

  private readonly product: Product;

  constructor(
    private readonly started: Started,
    private readonly options: FaultsOptions,
    private readonly say: (line: string) => void,
  ) {
    this.product = started.product;
    this.random = new SeededRandom(options.seed);
    const { faults, everyMs } = options;
    const { history } = this;
    this.nemesis = new Nemesis({
      machines: machinesOf(started),
      history,
      faults,
      everyMs,
      random: new SeededRandom(options.seed + 1),
    });
  }

  async run(): Promise<FaultsResult> {
    const { product, options, nemesis, history, say } = this;
    const answer = { do: 'answer', next: 'on' };
    const document = { id: QUEUE, version: 1, title: QUEUE, start: 'answer' };
    const steps = { answer, on: { do: 'enqueue', queue: QUEUE } };
    await product.admin('PUT', `/flows/${QUEUE}`, { ...document, steps });
    await product.admin('PUT', `/numbers/${NUMBER}`, { flowId: QUEUE });
    await this.openAgents();
    const startedMs = performance.now();
    nemesis.start(() => this.interrupt());
    const telling = setInterval(() => say(`${this.begun} contacts, ${this.contacts.size} of them open`), 30_000);
    const callers = Math.ceil(options.agents * CALLERS_PER_AGENT);
    await Promise.all(Array.from({ length: callers }, () => this.keepCalling()));
    clearInterval(telling);
    await nemesis.stop();
    const seconds = Math.round((performance.now() - startedMs) / 1_000);
    const leftovers = await this.leftovers();
    const recorded = await this.recorded();
    const resumed = resumedIn(product, (nemesis.done.get('kill:app') ?? 0) > 0);
    const violations = [...checkHistory(history.events, recorded), ...leftovers, ...resumed.violations];
    if (violations.length > 0) await this.keep(violations, recorded);
    const served = history.events.filter((event) => event.type === 'leg-over' && event.finished).length;
    const gaveUp = (event: (typeof history.events)[number]): boolean =>
      event.type === 'left' && event.departure.by === 'caller';
    return {
      ...{ seed: options.seed, contacts: this.begun, served, seconds, violations },
      abandoned: history.events.filter(gaveUp).length,
      turnedAway: history.events.filter((event) => event.type === 'turned-away').length,
      statesCompared: resumed.compared,
      performed: Object.fromEntries(nemesis.done),
    };
  }

  /** What is open now is judged as it is. */
  interrupt(): void {
    this.isInterrupted = true;
    for (const contact of this.contacts.values()) contact.abort();
  }

  async close(): Promise<void> {
    await Promise.all(this.agents.splice(0).map((agent) => agent.close()));
  }

  private async openAgents(): Promise<void> {
    const { product, telephones, options } = this;
    for (let first = 0; first < options.agents; first += SEATS_AT_A_TIME) {
      const count = Math.min(SEATS_AT_A_TIME, options.agents - first);
      const opened = await Promise.all(
        Array.from({ length: count }, (_, index) => {
          const userName = `agent-${first + index}`;
          return Agent.open({
            ...{ product, telephones, userName },
            onRing: (leg) => void this.contacts.get(leg.from)?.serve(leg, userName),
          });
        }),
      );
      this.agents.push(...opened);
    }
  }

  /** The contacts that were asked for, and more until each fault has met some. */
  private get isEnough(): boolean {
    const { contacts } = this.options;
    return this.isInterrupted || this.begun >= (this.nemesis.hasDoneAll ? contacts : contacts + MORE_CONTACTS);
  }

  /** One contact after the other. */
  private async keepCalling(): Promise<void> {
    const { history } = this;
    const sipPort = this.started.outside?.sipPort ?? this.product.ports.sip;
    while (!this.isEnough) {
      this.begun += 1;
      const number = `+4930${String(1_000_000 + this.begun)}`;
      const plan = planContact(this.random, number);
      const contact = new Contact({ plan, dialled: NUMBER, sipPort, history });
      this.contacts.set(number, contact);
      await contact.run();
      this.contacts.delete(number);
      await pause(this.random.int(300));
    }
  }

  /** What is not as it was before the first contact, when everything had time to come to rest. */
  private async leftovers(): Promise<Violation[]> {
    const restless = (): string[] =>
      this.agents.flatMap(({ userName, state, calls }) =>
        state === 'ready' && calls === 0 ? [] : [`${userName} is ${state} with ${calls} calls`],
      );
    const untilMs = performance.now() + SETTLE_MS;
    while (restless().length > 0 && performance.now() < untilMs) await pause(250);
    return restless().map((what) => ({ kind: 'stuck', contact: '-', what }));
  }

  private async recorded(): Promise<Recorded[]> {
    const found: InteractionView[] = [];
    let cursor: string | undefined;
    do {
      const query = new URLSearchParams({ limit: '200', ...(cursor !== undefined && { cursor }) });
      const page = (await (await this.product.get(`/api/v1/interactions?${query}`)).json()) as InteractionPage;
      found.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    return found.map(({ caller, endedAtMs, outcome, segments }) => ({
      contact: caller.number,
      isOver: endedAtMs !== undefined,
      ...{ result: outcome?.result, reason: outcome?.reason },
      agents: segments.flatMap(({ kind, agentId }) => (kind === 'talk' && agentId !== undefined ? [agentId] : [])),
    }));
  }

  /** For whoever looks into it. */
  async keep(violations: readonly Violation[], recorded: readonly Recorded[]): Promise<void> {
    const name = join('.cache', `faults-${this.options.seed}`);
    await mkdir('.cache', { recursive: true });
    const concerned = new Set(violations.map(({ contact }) => contact));
    const written = recorded.filter(({ contact }) => concerned.has(contact));
    const lines = [...this.history.events, ...written, ...violations].map((one) => JSON.stringify(one));
    await writeFile(`${name}.history.jsonl`, `${lines.join('\n')}\n`);
    await writeFile(`${name}.log`, `${this.product.output}${this.started.outside?.output ?? ''}`);
    this.say(`the history is in ${name}.history.jsonl, the product's log in ${name}.log`);
  }
}
