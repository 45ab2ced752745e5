/** How texts are said, as configured. */
import type { Clock } from '../../base/clock';
import type { SpeechEngine } from './engine';
import { EspeakEngine } from './espeak-engine';
import { HttpEngine } from './http-engine';
import { Speech } from './speech';
import { SpeechCache } from './speech-cache';

export interface SpeechSettings {
  readonly engine: 'espeak' | 'http' | 'none';
  /** The engine's voices by language, instead of its own choice. */
  readonly voices: Readonly<Record<string, string>>;
  readonly http: {
    readonly url?: string | undefined;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string | undefined;
    readonly timeoutMs: number;
  };
  readonly cacheMegabytes: number;
}

/** Undefined when nothing is to be said by an engine. */
export async function openSpeech(
  settings: SpeechSettings,
  { cacheDir, clock }: { readonly cacheDir: string; readonly clock: Clock },
): Promise<Speech | undefined> {
  const engine = await engineOf(settings, clock);
  if (!engine) return undefined;
  const cache = new SpeechCache({ dir: cacheDir, maxBytes: settings.cacheMegabytes * 1024 * 1024, clock });
  return new Speech({ engine, cache });
}

async function engineOf(settings: SpeechSettings, clock: Clock): Promise<SpeechEngine | undefined> {
  const { engine, voices, http } = settings;
  if (engine === 'espeak') return EspeakEngine.open({ clock, voices });
  if (engine === 'none' || http.url === undefined) return undefined;
  return new HttpEngine({ ...http, url: http.url, clock, voices });
}
