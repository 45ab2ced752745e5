/** A caller enters a conference room: who is asked for a PIN keys it in, and is let in or told why not. */
import { unreachable } from '../../base/errors';
import type { Fault } from '../../base/result';
import type { FlowEffect } from '../../flows/interpreter';
import type { ConferenceRole, ConferenceRoom } from '../../store/conference-rooms';
import type { Call } from '../call';
import { onCall } from '../context';
import { stopRecording } from '../recording';
import type { CallContext } from '../context';
import { consentAsked } from './consent';
import { leaveVisit, refuseEntry } from './leave';
import { asksForPin, keyed, roleOfPin } from './pin';
import { sayTo, stopSaying } from './speak';
import type { Refusal, Visit } from './visit';

const MAX_ATTEMPTS = 3;
/** For the first key after the announcement, and for each that follows. */
const KEY_TIMEOUT_MS = 8_000;

type Asking = Extract<Visit, { kind: 'asking' }>;

/** The flow's step. Must run inside the serial queue of a call that is in its flow. */
export const enterFromFlow = async (
  ctx: CallContext,
  call: Call,
  order: Extract<FlowEffect, { type: 'conference' }>,
): Promise<void> => {
  if (call.phase.kind !== 'flow') return;
  const { state } = call.phase;
  const roomId = call.variables.fill(order.room);
  const room = ctx.directory.conferenceRoom?.(roomId);
  call.moveTo({ kind: 'conference', roomId, flow: state });
  call.log.enter('conference', { detail: roomId });
  // From here on the room's policy counts; and the PIN must be in no record.
  await stopRecording(ctx, call, { kind: 'system' });
  if (!room) {
    ctx.log.warn({ callId: call.callId, roomId }, 'a flow leads to a conference room that is not there');
    return refuseEntry(ctx, call, 'not-found');
  }
  if (order.role) return arrive(ctx, call, { room, role: order.role });
  if (!asksForPin(room) && room.withoutPin !== 'refused') return arrive(ctx, call, { room, role: room.withoutPin });
  if (!ctx.conferences.guard.mayTry(attemptOf(call, room))) return refuseEntry(ctx, call, 'locked-out');
  call.visit = { kind: 'asking', room, attempt: 1, digits: '' };
  await ask(ctx, call, { room, prompts: ['enter-pin'] });
};

const ask = async (
  ctx: CallContext,
  call: Call,
  asked: { readonly room: ConferenceRoom; readonly prompts: readonly string[] },
): Promise<void> => {
  if (!(await sayTo(ctx, call, asked))) awaitKey(ctx, call);
};

/** The announcement is over. */
const awaitKey = (ctx: CallContext, call: Call): void => {
  call.flowTimer?.cancel();
  call.flowTimer = ctx.clock.after(KEY_TIMEOUT_MS, () =>
    onCall(ctx, call, () => {
      if (call.visit?.kind === 'asking') return pinKeyed(ctx, call, call.visit);
      return undefined;
    }),
  );
};

/** A key while the PIN is asked for. */
export const pinKey = async (ctx: CallContext, call: Call, key: string): Promise<void> => {
  const { visit } = call;
  if (visit?.kind !== 'asking') return;
  await stopSaying(ctx, call);
  const next = keyed(visit.digits, key);
  call.visit = { ...visit, digits: next.digits };
  if (next.kind === 'more') return awaitKey(ctx, call);
  await pinKeyed(ctx, call, call.visit);
};

const pinKeyed = async (ctx: CallContext, call: Call, visit: Asking): Promise<void> => {
  call.flowTimer?.cancel();
  const { room, attempt, digits } = visit;
  const { guard } = ctx.conferences;
  if (!guard.mayTry(attemptOf(call, room))) return refuseEntry(ctx, call, 'locked-out');
  const role = roleOfPin(room, digits);
  if (role) {
    if (digits !== '') guard.succeeded(attemptOf(call, room));
    return arrive(ctx, call, { room, role });
  }
  // Who has pressed nothing has guessed nothing.
  if (digits !== '') guard.failed(attemptOf(call, room));
  if (attempt >= MAX_ATTEMPTS) return refuseEntry(ctx, call, 'wrong-pin');
  call.visit = { kind: 'asking', room, attempt: attempt + 1, digits: '' };
  await ask(ctx, call, { room, prompts: digits === '' ? ['enter-pin'] : ['conference-wrong-pin', 'enter-pin'] });
};

const attemptOf = ({ identity }: Call, room: ConferenceRoom): { roomId: string; number: string } => ({
  roomId: room._id,
  number: identity.number,
});

/** The call becomes a member of the conference, if that takes it. */
export const arrive = async (
  ctx: CallContext,
  call: Call,
  as: { readonly room: ConferenceRoom; readonly role: ConferenceRole },
): Promise<void> => {
  const { room, role } = as;
  call.flowTimer?.cancel();
  await stopSaying(ctx, call);
  call.visit = { kind: 'member', room, role, starAtMs: undefined };
  const arrived = ctx.conferences.arrive(room, call, role);
  if (arrived.ok) return;
  ctx.log.info({ callId: call.callId, roomId: room._id, fault: arrived.fault }, 'a conference takes a caller not in');
  await refuseEntry(ctx, call, refusalOf(arrived.fault));
};

const refusalOf = ({ code }: Fault): Refusal => (code === 'forbidden' ? 'locked' : 'full');

/** What was said to the call is over. */
export const visitPromptsEnded = async (ctx: CallContext, call: Call): Promise<void> => {
  const { visit } = call;
  switch (visit?.kind) {
    case undefined:
      return;
    case 'asking':
      return awaitKey(ctx, call);
    case 'confirming':
      return consentAsked(ctx, call);
    case 'member':
      return ctx.conferences.promptsEnded(visit.room._id, call);
    case 'leaving':
      return leaveVisit(ctx, call, visit.end);
    default:
      return unreachable(visit);
  }
};
