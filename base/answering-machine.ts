/**
 * What tells a machine's greeting from a person's answer on the telephone. The names are those of the field, the defaults
 * our own. Flows set these terms, media goes by them.
 */
export interface AnsweringMachineTerms {
  /** So long nothing is said: a machine. Default 3000. */
  readonly initialSilenceMs?: number | undefined;
  /** Who speaks so long, short pauses included, is a machine. Default 2200. */
  readonly greetingMs?: number | undefined;
  /** A pause of so long after a short greeting: a person, who waits for us. Default 800. */
  readonly afterGreetingSilenceMs?: number | undefined;
  /** When nothing is decided by then, it is not sure. Default 5000. */
  readonly totalMs?: number | undefined;
  /** What is shorter is a noise and no word. Default 100. */
  readonly minWordMs?: number | undefined;
  /** A pause of so long ends a word. Default 120. */
  readonly betweenWordsMs?: number | undefined;
  /** Who says more words than these is a machine. Default 5. */
  readonly maxWords?: number | undefined;
  /** Behind a machine's verdict: so long its beep is waited for. Default 30,000; 0 for not at all. */
  readonly beepMs?: number | undefined;
  /** So much silence is the end of a greeting that has no beep. Default 4000. */
  readonly endSilenceMs?: number | undefined;
}

/** Lowest, highest and default value of each. */
export const ANSWERING_MACHINE_BOUNDS = {
  initialSilenceMs: [500, 20_000, 3000],
  greetingMs: [500, 20_000, 2200],
  afterGreetingSilenceMs: [200, 5000, 800],
  totalMs: [1000, 60_000, 5000],
  minWordMs: [20, 1000, 100],
  betweenWordsMs: [20, 1000, 120],
  maxWords: [1, 50, 5],
  beepMs: [0, 180_000, 30_000],
  endSilenceMs: [500, 30_000, 4000],
} as const satisfies Record<keyof AnsweringMachineTerms, readonly [number, number, number]>;
