/** Reads a scenario from plain data, such as a YAML file, and refuses what makes no sense, with the place and the reason. */
import { asId } from '../../base/ids';
import type { AgentId } from '../../base/ids';
import { fail, ok } from '../../base/result';
import type { Result } from '../../base/result';
import { checkAcdConfig } from '../core/check';
import type { Distribution, HourlyQueue, Load, Scenario, StaffedAgent } from './scenario';

const MOST_AGENTS = 100_000;

type Fields = Readonly<Record<string, unknown>>;

/** `agents` may give a `count` instead of an `agentId`, for so many agents of the same kind. */
export const parseScenario = (data: unknown): Result<Scenario> => {
  if (!isFields(data)) return fail('bad_input', 'A scenario is an object with queues, agents and loads.');
  const numbers = { seed: 1, durationMs: 86_400_000, intervalMs: 1_800_000, answerMs: 3000 };
  for (const key of Object.keys(numbers) as (keyof typeof numbers)[]) {
    const value = data[key] ?? numbers[key];
    if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) {
      return fail('bad_input', `${key} must be a number from 0, not ${JSON.stringify(value)}.`);
    }
    numbers[key] = value;
  }
  if (numbers.durationMs === 0 || numbers.intervalMs === 0)
    return fail('bad_input', 'durationMs and intervalMs must be above 0.');
  const lists = [data['queues'], data['agents'], data['loads']];
  if (!lists.every((list) => Array.isArray(list) && list.every(isFields))) {
    return fail('bad_input', 'queues, agents and loads must be lists of objects.');
  }
  const [queues, groups, loads] = lists as unknown as [
    HourlyQueue[],
    (Omit<StaffedAgent, 'agentId'> & Fields)[],
    Load[],
  ];
  const problems = [...queues.flatMap(missingInQueue), ...groups.flatMap(wrongGroup)];
  if (problems.length > 0) return fail('bad_input', problems.join(' '));
  const agents = groups.flatMap(spread);
  problems.push(
    ...checkAcdConfig({ queues, agents }),
    ...loads.flatMap((load, place) => wrongLoad(load, { place, queues })),
  );
  if (problems.length > 0) return fail('bad_input', problems.join(' '));
  return ok({ ...numbers, queues, agents, loads });
};

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const missingInQueue = (queue: Partial<HourlyQueue>, place: number): string[] => [
  ...(typeof queue.queueId === 'string' ? [] : [`queues[${place}]: queueId is missing.`]),
  ...(isFields(queue.skills) ? [] : [`queues[${place}]: skills is missing; {} asks for none.`]),
  ...wrongSpans(`queues[${place}].hours`, queue.hours),
];

const wrongGroup = (group: Fields, place: number): string[] => {
  const { count = 1 } = group;
  const sound = typeof count === 'number' && Number.isInteger(count) && count >= 1 && count <= MOST_AGENTS;
  return [
    ...(sound ? [] : [`agents[${place}]: count must be a whole number from 1 to ${MOST_AGENTS}.`]),
    ...(isFields(group['skills']) ? [] : [`agents[${place}]: skills is missing; {} is none.`]),
    ...wrongSpans(`agents[${place}].shifts`, group['shifts']),
  ];
};

const spread = (group: Omit<StaffedAgent, 'agentId'> & Fields, place: number): StaffedAgent[] => {
  const { count = 1, agentId, ...config } = group;
  const name = typeof agentId === 'string' ? agentId : `agent${place + 1}`;
  if (count === 1) return [{ ...config, agentId: asId<AgentId>(name) }];
  return Array.from({ length: count as number }, (_, index) => ({
    ...config,
    agentId: asId<AgentId>(`${name}-${index + 1}`),
  }));
};

const wrongLoad = (load: Partial<Load>, of: { place: number; queues: readonly HourlyQueue[] }): string[] => {
  const what = `loads[${of.place}]`;
  const known = of.queues.some(({ queueId }) => queueId === load.queueId);
  const curve: unknown = load.arrivals;
  const sound =
    Array.isArray(curve) &&
    curve.length > 0 &&
    curve.every((part: unknown) => isFields(part) && isAmount(part['fromMs']) && isAmount(part['perHour']));
  return [
    ...(known ? [] : [`${what}: there is no queue ${String(load.queueId)}.`]),
    ...(sound ? [] : [`${what}: arrivals must be a list of { fromMs, perHour }.`]),
    ...wrongDistribution(`${what}.handle`, load.handle),
    ...wrongDistribution(`${what}.patience`, load.patience),
  ];
};

const isAmount = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value) && value >= 0;

const wrongSpans = (what: string, value: unknown): string[] => {
  if (value === undefined) return [];
  let endMs = 0;
  const inOrder = (span: unknown): boolean => {
    if (!isFields(span) || !isAmount(span['fromMs']) || !isAmount(span['untilMs'])) return false;
    const { fromMs, untilMs } = span as { fromMs: number; untilMs: number };
    const sound = fromMs >= endMs && untilMs > fromMs;
    endMs = untilMs;
    return sound;
  };
  const sound = Array.isArray(value) && value.every(inOrder);
  return sound ? [] : [`${what} must be a list of { fromMs, untilMs }, each after the one before.`];
};

const PARAMETERS: Readonly<Record<Distribution['kind'], readonly string[]>> = {
  constant: ['ms'],
  exponential: ['meanMs'],
  lognormal: ['medianMs', 'sigma'],
  endless: [],
};

const wrongDistribution = (what: string, value: unknown): string[] => {
  const kinds = Object.keys(PARAMETERS);
  if (!isFields(value) || typeof value['kind'] !== 'string' || !Object.hasOwn(PARAMETERS, value['kind'])) {
    return [`${what}: kind must be one of ${kinds.join(', ')}.`];
  }
  if (value['kind'] === 'endless' && what.endsWith('.handle')) return [`${what}: a conversation has an end.`];
  return PARAMETERS[value['kind'] as Distribution['kind']].flatMap((key) =>
    isAmount(value[key]) ? [] : [`${what}: ${key} must be a number from 0.`],
  );
};
