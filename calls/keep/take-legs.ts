/** The parties of a call of before the restart get their dialogs back, as far as media have their legs. */
import { fail } from '../../base/result';
import type { Result } from '../../base/result';
import type { SipDialog } from '../../signaling/ports';
import { adoptDialog } from '../answer';
import type { Call, Leg } from '../call';
import type { CallContext } from '../context';
import { dropGuest } from '../merge';
import { dropSupervisor } from '../supervise';
import { thirdLost } from '../third-lost';
import { LEG_FIELDS } from './call-record';
import type { CallRecord, LegField, LegRecord } from './call-record';
import type { InheritedMedia } from './estate';

export interface Return {
  readonly record: CallRecord;
  readonly media: InheritedMedia;
}

/** All whom the call cannot do without, at once. @returns those that are gone for good. */
export const takeLegsBack = async (ctx: CallContext, call: Call, back: Return): Promise<ReadonlySet<LegField>> => {
  const taken = await Promise.all(
    LEG_FIELDS.map(async (field) => {
      const leg = call[field];
      const isUnanswered = field === 'customer' && back.record.incoming !== undefined;
      if (!leg) return undefined;
      if (isUnanswered) return back.media.endpoints.has(leg.endpointId) ? undefined : field;
      return (await takeLegBack(ctx, call, { leg, record: back.record[field], back })) ? undefined : field;
    }),
  );
  return new Set(taken.filter((field) => field !== undefined));
};

/** Everybody else in it; who is gone leaves it. */
export const takeOthersBack = async (ctx: CallContext, call: Call, back: Return): Promise<void> => {
  const { third, guests, supervisors } = call;
  const recorded = [...back.record.guests, ...(back.record.third ? [back.record.third] : [])].flatMap(
    ({ agentLeg, outside }) => agentLeg ?? outside ?? [],
  );
  const records = new Map<string, LegRecord>(
    [...recorded, ...back.record.supervisors.map(({ leg }) => leg)].map((record) => [record.endpointId, record]),
  );
  const isBack = (leg: Leg | undefined): Promise<boolean> =>
    leg ? takeLegBack(ctx, call, { leg, record: records.get(leg.endpointId), back }) : Promise.resolve(false);
  const [isThird, areGuests, areSupervisors] = await Promise.all([
    isBack(third?.leg),
    Promise.all(guests.map(({ leg }) => isBack(leg))),
    Promise.all(supervisors.map(({ leg }) => isBack(leg))),
  ]);
  for (const [at, supervisor] of supervisors.entries())
    if (!areSupervisors[at]) await dropSupervisor(ctx, call, { supervisor, reason: 'unreachable' });
  for (const [at, guest] of guests.entries())
    if (!areGuests[at]) await dropGuest(ctx, call, { guest, reason: 'unreachable' });
  if (third && !isThird) await thirdLost(ctx, call, 'unreachable');
};

/** @returns whether the party is there. */
const takeLegBack = async (
  ctx: CallContext,
  call: Call,
  of: { readonly leg: Leg; readonly record: LegRecord | undefined; readonly back: Return },
): Promise<boolean> => {
  const { leg, record, back } = of;
  const dialog = await dialogOf(ctx, record?.dialog);
  const hasMedia = back.media.endpoints.has(leg.endpointId);
  if (dialog.ok) {
    adoptDialog(ctx, call, { leg, dialog: dialog.value });
    countOn(ctx, leg);
  }
  // One that has hung up itself is heard of by its dialog's end; whom the app had let go is nobody's any more.
  const isLetGo = dialog.ok && dialog.value.ended?.by === 'local';
  if (dialog.ok && hasMedia && !isLetGo) return true;
  const about = {
    callId: call.callId,
    endpointId: leg.endpointId,
    ...{ hasMedia, isLetGo },
    fault: dialog.ok ? undefined : dialog.fault,
  };
  ctx.log.warn(about, 'a party of a call is gone after the restart');
  return false;
};

/** Who pays for a call outside pays on. */
const countOn = ({ fraud }: CallContext, { counted, owner, dialog }: Leg): void => {
  if (!counted) return;
  const trunkId = owner?.kind === 'trunk' ? owner.trunkId : undefined;
  const running = fraud.goOn({ ...counted, trunkId });
  dialog?.onEnd(() => running.ended());
};

const dialogOf = (ctx: CallContext, record: unknown): Promise<Result<SipDialog>> =>
  record === undefined ? Promise.resolve(fail('not_found', 'there was no dialog yet')) : ctx.signaling.adopt(record);
