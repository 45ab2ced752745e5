/** How many messages wait for each extension, held in memory as the store has it. */
import type { Store } from '../store/connect';
import type { MessageCounts } from '../store/phones';

export type Counts = Omit<MessageCounts, '_id'>;

const NONE: Counts = { newMessages: 0, oldMessages: 0, newUrgentMessages: 0, oldUrgentMessages: 0 };

export class MessageBook {
  /** Told when an extension's counts have changed. */
  onChanged: () => void = () => undefined;
  private readonly counts = new Map<string, Counts>();

  private constructor(private readonly store: Pick<Store, 'messages'>) {}

  static async load(store: Pick<Store, 'messages'>): Promise<MessageBook> {
    const book = new MessageBook(store);
    for (const { _id, ...counts } of await store.messages.list()) book.counts.set(_id, counts);
    return book;
  }

  of(extension: string): Counts {
    return this.counts.get(extension) ?? NONE;
  }

  async set(extension: string, counts: Counts): Promise<void> {
    await this.store.messages.save({ _id: extension, ...counts });
    this.counts.set(extension, counts);
    this.onChanged();
  }

  /** Whoever has the extension next finds no messages. */
  async forget(extension: string): Promise<void> {
    await this.store.messages.remove(extension);
    this.counts.delete(extension);
    this.onChanged();
  }
}
