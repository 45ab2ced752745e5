/**
 * Phones, extension rules and message counts, held in memory as the store has them: a call looks them up without
 * waiting, and a change by an administrator counts for the next call.
 */
import type { Clock } from '../base/clock';
import { newToken } from '../base/ids';
import { fail, ok } from '../base/result';
import type { Result } from '../base/result';
import { KeyedSerialQueue } from '../base/serial-queue';
import { findRule } from '../calls/extension-table';
import type { DirectoryPhone } from '../calls/context';
import { networksOf } from '../calls/leg-rtp';
import type { SrtpPolicy } from '../media/ports';
import type { Store } from '../store/connect';
import type { ExtensionRule, Phone } from '../store/phones';
import type { DigestSecrets } from './sip-credentials';
import { digestSecrets } from './sip-credentials';

const PASSWORD_BYTES = 12;
/** More than any single site has; a bound for memory. */
export const MAX_PHONES = 20_000;
export const MAX_RULES = 5_000;

/** What an administrator says of a phone. */
export interface PhoneSettings {
  readonly displayName: string;
  readonly displayNameZh?: string | undefined;
  readonly mayCallOutside: boolean;
  /** How its digits travel; as RFC 4733 events when absent. */
  readonly dtmf?: Phone['dtmf'];
  readonly mayTakeOver?: boolean | undefined;
  readonly srtp?: SrtpPolicy | undefined;
  /** Those of all phones when absent. */
  readonly codecs?: Phone['codecs'];
  readonly srtpKeys?: Phone['srtpKeys'] | undefined;
  readonly rtpFrom?: Phone['rtpFrom'] | undefined;
  readonly mediaTimeoutS?: number | undefined;
}

/** A phone with all that is set of it. */
export interface KnownPhone extends DirectoryPhone {
  readonly mayTakeOver: boolean;
  readonly srtp: SrtpPolicy;
  readonly srtpKeys: NonNullable<Phone['srtpKeys']>;
  readonly rtpFrom: NonNullable<Phone['rtpFrom']>;
  readonly mediaTimeoutS: number;
}

export interface PhoneBookDeps {
  readonly store: Pick<Store, 'phones' | 'extensions'>;
  readonly realm: string;
  readonly clock: Clock;
  /** Where a phone is registered from. */
  readonly addressesOf?: (extension: string) => readonly string[];
}

export class PhoneBook {
  /** Told when a phone's account is no longer what it was: removed, or another password. */
  onAccountChanged: (extension: string) => void = () => undefined;
  private readonly phones = new Map<string, Phone>();
  private readonly rules = new Map<string, ExtensionRule>();
  /** Changes of one phone or rule, one after the other: none may write what another has just replaced. */
  private readonly changes = new KeyedSerialQueue<string>();

  private constructor(private readonly deps: PhoneBookDeps) {}

  static async load(deps: PhoneBookDeps): Promise<PhoneBook> {
    const book = new PhoneBook(deps);
    for (const phone of await deps.store.phones.list()) book.phones.set(phone._id, phone);
    for (const rule of await deps.store.extensions.list()) book.rules.set(rule._id, rule);
    return book;
  }

  /** The digest hashes of a phone; undefined when there is none, or its hashes belong to another realm. */
  secretsOf(userName: string): DigestSecrets | undefined {
    const phone = this.phones.get(userName);
    return phone?.realm === this.deps.realm ? phone.ha1 : undefined;
  }

  isPhone(userName: string): boolean {
    return this.phones.has(userName);
  }

  phone(extension: string): KnownPhone | undefined {
    const phone = this.phones.get(extension);
    return phone && shown(phone);
  }

  /** The same for calls, with where its packets may come from at this moment. */
  phoneForCalls(extension: string): DirectoryPhone | undefined {
    const known = this.phone(extension);
    if (!known) return undefined;
    const { srtpKeys, rtpFrom, mediaTimeoutS } = known;
    const addresses = this.deps.addressesOf?.(extension) ?? [];
    const rtpSources = rtpFrom === 'known' ? { rtpSources: addresses.flatMap(networksOf) } : {};
    return { ...known, rtp: { srtpKeys, mediaTimeoutMs: mediaTimeoutS * 1000, ...rtpSources } };
  }

  listPhones(): KnownPhone[] {
    return [...this.phones.values()].map(shown);
  }

  ruleFor(number: string): ExtensionRule | undefined {
    return findRule(this.rules.values(), number);
  }

  listRules(): ExtensionRule[] {
    return [...this.rules.values()];
  }

  /** Adds a phone. @returns its password, which is told this once; `conflict` when the extension is taken. */
  add(extension: string, settings: PhoneSettings, password?: string): Promise<Result<{ password: string }>> {
    return this.changes.run(extension, async () => {
      if (this.phones.has(extension)) return fail('conflict', `There is a phone ${extension} already.`);
      if (this.phones.size >= MAX_PHONES) return fail('overloaded', `There are ${MAX_PHONES} phones already.`);
      const { realm, clock } = this.deps;
      const chosen = password ?? newToken(PASSWORD_BYTES);
      const ha1 = digestSecrets({ userName: extension, realm, password: chosen });
      await this.save({ _id: extension, ...written(settings), realm, ha1, createdAtMs: clock.nowMs() });
      return ok({ password: chosen });
    });
  }

  change(extension: string, settings: PhoneSettings): Promise<Result<void>> {
    return this.changes.run(extension, async () => {
      const phone = this.phones.get(extension);
      if (!phone) return noPhone(extension);
      const { _id, realm, ha1, createdAtMs } = phone;
      await this.save({ _id, ...written(settings), realm, ha1, createdAtMs });
      return ok(undefined);
    });
  }

  /** Gives a phone a new password; it must register again with it. */
  renewPassword(extension: string): Promise<Result<{ password: string }>> {
    return this.changes.run(extension, async () => {
      const phone = this.phones.get(extension);
      if (!phone) return noPhone(extension);
      const { realm } = this.deps;
      const password = newToken(PASSWORD_BYTES);
      await this.save({ ...phone, realm, ha1: digestSecrets({ userName: extension, realm, password }) });
      this.onAccountChanged(extension);
      return ok({ password });
    });
  }

  remove(extension: string): Promise<Result<void>> {
    return this.changes.run(extension, async () => {
      if (!this.phones.has(extension)) return noPhone(extension);
      await this.deps.store.phones.remove(extension);
      // Told while it still is a phone, so that its registrations end as a phone's.
      this.onAccountChanged(extension);
      this.phones.delete(extension);
      return ok(undefined);
    });
  }

  saveRule(rule: ExtensionRule): Promise<Result<void>> {
    return this.changes.run(rule._id, async () => {
      if (!this.rules.has(rule._id) && this.rules.size >= MAX_RULES) {
        return fail('overloaded', `There are ${MAX_RULES} extension rules already.`);
      }
      await this.deps.store.extensions.save(rule);
      this.rules.set(rule._id, rule);
      return ok(undefined);
    });
  }

  removeRule(pattern: string): Promise<Result<void>> {
    return this.changes.run(pattern, async () => {
      if (!this.rules.has(pattern)) return fail('not_found', `There is no rule for ${pattern}.`);
      await this.deps.store.extensions.remove(pattern);
      this.rules.delete(pattern);
      return ok(undefined);
    });
  }

  private async save(phone: Phone): Promise<void> {
    await this.deps.store.phones.save(phone);
    this.phones.set(phone._id, phone);
  }
}

const noPhone = (extension: string): Result<never> => fail('not_found', `There is no phone ${extension}.`);

const written = ({
  displayName,
  displayNameZh,
  mayCallOutside,
  mayTakeOver,
  srtp,
  dtmf,
  codecs,
  ...rtp
}: PhoneSettings) => ({
  displayName,
  ...(displayNameZh === undefined ? {} : { displayNameZh }),
  mayCallOutside,
  ...(mayTakeOver !== undefined && { mayTakeOver }),
  ...(srtp !== undefined && { srtp }),
  ...(dtmf === undefined ? {} : { dtmf }),
  ...(codecs === undefined ? {} : { codecs }),
  ...(rtp.srtpKeys !== undefined && { srtpKeys: rtp.srtpKeys }),
  ...(rtp.rtpFrom !== undefined && { rtpFrom: rtp.rtpFrom }),
  ...(rtp.mediaTimeoutS !== undefined && { mediaTimeoutS: rtp.mediaTimeoutS }),
});

const shown = (phone: Phone): KnownPhone => ({
  extension: phone._id,
  displayName: phone.displayName,
  displayNameZh: phone.displayNameZh,
  mayCallOutside: phone.mayCallOutside,
  dtmf: phone.dtmf,
  mayTakeOver: phone.mayTakeOver ?? false,
  srtp: phone.srtp ?? 'optional',
  ...(phone.codecs === undefined ? {} : { codecs: phone.codecs }),
  srtpKeys: phone.srtpKeys ?? 'any',
  rtpFrom: phone.rtpFrom ?? 'known',
  mediaTimeoutS: phone.mediaTimeoutS ?? 60,
});
