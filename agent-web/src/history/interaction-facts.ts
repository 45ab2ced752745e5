/** What a row of the history says, drawn from an interaction: pure functions. */
import type { InteractionView } from '../../../api/contract/rest';

export type ShownResult = 'answered' | 'abandoned' | 'rejected' | 'failed' | 'running';

export const RESULT_TONES: Record<ShownResult, string> = {
  answered: 'tone-ready',
  abandoned: 'tone-ringing',
  rejected: 'tone-danger',
  failed: 'tone-danger',
  running: 'tone-busy',
};

export const resultOf = (interaction: InteractionView): ShownResult => interaction.outcome?.result ?? 'running';

/** The other party: who called us, or whom we called. */
export const otherPartyOf = ({
  direction,
  caller,
  called,
}: InteractionView): { number: string; displayName: string | undefined } =>
  direction === 'inbound'
    ? { number: caller.number, displayName: caller.displayName }
    : { number: called.number, displayName: undefined };

/** Time in conversation, held or not; undefined when nobody answered or the call still runs. */
export const talkMsOf = ({ segments, answeredAtMs, endedAtMs }: InteractionView): number | undefined => {
  const talks = segments.filter((segment) => segment.kind === 'talk' || segment.kind === 'hold');
  if (talks.length === 0) {
    const neverTalked = segments.length > 0 || answeredAtMs === undefined || endedAtMs === undefined;
    return neverTalked ? undefined : endedAtMs - answeredAtMs;
  }
  let sumMs = 0;
  for (const { startedAtMs, endedAtMs: untilMs } of talks) {
    if (untilMs === undefined) return undefined;
    sumMs += untilMs - startedAtMs;
  }
  return sumMs;
};

export type ChannelName = 'caller' | 'agent' | 'other';

/** The recorded channels' names, left and right. */
export const channelsOf = (channels: readonly string[]): readonly ChannelName[] =>
  channels.map((name) => (/agent/i.test(name) ? 'agent' : /caller|customer|carrier/i.test(name) ? 'caller' : 'other'));
