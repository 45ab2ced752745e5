/**
 * Who may make this page answer by itself: only the page. The server calls the agent's browser first when the agent
 * dials; such an INVITE is answered without a click only when a dial was asked for here a moment ago, and only once.
 */
export class DialGuard {
  private expectedUntilMs = 0;

  constructor(private readonly windowMs = 15_000) {}

  /** The agent has asked for a call. */
  expect(nowMs: number): void {
    this.expectedUntilMs = nowMs + this.windowMs;
  }

  /** The dial was refused: no call will come. */
  forget(): void {
    this.expectedUntilMs = 0;
  }

  /** True once, for the call that was asked for. */
  take(nowMs: number): boolean {
    const expected = nowMs <= this.expectedUntilMs;
    this.expectedUntilMs = 0;
    return expected;
  }
}
