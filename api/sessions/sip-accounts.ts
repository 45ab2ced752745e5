/**
 * The browsers' SIP passwords. A user has one while any of his sessions lives or his desk is still open, so that a
 * second sign-in, or a program that reads the history in his name, does not lock out the browser that is on a call.
 */
import type { IceSettings, SipAccount, SessionUser } from '../contract/rest';
import type { SipCredentials } from '../ports';

export const SIP_WEBSOCKET_PATH = '/sip';

interface Issued {
  readonly user: SessionUser;
  readonly password: Promise<string>;
}

export class SipAccounts {
  private readonly byAgent = new Map<string, Issued>();

  constructor(
    private readonly options: {
      readonly credentials: SipCredentials;
      readonly domain: string;
      readonly iceFor?: ((userName: string) => IceSettings | undefined) | undefined;
    },
  ) {}

  /** The account of a user who is an agent; undefined for everyone else. */
  async of(user: SessionUser): Promise<SipAccount | undefined> {
    if (!user.agent) return undefined;
    const { userName } = user;
    const password = await this.passwordOf(user.agent.agentId, user);
    const uri = `sip:${userName}@${this.options.domain}`;
    const ice = this.options.iceFor?.(userName);
    return { uri, userName, password, webSocketPath: SIP_WEBSOCKET_PATH, ...(ice && { ice }) };
  }

  /** The user who has this agent's account. */
  holder(agentId: string): SessionUser | undefined {
    return this.byAgent.get(agentId)?.user;
  }

  async revoke(agentId: string): Promise<void> {
    const issued = this.byAgent.get(agentId);
    if (!issued) return;
    this.byAgent.delete(agentId);
    await this.options.credentials.revoke(issued.user.userName);
  }

  private passwordOf(agentId: string, user: SessionUser): Promise<string> {
    const known = this.byAgent.get(agentId);
    if (known) return known.password;
    const password = Promise.resolve(this.options.credentials.issue(user.userName)).then((issued) => issued.password);
    this.byAgent.set(agentId, { user, password });
    password.catch(() => this.byAgent.delete(agentId));
    return password;
  }
}
