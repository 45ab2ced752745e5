/** Callers who wait are told their place and how long it will take: at entry and then again and again. */
import type { AcdEffect } from '../acd/core/model';
import type { PlayId } from '../base/ids';
import { newId } from '../base/ids';
import type { PlaySource } from '../media/ports';
import type { ToldWait } from '../store/queue-notes';
import type { WaitAnnouncement } from '../store/waiting-terms';
import type { Call } from './call';
import { onCall } from './context';
import type { CallContext } from './context';
import { isMusic, playMusic } from './music';
import { offerAgain, offerDueMs, offerOf, sayOffer } from './queue-callback-offer';
import { languagesOf } from './say';
import { promiseOf, sayPosition, sayWait, spokenRange } from './waiting-words';

const announcementOf = (ctx: CallContext, { queueId }: Call): WaitAnnouncement | undefined =>
  queueId === undefined ? undefined : ctx.directory.queue(queueId)?.waiting?.announce;

/** After that it is tried again, where something else was heard. */
const LATER_MS = 5_000;
/** So that nothing turns in a circle that could not be told. */
const LEAST_MS = 500;

const isWaiting = ({ phase }: Call): boolean => phase.kind === 'queued' || phase.kind === 'ringing';

/** The call has come into a queue: what is to be told is told as soon as nothing else is said. */
export const announceFromNow = (ctx: CallContext, call: Call): void => {
  call.announceAtMs = ctx.clock.nowMs();
  call.callbackOffered = false;
  call.callbackDigits = undefined;
};

/** Whatever was said is over, or nothing was: what the caller who waits hears now. Must run inside the serial queue. */
export const goOnWaiting = async (ctx: CallContext, call: Call): Promise<void> => {
  // Who types a number hears nothing.
  if (call.callbackDigits !== undefined) return;
  if (call.phase.kind === 'queued' && isAnnouncementDue(ctx, call) && askPosition(ctx, call)) return;
  if (call.phase.kind === 'queued' && isOfferDue(ctx, call) && (await offerCallback(ctx, call))) return;
  announceInTime(ctx, call);
  await playMusic(ctx, call);
};

/** The call is in a queue again, and hears music already. */
export const announceAnew = async (ctx: CallContext, call: Call): Promise<void> => {
  announceFromNow(ctx, call);
  await announceAgain(ctx, call);
};

const isAnnouncementDue = (ctx: CallContext, call: Call): boolean =>
  announcementOf(ctx, call) !== undefined && ctx.clock.nowMs() >= (call.announceAtMs ?? Infinity);

/** It has not been made yet, and may be. */
const isOfferDue = (ctx: CallContext, call: Call): boolean =>
  !call.callbackOffered && ctx.clock.nowMs() >= (offerDueMs(ctx, call) ?? Infinity);

/** @returns whether the ACD is going to say what is to be told. */
const askPosition = (ctx: CallContext, call: Call): boolean => {
  const everyMs = announcementOf(ctx, call)?.everyMs ?? Infinity;
  call.announceAtMs = ctx.clock.nowMs() + everyMs;
  announceInTime(ctx, call);
  return ctx.acd.dispatch({ type: 'position-asked', contactId: call.contactId }).ok;
};

/** Wakes when something is to be told next; nothing is, in a queue without announcements and callbacks. */
export const announceInTime = (ctx: CallContext, call: Call): void => {
  call.announceTimer?.cancel();
  call.announceTimer = undefined;
  const announceAtMs = announcementOf(ctx, call) ? (call.announceAtMs ?? Infinity) : Infinity;
  const offerAtMs = call.callbackOffered ? Infinity : (offerDueMs(ctx, call) ?? Infinity);
  const atMs = Math.min(announceAtMs, offerAtMs);
  if (atMs < Infinity) wakeIn(ctx, call, Math.max(LEAST_MS, atMs - ctx.clock.nowMs()));
};

const wakeIn = (ctx: CallContext, call: Call, delayMs: number): void => {
  call.announceTimer?.cancel();
  call.announceTimer = ctx.clock.after(delayMs, () => onCall(ctx, call, () => announceAgain(ctx, call)));
};

/** Nothing that is said is broken off, and nobody is told to wait whose agent's telephone rings. */
const announceAgain = async (ctx: CallContext, call: Call): Promise<void> => {
  if (!isWaiting(call)) return;
  if (call.phase.kind !== 'queued' || !isMusic(call)) return wakeIn(ctx, call, LATER_MS);
  if (isAnnouncementDue(ctx, call)) {
    askPosition(ctx, call);
    return;
  }
  if (isOfferDue(ctx, call)) await offerCallback(ctx, call);
  else announceInTime(ctx, call);
  if (call.playId === undefined) await playMusic(ctx, call);
};

/** @returns whether it is said. */
const offerCallback = async (ctx: CallContext, call: Call): Promise<boolean> => {
  const offer = offerOf(ctx, call);
  if (!offer) return false;
  // Once, whether it could be said or not.
  call.callbackOffered = true;
  announceInTime(ctx, call);
  return sayToWaiting(ctx, call, sayOffer(call, offer));
};

/** The ACD has told position and wait. Must run inside the call's serial queue. */
export const tellPosition = async (
  ctx: CallContext,
  call: Call,
  told: Extract<AcdEffect, { type: 'position-told' }>,
): Promise<void> => {
  const { phase, queueId } = call;
  const announcement = announcementOf(ctx, call);
  const isSilent = call.playId === undefined && call.callbackDigits === undefined;
  const mayTell = phase.kind === 'queued' && (isSilent || isMusic(call));
  const said = announcement && mayTell ? wordsFor(ctx, call, { told, announcement }) : undefined;
  if (queueId === undefined || !said || !(await sayToWaiting(ctx, call, said.sources))) {
    const isQuiet = call.playId === undefined && call.callbackDigits === undefined;
    if (isWaiting(call) && isQuiet) await playMusic(ctx, call);
    return;
  }
  call.callbackOffered ||= said.offers;
  call.log.noteQueue({ kind: 'told', queueId, ...said.note });
};

/** In the place of the music, which goes on afterwards where it was. @returns whether it is said. */
const sayToWaiting = async (ctx: CallContext, call: Call, sources: readonly PlaySource[]): Promise<boolean> => {
  const { customer } = call;
  if (!customer || sources.length === 0) return false;
  await pauseMusic(ctx, call);
  const playId = newId<PlayId>();
  call.playId = playId;
  const playing = await ctx.media.play({ playId, endpointId: customer.endpointId, sources });
  if (playing.ok) return true;
  ctx.log.warn({ callId: call.callId, fault: playing.fault }, 'a caller who waits could not be told something');
  call.playId = undefined;
  return false;
};

/** The same music goes on where it was. */
const pauseMusic = async (ctx: CallContext, call: Call): Promise<void> => {
  if (call.playId === undefined || !isMusic(call)) return;
  const paused = await ctx.media.controlPlay(call.playId, { do: 'pause' });
  call.musicFromMs = paused.ok ? paused.value.positionMs : undefined;
};

type Told = Pick<Extract<AcdEffect, { type: 'position-told' }>, 'position' | 'wait'>;

interface Said {
  readonly sources: readonly PlaySource[];
  readonly note: { readonly position?: number; readonly wait?: ToldWait };
  /** A callback, too. */
  readonly offers: boolean;
}

const wordsFor = (
  ctx: CallContext,
  call: Call,
  { told, announcement }: { told: Told; announcement: WaitAnnouncement },
): Said => {
  const { position, wait } = told;
  const range = announcement.tell === 'position' || !wait ? undefined : spokenRange(wait);
  const saysPosition = announcement.tell !== 'wait';
  const sources = languagesOf(call).flatMap((language) => [
    ...(saysPosition ? [sayPosition(language, position)] : []),
    ...(range ? [sayWait(language, range)] : []),
  ]);
  const first = isOfferDue(ctx, call) ? offerOf(ctx, call) : undefined;
  const offer = call.callbackOffered ? offerAgain(ctx, call) : first;
  return {
    sources: offer ? [...sources, ...sayOffer(call, offer)] : sources,
    note: { ...(saysPosition && { position }), ...(range && wait && { wait: promiseOf(range, wait) }) },
    offers: offer !== undefined,
  };
};
