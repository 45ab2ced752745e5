/** Music on hold, in a queue or on hold. */
import { newId } from '../base/ids';
import type { EndpointId, PlayId, QueueId } from '../base/ids';
import type { Call } from './call';
import type { CallContext } from './context';
import { part } from './joint';

/** Music from now on, until something else is played or the call is joined. */
export const playMusic = async (ctx: CallContext, call: Call): Promise<void> => {
  // Who talks with the guests of a conference is not alone.
  if (!call.customer || call.guests.length > 0) return;
  // Whose partner has gone must not be heard by a supervisor who stays.
  if (call.joint.pair?.includes(call.customer.endpointId)) await part(ctx, call);
  call.playId = await playMusicTo(ctx, call, {
    endpointId: call.customer.endpointId,
    fromMs: call.musicFromMs,
  });
  call.musicPlayId = call.playId;
  call.musicFromMs = undefined;
};

/** Whether the customer hears music at the moment, and nothing that is said. */
export const isMusic = ({ playId, musicPlayId }: Call): boolean => playId !== undefined && playId === musicPlayId;

/** What the queue has instead of the music that the flow names. */
export const musicOfQueue = (ctx: CallContext, queueId: QueueId): string | undefined =>
  ctx.directory.queue(queueId)?.waiting?.music;

/** A prompt in the caller's language, in both while that is not known; then music. */
export const playPromptThenMusic = async (ctx: CallContext, call: Call, prompt: string): Promise<void> => {
  if (!call.customer) return;
  const { language } = call.log.interaction;
  const languages = language === undefined ? ['en', 'zh-CN'] : [language];
  const playId = newId<PlayId>();
  call.playId = playId;
  const sources = languages.map((spoken) => ({ kind: 'prompt', name: prompt, language: spoken }) as const);
  const playing = await ctx.media.play({ playId, endpointId: call.customer.endpointId, sources });
  if (playing.ok) ctx.voiceAnswers.plays(call, call.customer.endpointId, sources);
  else await playMusic(ctx, call);
};

/** Music for another party of the call; ended by whatever that party hears next. */
export const playMusicTo = async (
  ctx: CallContext,
  call: Call,
  to: { readonly endpointId: EndpointId; readonly fromMs?: number | undefined },
): Promise<PlayId> => {
  const { endpointId, fromMs = 0 } = to;
  const playId = newId<PlayId>();
  const { language } = call.log.interaction;
  const stream = ctx.musicStream?.(call.music);
  const sources = [
    { kind: 'music', name: call.music, ...(language !== undefined && { language }), ...(stream && { stream }) },
  ] as const;
  const playing = await ctx.media.play({ playId, endpointId, sources, loop: true, ...(fromMs > 0 && { fromMs }) });
  if (playing.ok) ctx.voiceAnswers.plays(call, endpointId, sources);
  else ctx.log.error({ callId: call.callId, fault: playing.fault }, 'music on hold could not be played');
  return playId;
};
