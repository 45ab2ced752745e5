/** Callers in the queue: whoever has been served is followed by another one, so that the queue keeps its length. */
import { placeTestCall } from '../../../../infra/caller/test-call';
import type { TestCall } from '../../../../infra/caller/test-call';
import { messageOf } from '../../../../base/errors';
import { pause } from '../../../support/wait';
import { NUMBER } from './center';

/** Callers come one after the other, as in life. */
const APART_MS = 50;

export class WaitingCallers {
  private readonly calls = new Set<TestCall>();
  private isOver = false;
  private placed = 0;

  constructor(private readonly options: { readonly sipPort: number; readonly say: (line: string) => void }) {}

  /** @throws Error when one of them is not answered by the queue's music. */
  async fill(count: number): Promise<void> {
    for (let index = 0; index < count; index += 1) {
      await this.place();
      await pause(APART_MS);
    }
  }

  /** Everybody hangs up. Idempotent. */
  async close(): Promise<void> {
    this.isOver = true;
    await Promise.all([...this.calls].map((call) => call.hangup()));
  }

  private async place(): Promise<void> {
    const from = `+4972${String((this.placed += 1)).padStart(6, '0')}`;
    const { sipPort, say } = this.options;
    const call = await placeTestCall({ number: NUMBER, from, port: sipPort, codecs: ['PCMA'], keepsSound: false });
    this.calls.add(call);
    const answered = await call.answered;
    if (!answered.ok) throw new Error(`${from} was not answered: ${answered.fault.message}`);
    void call.ended.then(() => {
      this.calls.delete(call);
      if (this.isOver) return;
      this.place().catch((error: unknown) => {
        if (!this.isOver) say(`a caller did not get in: ${messageOf(error)}`);
      });
    });
  }
}
