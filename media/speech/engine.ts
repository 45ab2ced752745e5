/** A speech engine: text in, a WAV file out. Behind it is a program on this machine or a service by HTTP. */
import type { Result } from '../../base/result';

/** What is to be said. `voice` is the engine's own name; without it the engine chooses one for the language. */
export interface Utterance {
  readonly text: string;
  /** Such as `en` or `zh-CN`. */
  readonly language: string;
  readonly voice?: string | undefined;
}

export interface SpeechEngine {
  /** The engine and its version: what was said by another one is said anew. */
  readonly name: string;
  /**
   * A WAV file. Fails with `unavailable` when the engine is not there or gives nothing, with `timeout` when it takes too
   * long, with `bad_input` for a voice or language that it does not have.
   */
  say(utterance: Utterance): Promise<Result<Buffer>>;
}
