/** Sessions of before a restart, as far as their users may still sign in, with the roles that they have now. */
import type { Lasting, LastingRecords } from '../base/lasting';
import type { KeptSession } from '../api/sessions/session-registry';
import { sessionUser } from '../api/sessions/session-user';
import type { AgentId } from '../base/ids';
import { asId } from '../base/ids';
import type { Store } from '../store/connect';

export interface RestoredSessions {
  readonly found: readonly Lasting<KeptSession>[];
  /** The agents among their users. */
  readonly agentIds: ReadonlySet<AgentId>;
}

/** The sessions of users who are gone, or may not sign in any more, are removed. */
export const restoreSessions = async (
  records: Pick<LastingRecords<KeptSession>, 'takeFound' | 'remove'>,
  { users }: Pick<Store, 'users'>,
): Promise<RestoredSessions> => {
  const found: Lasting<KeptSession>[] = [];
  for (const session of records.takeFound()) {
    const { userId, userName } = session.value.user;
    const user = await users.findByUserName(userName);
    // A name may have gone to somebody else.
    if (!user || user.disabled || user._id !== userId) records.remove(session.id);
    else found.push({ ...session, value: { user: sessionUser(user) } });
  }
  const agents = found.flatMap(({ value }) => value.user.agent?.agentId ?? []);
  return { found, agentIds: new Set(agents.map((id) => asId<AgentId>(id))) };
};
