/** The targets of one proxied request: each is tried once, those of a redirection in the order of their q. */
import type { SipResponse } from '../../sip/message';

const MAX_TARGETS = 50;

export class TargetSet {
  private readonly known = new Set<string>();
  private readonly waiting: string[] = [];
  private closed = false;

  constructor(targets: readonly string[]) {
    for (const target of targets) this.add(target);
  }

  get size(): number {
    return this.waiting.length;
  }

  next(): string | undefined {
    return this.waiting.shift();
  }

  /** Nobody else is asked: forgets the targets that wait, and takes no more. */
  close(): void {
    this.closed = true;
    this.waiting.length = 0;
  }

  /**
   * Takes the Contacts of a 3xx as further targets, the preferred first (RFC 3261, 16.5 and 16.7 step 4).
   * Returns how many of them are new; SIPS and other schemes are left to the caller.
   */
  addContactsOf(response: SipResponse): number {
    const before = this.waiting.length;
    const q = (value: string | undefined): number => Number(value ?? '1');
    const contacts = response.contacts.filter(({ uri }) => uri.scheme === 'sip');
    const ordered = contacts.toSorted((one, other) => q(other.params.get('q')) - q(one.params.get('q')));
    for (const { uri } of ordered) this.add(uri.toString());
    return this.waiting.length - before;
  }

  private add(target: string): void {
    if (this.closed || this.known.has(target) || this.known.size >= MAX_TARGETS) return;
    this.known.add(target);
    this.waiting.push(target);
  }
}
