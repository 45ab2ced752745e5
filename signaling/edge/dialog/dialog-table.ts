/** All dialogs that live, found by the id that apps use and by what a message carries. */
import type { SipRequest, SipResponse } from '../../sip/message';
import type { AppOwner } from '../apps/app-owner';
import type { Dialog } from './dialog';

const keyOf = (callId: string, localTag: string): string => `${localTag} ${callId}`;

export class DialogTable {
  private readonly byId = new Map<string, Dialog>();
  private readonly byTags = new Map<string, Dialog>();
  /** Of two dialogs with one Call-ID, as of a forked call, the later. */
  private readonly byCallId = new Map<string, Dialog>();

  /** @param onRemoved told of every dialog that is over. */
  constructor(private readonly onRemoved: (dialog: Dialog) => void = () => undefined) {}

  get size(): number {
    return this.byId.size;
  }

  add(dialog: Dialog): void {
    dialog.isListed = true;
    this.byId.set(dialog.id, dialog);
    this.byTags.set(keyOf(dialog.callId, dialog.localTag), dialog);
    this.byCallId.set(dialog.callId, dialog);
  }

  has(id: string): boolean {
    return this.byId.has(id);
  }

  find(id: string): Dialog | undefined {
    return this.byId.get(id);
  }

  findByCallId(callId: string): Dialog | undefined {
    return this.byCallId.get(callId);
  }

  /**
   * The dialog that an incoming request belongs to: Call-ID, our tag in To and the other side's in From
   * (RFC 3261, 12). Before the first tagged response we do not know the other side's tag.
   */
  match(request: SipRequest): Dialog | undefined {
    const dialog = this.byTags.get(keyOf(request.callId, request.to.tag ?? ''));
    if (!dialog) return undefined;
    return dialog.remoteTag === undefined || dialog.remoteTag === request.from.tag ? dialog : undefined;
  }

  /** The dialog that a response belongs to: Call-ID, our tag in From and the other side's in To. */
  matchResponse(response: SipResponse): Dialog | undefined {
    const dialog = this.byTags.get(keyOf(response.callId, response.from.tag ?? ''));
    return dialog?.remoteTag !== undefined && dialog.remoteTag === response.to.tag ? dialog : undefined;
  }

  /** Forgets a dialog and ends what it still waits for. */
  remove(dialog: Dialog): void {
    dialog.awaitedAck?.stop();
    dialog.awaitedAck = undefined;
    dialog.sessionTimer?.stop();
    dialog.sessionTimer = undefined;
    dialog.expiry?.cancel();
    dialog.expiry = undefined;
    dialog.reliable?.stop();
    dialog.reliable = undefined;
    if (dialog.state !== 'terminated') dialog.moveTo('terminated');
    if (this.byId.get(dialog.id) === dialog) {
      this.byId.delete(dialog.id);
      dialog.isListed = false;
      this.onRemoved(dialog);
    }
    const key = keyOf(dialog.callId, dialog.localTag);
    if (this.byTags.get(key) === dialog) this.byTags.delete(key);
    if (this.byCallId.get(dialog.callId) === dialog) this.byCallId.delete(dialog.callId);
  }

  ofOwner(owner: AppOwner): Dialog[] {
    return [...this.byId.values()].filter((dialog) => dialog.owner === owner);
  }

  all(): Dialog[] {
    return [...this.byId.values()];
  }
}
