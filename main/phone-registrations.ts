/** Keeps the phones' registrations in the store, so that a restart of the app leaves every phone where it was. */
import { messageOf } from '../base/errors';
import type { Logger } from '../base/log';
import { KeyedSerialQueue } from '../base/serial-queue';
import type { Registrar } from '../signaling/registrar/registrar';
import type { Store } from '../store/connect';
import type { PhoneBook } from './phone-book';

export interface PhoneRegistrationsDeps {
  readonly store: Pick<Store, 'registrations'>;
  readonly registrar: Registrar;
  readonly phones: PhoneBook;
  readonly log: Logger;
}

/** Gives the registrar what it had before. Registrations of phones that are gone are forgotten. */
export const restoreRegistrations = async (deps: PhoneRegistrationsDeps): Promise<void> => {
  const { store, registrar, phones } = deps;
  for (const { _id, bindings } of await store.registrations.list()) {
    if (phones.isPhone(_id)) registrar.restore(_id, bindings);
    else await store.registrations.remove(_id);
  }
};

/** Writes every change down, those of one phone in order. @returns what stops it and waits for what is being written. */
export const keepRegistrations = (deps: PhoneRegistrationsDeps): { close(): Promise<void> } => {
  const { store, registrar, phones, log } = deps;
  const writing = new KeyedSerialQueue<string>();
  const open = new Set<Promise<void>>();
  const write = async (userName: string): Promise<void> => {
    const bindings = registrar.bindingsOf(userName).map((binding) => ({ ...binding }));
    if (bindings.length > 0) await store.registrations.save({ _id: userName, bindings });
    else await store.registrations.remove(userName);
  };
  const unsubscribe = registrar.events.on('changed', (userName) => {
    if (!phones.isPhone(userName)) return;
    const written = writing
      .run(userName, () => write(userName))
      .catch((error: unknown) =>
        log.warn({ userName, reason: messageOf(error) }, 'a registration was not written down'),
      )
      .finally(() => open.delete(written));
    open.add(written);
  });
  return {
    close: async () => {
      unsubscribe();
      await Promise.all(open);
    },
  };
};
