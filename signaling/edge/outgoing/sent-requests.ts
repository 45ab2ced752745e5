/** Requests that an app had us send and that have no final response yet. */
import type { ClientTransaction } from '../../sip/transaction/types';
import type { ControlSession } from '../control/session';
import type { Dialog } from '../dialog/dialog';

export interface SentRequest {
  /** The name under which the app hears of responses, and cancels. */
  readonly id: string;
  /** Another one when the request goes to a second server, because the first did not answer. */
  transaction: ClientTransaction;
  cancelled: boolean;
  readonly session: ControlSession;
  readonly dialog: Dialog | undefined;
}

export class SentRequests {
  private readonly entries = new Map<string, SentRequest>();

  /** @param onOver told of each request that has its final response, or is given up. */
  constructor(private readonly onOver: (id: string) => void = () => undefined) {}

  get size(): number {
    return this.entries.size;
  }

  add(sent: SentRequest): void {
    this.entries.set(sent.id, sent);
  }

  find(id: string): SentRequest | undefined {
    return this.entries.get(id);
  }

  remove(id: string): void {
    if (this.entries.delete(id)) this.onOver(id);
  }

  ofSession(session: ControlSession): SentRequest[] {
    return [...this.entries.values()].filter((sent) => sent.session === session);
  }

  /** The apps that have some. */
  sessions(): ControlSession[] {
    return [...this.entries.values()].map(({ session }) => session);
  }

  close(): void {
    this.entries.clear();
  }
}
