/**
 * The prompts and the music of the center: checked and levelled when they come, kept with their versions, removed only
 * when no flow would miss them.
 */
import type { Clock } from '../base/clock';
import { messageOf } from '../base/errors';
import { fail, ok } from '../base/result';
import type { Result } from '../base/result';
import { KeyedSerialQueue } from '../base/serial-queue';
import type { SoundAdministration, SoundOrigin, SoundView } from '../api/ports';
import { soundPathSchema } from '../api/contract/sounds';
import type { PromptKeeper } from '../calls/record-prompt';
import type { FlowDocument } from '../flows/document';
import { checkSound, levelled, trimmed } from '../media/wav/check-sound';
import type { SoundFacts } from '../media/wav/check-sound';
import { readSound } from '../media/wav/read-sound';
import { pcm16Bytes, writeWav } from '../media/wav/wav-header';
import type { SettingsStore } from '../store/settings';
import type { SoundVersion, StoredSound } from '../store/sounds';
import { PromptFiles } from './prompt-files';
import { flowsWith } from './prompt-use';

/** Wide-band telephony has no more. */
const MAX_RATE_HZ = 16_000;
const MAX_MINUTES = 15;
const MAX_VERSIONS = 20;
/** A recording made by a person begins and ends with a moment of silence. */
const KEPT_SILENCE_MS = 150;

export interface PromptBookOptions {
  readonly store: SettingsStore<StoredSound>;
  readonly builtInDir: string;
  readonly ownDir: string;
  /** Those that are installed now. */
  readonly flows: () => Iterable<FlowDocument>;
  readonly clock: Clock;
}

export class PromptBook implements SoundAdministration, PromptKeeper {
  private readonly files: PromptFiles;
  private readonly serial = new KeyedSerialQueue<string>();
  /** One sound after the other: each takes some ten megabytes while it is checked. */
  private readonly conversions = new KeyedSerialQueue<'one'>();

  constructor(private readonly options: PromptBookOptions) {
    this.files = new PromptFiles(options.ownDir, options.builtInDir);
  }

  async list(): Promise<SoundView[]> {
    const own = new Map((await this.options.store.list()).map((sound) => [sound._id, sound]));
    const paths = new Set([...(await this.files.builtIn()), ...own.keys()]);
    return Promise.all([...paths].sort().map((path) => this.view(path, own.get(path))));
  }

  async get(path: string): Promise<SoundView | undefined> {
    const own = await this.options.store.get(path);
    if (!own && !(await this.files.isBuiltIn(path))) return undefined;
    return this.view(path, own);
  }

  read(path: string, version?: number): Promise<Buffer | undefined> {
    return this.files.read(path, version);
  }

  /** One change after the other, for each sound. */
  put(path: string, wav: Buffer, origin: SoundOrigin): Promise<Result<SoundView>> {
    return this.serial.run(path, () => this.save(path, wav, origin));
  }

  use(path: string, version: number): Promise<Result<SoundView>> {
    return this.serial.run(path, async () => {
      const own = await this.options.store.get(path);
      if (!own?.versions.some(({ n }) => n === version))
        return fail('not_found', `There is no version ${version} of ${path}.`);
      await this.files.use(path, version);
      const changed = { ...own, current: version };
      await this.options.store.save(changed);
      return ok(await this.view(path, changed));
    });
  }

  remove(path: string): Promise<Result<void>> {
    return this.serial.run(path, async () => {
      if (!(await this.options.store.get(path))) return fail('not_found', `There is no sound ${path} of the center's.`);
      const users = flowsWith(path, this.options.flows());
      if (users.length > 0 && !(await this.files.isBuiltIn(path)))
        return fail('conflict', `${path} is used by the flow ${users.join(', ')}; take it out there first.`);
      await this.options.store.remove(path);
      await this.files.remove(path);
      return ok(undefined);
    });
  }

  /** At the start, when no call is there yet: what a crash has left has nobody who could keep or drop it. */
  clearTakes(): Promise<number> {
    return this.files.clearTakes();
  }

  async keepTake(
    take: { readonly path: string; readonly by: string },
    prompt: { readonly language: string; readonly name: string },
  ): Promise<Result<void>> {
    const path = soundPathSchema.safeParse(`prompts/${prompt.language}/${prompt.name}`);
    if (!path.success) return fail('bad_input', `"${prompt.language}/${prompt.name}" is no name of a prompt.`);
    const wav = await this.files.readTake(take.path);
    if (!wav) return fail('not_found', 'The recording is not there any more.');
    const kept = await this.put(path.data, wav, { by: take.by, source: 'phone' });
    return kept.ok ? ok(undefined) : kept;
  }

  private async save(path: string, wav: Buffer, { by, source }: SoundOrigin): Promise<Result<SoundView>> {
    const checked = await this.conversions.run('one', () => converted(wav, source));
    if (!checked.ok) return checked;
    const { facts, file } = checked.value;
    const own = (await this.options.store.get(path)) ?? { _id: path, current: 0, versions: [] };
    const n = (own.versions.at(-1)?.n ?? 0) + 1;
    const version: SoundVersion = { n, atMs: this.options.clock.nowMs(), by, source, ...facts };
    try {
      await this.files.save(path, n, file);
    } catch (error) {
      return fail('unavailable', `The sound could not be written: ${messageOf(error)}`, error);
    }
    const changed = { ...own, current: n, versions: [...own.versions, version] };
    for (const old of changed.versions.splice(0, changed.versions.length - MAX_VERSIONS))
      await this.files.dropVersion(path, old.n);
    await this.options.store.save(changed);
    return ok(await this.view(path, changed));
  }

  private async view(path: string, own: StoredSound | undefined): Promise<SoundView> {
    const current = own?.versions.find(({ n }) => n === own.current);
    return {
      path,
      builtIn: await this.files.isBuiltIn(path),
      current: own?.current,
      versions: own?.versions ?? [],
      warnings: current ? warningsOf(current) : [],
      flows: flowsWith(path, this.options.flows()),
    };
  }
}

/** As callers are to hear it, and what is to be known of it. Fails with `bad_input` and `unsupported`. */
const converted = async (
  wav: Buffer,
  source: SoundOrigin['source'],
): Promise<Result<{ readonly facts: SoundFacts; readonly file: Buffer }>> => {
  const sound = await readSound(wav, (fileHz) => Math.min(fileHz, MAX_RATE_HZ), MAX_MINUTES);
  if (!sound.ok) return sound;
  const cut = source === 'upload' ? sound.value : await trimmed(sound.value, KEPT_SILENCE_MS);
  const facts = await checkSound(cut);
  if (!facts.ok) return facts;
  const format = { encoding: 'pcm16', channels: 1, sampleRateHz: cut.sampleRateHz } as const;
  return ok({ facts: facts.value, file: writeWav(format, pcm16Bytes(await levelled(cut))) });
};

const QUIET_LUFS = -40;
const LONG_EDGE_MS = 1000;
const LONG_SILENCE_MS = 3000;
const CLIPPED_DBFS = -0.1;

/** What callers may stumble over. */
const warningsOf = (version: SoundVersion): SoundView['warnings'] => [
  ...(version.loudnessLufs < QUIET_LUFS ? (['quiet'] as const) : []),
  ...(version.peakDbfs > CLIPPED_DBFS ? (['clipped'] as const) : []),
  ...(version.leadingSilenceMs > LONG_EDGE_MS || version.trailingSilenceMs > LONG_EDGE_MS
    ? (['silent-edges'] as const)
    : []),
  ...(version.longestSilenceMs > LONG_SILENCE_MS ? (['silent-within'] as const) : []),
];
