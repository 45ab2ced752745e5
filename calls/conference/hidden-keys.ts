/**
 * Keys of members reach nobody else: of those whose keys are tones in their voice always, of all while the conference is
 * masked. Events among the packets, and keys by SIP INFO, go to no member in any case.
 */
import type { Call } from '../call';
import type { CallContext } from '../context';
import { isMasked } from '../recording-mask';

export class HiddenKeys {
  private masked = false;
  private readonly hidden = new Set<Call>();

  constructor(private readonly ctx: Pick<CallContext, 'media' | 'log'>) {}

  /** Of all members from now on, or no more. */
  async mask(masked: boolean, members: readonly Call[]): Promise<void> {
    this.masked = masked;
    await Promise.all(members.map((call) => this.apply(call)));
  }

  /** Before a member is heard, and when its keys turn out to be tones. */
  async apply(call: Call): Promise<void> {
    const wanted = this.masked || keysAreTones(call);
    if (wanted === this.hidden.has(call)) return;
    if (wanted) this.hidden.add(call);
    else this.hidden.delete(call);
    await this.tell(call, wanted);
  }

  /** The member has left. */
  async release(call: Call): Promise<void> {
    if (this.hidden.delete(call) && call.phase.kind !== 'ended') await this.tell(call, false);
  }

  private async tell(call: Call, hide: boolean): Promise<void> {
    const { customer, callId } = call;
    if (!customer) return;
    // The call's own mask holds as well.
    const done = await this.ctx.media.hideDigits(customer.endpointId, hide || isMasked(call));
    if (!done.ok)
      this.ctx.log.error({ callId, fault: done.fault }, 'the keys of a member could not be hidden or shown');
  }
}

const keysAreTones = ({ customer }: Call): boolean =>
  customer?.dtmf === 'inband' || customer?.keys?.hasComeAsTone === true;
