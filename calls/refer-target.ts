/** Whom a phone or a trunk may have its party put through to: what it might have dialled itself. */
import { fail, ok } from '../base/result';
import type { Result } from '../base/result';
import type { ReferRequest } from '../signaling/ports';
import { formatReplaces } from '../signaling/sip/headers/replaces';
import type { CallContext } from './context';
import type { LegOwner } from './leg-owner';
import { accountOfPhone } from './place-outside';
import { routeCall, securedBy, targetOf } from './route-call';
import type { Goal } from './route-call';
import { findTarget } from './transfer-target';
import type { FoundTarget } from './transfer-target';

export type Referrer = Exclude<LegOwner, { kind: 'agent' }>;

/** Who pays for a call that this one sends outside. */
export const accountOfReferrer = (referrer: Referrer): string =>
  referrer.kind === 'phone' ? accountOfPhone(referrer.extension) : `trunk:${referrer.trunkId}`;

/**
 * Errors: `not_found`, `no_route`, `forbidden`, `busy`, `unavailable`. A dialog to be replaced that is not one of ours is
 * looked for where the number leads; a trunk's is its own.
 */
export const findReferTarget = (ctx: CallContext, referrer: Referrer, refer: ReferRequest): Result<FoundTarget> => {
  const { number, replaces } = refer.target;
  if (!replaces) return findBlind(ctx, referrer, number);
  const headers = { Replaces: formatReplaces(replaces) };
  if (referrer.kind === 'trunk') return ownOfTrunk(ctx, { ...referrer, number, headers });
  const found = findBlind(ctx, referrer, number);
  if (!found.ok) return found;
  if (found.value.kind !== 'outside') return fail('not_found', `${number} has no call that could be joined.`);
  return ok({ ...found.value, headers: { ...found.value.headers, ...headers } });
};

const findBlind = (ctx: CallContext, referrer: Referrer, number: string): Result<FoundTarget> => {
  if (referrer.kind === 'trunk') return withinLimits(ctx, referrer, findTarget(ctx, { kind: 'number', number }));
  const phone = ctx.directory.phone(referrer.extension);
  if (!phone) return fail('forbidden', `There is no phone ${referrer.extension} any more.`);
  const goal = routeCall(ctx, number, { kind: 'phone', phone });
  return goal.ok ? targetOfGoal(ctx, number, goal.value) : goal;
};

const targetOfGoal = (ctx: CallContext, number: string, goal: Goal): Result<FoundTarget> => {
  switch (goal.kind) {
    case 'flow':
      return ok({ kind: 'flow', number, flow: goal.flow });
    case 'agent':
      return findTarget(ctx, { kind: 'agent', agentId: goal.agent.agentId });
    case 'phone':
      return ok({ kind: 'outside', number, via: targetOf(goal), ...securedBy(goal) });
    case 'trunk': {
      const { callerId, headers, srtp } = goal;
      return ok({
        kind: 'outside',
        number,
        via: targetOf(goal),
        headers,
        srtp,
        ...(callerId !== undefined && { callerId }),
      });
    }
  }
};

/** A dialog between parties of the exchange behind the trunk: that exchange is called under the number that it names. */
const ownOfTrunk = (
  ctx: CallContext,
  of: { trunkId: string; number: string; headers: Readonly<Record<string, string>> },
): Result<FoundTarget> => {
  const { trunkId, number, headers } = of;
  if (!/^[\w+*#.-]{1,64}$/.test(number)) return fail('bad_input', `${number} is not a number that can be dialled.`);
  const permitted = ctx.permission.outbound({ dialled: number });
  if (!permitted.ok) return permitted;
  const target = { kind: 'outside', number, via: { kind: 'trunk', trunkId, number }, headers } as const;
  return withinLimits(ctx, { kind: 'trunk', trunkId }, ok({ ...target, isCounted: true }));
};

const withinLimits = (ctx: CallContext, referrer: Referrer, found: Result<FoundTarget>): Result<FoundTarget> => {
  if (!found.ok || found.value.kind !== 'outside' || !costs(found.value)) return found;
  const within = ctx.fraud.mayCall({ account: accountOfReferrer(referrer), number: found.value.number });
  return within.ok ? found : within;
};

const costs = ({ via, isCounted }: FoundTarget & { kind: 'outside' }): boolean =>
  via.kind === 'number' || isCounted === true;
