/** Settings that count from the moment they are changed: the store keeps them, the app holds them in memory. */
import { ok } from '../base/result';
import type { Result } from '../base/result';
import type { SettingsEditor } from '../api/ports';
import type { SettingsStore } from '../store/settings';

/** Everything that a collection holds, as of the last change. */
export interface LiveSettings<Document extends { _id: string }> {
  current(): readonly Document[];
  readonly editor: SettingsEditor<Omit<Document, '_id'>>;
}

/** @param check refuses a document that parses but cannot be used. */
export const liveSettings = async <Document extends { _id: string }>(
  store: SettingsStore<Document>,
  check: (document: Document) => Result<void> = () => ok(undefined),
): Promise<LiveSettings<Document>> => {
  let documents: readonly Document[] = await store.list();
  const reload = async (): Promise<void> => {
    documents = await store.list();
  };
  return {
    current: () => documents,
    editor: {
      list: () => Promise.resolve(documents.map(({ _id, ...value }) => ({ id: _id, value }))),
      put: async (id, value) => {
        const document = { ...value, _id: id } as unknown as Document;
        const usable = check(document);
        if (!usable.ok) return usable;
        await store.save(document);
        await reload();
        return ok(undefined);
      },
      remove: async (id) => {
        const removed = await store.remove(id);
        await reload();
        return removed;
      },
    },
  };
};
