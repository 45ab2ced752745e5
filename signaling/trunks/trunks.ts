/** The carriers: whose calls come in from where, and by which ways a number goes out. Changed while calls go on. */
import { TypedEmitter } from '../../base/emitter';
import { SwitchroomError } from '../../base/errors';
import type { Result } from '../../base/result';
import { ok } from '../../base/result';
import type { SignalingSource } from '../ports';
import { computeHa1 } from '../sip/digest';
import { toE164 } from './number-plan';
import { OutboundPlanner } from './outbound-plan';
import type { RegisteredContactOf } from './outbound-plan';
import { RouteTable } from './route-table';
import type { NumberSettings, RouteSettings, TrunkSettings } from './settings';
import type { Trunk } from './trunk';
import { registrationTarget } from './trunk-uri';
import { compileTrunk } from './trunk';
import type { TrunkEvents } from './trunk-events';
import type { TrunkDeps } from './trunk-line';
import { TrunkLine } from './trunk-line';

/** Everything that an administrator sets about trunks. */
export interface TrunkPlan {
  readonly trunks: readonly TrunkSettings[];
  readonly routes?: readonly RouteSettings[] | undefined;
  /** How people here dial; what a trunk says itself goes before it. */
  readonly numbering?: NumberSettings | undefined;
}

export interface TrunksDeps extends Omit<TrunkDeps, 'events'> {
  readonly registeredContact: RegisteredContactOf;
  /** {@link Trunks.networks} are others now. */
  onAddressesChanged(): void;
}

interface Compiled {
  readonly trunks: readonly Trunk[];
  readonly table: RouteTable;
  readonly numbering: NumberSettings;
}

/** Errors: `bad_input` naming the trunk or the route that is not usable, and why. */
export const compilePlan = ({ trunks, routes = [], numbering = {} }: TrunkPlan): Result<Compiled> => {
  const compiled: Trunk[] = [];
  for (const settings of trunks) {
    const trunk = compileTrunk({ ...settings, numbers: { ...numbering, ...settings.numbers } });
    if (!trunk.ok) return trunk;
    compiled.push(trunk.value);
  }
  const table = RouteTable.compile(routes, (id) => trunks.some(({ trunkId }) => trunkId === id));
  return table.ok ? ok({ trunks: compiled, table: table.value, numbering }) : table;
};

export class Trunks {
  readonly events: TypedEmitter<TrunkEvents>;
  readonly planner: OutboundPlanner;
  private readonly lines = new Map<string, TrunkLine>();
  private compiled!: Compiled;
  private started = false;

  /** @throws SwitchroomError `bad_input` naming the trunk or route that is not usable. */
  constructor(
    plan: TrunkPlan,
    private readonly deps: TrunksDeps,
  ) {
    this.events = new TypedEmitter(deps.log);
    const applied = this.apply(plan);
    if (!applied.ok) throw new SwitchroomError(applied.fault.code, applied.fault.message);
    this.planner = new OutboundPlanner({
      clock: deps.clock,
      lines: () => this.all,
      line: (trunkId) => this.lines.get(trunkId),
      table: () => this.compiled.table,
      normalise: (number) => toE164(number, this.compiled.numbering),
      registeredContact: deps.registeredContact,
    });
    this.events.on('registration', ({ state }) => {
      if (state.name === 'registered') deps.onAddressesChanged();
    });
    this.started = true;
  }

  /** In the order of the settings. */
  get all(): readonly TrunkLine[] {
    return this.compiled.trunks.flatMap(({ settings }) => this.lines.get(settings.trunkId) ?? []);
  }

  /** All addresses and networks whose requests are a carrier's. */
  get networks(): string[] {
    return this.all
      .filter(({ enabled }) => enabled)
      .flatMap((line) => [
        ...line.trunk.settings.addresses,
        ...(line.registration?.registrarAddress === undefined ? [] : [line.registration.registrarAddress]),
      ]);
  }

  line(trunkId: string): TrunkLine | undefined {
    return this.lines.get(trunkId);
  }

  /**
   * Puts these settings in the place of those before; calls in progress are not touched. A trunk whose credentials or
   * registration have changed registers anew, once the old registration is taken back. Errors: as {@link compilePlan},
   * and nothing is changed then.
   */
  apply(plan: TrunkPlan): Result<void> {
    const compiled = compilePlan(plan);
    if (!compiled.ok) return compiled;
    this.compiled = compiled.value;
    const before = new Map(this.lines);
    this.lines.clear();
    for (const trunk of compiled.value.trunks) {
      const { trunkId } = trunk.settings;
      const present = before.get(trunkId);
      before.delete(trunkId);
      if (present && identityOf(present.trunk) === identityOf(trunk)) {
        present.change(trunk);
        this.lines.set(trunkId, present);
      } else this.lines.set(trunkId, this.open(trunk, present));
    }
    for (const gone of before.values()) void gone.close();
    if (this.started) this.deps.onAddressesChanged();
    return ok(undefined);
  }

  /**
   * The trunk that a message comes from, by its address or that of the registrar that serves us. WebSockets never are
   * one: browsers come from anywhere, also from where a carrier is.
   */
  identify(source: SignalingSource): TrunkLine | undefined {
    if (source.protocol === 'ws' || source.protocol === 'wss') return undefined;
    const fits = (line: TrunkLine): boolean => line.enabled && maySpeakBy(line, source);
    return (
      this.all.find((line) => fits(line) && line.trunk.contains(source.address)) ??
      this.all.find((line) => fits(line) && line.registration?.registrarAddress === source.address)
    );
  }

  /** Whether any trunk has this address, by whatever transport. */
  knows(address: string): boolean {
    return this.all.some(
      (line) => line.enabled && (line.trunk.contains(address) || line.registration?.registrarAddress === address),
    );
  }

  /** The trunk whose account this user name is; its password has been proved elsewhere. */
  ofAccount(userName: string, source: SignalingSource): TrunkLine | undefined {
    return this.all.find(
      (line) => line.enabled && maySpeakBy(line, source) && line.trunk.settings.account?.username === userName,
    );
  }

  /** Whether strangers may turn out to be a trunk when they are asked who they are. */
  get anyAccount(): boolean {
    return this.all.some((line) => line.enabled && line.trunk.settings.account !== undefined);
  }

  /** What stands in for an account's password in a realm; undefined for no account of a trunk. */
  ha1Of(userName: string, realm: string): { readonly MD5: string; readonly 'SHA-256': string } | undefined {
    const account = this.all.map(({ trunk }) => trunk.settings.account).find((one) => one?.username === userName);
    if (!account) return undefined;
    const ha1 = (algorithm: 'MD5' | 'SHA-256'): string =>
      computeHa1({ algorithm, user: userName, realm, password: account.password });
    return { MD5: ha1('MD5'), 'SHA-256': ha1('SHA-256') };
  }

  serverConnected(): void {
    for (const line of this.all) line.serverConnected();
  }

  /** Takes all registrations back. Idempotent. */
  async close(): Promise<void> {
    await Promise.all([...this.lines.values()].map((line) => line.close()));
    this.events.removeAll();
  }

  private open(trunk: Trunk, predecessor: TrunkLine | undefined): TrunkLine {
    const line = new TrunkLine(trunk, { ...this.deps, events: this.events }, predecessor);
    const start = (): void => {
      if (this.deps.requester.connected) line.serverConnected();
    };
    // Both have the same Contact: what takes the old registration back must not come after the new one.
    if (predecessor) void predecessor.close().then(start);
    else start();
    return line;
  }
}

const maySpeakBy = ({ trunk }: TrunkLine, { protocol }: SignalingSource): boolean =>
  trunk.settings.requireTls !== true || protocol === 'tls';

/** What a running registration and digest session depend on. */
const identityOf = (trunk: Trunk): string => {
  const { enabled = true, credentials } = trunk.settings;
  return JSON.stringify([enabled, credentials, registrationTarget(trunk)]);
};
