/** What theory says about queues with Poisson arrivals and exponential handling times: the check of the simulation. */

export interface ErlangInput {
  readonly agents: number;
  readonly arrivalsPerMs: number;
  readonly meanHandleMs: number;
  /** Mean patience of exponentially impatient customers (Erlang A); absent for endless patience (Erlang C). */
  readonly meanPatienceMs?: number;
  readonly targetMs: number;
}

export interface ErlangFigures {
  readonly waitProbability: number;
  /** Over all contacts, including those who give up. */
  readonly meanWaitMs: number;
  readonly abandonment: number;
  /** Share of all contacts answered within the target. */
  readonly answeredInTarget: number;
}

/** States whose probability is below this share of the sum so far are left out. */
const NEGLIGIBLE = 1e-14;
const MOST_STATES = 100_000;
const STEPS = 4000;

/**
 * Erlang C and A as one birth-and-death process: birth λ; death iμ up to N agents, then Nμ + (i − N)θ.
 * @throws RangeError without impatience when the load is not below the number of agents: such a queue grows for ever.
 */
export const erlang = (input: ErlangInput): ErlangFigures => {
  const { agents, arrivalsPerMs, meanHandleMs, meanPatienceMs, targetMs } = input;
  const servedPerMs = 1 / meanHandleMs;
  const impatientPerMs = meanPatienceMs === undefined ? 0 : 1 / meanPatienceMs;
  if (impatientPerMs === 0 && arrivalsPerMs * meanHandleMs >= agents) {
    throw new RangeError(`a load of ${arrivalsPerMs * meanHandleMs} Erlang is too much for ${agents} patient agents`);
  }
  const waiting = waitingStates({ agents, arrivalsPerMs, servedPerMs, impatientPerMs });
  const meanWaiting = waiting.reduce((sum, probability, others) => sum + others * probability, 0);
  const waitProbability = waiting.reduce((sum, probability) => sum + probability, 0);
  return {
    waitProbability,
    meanWaitMs: meanWaiting / arrivalsPerMs,
    abandonment: (impatientPerMs * meanWaiting) / arrivalsPerMs,
    answeredInTarget:
      1 -
      waitProbability +
      answeredAfterWaiting(waiting, { allServedPerMs: agents * servedPerMs, impatientPerMs, targetMs }),
  };
};

/** Probability of finding all agents busy and 0, 1, 2 … contacts waiting. */
const waitingStates = (of: {
  agents: number;
  arrivalsPerMs: number;
  servedPerMs: number;
  impatientPerMs: number;
}): number[] => {
  let weight = 1;
  let sum = 0;
  for (let busy = 0; busy < of.agents; busy += 1) {
    sum += weight;
    weight *= of.arrivalsPerMs / ((busy + 1) * of.servedPerMs);
  }
  const weights: number[] = [];
  for (let others = 0; others < MOST_STATES && (weight > NEGLIGIBLE * sum || others === 0); others += 1) {
    weights.push(weight);
    sum += weight;
    weight *= of.arrivalsPerMs / (of.agents * of.servedPerMs + (others + 1) * of.impatientPerMs);
  }
  return weights.map((one) => one / sum);
};

/**
 * Probability of waiting and being answered within the target. Who finds k others waiting moves up at the rate
 * Nμ + kθ and gives up at the rate θ; the equations are integrated after Runge and Kutta.
 */
const answeredAfterWaiting = (
  found: readonly number[],
  of: { allServedPerMs: number; impatientPerMs: number; targetMs: number },
): number => {
  const { allServedPerMs, impatientPerMs } = of;
  const stepMs = of.targetMs / STEPS;
  const change = (at: Float64Array): Float64Array => {
    const by = new Float64Array(at.length);
    for (let ahead = 0; ahead < at.length; ahead += 1) {
      const here = at[ahead] as number;
      const next = (at[ahead + 1] ?? 0) * (allServedPerMs + (ahead + 1) * impatientPerMs);
      by[ahead] = next - here * (allServedPerMs + (ahead + 1) * impatientPerMs);
    }
    return by;
  };
  const moved = (at: Float64Array, by: Float64Array, ms: number): Float64Array =>
    at.map((value, place) => value + ms * (by[place] as number));
  let now = Float64Array.from(found);
  let answered = 0;
  for (let done = 0; done < STEPS; done += 1) {
    const k1 = change(now);
    const k2 = change(moved(now, k1, stepMs / 2));
    const k3 = change(moved(now, k2, stepMs / 2));
    const k4 = change(moved(now, k3, stepMs));
    const next = now.map((value, place) => {
      const slope =
        (k1[place] as number) + 2 * (k2[place] as number) + 2 * (k3[place] as number) + (k4[place] as number);
      return value + (stepMs / 6) * slope;
    });
    answered += (allServedPerMs * stepMs * ((now[0] as number) + (next[0] as number))) / 2;
    now = next;
  }
  return answered;
};
