/** Every confirmed dialog of this app by Call-ID and tags, so that Replaces finds the one it means (RFC 3891). */
import { BoundedMap } from '../../base/bounded-map';
import type { DialogName, EarlyDialog, ReplacedDialog } from '../ports';
import type { Replaces } from '../sip/headers/replaces';

/** Of so many that have ended last it is still known that they were here. */
const REMEMBERED = 1_000;

export type FoundDialog =
  | { readonly outcome: 'found' | 'ringing'; readonly dialogId: string }
  /** With the status that refuses the INVITE. */
  | { readonly outcome: 'refused'; readonly status: 481 | 486 | 603 };

export class DialogBook {
  private readonly open = new Map<string, string>();
  /** Those that our own INVITEs have begun, and nobody has answered. */
  private readonly ringing = new Map<string, string>();
  private readonly ended = new BoundedMap<string, true>(REMEMBERED);

  add(name: DialogName, dialogId: string): void {
    this.open.set(keyOf(name), dialogId);
  }

  /** @returns forgets it, when the call is answered or over. */
  addRinging({ name, id }: EarlyDialog): () => void {
    const key = keyOf(name);
    this.ringing.set(key, id);
    return () => void this.ringing.delete(key);
  }

  remove(name: DialogName): void {
    const key = keyOf(name);
    if (this.open.delete(key)) this.ended.set(key, true);
  }

  /**
   * RFC 3891, section 3: the to-tag is ours. 481 when there is no such dialog, 603 when it has ended, 486 when only one
   * that is not answered yet is meant. One that rings is found only if we have begun it: 481 for those that others have.
   */
  find({ callId, toTag, fromTag, earlyOnly }: Replaces): FoundDialog {
    const key = keyOf({ callId, localTag: toTag, remoteTag: fromTag });
    const dialogId = this.open.get(key);
    if (dialogId === undefined) {
      const ringing = this.ringing.get(key);
      if (ringing !== undefined) return { outcome: 'ringing', dialogId: ringing };
      return { outcome: 'refused', status: this.ended.has(key) ? 603 : 481 };
    }
    return earlyOnly ? { outcome: 'refused', status: 486 } : { outcome: 'found', dialogId };
  }
}

/** What a Replaces that somebody else is to send would mean here. */
export const meaningOf = (found: FoundDialog): ReplacedDialog => {
  switch (found.outcome) {
    case 'found':
      return { kind: 'running', dialogId: found.dialogId };
    case 'ringing':
      return { kind: 'over' };
    case 'refused':
      return { kind: found.status === 481 ? 'unknown' : 'over' };
  }
};

const keyOf = ({ callId, localTag, remoteTag }: DialogName): string => `${callId}\n${localTag}\n${remoteTag}`;
