/** Callers who wait are told their place and how long it will take: at entry and then again and again. */
import type { AcdEffect } from '../acd/core/model';
import type { PlayId } from '../base/ids';
import { newId } from '../base/ids';
import type { PlaySource } from '../media/ports';
import type { WaitAnnouncement } from '../store/waiting-terms';
import type { Call } from './call';
import { onCall } from './context';
import type { CallContext } from './context';
import { isMusic, playMusic } from './music';
import { languagesOf } from './say';
import { promiseOf, sayPosition, sayWait, spokenRange } from './waiting-words';

const announcementOf = (ctx: CallContext, { queueId }: Call): WaitAnnouncement | undefined =>
  queueId === undefined ? undefined : ctx.directory.queue(queueId)?.waiting?.announce;

/** After that it is tried again, where something else was heard. */
const LATER_MS = 5_000;

const isWaiting = ({ phase }: Call): boolean => phase.kind === 'queued' || phase.kind === 'ringing';

/** The call has come into a queue: it is told as soon as nothing else is said. */
export const announceFromNow = (ctx: CallContext, call: Call): void => {
  call.announceTimer?.cancel();
  call.announceTimer = undefined;
  call.announceDue = announcementOf(ctx, call) !== undefined;
};

/** Whatever was said is over, or nothing was: what the caller who waits hears now. Must run inside the serial queue. */
export const goOnWaiting = async (ctx: CallContext, call: Call): Promise<void> => {
  if (call.announceDue && call.phase.kind === 'queued' && askPosition(ctx, call)) return;
  await playMusic(ctx, call);
};

/** The call is in a queue again, and hears music already. */
export const announceAnew = (ctx: CallContext, call: Call): void => {
  announceFromNow(ctx, call);
  if (call.announceDue) announceAgain(ctx, call);
};

/** @returns whether the ACD is going to say what is to be told. */
const askPosition = (ctx: CallContext, call: Call): boolean => {
  call.announceDue = false;
  const announcement = announcementOf(ctx, call);
  if (!announcement) return false;
  schedule(ctx, call, announcement.everyMs);
  return ctx.acd.dispatch({ type: 'position-asked', contactId: call.contactId }).ok;
};

const schedule = (ctx: CallContext, call: Call, delayMs: number): void => {
  call.announceTimer?.cancel();
  call.announceTimer = ctx.clock.after(delayMs, () => onCall(ctx, call, () => announceAgain(ctx, call)));
};

/** Nothing that is said is broken off, and nobody is told to wait whose agent's telephone rings. */
const announceAgain = (ctx: CallContext, call: Call): void => {
  if (!isWaiting(call)) return;
  call.announceDue = true;
  if (call.phase.kind === 'queued' && isMusic(call)) askPosition(ctx, call);
  else schedule(ctx, call, LATER_MS);
};

/** The ACD has told position and wait. Must run inside the call's serial queue. */
export const tellPosition = async (
  ctx: CallContext,
  call: Call,
  told: Extract<AcdEffect, { type: 'position-told' }>,
): Promise<void> => {
  const { phase, customer, queueId } = call;
  const announcement = announcementOf(ctx, call);
  const isSilent = call.playId === undefined;
  const mayTell = phase.kind === 'queued' && (isSilent || isMusic(call));
  const said = announcement && mayTell ? wordsFor(call, told, announcement) : undefined;
  if (!customer || queueId === undefined || !said || said.sources.length === 0) {
    if (isWaiting(call) && isSilent) await playMusic(ctx, call);
    return;
  }
  await pauseMusic(ctx, call);
  const playId = newId<PlayId>();
  call.playId = playId;
  const playing = await ctx.media.play({ playId, endpointId: customer.endpointId, sources: said.sources });
  if (!playing.ok) {
    ctx.log.warn({ callId: call.callId, fault: playing.fault }, 'a caller could not be told the place in the queue');
    return playMusic(ctx, call);
  }
  call.log.noteQueue({ kind: 'told', queueId, ...said.note });
};

/** The same music goes on where it was. */
export const pauseMusic = async (ctx: CallContext, call: Call): Promise<void> => {
  if (call.playId === undefined || !isMusic(call)) return;
  const paused = await ctx.media.controlPlay(call.playId, { do: 'pause' });
  call.musicFromMs = paused.ok ? paused.value.positionMs : undefined;
};

type Told = Pick<Extract<AcdEffect, { type: 'position-told' }>, 'position' | 'wait'>;

interface Said {
  readonly sources: readonly PlaySource[];
  readonly note: { readonly position?: number; readonly wait?: ReturnType<typeof promiseOf> };
}

const wordsFor = (call: Call, { position, wait }: Told, { tell }: WaitAnnouncement): Said => {
  const range = tell === 'position' || !wait ? undefined : spokenRange(wait);
  const saysPosition = tell !== 'wait';
  const sources = languagesOf(call).flatMap((language) => [
    ...(saysPosition ? [sayPosition(language, position)] : []),
    ...(range ? [sayWait(language, range)] : []),
  ]);
  return {
    sources,
    note: { ...(saysPosition && { position }), ...(range && wait && { wait: promiseOf(range, wait) }) },
  };
};
