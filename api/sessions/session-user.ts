/** Who a session belongs to, as clients see it. */
import type { SessionUser } from '../contract/rest';
import type { UserAccount } from '../ports';

export const sessionUser = (account: UserAccount): SessionUser => ({
  userId: account._id,
  userName: account.userName,
  displayName: account.displayName,
  displayNameZh: account.displayNameZh,
  roles: [...account.roles],
  agent: account.agent && { agentId: account.agent.agentId, extension: account.agent.extension },
});
