/**
 * espeak-ng, a program of every Linux distribution, run once for each text: without a shell, with the text at its
 * standard input, for a bounded time and with bounded output.
 */
import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import type { Clock } from '../../base/clock';
import { fail, ok } from '../../base/result';
import type { Result } from '../../base/result';
import type { SpeechEngine, Utterance } from './engine';

const PROGRAM = 'espeak-ng';
const TIMEOUT_MS = 5000;
/** A minute and a half at 22 kHz. */
const MAX_OUTPUT_BYTES = 4 * 1024 * 1024;
const MAX_ERROR_BYTES = 2000;
/** Its own names of voices: a leading hyphen would be an option. */
const VOICE = /^[A-Za-z0-9][A-Za-z0-9+_-]{0,40}$/;

/** Voices of languages that it calls by other names than we do. */
const VOICES: Readonly<Record<string, string>> = {
  en: 'en-us',
  zh: 'cmn',
  'zh-CN': 'cmn',
  'zh-TW': 'cmn',
  'zh-HK': 'yue',
};

export interface EspeakOptions {
  readonly clock: Clock;
  /** Voices by language, instead of ours. */
  readonly voices?: Readonly<Record<string, string>> | undefined;
  /** Default `espeak-ng`. */
  readonly program?: string | undefined;
}

export class EspeakEngine implements SpeechEngine {
  private constructor(
    private readonly options: EspeakOptions,
    /** With its version, as far as it is known. */
    readonly name: string,
  ) {}

  /** Asks the program for its version. One that is not there may be installed later: until then {@link say} fails. */
  static async open(options: EspeakOptions): Promise<EspeakEngine> {
    const engine = new EspeakEngine(options, PROGRAM);
    const told = await engine.run(['--version'], '');
    const version = told.ok ? /\d+(\.\d+)+/.exec(told.value.toString('utf8'))?.[0] : undefined;
    return version === undefined ? engine : new EspeakEngine(options, `${PROGRAM} ${version}`);
  }

  async say({ text, language, voice }: Utterance): Promise<Result<Buffer>> {
    const chosen = voice ?? this.options.voices?.[language] ?? VOICES[language] ?? language.toLowerCase();
    if (!VOICE.test(chosen)) return fail('bad_input', `"${chosen}" is no name of a voice`);
    return this.run(['-v', chosen, '-b', '1', '--stdin', '--stdout'], plain(text));
  }

  private run(args: readonly string[], input: string): Promise<Result<Buffer>> {
    const program = this.options.program ?? PROGRAM;
    return new Promise((resolve) => {
      const child = spawn(program, args, { stdio: 'pipe', shell: false });
      const output: Buffer[] = [];
      let [bytes, complaint] = [0, ''];
      const timer = this.options.clock.after(TIMEOUT_MS, () => {
        end(fail('timeout', `${program} did not finish within ${TIMEOUT_MS} ms`));
      });
      const end = (result: Result<Buffer>): void => {
        timer.cancel();
        child.kill('SIGKILL');
        resolve(result);
      };
      child.on('error', (error: NodeJS.ErrnoException) => end(fail('unavailable', notStarted(program, error), error)));
      child.stdout.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        output.push(chunk);
        if (bytes > MAX_OUTPUT_BYTES) end(fail('bad_input', 'the text is too long to be said in one piece'));
      });
      child.stderr.on('data', (chunk: Buffer) => {
        if (complaint.length < MAX_ERROR_BYTES) complaint += chunk.toString('utf8');
      });
      child.on('close', (code) => {
        if (code === 0 && bytes > 0) return end(ok(Buffer.concat(output)));
        return end(fail('unavailable', `${program} ended with ${code}: ${complaint.trim().slice(0, 200)}`));
      });
      write(child, input);
    });
  }
}

/** A program that ends early closes the pipe; why it did is told by its end. */
function write(child: ChildProcessWithoutNullStreams, input: string): void {
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
}

const notStarted = (program: string, { code, message }: NodeJS.ErrnoException): string =>
  code === 'ENOENT'
    ? `the speech engine ${program} is not installed; "apt-get install ${program}" brings it`
    : `the speech engine ${program} cannot be started: ${message}`;

/** `[[` begins espeak's own spelling of sounds; control characters have no sound. */
const plain = (text: string): string => text.replace(/\p{Cc}+/gu, ' ').replaceAll('[[', '[ [');
