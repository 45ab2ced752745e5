/**
 * A key that a gateway sends in more than one form (as telephone-event, as tone, by SIP INFO) counts once. A form repeats
 * no key by itself: two of the same form are two, however fast they come.
 */
import type { DigitForm } from '../media/ports';

export interface PressedKey {
  readonly digit: string;
  readonly durationMs: number;
  readonly form: DigitForm;
}

/** Between one form's key and the other's: the time of an INFO that had to be sent again. */
const APART_MS = 1_000;
const REMEMBERED = 32;

interface KnownKey {
  readonly digit: string;
  readonly forms: Set<DigitForm>;
  readonly fromMs: number;
  readonly toMs: number;
}

export class RecentKeys {
  private known: KnownKey[] = [];
  private heardInMedia = false;
  private heardAsTone = false;

  /** Whether a key has ever come with the sound, as event or as tone. */
  get hasComeInMedia(): boolean {
    return this.heardInMedia;
  }

  /** Whether a key has ever been a tone, which everybody hears who hears the party. */
  get hasComeAsTone(): boolean {
    return this.heardAsTone;
  }

  /** Whether the key is a new one. @param nowMs when it was reported; some forms report its beginning, others its end. */
  isNew({ digit, durationMs, form }: PressedKey, nowMs: number): boolean {
    const fromMs = nowMs - durationMs;
    this.heardInMedia ||= form !== 'info';
    this.heardAsTone ||= form === 'inband';
    this.known = this.known.filter(({ toMs }) => toMs + APART_MS >= fromMs).slice(-REMEMBERED);
    const same = this.known.find((key) => key.digit === digit && !key.forms.has(form));
    if (same) {
      same.forms.add(form);
      return false;
    }
    this.known.push({ digit, forms: new Set([form]), fromMs, toMs: nowMs });
    return true;
  }
}
