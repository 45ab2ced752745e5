/** What administrators do with phones and extensions, checked against everything else that has a number. */
import { fail, ok } from '../base/result';
import type { Result } from '../base/result';
import type { PhoneAdministration } from '../api/ports';
import type { Directory } from '../calls/context';
import type { Registrar } from '../signaling/registrar/registrar';
import type { ExtensionRule } from '../store/phones';
import type { MessageBook } from './message-book';
import type { KnownPhone, PhoneBook } from './phone-book';

export interface PhoneAdministrationDeps {
  readonly phones: PhoneBook;
  readonly messages: MessageBook;
  readonly registrar: Registrar;
  readonly directory: Directory;
  /** Those that have a flow of their own. */
  readonly numbers: { has(number: string): boolean };
  readonly trunkIds: () => readonly string[];
}

type PhoneView = ReturnType<PhoneAdministration['phones']>[number];

export const createPhoneAdministration = (deps: PhoneAdministrationDeps): PhoneAdministration => {
  const { phones, messages, registrar, directory } = deps;
  const view = (phone: KnownPhone): PhoneView => ({
    ...phone,
    dtmf: phone.dtmf ?? 'rfc4733',
    contacts: registrar.bindingsOf(phone.extension).map(({ contactUri, source, q, expiresAtMs }) => ({
      uri: contactUri,
      address: `${source.address}:${source.port}`,
      transport: source.protocol,
      q,
      expiresAtMs,
    })),
  });
  return {
    phones: () => phones.listPhones().map(view),
    phone: (extension) => {
      const phone = phones.phone(extension);
      return phone && view(phone);
    },
    add: async (extension, settings) => {
      const holder = holderOf(deps, extension);
      return holder === undefined ? phones.add(extension, settings) : taken(extension, holder);
    },
    change: (extension, settings) => phones.change(extension, settings),
    renewPassword: (extension) => phones.renewPassword(extension),
    remove: async (extension) => {
      const removed = await phones.remove(extension);
      if (removed.ok) await messages.forget(extension);
      return removed;
    },
    rules: () => phones.listRules(),
    saveRule: async (rule) => {
      const holder = holderOf(deps, rule._id) ?? (phones.isPhone(rule._id) ? 'a phone' : undefined);
      if (holder !== undefined) return taken(rule._id, holder);
      const checked = checkGoal(deps, rule);
      return checked.ok ? phones.saveRule(rule) : checked;
    },
    removeRule: (pattern) => phones.removeRule(pattern),
    setMessages: async (extension, counts) => {
      const { kind } = directory.extension(extension) ?? {};
      if (kind !== 'agent' && kind !== 'phone') return fail('not_found', `Nobody has the extension ${extension}.`);
      await messages.set(extension, counts);
      return ok(undefined);
    },
  };
};

const taken = (extension: string, holder: string): Result<never> =>
  fail('conflict', `${extension} belongs to ${holder} already; choose another extension.`);

/** Who has this very number, phones apart. Somebody's user name counts: phones sign in by their extension. */
const holderOf = ({ directory, numbers }: PhoneAdministrationDeps, extension: string): string | undefined => {
  if (numbers.has(extension)) return 'a flow';
  const room = directory.conferenceRoomOf?.(extension);
  if (room) return `the conference room ${room.name}`;
  const agent = directory.agents().find((other) => other.extension === extension || other.userName === extension);
  return agent?.displayName;
};

const checkGoal = ({ directory, numbers, trunkIds }: PhoneAdministrationDeps, rule: ExtensionRule): Result<void> => {
  const { goal } = rule;
  switch (goal.kind) {
    case 'queue':
      return directory.queue(goal.queueId) ? ok(undefined) : fail('not_found', `There is no queue ${goal.queueId}.`);
    case 'number':
      return numbers.has(goal.number) ? ok(undefined) : fail('not_found', `No flow has the number ${goal.number}.`);
    case 'trunk':
      if (!trunkIds().includes(goal.trunkId)) return fail('not_found', `There is no trunk ${goal.trunkId}.`);
      return goal.stripDigits <= rule._id.length
        ? ok(undefined)
        : fail('bad_input', `${rule._id} has fewer than ${goal.stripDigits} digits to strip.`);
  }
};
