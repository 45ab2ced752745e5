/** What subscribers are told about an extension. Whoever stands above fills it in. */

import type { DialogName } from '../ports';

/** A call in which the extension takes part. */
export interface ExtensionCall {
  /** The same from the first ring to the end. */
  readonly id: string;
  /** Whether the extension called or was called. */
  readonly direction: 'initiator' | 'recipient';
  /** `early`: it rings. */
  readonly state: 'early' | 'confirmed';
  readonly remote: { readonly number: string; readonly displayName?: string | undefined };
  /** As the extension's own telephones name it, for those who are to take its place: several while several of them ring. */
  readonly dialogs?: readonly DialogName[];
}

export interface ExtensionState {
  /** Its telephone is registered, and somebody is signed in at it if it is an agent's. */
  readonly reachable: boolean;
  readonly calls: readonly ExtensionCall[];
}

/** RFC 3842, section 5.2. */
export interface WaitingMessages {
  readonly newMessages: number;
  readonly oldMessages: number;
  readonly newUrgentMessages: number;
  readonly oldUrgentMessages: number;
}

/** Undefined for an extension that nobody has. */
export interface StateSource {
  stateOf(extension: string): ExtensionState | undefined;
  messagesOf(extension: string): WaitingMessages | undefined;
}
