/**
 * What carried a party's sound has died, and media have opened its endpoint anew: the party is offered the new address,
 * by re-INVITE (RFC 3264, section 8), and everything that it was in goes on with its answer.
 */
import { ok } from '../base/result';
import type { Result } from '../base/result';
import type { MediaEvent } from '../media/ports';
import type { Call, Leg } from './call';
import { onCall } from './context';
import type { CallContext } from './context';
import { legsOf } from './legs';
import { mediaLost } from './media-lost';

export type ReopenedEndpoint = Extract<MediaEvent, { type: 'endpoint-reopened' }>;

/** Must run inside the call's serial queue. */
export const recoverLeg = async (ctx: CallContext, call: Call, event: ReopenedEndpoint): Promise<void> => {
  const leg = legsOf(call).find(({ endpointId }) => endpointId === event.endpointId);
  if (!leg) return;
  ctx.log.warn(
    { callId: call.callId, endpointId: event.endpointId, reason: event.reason },
    'media come back elsewhere',
  );
  if (leg.dialog) return offerAnew(ctx, call, { leg, event });
  if (leg === call.customer && call.incoming) return answerAnew(ctx, call, event);
  // A browser that has not described itself could not be reached by the new way.
  if (leg.codec === undefined && event.kind === 'webrtc') return mediaLost(ctx, call, event);
  leg.reopened = event;
};

/** The party has answered a call whose media were lost while it rang. */
export const offerWhatWasReopened = (ctx: CallContext, call: Call, leg: Leg): void => {
  const { reopened } = leg;
  delete leg.reopened;
  if (reopened) offerAnew(ctx, call, { leg, event: reopened });
};

/** The peer may take its time: it is spent outside of the call's queue, so that everybody may hang up meanwhile. */
const offerAnew = (ctx: CallContext, call: Call, of: { leg: Leg; event: ReopenedEndpoint }): void => {
  const { leg, event } = of;
  const { dialog } = leg;
  if (!dialog || dialog.ended) return;
  const startedMs = ctx.clock.monotonicMs();
  void dialog.modify(event.sdp).then((answered) => {
    // An attended transfer may have moved the party into another call meanwhile.
    const now = ctx.calls.get(ctx.callsByEndpoint.get(leg.endpointId) ?? call.callId) ?? call;
    onCall(ctx, now, async () => {
      if (!legsOf(now).includes(leg) || leg.dialog !== dialog || dialog.ended) return;
      const accepted = answered.ok ? await ctx.media.acceptAnswer(leg.endpointId, answered.value) : answered;
      const tookMs = Math.round(ctx.clock.monotonicMs() - startedMs);
      const about = { callId: now.callId, endpointId: leg.endpointId, tookMs };
      if (accepted.ok) return ctx.log.info(about, 'media are back');
      ctx.log.error({ ...about, fault: accepted.fault }, 'media could not be brought back');
      await mediaLost(ctx, now, event);
    });
  });
};

/** A caller who has no answer yet gets the new address with it. */
const answerAnew = async (ctx: CallContext, call: Call, event: ReopenedEndpoint): Promise<void> => {
  const { incoming, customer } = call;
  if (!incoming || !customer) return;
  const answered = await describeAnew(ctx, incoming.invite.sdp, event);
  if (!answered.ok) return mediaLost(ctx, call, event);
  call.incoming = { ...incoming, sdp: answered.value };
};

const describeAnew = async (
  ctx: CallContext,
  offer: string | undefined,
  { endpointId, sdp }: ReopenedEndpoint,
): Promise<Result<string>> => {
  if (offer === undefined) return ok(sdp);
  const answered = await ctx.media.answerReoffer(endpointId, offer);
  return answered.ok ? ok(answered.value.sdp) : answered;
};
