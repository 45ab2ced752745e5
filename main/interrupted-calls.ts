/** Calls that were open when the app ended without saying so, and do not go on, are closed in the history, with a clear outcome. */
import type { Logger } from '../base/log';
import type { Interaction, RecordingEntry } from '../store/interaction';
import type { Store } from '../store/connect';
import type { RecordingFiles } from '../api/ports';
import type { RecordingHouse } from './recordings/recording-house';
import { measureRecording } from './recording-size';

export interface InterruptedCallsDeps {
  readonly store: Pick<Store, 'interactions'>;
  /** Those that were open when the app ended, and do not go on. */
  readonly interactions: readonly Interaction[];
  /** The app's last sign of life before this start. */
  readonly lastAliveMs: number | undefined;
  readonly recordings: Pick<RecordingHouse, 'library' | 'saved'>;
  readonly log: Logger;
}

export const closeInterruptedCalls = async (deps: InterruptedCallsDeps): Promise<void> => {
  const { store, recordings: house, lastAliveMs, log } = deps;
  for (const interaction of deps.interactions) {
    const recordings = await Promise.all(interaction.recordings.map((entry) => measured(house.library, entry)));
    const ended = closed({ ...interaction, recordings }, lastAliveMs);
    await store.interactions.save(ended);
    await house.saved(ended);
    log.warn({ interactionId: interaction._id }, 'a call that was interrupted is closed in the history');
  }
};

/** The last moment of which there is a trace: the app's last sign of life, if nothing later was written. */
const lastTraceMs = (interaction: Interaction, lastAliveMs: number | undefined): number =>
  Math.max(
    interaction.startedAtMs,
    interaction.endedAtMs === undefined ? (lastAliveMs ?? 0) : interaction.endedAtMs,
    ...interaction.segments.map((segment) => segment.endedAtMs ?? segment.startedAtMs),
    ...interaction.recordings.map((recording) => recording.startedAtMs + recording.durationMs),
  );

const closed = (interaction: Interaction, lastAliveMs: number | undefined): Interaction => {
  const endedAtMs = lastTraceMs(interaction, lastAliveMs);
  return {
    ...interaction,
    endedAtMs: interaction.endedAtMs ?? endedAtMs,
    outcome: interaction.outcome ?? { result: 'failed', reason: 'app-interrupted', party: 'system' },
    segments: interaction.segments.map((segment) => ({ ...segment, endedAtMs: segment.endedAtMs ?? endedAtMs })),
    parties: interaction.parties.map((party) => ({ ...party, leftAtMs: party.leftAtMs ?? endedAtMs })),
  };
};

/** How long a recording is that nobody stopped is what its file says. */
const measured = async (files: RecordingFiles, entry: RecordingEntry): Promise<RecordingEntry> => {
  if (entry.durationMs > 0) return entry;
  return { ...entry, ...(await measureRecording(files, entry.path)) };
};
