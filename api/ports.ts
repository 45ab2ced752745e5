/** What the api needs from the rooms below and from outside; `main` passes the real ones in. */
import type { Result } from '../base/result';
import type { Interaction, Outcome } from '../store/interaction';
import type { Role } from './contract/common';

/** A user as far as signing in needs one. */
export interface UserAccount {
  readonly userId: string;
  readonly userName: string;
  readonly displayName: string;
  readonly roles: readonly Role[];
  readonly agent?: { readonly agentId: string; readonly extension: string } | undefined;
  /** As `store/password` writes it. */
  readonly passwordHash: string;
  /** A disabled account cannot sign in. */
  readonly disabled: boolean;
}

export interface UserDirectory {
  /** The user of this name, which is compared without regard to case. */
  findByUserName(userName: string): Promise<UserAccount | undefined>;
}

/** Memory-hard password hashes. */
export interface PasswordHasher {
  hash(password: string): Promise<string>;
  verify(password: string, hash: string): Promise<boolean>;
}

/** What the history is filtered by; see `interactionQuerySchema`. */
export interface InteractionFilter {
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  readonly agentId?: string | undefined;
  readonly queueId?: string | undefined;
  readonly number?: string | undefined;
  readonly result?: Outcome['result'] | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface InteractionReader {
  /** Newest first. Fails with `bad_input` when the cursor is none of ours. */
  list(
    filter: InteractionFilter,
  ): Promise<Result<{ readonly items: Interaction[]; readonly nextCursor?: string | undefined }>>;
  get(interactionId: string): Promise<Interaction | undefined>;
}

export type AuditAction = 'sign-in' | 'sign-in-failed' | 'sign-in-limited' | 'sign-out' | 'recording-read';

export interface AuditEntry {
  readonly atMs: number;
  readonly action: AuditAction;
  /** As typed, when it is nobody's. */
  readonly userName: string;
  readonly userId?: string | undefined;
  readonly address: string;
  readonly detail?: Readonly<Record<string, string>> | undefined;
}

export interface AuditWriter {
  write(entry: AuditEntry): Promise<void>;
}

/** The registrar's passwords for browsers. A user has at most one at a time. */
export interface SipCredentials {
  issue(userName: string): Promise<{ password: string }> | { password: string };
  revoke(userName: string): Promise<void> | void;
}

/** An open file of which the length may still grow. */
export interface RecordingFile {
  readonly sizeBytes: number;
  readonly modifiedAtMs: number;
  /** Changes when the file's content does. */
  readonly version: string;
  /** Up to `lengthBytes` bytes from `offsetBytes`; fewer at the file's end. */
  read(offsetBytes: number, lengthBytes: number): Promise<Buffer>;
  close(): Promise<void>;
}

export interface RecordingFiles {
  /** Undefined when there is no such file, or when `path` leads out of the folder. */
  open(path: string): Promise<RecordingFile | undefined>;
}

/** Which parts of the product answer. */
export interface HealthParts {
  readonly edge: boolean;
  readonly media: boolean;
  readonly store: boolean;
}
