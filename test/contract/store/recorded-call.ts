/** A call that was recorded, with its sealed file. */
import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { newId } from '../../../base/ids';
import type { InteractionId, RecordingId } from '../../../base/ids';
import { ChunkSealer, sealedHeader } from '../../../base/sealed-file';
import type { SecretBox } from '../../../base/secret-box';
import type { Store } from '../../../store/connect';
import type { Interaction } from '../../../store/interaction';

export interface Made {
  readonly interaction: Interaction;
  readonly recordingId: RecordingId;
  readonly key: string;
}

export interface Recorded {
  readonly store: Store;
  /** The folder of recordings. */
  readonly home: string;
  readonly box: SecretBox;
  readonly startedAtMs: number;
  readonly change?: Partial<Interaction>;
  readonly retentionDays?: number | undefined;
  readonly isMessage?: boolean | undefined;
}

export const recordedCall = async (of: Recorded): Promise<Made> => {
  const { store, home, box, startedAtMs, change, retentionDays, isMessage } = of;
  const interactionId = newId<InteractionId>();
  const recordingId = newId<RecordingId>();
  const path = `2026-01-01/${interactionId}-1.wav`;
  const interaction: Interaction = {
    _id: interactionId,
    channel: 'voice',
    direction: 'inbound',
    startedAtMs,
    endedAtMs: startedAtMs + 60_000,
    caller: { number: '+4930123456' },
    called: { number: '4000' },
    digits: [],
    segments: [],
    parties: [],
    recordings: [
      {
        ...{ n: 1, recordingId, path, startedAtMs, durationMs: 55_000, sizeBytes: 9058 },
        ...(retentionDays !== undefined && { retentionDays }),
        ...(isMessage !== undefined && { isMessage }),
        channels: ['caller', 'agent'],
      },
    ],
    ...change,
  };
  const key = `${path}.sealed`;
  await mkdir(dirname(join(home, key)), { recursive: true });
  const dataKey = randomBytes(32);
  const label = `recordings/${recordingId}`;
  const header = { label, wrappedKey: box.seal(dataKey.toString('base64'), label) };
  const sealer = new ChunkSealer(dataKey, header);
  const body = [sealer.append(Buffer.from(recordingId.repeat(250))), sealer.end()];
  await writeFile(join(home, key), Buffer.concat([sealedHeader(header), ...body]));
  await store.interactions.save(interaction);
  await store.recordings.observe(interaction);
  return { interaction, recordingId, key };
};
