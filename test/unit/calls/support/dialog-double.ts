/** A dialog of which a test is the far end. */
import { ok } from '../../../../base/result';
import type { Result } from '../../../../base/result';
import type { DialogEnd, InfoDigit, ReferRequest, ReplacesName, SipDialog } from '../../../../signaling/ports';
import type { DialogRecord } from '../../../../signaling/records';

export class DialogDouble implements SipDialog {
  readonly callId = 'call';
  readonly name = { callId: 'call', localTag: 'ours', remoteTag: 'theirs' };
  readonly remote = { number: 'remote' };
  readonly remoteSdp = 'answer';
  ended: DialogEnd | undefined;
  private readonly handlers: ((end: DialogEnd) => void)[] = [];
  private referHandler: ((refer: ReferRequest) => void) | undefined;
  private reinviteHandler: ((offerSdp: string) => Promise<Result<string>>) | undefined;

  constructor(readonly id: string) {}

  get record(): DialogRecord {
    const { id, name, remote: party, remoteSdp } = this;
    return { version: 1, id, role: 'uas', name, party, localSdp: 'ours', remoteSdp, target: 'sip:remote@there' };
  }

  onChanged(): void {}

  onEnd(handler: (end: DialogEnd) => void): void {
    if (this.ended) handler(this.ended);
    else this.handlers.push(handler);
  }

  onReinvite(handler: (offerSdp: string) => Promise<Result<string>>): void {
    this.reinviteHandler = handler;
  }

  /** The far end offers anew. */
  async reoffer(offerSdp: string): Promise<void> {
    await this.reinviteHandler?.(offerSdp);
  }

  onLateOffer(): void {}
  private infoHandler: ((digit: InfoDigit) => void) | undefined;

  onInfo(handler: (digit: InfoDigit) => void): void {
    this.infoHandler = handler;
  }

  /** The far end sends a key by INFO. */
  pressed(digit: InfoDigit): void {
    this.infoHandler?.(digit);
  }

  readonly sentDigits: string[] = [];

  sendDigit({ digit }: { readonly digit: string }): Promise<Result<void>> {
    this.sentDigits.push(digit);
    return Promise.resolve(ok(undefined));
  }

  onRefer(handler: (refer: ReferRequest) => void): void {
    this.referHandler = handler;
  }

  /** The far end asks to be put through; tells the statuses that it hears of. */
  asksFor(number: string, joining?: DialogDouble | ReplacesName): number[] {
    const statuses: number[] = [];
    const isOurs = joining instanceof DialogDouble;
    const name = isOurs ? { callId: 'call', toTag: 'ours', fromTag: 'theirs', earlyOnly: false } : joining;
    const elsewhere = joining && ({ kind: 'unknown' } as const);
    this.referHandler?.({
      target: { number, uri: `sip:${number}@there`, replaces: name },
      replaced: isOurs ? { kind: 'running', dialogId: joining.id } : elsewhere,
      referredBy: undefined,
      accept: () => ({ report: (status) => void statuses.push(status) }),
      refuse: (status) => void statuses.push(status),
    });
    return statuses;
  }
  modify = (): Promise<Result<string>> => Promise.resolve(ok('answer'));

  hangup(): Promise<void> {
    this.end({ by: 'local' });
    return Promise.resolve();
  }

  /** The far end hangs up, or the dialog breaks. */
  end(end: DialogEnd): void {
    if (this.ended) return;
    this.ended = end;
    for (const handler of this.handlers) handler(end);
  }
}
