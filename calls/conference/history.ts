/** What the history of a member's call keeps of the conference. */
import type { CallId, ConferenceId } from '../../base/ids';
import type { Call } from '../call';
import type { CallContext } from '../context';
import { callChanged } from '../desk-view';
import type { InsideMember } from './model';
import type { Roster } from './roster';

export const joinedHistory = (
  ctx: CallContext,
  call: Call,
  stay: {
    readonly roomId: string;
    readonly conferenceId: ConferenceId;
    readonly member: InsideMember;
    readonly nowMs: number;
  },
): void => {
  const { roomId, conferenceId, member, nowMs } = stay;
  call.connectedAtMs ??= nowMs;
  const earlier = call.log.interaction.conferences ?? [];
  const now = { roomId, conferenceId, role: member.role, joinedAtMs: nowMs, others: [] };
  call.log.update({ conferences: [...earlier, now] });
  callChanged(ctx, call);
};

export const partedHistory = (
  call: Call,
  { roster, memberId, nowMs }: { readonly roster: Roster; readonly memberId: CallId; readonly nowMs: number },
): void => {
  const stays = call.log.interaction.conferences ?? [];
  const last = stays.at(-1);
  if (!last || last.leftAtMs !== undefined) return;
  const others = roster.othersOf(memberId, last.joinedAtMs);
  call.log.update({ conferences: [...stays.slice(0, -1), { ...last, leftAtMs: nowMs, others }] });
};
