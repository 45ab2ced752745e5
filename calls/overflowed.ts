/** A rule of the queue has put a waiting call into another queue: the ACD knows, the call learns of it. */
import type { AcdEffect } from '../acd/core/model';
import type { Call } from './call';
import type { CallContext } from './context';
import { isMusic, musicOfQueue, playPromptThenMusic } from './music';
import { announceAnew, announceFromNow, goOnWaiting } from './queue-announce';

/** Must run inside the call's serial queue. */
export const callOverflowed = async (
  ctx: CallContext,
  call: Call,
  { from, to, because, announcement }: Extract<AcdEffect, { type: 'contact-overflowed' }>,
): Promise<void> => {
  if (call.phase.kind !== 'queued') return;
  const musicBefore = call.music;
  call.queueId = to;
  call.moveTo({ kind: 'queued', queueId: to });
  call.log.noteQueue({ kind: 'overflowed', from, to, because });
  call.log.update({ queueId: to });
  call.log.enter('queue', { queueId: to, detail: `overflow:${because}` });
  ctx.log.info({ callId: call.callId, from, to, because }, 'a call overflows to another queue');
  call.music = musicOfQueue(ctx, to) ?? call.music;
  announceFromNow(ctx, call);
  if (announcement !== undefined) return playPromptThenMusic(ctx, call, announcement);
  // What is said at the moment is said to its end; the other music comes after it.
  if (!isMusic(call)) return;
  if (call.music !== musicBefore) await goOnWaiting(ctx, call);
  else await announceAnew(ctx, call);
};
