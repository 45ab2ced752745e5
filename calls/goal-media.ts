/** How somebody who can be called is called, whoever calls: media, headers, and the name that is shown. */
import type { AudioCodec, OpenEndpoint } from '../media/ports';
import type { Call, Leg } from './call';
import type { CallContext } from './context';
import { dtmfOf } from './keys';
import { codecsOfBrowser, codecsOfPhone } from './leg-codecs';
import { rtpOf } from './leg-rtp';
import { securedBy } from './route-call';
import type { PersonGoal } from './route-call';
import { codecsOfTrunk } from './trunk-media';

/** Most wanted first. @param other the codec of whom the party will talk with, if that is known. */
export const codecsOfGoal = (ctx: CallContext, goal: PersonGoal, other?: AudioCodec): readonly AudioCodec[] => {
  if (goal.kind === 'trunk') return codecsOfTrunk(goal.codecs, other);
  return goal.kind === 'agent' ? codecsOfBrowser(ctx, other) : codecsOfPhone(ctx, goal.phone, other);
};

/** How the digits of the party's leg travel. A browser has its own way. */
export const dtmfOfGoal = (ctx: CallContext, goal: PersonGoal): ReturnType<typeof dtmfOf> =>
  goal.kind === 'agent' ? {} : dtmfOf(ctx, goal.kind === 'phone' ? goal.phone : goal);

/** The endpoint of the party's leg. @param own the codec of whom the party will talk with, if that is known. */
export const mediaOfGoal = (
  ctx: CallContext,
  goal: PersonGoal,
  { leg, own }: { readonly leg: Leg; readonly own: AudioCodec | undefined },
): OpenEndpoint => ({
  endpointId: leg.endpointId,
  kind: goal.kind === 'agent' ? 'webrtc' : 'rtp',
  codecs: codecsOfGoal(ctx, goal, own),
  ...(leg.dtmf && { dtmf: leg.dtmf }),
  ...(goal.kind !== 'agent' && rtpOf(ctx, goal.kind === 'phone' ? goal.phone : goal)),
  ...securedBy(goal),
});

/** Only our own browsers are to know the call's id. */
export const headersOfGoal = (call: Call, goal: PersonGoal): Readonly<Record<string, string>> => {
  if (goal.kind === 'trunk') return goal.headers;
  return goal.kind === 'agent' ? { 'X-Switchroom-Call': call.callId } : {};
};

export const nameOfGoal = (goal: PersonGoal): string | undefined => {
  if (goal.kind === 'agent') return goal.agent.displayName;
  return goal.kind === 'phone' ? goal.phone.displayName : undefined;
};
