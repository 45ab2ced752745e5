/** What has happened in one call of the soak, for whoever has to find out why it went wrong. */

/** Something that must not be, with all that is needed to see it again. */
export interface Violation {
  readonly seed: number;
  readonly call: string;
  readonly what: string;
  /** What was done, each with the seconds since the call began. */
  readonly history: readonly string[];
}

export class Story {
  readonly lines: string[] = [];
  private readonly startedMs = performance.now();

  constructor(readonly call: string) {}

  tell(line: string): void {
    this.lines.push(`${((performance.now() - this.startedMs) / 1000).toFixed(2)} ${line}`);
  }
}

/** Counts and faults of a whole run. */
export class Report {
  readonly violations: Violation[] = [];
  readonly acts = new Map<string, number>();
  /** From an act's reply until everybody heard whom they should. */
  readonly settledMs: number[] = [];
  calls = 0;
  recordings = 0;
  recordedMs = 0;
  looks = 0;
  /** Of these. */
  starvedLooks = 0;

  constructor(private readonly seed: number) {}

  acted(act: string): void {
    this.acts.set(act, (this.acts.get(act) ?? 0) + 1);
  }

  violated(story: Story, what: string): void {
    const violation = { seed: this.seed, call: story.call, what, history: story.lines };
    this.violations.push(violation);
    console.error(`VIOLATION (seed ${this.seed}, ${story.call}): ${what}`);
    for (const line of story.lines) console.error(`  ${line}`);
  }
}

/** What went wrong, in one line; a violation rather than a fault of the soak's own. */
export const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
