/** An agent chooses where to hear, from the next call on. */
import type { AgentId } from '../base/ids';
import { fail, ok } from '../base/result';
import type { Result } from '../base/result';
import type { Station } from '../store/stations';
import type { CallContext } from './context';
import { deskAgent } from './desk-view';
import { BROWSER } from './stations';
import { numberFromTyped } from './typed-number';
import { wayToAgent } from './way-to-agent';

/**
 * Errors: `forbidden` for what an administrator has not allowed, `not_found` for a phone that is not there, `conflict`
 * for one at which somebody else is signed in, and those of a dialled number.
 */
export const chooseStation = async (ctx: CallContext, agentId: AgentId, chosen: Station): Promise<Result<void>> => {
  const station = asWritten(chosen);
  if (!station.ok) return station;
  const may = mayChoose(ctx, agentId, station.value);
  if (!may.ok) return may;
  const done = await take(ctx, agentId, station.value);
  if (!done.ok) return done;
  ctx.log.info({ agentId, station: station.value.kind }, 'an agent has chosen a station');
  stationChanged(ctx, agentId);
  return ok(undefined);
};

/** The ACD and the desk learn where the agent hears, and whether the agent can be called there. */
export const stationChanged = (ctx: CallContext, agentId: AgentId): void => {
  ctx.acd.dispatch({ type: 'device-changed', agentId, registered: ctx.stations.isThere(agentId) });
  const agent = deskAgent(ctx, agentId);
  if (agent) ctx.events.emit('desk', { type: 'agent', agent });
};

const asWritten = (station: Station): Result<Station> => {
  if (station.kind !== 'number') return ok(station);
  const number = numberFromTyped(station.number);
  return number.ok ? ok({ ...station, number: number.value }) : number;
};

const mayChoose = (ctx: CallContext, agentId: AgentId, station: Station): Result<unknown> => {
  if (station.kind === 'browser') return ok(undefined);
  if (ctx.stations.allowedTo(agentId).includes(station.kind)) return wayToAgent(ctx, agentId, station);
  return fail(
    'forbidden',
    station.kind === 'phone'
      ? 'You may not take calls at a desk phone; an administrator can allow it on the page "Queues".'
      : 'You may not take calls at a number outside; an administrator can allow it on the page "Queues".',
  );
};

/** A phone is one agent's, also when two choose it at the same moment. */
const take = (ctx: CallContext, agentId: AgentId, station: Station): Promise<Result<void>> => {
  if (station.kind !== 'phone') return ctx.stations.choose(agentId, station);
  const { extension } = station;
  return ctx.stationChoices.run(extension, async () => {
    const left = await leaveTo(ctx, agentId, extension);
    return left.ok ? ctx.stations.choose(agentId, station) : left;
  });
};

/** Whoever had the phone last and has gone home hears in the browser again. */
const leaveTo = async (ctx: CallContext, agentId: AgentId, extension: string): Promise<Result<void>> => {
  for (const { agentId: other, displayName } of ctx.directory.agents()) {
    const theirs = ctx.stations.of(other);
    if (other === agentId || theirs.kind !== 'phone' || theirs.extension !== extension) continue;
    if (ctx.acd.state.agents.get(other)?.status.kind !== 'signed-out')
      return fail('conflict', `${displayName} is signed in at the phone ${extension}.`);
    const left = await ctx.stations.choose(other, BROWSER);
    if (!left.ok) return left;
    stationChanged(ctx, other);
  }
  return ok(undefined);
};
