/** All trunks and outbound routes: those of the configuration file, and those that administrators keep in the store. */
import type { ZodType } from 'zod';
import { routeBodySchema, trunkBodySchema } from '../api/contract/trunks';
import type { RouteBody, TrunkBody } from '../api/contract/trunks';
import type { RouteView, TrunkChange, TrunkView } from '../api/contract/trunk-status';
import type { TrunkDesk } from '../api/ports';
import type { Logger } from '../base/log';
import type { Result } from '../base/result';
import { fail, ok } from '../base/result';
import { KeyedSerialQueue } from '../base/serial-queue';
import type { TrunkPlan, Trunks } from '../signaling/trunks/trunks';
import { compilePlan } from '../signaling/trunks/trunks';
import type { Store } from '../store/connect';
import type { AppStart } from './child-messages';
import { routeSettingsOf, trunkSettingsOf } from './config/trunks';
import { statusOf } from './trunk-status';

export type TrunkBookStore = Pick<Store, 'trunks' | 'outboundRoutes' | 'state'>;

export interface TrunkBookDeps {
  readonly store: TrunkBookStore;
  readonly file: Pick<AppStart, 'trunks' | 'routes' | 'numbering'>;
  readonly log: Logger;
}

interface Entry<Body> {
  readonly id: string;
  readonly source: 'file' | 'store';
  readonly body: Body;
}

interface Book {
  readonly trunks: readonly Entry<TrunkBody>[];
  readonly routes: readonly Entry<RouteBody>[];
}

/** Each trunk has timers and is looked through for every call; far more than any center has. */
const MAX_TRUNKS = 500;
const MAX_ROUTES = 1_000;

/** Whether an administrator has switched a trunk of the file on or off. */
const switchKey = (id: string): string => `trunk-enabled-${id}`;

export class TrunkBook implements TrunkDesk {
  private readonly changes = new KeyedSerialQueue<'book'>();
  private running: Trunks | undefined;

  private constructor(
    private readonly deps: TrunkBookDeps,
    private book: Book,
  ) {}

  /**
   * Reads the store. What stands in the file goes before what stands there; what cannot be used any more, such as a
   * trunk that a later version would refuse, is left out with a line in the log, so that the rest goes on.
   */
  static async load(deps: TrunkBookDeps): Promise<TrunkBook> {
    const { store, file, log } = deps;
    const ofFile: Entry<TrunkBody>[] = [];
    for (const { id, ...body } of file.trunks) {
      const enabled = (await store.state.get<boolean>(switchKey(id))) ?? body.enabled;
      ofFile.push({ id, source: 'file', body: { ...body, enabled } });
    }
    const trunks = [...ofFile, ...readStored(await store.trunks.list(), trunkBodySchema, log)];
    const routes = [
      ...file.routes.map(({ id, ...body }): Entry<RouteBody> => ({ id, source: 'file', body })),
      ...readStored(await store.outboundRoutes.list(), routeBodySchema, log),
    ];
    return new TrunkBook(deps, usableOf({ trunks: firstOfEach(trunks, log), routes: firstOfEach(routes, log) }, deps));
  }

  /** What the gateway begins with. */
  get plan(): TrunkPlan {
    return planOf(this.book, this.deps);
  }

  /** The gateway's trunks: from here on changes reach them. */
  attach(trunks: Trunks): void {
    this.running = trunks;
  }

  list(): TrunkView[] {
    return this.book.trunks.map((entry) => this.viewOf(entry));
  }

  put(id: string, change: TrunkChange): Promise<Result<TrunkView>> {
    return this.changes.run('book', async () => {
      const present = this.book.trunks.find((entry) => entry.id === id);
      if (present?.source === 'file') return inFile('trunk', id);
      if (!present && this.book.trunks.length >= MAX_TRUNKS) return tooMany('trunks', MAX_TRUNKS);
      const body = withPasswords(change, present?.body);
      if (!body.ok) return body;
      const entry: Entry<TrunkBody> = { id, source: 'store', body: body.value };
      const trunks = replaced(this.book.trunks, entry);
      const changed = await this.change({ ...this.book, trunks }, () =>
        this.deps.store.trunks.save({ _id: id, settings: body.value }),
      );
      return changed.ok ? ok(this.viewOf(entry)) : changed;
    });
  }

  setEnabled(id: string, enabled: boolean): Promise<Result<TrunkView>> {
    return this.changes.run('book', async () => {
      const present = this.book.trunks.find((entry) => entry.id === id);
      if (!present) return fail('not_found', `There is no trunk ${id}.`);
      const entry = { ...present, body: { ...present.body, enabled } };
      const { trunks, state } = this.deps.store;
      const changed = await this.change({ ...this.book, trunks: replaced(this.book.trunks, entry) }, () =>
        entry.source === 'file' ? state.set(switchKey(id), enabled) : trunks.save({ _id: id, settings: entry.body }),
      );
      return changed.ok ? ok(this.viewOf(entry)) : changed;
    });
  }

  remove(id: string): Promise<Result<void>> {
    return this.changes.run('book', async () => {
      const present = this.book.trunks.find((entry) => entry.id === id);
      if (!present) return fail('not_found', `There is no trunk ${id}.`);
      if (present.source === 'file') return inFile('trunk', id);
      const route = this.book.routes.find(({ body }) => body.trunks.some(({ trunkId }) => trunkId === id));
      if (route) return fail('conflict', `The outbound route ${route.id} leads to the trunk ${id}; change it first.`);
      const trunks = this.book.trunks.filter((entry) => entry !== present);
      return this.change({ ...this.book, trunks }, () => this.deps.store.trunks.remove(id));
    });
  }

  listRoutes(): RouteView[] {
    return this.book.routes.map(routeViewOf);
  }

  putRoute(id: string, body: RouteBody): Promise<Result<RouteView>> {
    return this.changes.run('book', async () => {
      const present = this.book.routes.find((entry) => entry.id === id);
      if (present?.source === 'file') return inFile('route', id);
      if (!present && this.book.routes.length >= MAX_ROUTES) return tooMany('outbound routes', MAX_ROUTES);
      const entry: Entry<RouteBody> = { id, source: 'store', body };
      const routes = replaced(this.book.routes, entry);
      const changed = await this.change({ ...this.book, routes }, () =>
        this.deps.store.outboundRoutes.save({ _id: id, settings: body }),
      );
      return changed.ok ? ok(routeViewOf(entry)) : changed;
    });
  }

  removeRoute(id: string): Promise<Result<void>> {
    return this.changes.run('book', async () => {
      const present = this.book.routes.find((entry) => entry.id === id);
      if (!present) return fail('not_found', `There is no outbound route ${id}.`);
      if (present.source === 'file') return inFile('route', id);
      const routes = this.book.routes.filter((entry) => entry !== present);
      return this.change({ ...this.book, routes }, () => this.deps.store.outboundRoutes.remove(id));
    });
  }

  explain(number: string): ReturnType<TrunkDesk['explain']> {
    const explained = this.running?.planner.explain(number);
    const { attempts = [], routes = [], passedOver = [], normalised = number } = explained ?? {};
    return { number, normalised, routes: [...routes], attempts: [...attempts], passedOver: [...passedOver] };
  }

  /** What cannot be written down does not count either. */
  private async change(book: Book, write: () => Promise<unknown>): Promise<Result<void>> {
    const before = this.book;
    const applied = this.apply(book);
    if (!applied.ok) return applied;
    try {
      await write();
    } catch (error) {
      this.apply(before);
      throw error;
    }
    return ok(undefined);
  }

  private apply(book: Book): Result<void> {
    const applied = this.running ? this.running.apply(planOf(book, this.deps)) : compilePlan(planOf(book, this.deps));
    if (!applied.ok) return applied;
    this.book = book;
    return ok(undefined);
  }

  private viewOf({ id, source, body }: Entry<TrunkBody>): TrunkView {
    const { account, credentials, ...rest } = body;
    const settings = {
      ...rest,
      ...(account && { account: { username: account.username } }),
      ...(credentials && { credentials: { username: credentials.username } }),
    };
    return { id, source, settings, status: statusOf(this.running?.line(id)) };
  }
}

const routeViewOf = ({ id, source, body }: Entry<RouteBody>): RouteView => ({ id, source, settings: body });

const planOf = ({ trunks, routes }: Book, { file }: TrunkBookDeps): TrunkPlan => ({
  trunks: trunks.map(({ id, body }) => trunkSettingsOf(id, body)),
  routes: routes.map(({ id, body }) => routeSettingsOf(id, body)),
  numbering: file.numbering,
});

const inFile = (noun: string, id: string) =>
  fail('conflict', `The ${noun} ${id} stands in the configuration file; change it there.`);

const tooMany = (noun: string, most: number) =>
  fail('conflict', `There are ${most} ${noun} already, which is the most there may be; remove one first.`);

const replaced = <Body>(entries: readonly Entry<Body>[], entry: Entry<Body>): Entry<Body>[] =>
  entries.some(({ id }) => id === entry.id)
    ? entries.map((one) => (one.id === entry.id ? entry : one))
    : [...entries, entry];

/** A password that is left out is the one before, of the same user name. */
const withPasswords = (change: TrunkChange, before: TrunkBody | undefined): Result<TrunkBody> => {
  const { account, credentials, ...rest } = change;
  const body: TrunkBody = { ...rest };
  for (const [key, given] of Object.entries({ account, credentials }) as [
    'account' | 'credentials',
    typeof account,
  ][]) {
    if (!given) continue;
    const known = before?.[key];
    const password = given.password ?? (known?.username === given.username ? known.password : undefined);
    if (password === undefined) return fail('bad_input', `${key} needs a password for ${given.username}.`);
    body[key] = { username: given.username, password };
  }
  return ok(body);
};

const readStored = <Body>(
  documents: readonly { readonly _id: string; readonly settings: unknown }[],
  schema: ZodType<Body>,
  log: Logger,
): Entry<Body>[] =>
  documents.flatMap(({ _id: id, settings }) => {
    const parsed = schema.safeParse(settings);
    if (parsed.success) return [{ id, source: 'store' as const, body: parsed.data }];
    log.error({ id, reason: parsed.error.issues[0]?.message }, 'a trunk or route of the store cannot be read');
    return [];
  });

const firstOfEach = <Body>(entries: readonly Entry<Body>[], log: Logger): Entry<Body>[] =>
  entries.filter((entry, index) => {
    const isFirst = entries.findIndex(({ id }) => id === entry.id) === index;
    if (!isFirst) log.warn({ id: entry.id }, 'a trunk or route of the store is hidden by one of the file');
    return isFirst;
  });

/** All; or, since the file's alone have been checked already, those of the store with which all can still be used. */
const usableOf = (all: Book, deps: TrunkBookDeps): Book => {
  if (compilePlan(planOf(all, deps)).ok) return all;
  const ofFile = <Body>(entries: readonly Entry<Body>[]) => entries.filter(({ source }) => source === 'file');
  let book: Book = { trunks: ofFile(all.trunks), routes: ofFile(all.routes) };
  const consider = (next: Book, id: string): void => {
    const usable = compilePlan(planOf(next, deps));
    if (usable.ok) book = next;
    else deps.log.error({ id, reason: usable.fault.message }, 'a trunk or route of the store cannot be used');
  };
  for (const entry of all.trunks) {
    if (entry.source === 'store') consider({ ...book, trunks: [...book.trunks, entry] }, entry.id);
  }
  for (const entry of all.routes) {
    if (entry.source === 'store') consider({ ...book, routes: [...book.routes, entry] }, entry.id);
  }
  return book;
};
