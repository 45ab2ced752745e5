/** Says texts: from the cache, or by the engine, of which a few work at a time and a bounded number waits. */
import { createHash } from 'node:crypto';
import { fail } from '../../base/result';
import type { Result } from '../../base/result';
import type { SpeechEngine, Utterance } from './engine';
import type { SpeechCache } from './speech-cache';

const MAX_TEXT_LENGTH = 2000;
const MAX_AT_ONCE = 2;
const MAX_WAITING = 50;

export interface SpeechOptions {
  readonly engine: SpeechEngine;
  readonly cache: SpeechCache;
}

export class Speech {
  /** What is being said for the first time; others who want the same wait for it. */
  private readonly underWay = new Map<string, Promise<Result<Buffer>>>();
  private readonly waiting: (() => void)[] = [];
  private working = 0;

  constructor(private readonly options: SpeechOptions) {}

  /** The same for the same sound. */
  keyOf({ text, language, voice = '' }: Utterance): string {
    const { name } = this.options.engine;
    return createHash('sha256')
      .update(JSON.stringify([name, language, voice, text]))
      .digest('hex');
  }

  /** A WAV file. Fails as {@link SpeechEngine.say} does, and with `overloaded` when too many texts wait. */
  say(utterance: Utterance): Promise<Result<Buffer>> {
    const { text } = utterance;
    if (text.trim() === '') return Promise.resolve(fail('bad_input', 'there is no text to be said'));
    if (text.length > MAX_TEXT_LENGTH)
      return Promise.resolve(fail('bad_input', `a text has ${MAX_TEXT_LENGTH} characters at most`));
    const key = this.keyOf(utterance);
    const same = this.underWay.get(key);
    if (same) return same;
    const saying = this.sayNew(key, utterance).finally(() => this.underWay.delete(key));
    this.underWay.set(key, saying);
    return saying;
  }

  private async sayNew(key: string, utterance: Utterance): Promise<Result<Buffer>> {
    const { cache, engine } = this.options;
    const known = await cache.get(key);
    if (known) return { ok: true, value: known };
    if (this.waiting.length >= MAX_WAITING) return fail('overloaded', 'too many texts wait for the speech engine');
    await this.turn();
    try {
      const said = await engine.say(utterance);
      if (said.ok) await cache.put(key, said.value);
      return said;
    } finally {
      this.done();
    }
  }

  private turn(): Promise<void> {
    if (this.working < MAX_AT_ONCE) {
      this.working += 1;
      return Promise.resolve();
    }
    return new Promise((resolve) => void this.waiting.push(resolve));
  }

  /** Whoever waits longest takes the place over. */
  private done(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.working -= 1;
  }
}
