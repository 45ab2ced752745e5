/** What a caller hears in a conference room, in the call's language. */
import { newId } from '../../base/ids';
import type { PlayId } from '../../base/ids';
import type { PlaySource } from '../../media/ports';
import type { ConferenceRoom } from '../../store/conference-rooms';
import type { Call } from '../call';
import type { CallContext } from '../context';
import { playMusic } from '../music';

/** A caller who has chosen no language hears the room's, or both. */
const languagesOf = (call: Call, room: Pick<ConferenceRoom, 'language'> | undefined): readonly string[] => {
  const language = call.log.interaction.language ?? room?.language;
  return language === undefined ? ['en', 'zh-CN'] : [language];
};

/**
 * Plays prompts to the call; what is played takes the place of the conference meanwhile. False when they cannot be
 * played: whatever waits for their end must not wait.
 */
export const sayTo = async (
  ctx: CallContext,
  call: Call,
  said: { readonly prompts: readonly string[]; readonly room?: Pick<ConferenceRoom, 'language'> | undefined },
): Promise<boolean> => {
  if (!call.customer) return false;
  const playId = newId<PlayId>();
  call.playId = playId;
  const sources = languagesOf(call, said.room).flatMap((language): PlaySource[] =>
    said.prompts.map((name) => ({ kind: 'prompt', name, language })),
  );
  const playing = await ctx.media.play({ playId, endpointId: call.customer.endpointId, sources });
  if (playing.ok) {
    ctx.voiceAnswers.plays(call, call.customer.endpointId, sources);
    return true;
  }
  call.playId = undefined;
  ctx.log.error({ callId: call.callId, fault: playing.fault }, 'a prompt of a conference could not be played');
  return false;
};

export const stopSaying = async (ctx: CallContext, call: Call): Promise<void> => {
  const { playId } = call;
  call.playId = undefined;
  if (playId !== undefined) await ctx.media.stopPlay(playId);
};

/** Music of the room until the call is in the conference. */
export const playRoomMusic = async (ctx: CallContext, call: Call, { music }: ConferenceRoom): Promise<void> => {
  call.music = music;
  await playMusic(ctx, call);
};
