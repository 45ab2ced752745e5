/** Keys that parties press: to the flow, and to whom they talk with, in the form of that one's leg. */
import type { EndpointId } from '../base/ids';
import { ok } from '../base/result';
import type { Result } from '../base/result';
import type { DtmfMode } from '../media/ports';
import type { IncomingInvite } from '../signaling/ports';
import type { Call, Leg } from './call';
import { conferenceKey } from './conference/member-keys';
import { onCall } from './context';
import type { CallContext, DirectoryPhone } from './context';
import { digitPressed } from './flow-runner';
import { legOf } from './legs';
import { isMasked, keyWhileMasked, wasMasked } from './recording-mask';
import { queueKey } from './queue-keys';
import { RecentKeys } from './recent-keys';
import type { PressedKey } from './recent-keys';
import { supervisorOf, supervisorPressed } from './supervise';

/** How the digits of a caller's leg travel, by its trunk or its phone's account. */
export const dtmfOfCaller = (ctx: CallContext, { origin, traits }: IncomingInvite): { readonly dtmf?: DtmfMode } => {
  if (traits) return { dtmf: traits.dtmf };
  if (origin.kind !== 'phone') return {};
  return dtmfOf(ctx, ctx.directory.phone(origin.userName));
};

/** The same for who is called: a phone, or a number behind a trunk. */
export const dtmfOf = (
  ctx: CallContext,
  called: DirectoryPhone | { readonly trunkId: string } | undefined,
): { readonly dtmf?: DtmfMode } => {
  if (!called) return {};
  const dtmf = 'trunkId' in called ? ctx.directory.dtmfOfTrunk?.(called.trunkId) : called.dtmf;
  return dtmf === undefined ? {} : { dtmf };
};

/** A key has come, in whichever form. Must run inside the call's serial queue. */
export const keyReceived = async (ctx: CallContext, call: Call, of: { leg: Leg; key: PressedKey }): Promise<void> => {
  const { leg, key } = of;
  leg.keys ??= new RecentKeys();
  if (!leg.keys.isNew(key, ctx.clock.nowMs())) return;
  if (leg.onKey) return leg.onKey(key.digit);
  const supervisor = supervisorOf(call, leg);
  if (supervisor) return supervisorPressed(ctx, call, { supervisor, digit: key.digit });
  // Masked, the customer's keys are for the flow alone: media keep those in the sound from everybody else.
  if (leg === call.customer && wasMasked(call, key, ctx.clock.nowMs())) {
    keyWhileMasked(ctx, call);
    return pressed(ctx, call, key.digit);
  }
  if (key.form === 'inband') ctx.conferences.keysAreTones(call);
  if (key.form === 'info') relayInfo(ctx, call, { leg, key });
  if (leg === call.customer) await pressed(ctx, call, key.digit);
};

/** Between an INFO and the same key as event or tone, where a gateway sends both. */
const MEDIA_FORM_MS = 250;

/**
 * Media carry the other forms to whom the party talks with. Of a leg whose keys are not to come by INFO, it is passed on
 * when nothing like it comes in the sound.
 */
const relayInfo = (ctx: CallContext, call: Call, of: { leg: Leg; key: PressedKey }): void => {
  const { leg, key } = of;
  const relay = (): void => {
    const other = isMasked(call) && leg === call.customer ? undefined : partnerOf(call, leg);
    if (other) void sendKey(ctx, other, key).then((sent) => logFailure(ctx, call, sent));
  };
  if (leg.dtmf === 'info') return relay();
  if (leg.keys?.hasComeInMedia) return;
  ctx.clock.after(MEDIA_FORM_MS, () =>
    onCall(ctx, call, () => {
      if (!leg.keys?.hasComeInMedia) relay();
    }),
  );
};

/** To the conference, the queue, or else to the flow. */
export const pressed = (ctx: CallContext, call: Call, digit: string): Promise<void> => {
  if (call.phase.kind === 'conference') return conferenceKey(ctx, call, digit);
  return call.phase.kind === 'queued' ? queueKey(ctx, call, digit) : digitPressed(ctx, call, digit);
};

/** What media play; an INFO may say anything. */
const SHORTEST_MS = 40;
const LONGEST_MS = 8_000;

/** Resolves when the key is out, or with why it could not go. */
export const sendKey = (
  ctx: CallContext,
  leg: Leg,
  key: { readonly digit: string; readonly durationMs: number },
): Promise<Result<void>> =>
  leg.dtmf === 'info' && leg.dialog
    ? leg.dialog.sendDigit(key)
    : ctx.media.sendDigit(leg.endpointId, key.digit, Math.min(Math.max(key.durationMs, SHORTEST_MS), LONGEST_MS));

/** Length of a key sent for an agent (RFC 4733 asks for at least 40 ms; many gateways want 100). */
const TYPED_KEY_MS = 120;

/**
 * Keys that an agent has typed, one after the other, after those typed before. Not for the call's serial queue: each may
 * take until the other side answers. Resolves when all are out, or with why one could not go.
 */
export const sendKeys = (ctx: CallContext, leg: Leg, digits: string): Promise<Result<void>> => {
  const send = async (): Promise<Result<void>> => {
    for (const digit of digits) {
      const sent = await sendKey(ctx, leg, { digit, durationMs: TYPED_KEY_MS });
      if (!sent.ok) return sent;
    }
    return ok(undefined);
  };
  const sent = (leg.sending ?? Promise.resolve()).then(send);
  leg.sending = sent.then(
    () => undefined,
    () => undefined,
  );
  return sent;
};

/** Media have a key for a peer that is to get it by SIP INFO, whose answer nothing else in the call waits for. */
export const keyDue = (
  ctx: CallContext,
  call: Call,
  due: { readonly endpointId: EndpointId; readonly digit: string; readonly durationMs: number },
): void => {
  const dialog = legOf(call, due.endpointId)?.dialog;
  void dialog?.sendDigit(due).then((sent) => logFailure(ctx, call, sent));
};

const logFailure = (ctx: CallContext, call: Call, sent: Result<void>): void => {
  if (!sent.ok) ctx.log.warn({ callId: call.callId, reason: sent.fault.message }, 'a key did not reach the other side');
};

/** Whom a party hears. */
const partnerOf = (call: Call, leg: Leg): Leg | undefined => {
  const { phase, customer, agentLeg, third, outside, peer } = call;
  const far = peer ?? outside;
  if (phase.kind === 'forwarded') return leg === customer ? far : customer;
  if (phase.kind === 'talking' && leg !== customer) return leg === agentLeg ? customer : undefined;
  if (phase.kind === 'talking') return agentLeg;
  if (phase.kind !== 'consulting' || leg === customer) return undefined;
  return leg === third?.leg ? agentLeg : third?.leg;
};
