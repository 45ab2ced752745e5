/** The sound files: `prompts/<language>/<name>.wav` and `music/<name>.wav`, read once for each codec. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../../base/errors';
import { fail, ok } from '../../base/result';
import type { Result } from '../../base/result';
import { CODEC_FACTS } from '../codec/codecs';
import type { AudioCodec, PlaySource } from '../ports';
import { resample } from '../wav/resample';
import { monoSamples, readWav } from '../wav/wav-reader';
import { recordBeep } from './record-beep';
import { ringBackTone } from './ring-back';
import { silenceOf, soundOf } from './sound';
import type { Sound } from './sound';

/** About ten minutes of CD sound. */
const MAX_FILE_BYTES = 100 * 1024 * 1024;
/** Of G.711 and of G.722. */
const FRAME_BYTES = 160;
/** Samples and frames kept in memory, in bytes: three quarters of an hour of G.711. */
const DEFAULT_CACHE_BYTES = 64 * 1024 * 1024;
const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/;

interface CachedSound {
  readonly sound: Promise<Result<Sound>>;
  /** Zero as long as it loads. */
  bytes: number;
}

export interface SoundLibraryOptions {
  readonly dir: string;
  readonly cacheBytes?: number;
}

export class SoundLibrary {
  /** In the order of their last use. */
  private readonly cache = new Map<string, CachedSound>();
  private cachedBytes = 0;

  constructor(private readonly options: SoundLibraryOptions) {}

  /**
   * The sound of a source. Fails with `bad_input` for names that are none and for broken files, with `not_found` for
   * a missing file, which is named.
   */
  async load(source: PlaySource, codec: AudioCodec): Promise<Result<Sound>> {
    if (source.kind === 'ring-back') return ok(soundOf(ringBackTone(source.country), codec, 8000));
    if (source.kind === 'beep') return ok(soundOf(recordBeep(), codec, 8000));
    if (source.kind === 'silence') return ok(silenceOf(source.durationMs, codec));
    const path = pathOf(source);
    if (!path.ok) return path;
    const key = `${codec}:${path.value}`;
    const entry = this.cache.get(key) ?? this.read(key, path.value, codec);
    this.cache.delete(key);
    this.cache.set(key, entry);
    return entry.sound;
  }

  private read(key: string, path: string, codec: AudioCodec): CachedSound {
    const sound = readSound(join(this.options.dir, path), path, codec);
    const entry: CachedSound = { sound: sound.then(({ result }) => result), bytes: 0 };
    void sound.then(({ result, bytes }) => {
      // A file that is put there later must be found then.
      if (!result.ok) return this.cache.delete(key);
      entry.bytes = bytes;
      this.cachedBytes += bytes;
      return this.evict();
    });
    return entry;
  }

  private evict(): void {
    const limit = this.options.cacheBytes ?? DEFAULT_CACHE_BYTES;
    for (const [key, { bytes }] of this.cache) {
      if (this.cachedBytes <= limit || this.cache.size === 1) return;
      if (bytes === 0) continue;
      this.cachedBytes -= bytes;
      this.cache.delete(key);
    }
  }
}

function pathOf(source: Extract<PlaySource, { name: string }>): Result<string> {
  const folder = source.kind === 'prompt' ? source.language : undefined;
  const bad = [source.name, ...(folder === undefined ? [] : [folder])].find((part) => !NAME.test(part));
  if (bad !== undefined)
    return fail('bad_input', `"${bad}" is no name of a sound; letters, digits, "-" and "_" make one`);
  return ok(folder === undefined ? join('music', `${source.name}.wav`) : join('prompts', folder, `${source.name}.wav`));
}

interface ReadSound {
  readonly result: Result<Sound>;
  readonly bytes: number;
}

async function readSound(file: string, shownPath: string, codec: AudioCodec): Promise<ReadSound> {
  const failed = (result: ReturnType<typeof fail>): ReadSound => ({ result, bytes: 0 });
  try {
    const { size } = await stat(file);
    if (size > MAX_FILE_BYTES) return failed(fail('bad_input', `the sound file ${shownPath} has more than 100 MB`));
    const wav = readWav(await readFile(file));
    if (!wav.ok) return failed(fail(wav.fault.code, `${shownPath}: ${wav.fault.message}`));
    const rateHz = wav.value.sampleRateHz === 8000 ? 8000 : CODEC_FACTS[codec].sampleRateHz;
    const samples = resample(monoSamples(wav.value), wav.value.sampleRateHz, rateHz);
    const sound = soundOf(samples, codec, rateHz);
    return { result: ok(sound), bytes: samples.byteLength + sound.frameCount * FRAME_BYTES };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      return failed(fail('not_found', `there is no sound file ${shownPath} in the sounds folder`));
    return failed(fail('unavailable', `the sound file ${shownPath} cannot be read: ${messageOf(error)}`, error));
  }
}
