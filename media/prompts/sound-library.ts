/**
 * Everything that can be played, as frames of a codec: files are read once for each codec and volume, and kept as long as
 * there is room.
 */
import { readFile } from 'node:fs/promises';
import { messageOf } from '../../base/errors';
import { fail, ok } from '../../base/result';
import type { Result } from '../../base/result';
import { CODEC_FACTS } from '../codec/codecs';
import type { AudioCodec, MusicStream, PlaySource } from '../ports';
import type { Speech } from '../speech/speech';
import { levelled, withGain } from '../wav/check-sound';
import { atRate, readSound } from '../wav/read-sound';
import type { PlainSound } from '../wav/read-sound';
import { recordBeep } from './record-beep';
import { EncodedSound, repeated, silenceOf } from './sound';
import type { Sound } from './sound';
import { SoundFiles } from './sound-files';
import type { SoundFile } from './sound-files';
import type { LiveStream, StreamNotice } from '../streams/live-stream';
import type { LiveStreams } from '../streams/live-streams';
import { StreamedMusic } from '../streams/streamed-music';
import { toneOf, toneSamples } from './tones';
import { Track } from './track';

/** Samples and frames kept in memory, in bytes: three quarters of an hour of G.711. */
const DEFAULT_CACHE_BYTES = 64 * 1024 * 1024;
/** Of G.711 and of G.722, the largest; Opus has less. */
const FRAME_BYTES = 160;

/** What sounds are made for. */
export interface SoundForm {
  readonly codec: AudioCodec;
  /** Volume in dB; one that is wanted by few plays is made for them alone. */
  readonly gainDb: number;
}

/** Loads a sound when its turn comes. */
export type Loader = () => Promise<Result<Sound>>;

interface CachedSound {
  readonly sound: Promise<Result<Sound>>;
  /** Zero as long as it loads. */
  bytes: number;
}

export interface SoundLibraryOptions {
  readonly dir: string;
  /** The center's own sounds; what is there takes the place of the product's. */
  readonly ownDir?: string | undefined;
  readonly speech?: Speech | undefined;
  /** Without it music streams are not heard, but what is played while they are away. */
  readonly streams?: LiveStreams | undefined;
  readonly cacheBytes?: number;
}

export class SoundLibrary {
  /** In the order of their last use. */
  private readonly cache = new Map<string, CachedSound>();
  private readonly files: SoundFiles;
  private cachedBytes = 0;

  constructor(private readonly options: SoundLibraryOptions) {
    const { dir, ownDir } = options;
    this.files = new SoundFiles(ownDir === undefined ? [dir] : [ownDir, dir]);
  }

  /** Tells of music streams that are lost for long, and found again. */
  onStream(listener: (notice: StreamNotice) => void): void {
    this.options.streams?.onNotice(listener);
  }

  /** Ends the connections to music streams. Idempotent. */
  close(): void {
    this.options.streams?.close();
  }

  /**
   * The sounds of a source, one after the other; of music in a folder all but the first are loaded in their turn. Fails
   * with `bad_input` for names that are none and for broken files, with `not_found` for a missing file, which is named,
   * and with `internal` when the disk or the speech engine fails.
   */
  async load(source: PlaySource, form: SoundForm): Promise<Result<readonly (Sound | Loader)[]>> {
    const loaders = await this.loadersOf(source, form);
    if (!loaders.ok) return ofSound(loaders);
    const isLong = source.kind === 'music';
    const sounds: (Sound | Loader)[] = [];
    for (const load of loaders.value) {
      const sound = isLong && sounds.length > 0 ? load : await load();
      if (typeof sound === 'function') sounds.push(sound);
      else if (sound.ok) sounds.push(sound.value);
      else return ofSound(sound);
    }
    return ok(sounds);
  }

  private async loadersOf(source: PlaySource, form: SoundForm): Promise<Result<readonly Loader[]>> {
    switch (source.kind) {
      case 'ring-back':
        return ok([this.tone('ring-back', source.country, form)]);
      case 'tone':
        return ok([lasting(this.tone(source.tone, source.country, form), source.durationMs)]);
      case 'beep':
        return ok([this.beep(form)]);
      case 'silence':
        return ok([() => Promise.resolve(ok(silenceOf(source.durationMs, form.codec)))]);
      case 'prompt':
        return mapped(await this.files.prompt(source.language, source.name), (file) => [this.fromFile(file, form)]);
      case 'take':
        return mapped(await this.files.take(source.takeId), (file) => [this.fromFile(file, form)]);
      case 'music':
        return source.stream ? this.streamed(source, source.stream, form) : this.music(source, form);
      case 'speech':
        return ok([this.spoken(source, form)]);
      case 'phrase':
        return this.phrase(source, form);
    }
  }

  private async music(
    { name, language }: Extract<PlaySource, { kind: 'music' }>,
    form: SoundForm,
  ): Promise<Result<readonly Loader[]>> {
    return mapped(await this.files.music(name, language), (files) => files.map((file) => this.fromFile(file, form)));
  }

  /** With music of that name to hear while the stream is away, or else the center's usual one. */
  private async streamed(
    source: Extract<PlaySource, { kind: 'music' }>,
    { url, gainDb = 0 }: MusicStream,
    form: SoundForm,
  ): Promise<Result<readonly Loader[]>> {
    const own = await this.music(source, form);
    const meanwhile = own.ok ? own : await this.music({ ...source, name: 'default' }, form);
    const find = (): Result<LiveStream> =>
      this.options.streams?.at(url) ?? fail('unsupported', 'there are no streams here');
    const stream = find();
    if (!stream.ok) return meanwhile.ok ? meanwhile : stream;
    const live = { ...form, gainDb: form.gainDb + gainDb };
    return ok([
      () =>
        Promise.resolve(ok(new StreamedMusic(find, live, meanwhile.ok ? new Track(meanwhile.value, true) : undefined))),
    ]);
  }

  /** Recorded pieces, or one voice for all of it: a sentence of two voices is hard to follow. */
  private async phrase(
    source: Extract<PlaySource, { kind: 'phrase' }>,
    form: SoundForm,
  ): Promise<Result<readonly Loader[]>> {
    const { language, pieces, text } = source;
    const files: SoundFile[] = [];
    for (const piece of pieces) {
      const file = await this.files.prompt(language, piece);
      if (file.ok) files.push(file.value);
    }
    const isRecorded = files.length > 0 && files.length === pieces.length;
    return ok(isRecorded ? files.map((file) => this.fromFile(file, form)) : [this.spoken({ text, language }, form)]);
  }

  private tone(name: Parameters<typeof toneOf>[0], country: string | undefined, form: SoundForm): Loader {
    return () =>
      this.cached(`tone:${name}:${country}`, form, () => {
        const { sampleRateHz } = CODEC_FACTS[form.codec];
        return Promise.resolve(ok({ samples: toneSamples(toneOf(name, country), sampleRateHz), sampleRateHz }));
      });
  }

  private beep(form: SoundForm): Loader {
    return () =>
      this.cached('beep', form, () => {
        const { sampleRateHz } = CODEC_FACTS[form.codec];
        return Promise.resolve(ok({ samples: recordBeep(sampleRateHz), sampleRateHz }));
      });
  }

  private fromFile({ file, shownPath, version }: SoundFile, form: SoundForm): Loader {
    return () =>
      this.cached(`file:${file}:${version}`, form, async () => {
        try {
          const sound = await readSound(await readFile(file), () => CODEC_FACTS[form.codec].sampleRateHz);
          return sound.ok ? sound : fail(sound.fault.code, `${shownPath}: ${sound.fault.message}`);
        } catch (error) {
          return fail('unavailable', `the sound file ${shownPath} cannot be read: ${messageOf(error)}`, error);
        }
      });
  }

  private spoken(what: Parameters<Speech['say']>[0], form: SoundForm): Loader {
    const { speech } = this.options;
    if (!speech) return () => Promise.resolve(fail('unsupported', 'there is no speech engine here'));
    return () =>
      this.cached(`speech:${speech.keyOf(what)}`, form, async () => {
        const wav = await speech.say(what);
        if (!wav.ok) return wav;
        const own = await readSound(wav.value, (fileHz) => fileHz);
        if (!own.ok) return fail('unavailable', `the speech engine gave no usable sound: ${own.fault.message}`);
        const { sampleRateHz } = CODEC_FACTS[form.codec];
        return ok({
          samples: await atRate(await levelled(own.value), own.value.sampleRateHz, sampleRateHz),
          sampleRateHz,
        });
      });
  }

  private cached(
    identity: string,
    { codec, gainDb }: SoundForm,
    read: () => Promise<Result<PlainSound>>,
  ): Promise<Result<Sound>> {
    const key = `${codec}:${gainDb}:${identity}`;
    const entry = this.cache.get(key) ?? this.keep(key, { codec, gainDb }, read());
    this.cache.delete(key);
    this.cache.set(key, entry);
    return entry.sound;
  }

  private keep(key: string, { codec, gainDb }: SoundForm, reading: Promise<Result<PlainSound>>): CachedSound {
    const entry: CachedSound = {
      sound: reading.then(async (plain) =>
        plain.ok ? ok(new EncodedSound(await withGain(plain.value.samples, gainDb), codec)) : plain,
      ),
      bytes: 0,
    };
    void Promise.all([reading, entry.sound]).then(([plain, sound]) => {
      // A file that is put there later must be found then, and an engine may be well again.
      if (!plain.ok || !sound.ok) return this.cache.delete(key);
      entry.bytes = plain.value.samples.byteLength + sound.value.frameCount * FRAME_BYTES;
      this.cachedBytes += entry.bytes;
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

/** As long as that, again and again; once through without a time. */
const lasting =
  (load: Loader, durationMs: number | undefined): Loader =>
  async () => {
    const sound = await load();
    return sound.ok && durationMs !== undefined ? ok(repeated(sound.value, durationMs)) : sound;
  };

/** `unavailable` says of a media process that it is gone: a sound or an engine that fails is another matter. */
const ofSound = ({ fault }: ReturnType<typeof fail>): ReturnType<typeof fail> =>
  fail(fault.code === 'unavailable' || fault.code === 'timeout' ? 'internal' : fault.code, fault.message, fault.cause);

const mapped = <From, To>(result: Result<From>, to: (value: From) => To): Result<To> =>
  result.ok ? ok(to(result.value)) : result;
