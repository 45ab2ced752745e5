/** What the index knows of one recording: who, when and where; and what has become of its file. */
import type { AgentId, InteractionId, QueueId, RecordingId, TrunkId } from '../../base/ids';
import type { Interaction, RecordingEntry } from '../interaction';
import type { StorageKind } from './storage';

/** What its interaction says of it. */
export interface RecordingFacts {
  readonly interactionId: InteractionId;
  readonly n: number;
  /** Relative, without the suffix of a sealed file. */
  readonly path: string;
  readonly startedAtMs: number;
  /** As long as it runs, 0. */
  readonly durationMs: number;
  readonly direction: Interaction['direction'];
  readonly caller: string;
  readonly called: string;
  /** Every agent who is heard in it; where that is not known, who was a party of the call. */
  readonly agentIds: readonly AgentId[];
  /** Agents, extensions and numbers that took part. */
  readonly partyIds: readonly string[];
  readonly queueId?: QueueId | undefined;
  readonly trunkId?: TrunkId | undefined;
  /** Left for a queue, in its mailbox. */
  readonly isMessage?: boolean | undefined;
  /** Left out: as the configuration says. */
  readonly retentionDays?: number | undefined;
  /** It grows no more. */
  readonly ended: boolean;
}

/** `new`: not in the manifest yet. `lost`: its file was not there when it had ended. */
export type RecordingState = 'new' | 'kept' | 'lost' | 'deleted';

export interface LegalHold {
  readonly reason: string;
  readonly byUserName: string;
  readonly atMs: number;
}

/** Who has heard a message, and need not leave it to others. */
export interface MessageHeard {
  readonly byUserName: string;
  readonly atMs: number;
}

/** What was found of its file when it had ended. */
export interface KeptFile {
  readonly storage: StorageKind;
  /** Its name there. */
  readonly key: string;
  /** Of the file as it lies there, sealed or not. */
  readonly fileBytes: number;
  /** In hexadecimal. */
  readonly sha256: string;
}

/** The data key of a sealed recording, as a master key has wrapped it last. */
export interface WrappedKey {
  /** Of the master key. */
  readonly keyId: string;
  readonly wrappedKey: string;
}

export interface StoredRecording extends RecordingFacts, Partial<KeptFile>, Partial<WrappedKey> {
  readonly _id: RecordingId;
  readonly state: RecordingState;
  readonly hold?: LegalHold | undefined;
  /** Of a message. */
  readonly heard?: MessageHeard | undefined;
  /** Its time is over, and its file is being removed. */
  readonly deletingSinceMs?: number | undefined;
  readonly deletedAtMs?: number | undefined;
}

/** The recordings of an interaction, as its document has them now. */
export const factsOf = (interaction: Interaction): (RecordingFacts & { readonly _id: RecordingId })[] =>
  interaction.recordings.map((entry) => ({
    _id: entry.recordingId,
    interactionId: interaction._id,
    n: entry.n,
    path: entry.path,
    startedAtMs: entry.startedAtMs,
    durationMs: entry.durationMs,
    direction: interaction.direction,
    caller: interaction.caller.number,
    called: interaction.called.number,
    agentIds: entry.agentIds ?? agentsOf(interaction),
    partyIds: [...new Set(interaction.parties.map(({ id }) => id))],
    queueId: interaction.queueId,
    trunkId: interaction.trunkId,
    ...(entry.isMessage !== undefined && { isMessage: entry.isMessage }),
    retentionDays: entry.retentionDays,
    ended: hasEnded(interaction, entry),
  }));

const agentsOf = ({ agentId, parties }: Interaction): AgentId[] => {
  const ids = parties.filter(({ role }) => role === 'agent').map(({ id }) => id as AgentId);
  return [...new Set(agentId === undefined ? ids : [agentId, ...ids])];
};

/** How long it is becomes known when it is stopped. */
const hasEnded = ({ endedAtMs }: Interaction, { durationMs }: RecordingEntry): boolean =>
  durationMs > 0 || endedAtMs !== undefined;
