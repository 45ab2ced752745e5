/** Holds the recordings of one call against what was said: who is on which channel when, silence, and the length. */
import type { InteractionView } from '../../../api/contract/rest';
import { channelSamples, frameCount, readWav } from '../../../media/wav/wav-reader';
import type { WavFile } from '../../../media/wav/wav-reader';
import type { Product } from '../../support/product';
import type { Starvation } from '../watch/starvation';
import { WINDOW_SAMPLES } from '../sound/voices';
import type { Voices } from '../sound/voices';

/** A stretch of time in which nothing changed, in milliseconds since 1970. */
export interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
  /** The voices on both channels. */
  readonly channels: readonly [readonly string[], readonly string[]];
}

/** What is heard now was recorded a little before, or after: nothing is looked at so close to a change. */
const MARGIN_MS = 500;
const STEP_MS = 400;
/** A place in the file may be disturbed by concealment; of a stretch so many must be right. */
const SHARE_RIGHT = 0.7;
const LENGTH_TOLERANCE_MS = 1_500;
const SAMPLES_PER_MS = 8;

type RecordingView = InteractionView['recordings'][number];

export interface RecordingCheck {
  readonly product: Product;
  readonly voices: Voices;
  readonly starvation: Pick<Starvation, 'within'>;
  readonly interaction: InteractionView;
  /** When each recording should have begun and ended. */
  readonly spans: readonly { readonly fromMs: number; readonly toMs: number }[];
  readonly stretches: readonly Stretch[];
}

export interface CheckedRecordings {
  readonly faults: readonly string[];
  readonly recordedMs: number;
}

export async function checkRecordings(check: RecordingCheck): Promise<CheckedRecordings> {
  const { interaction, spans } = check;
  const { recordings } = interaction;
  if (recordings.length !== spans.length)
    return { faults: [`there are ${recordings.length} recordings instead of ${spans.length}`], recordedMs: 0 };
  const faults: string[] = [];
  for (const [index, recording] of recordings.entries()) {
    const span = spans[index];
    const found = await checkOne(check, recording);
    faults.push(...found);
    const spanMs = span ? span.toMs - span.fromMs : 0;
    if (Math.abs(recording.durationMs - spanMs) > LENGTH_TOLERANCE_MS)
      faults.push(`recording ${recording.n} is ${recording.durationMs} ms long instead of ${Math.round(spanMs)}`);
  }
  return { faults, recordedMs: recordings.reduce((sum, { durationMs }) => sum + durationMs, 0) };
}

async function checkOne(check: RecordingCheck, recording: RecordingView): Promise<string[]> {
  const { product, interaction } = check;
  const { n, durationMs, startedAtMs } = recording;
  const response = await product.get(`/api/v1/interactions/${interaction.id}/recordings/${n}`);
  if (!response.ok) return [`recording ${n} cannot be had: ${response.status}`];
  const wav = readWav(Buffer.from(await response.arrayBuffer()));
  if (!wav.ok) return [`recording ${n} cannot be played: ${wav.fault.message}`];
  const playsMs = frameCount(wav.value) / SAMPLES_PER_MS;
  const faults =
    Math.abs(playsMs - durationMs) > 200 ? [`recording ${n} says ${durationMs} ms and plays ${playsMs}`] : [];
  const within = check.stretches.filter(
    ({ fromMs, toMs }) =>
      fromMs >= startedAtMs &&
      toMs <= startedAtMs + playsMs &&
      !check.starvation.within(fromMs - MARGIN_MS, toMs + MARGIN_MS),
  );
  return [...faults, ...within.flatMap((stretch) => checkStretch(check, { wav: wav.value, recording, stretch }))];
}

function checkStretch(
  { voices }: RecordingCheck,
  { wav, recording, stretch }: { wav: WavFile; recording: RecordingView; stretch: Stretch },
): string[] {
  const faults: string[] = [];
  for (const channel of [0, 1] as const) {
    const samples = channelSamples(wav, channel);
    const names = stretch.channels[channel];
    const expected = [...names].sort().join(' and ');
    const found: string[] = [];
    for (let atMs = stretch.fromMs + MARGIN_MS; atMs < stretch.toMs - MARGIN_MS; atMs += STEP_MS) {
      const from = Math.round((atMs - recording.startedAtMs) * SAMPLES_PER_MS);
      const window = samples.subarray(from, from + WINDOW_SAMPLES);
      found.push(voices.areSurely(names, window) ? expected : voices.in(window).heard.join(' and '));
    }
    const right = found.filter((heard) => heard === expected).length;
    if (right < found.length * SHARE_RIGHT) {
      const second = ((stretch.fromMs - recording.startedAtMs) / 1000).toFixed(1);
      const wrong = found.map((heard) => (heard === expected ? 'right' : heard || 'nobody')).join(', ');
      faults.push(
        `recording ${recording.n}, channel ${channel}, every ${STEP_MS} ms from second ${second} on should hold ${expected || 'silence'}, and holds: ${wrong}`,
      );
    }
  }
  return faults;
}
