/** The outbound route table: which trunks carry a number, in which order, and why. Pure. */
import type { Result } from '../../base/result';
import { fail, ok } from '../../base/result';
import { compilePattern, MAX_NUMBER_CHARS } from './safe-pattern';
import type { RouteSettings } from './settings';
import type { Within } from './time-window';
import { compileWindow } from './time-window';

interface Route {
  readonly settings: RouteSettings;
  readonly pattern: RegExp | undefined;
  readonly windows: readonly Within[];
}

/** One trunk that a number may go out by. */
export interface RouteChoice {
  readonly trunkId: string;
  /** Absent when there is no route table. */
  readonly routeId: string | undefined;
  readonly costPerMinute: number;
}

/** What was thought of one route, for those who ask why. */
export interface RouteVerdict {
  readonly routeId: string;
  readonly chosen: boolean;
  /** Such as `prefix +49` or `outside its hours`. */
  readonly reason: string;
}

export interface RoutePlan {
  readonly choices: readonly RouteChoice[];
  readonly verdicts: readonly RouteVerdict[];
}

const DEFAULT_PRIORITY = 100;

export class RouteTable {
  private constructor(private readonly routes: readonly Route[]) {}

  /** Errors: `bad_input` naming the route whose pattern or time is malformed, or that leads to an unknown trunk. */
  static compile(settings: readonly RouteSettings[], knowsTrunk: (trunkId: string) => boolean): Result<RouteTable> {
    const routes: Route[] = [];
    for (const route of settings) {
      const refuse = (problem: string) => fail('bad_input', `route ${route.routeId}: ${problem}`);
      if (routes.some((other) => other.settings.routeId === route.routeId)) return refuse('the id is used twice');
      const stranger = route.trunks.find(({ trunkId }) => !knowsTrunk(trunkId));
      if (stranger) return refuse(`there is no trunk "${stranger.trunkId}"`);
      if (route.trunks.length === 0) return refuse('it leads to no trunk');
      const pattern = route.pattern === undefined ? undefined : compilePattern(route.pattern);
      if (pattern && !pattern.ok) return refuse(pattern.fault.message);
      const windows: Within[] = [];
      for (const window of route.times ?? []) {
        const within = compileWindow(window);
        if (!within.ok) return refuse(within.fault.message);
        windows.push(within.value);
      }
      routes.push({ settings: route, pattern: pattern?.value, windows });
    }
    return ok(new RouteTable(routes));
  }

  get isEmpty(): boolean {
    return this.routes.length === 0;
  }

  /**
   * The trunks for a number, best first: by the route's priority, then the longest prefix, then the lowest cost, then
   * the order in which they are written. A trunk that several routes name is tried once, at its best place.
   */
  plan(number: string, nowMs: number): RoutePlan {
    const judged = this.routes.map((route) => ({ route, ...judge(route, number, nowMs) }));
    const fitting = judged.filter(({ prefix }) => prefix !== undefined);
    const candidates = fitting.flatMap(({ route: { settings }, prefix = 0 }) =>
      settings.trunks.map(({ trunkId, costPerMinute = 0 }) => ({
        trunkId,
        routeId: settings.routeId,
        costPerMinute,
        priority: settings.priority ?? DEFAULT_PRIORITY,
        prefix,
      })),
    );
    candidates.sort(
      (left, right) =>
        left.priority - right.priority || right.prefix - left.prefix || left.costPerMinute - right.costPerMinute,
    );
    const choices = candidates
      .filter((one, index) => candidates.findIndex(({ trunkId }) => trunkId === one.trunkId) === index)
      .map(({ trunkId, routeId, costPerMinute }) => ({ trunkId, routeId, costPerMinute }));
    const verdicts = judged.map(({ route, prefix, reason }) => ({
      routeId: route.settings.routeId,
      chosen: prefix !== undefined,
      reason,
    }));
    return { choices, verdicts };
  }
}

/** `prefix`: how much of the number the route names; undefined when it does not carry the number now. */
const judge = (
  { settings, pattern, windows }: Route,
  number: string,
  nowMs: number,
): { prefix: number | undefined; reason: string } => {
  if (settings.enabled === false) return { prefix: undefined, reason: 'switched off' };
  const prefixes = (settings.prefixes ?? []).filter((prefix) => number.startsWith(prefix));
  const longest = prefixes.reduce((best, prefix) => (prefix.length > best.length ? prefix : best), '');
  if ((settings.prefixes ?? []).length > 0 && prefixes.length === 0) {
    return { prefix: undefined, reason: 'the number begins with none of its prefixes' };
  }
  if (pattern && (number.length > MAX_NUMBER_CHARS || !pattern.test(number))) {
    return { prefix: undefined, reason: 'the number does not match its pattern' };
  }
  if (windows.length > 0 && !windows.some((within) => within(nowMs))) {
    return { prefix: undefined, reason: 'outside its hours' };
  }
  const matched = [longest && `prefix ${longest}`, pattern && `pattern ${settings.pattern}`].filter(Boolean);
  return { prefix: longest.length, reason: matched.join(' and ') || 'every number' };
};
