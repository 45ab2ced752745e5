/** Every confirmed dialog of this app by Call-ID and tags, so that Replaces finds the one it means (RFC 3891). */
import { BoundedMap } from '../../base/bounded-map';
import type { ReplacedDialog } from '../ports';
import type { Replaces } from '../sip/headers/replaces';

/** Of so many that have ended last it is still known that they were here. */
const REMEMBERED = 1_000;

export interface DialogName {
  readonly callId: string;
  readonly localTag: string;
  readonly remoteTag: string;
}

export type FoundDialog =
  | { readonly outcome: 'found'; readonly dialogId: string }
  /** With the status that refuses the INVITE. */
  | { readonly outcome: 'refused'; readonly status: 481 | 486 | 603 };

export class DialogBook {
  private readonly open = new Map<string, string>();
  private readonly ended = new BoundedMap<string, true>(REMEMBERED);

  add(name: DialogName, dialogId: string): void {
    this.open.set(keyOf(name), dialogId);
  }

  remove(name: DialogName): void {
    const key = keyOf(name);
    if (this.open.delete(key)) this.ended.set(key, true);
  }

  /**
   * RFC 3891, section 3: the to-tag is ours. 481 when there is no such dialog, 603 when it has ended, 486 when only one
   * that is not answered yet is meant.
   */
  find({ callId, toTag, fromTag, earlyOnly }: Replaces): FoundDialog {
    const key = keyOf({ callId, localTag: toTag, remoteTag: fromTag });
    const dialogId = this.open.get(key);
    if (dialogId === undefined) return { outcome: 'refused', status: this.ended.has(key) ? 603 : 481 };
    return earlyOnly ? { outcome: 'refused', status: 486 } : { outcome: 'found', dialogId };
  }
}

/** What a Replaces that somebody else is to send would mean here. */
export const meaningOf = (found: FoundDialog): ReplacedDialog => {
  if (found.outcome === 'found') return { kind: 'running', dialogId: found.dialogId };
  return { kind: found.status === 481 ? 'unknown' : 'over' };
};

const keyOf = ({ callId, localTag, remoteTag }: DialogName): string => `${callId}\n${localTag}\n${remoteTag}`;
