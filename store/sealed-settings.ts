/** Settings of which some values are secrets: encrypted in the database, in the clear above it. */
import { SwitchroomError } from '../base/errors';
import type { SecretBox } from '../base/secret-box';
import type { SettingsStore } from './settings';

/** Whether the text at this path within a document is a secret. */
export type IsSecret = (path: readonly string[]) => boolean;

/** What is secret in which collection. */
export const SECRETS = {
  /** Of trunks' accounts and credentials. */
  trunks: (path) => path.at(-1) === 'password',
  /** A hash of digest is as good as the password (RFC 7616, 5.12). */
  phones: (path) => path[0] === 'ha1',
  sites: (path) => path[0] === 'key',
  /** Tokens stand in headers, under any name. */
  lookUps: (path) => path[0] === 'headers',
  webhooks: (path) => path[0] === 'secret',
  conferenceRooms: (path) => ['moderatorPin', 'participantPin', 'listenerPin'].includes(path[0] ?? ''),
} as const satisfies Record<string, IsSecret>;

export interface SealedSettingsDependencies {
  readonly box: SecretBox;
  readonly collection: string;
  readonly isSecret: IsSecret;
}

type Change = (text: string, place: string) => string;

export class SealedSettingsStore<Document extends { _id: string }> implements SettingsStore<Document> {
  constructor(
    private readonly inner: SettingsStore<Document>,
    private readonly deps: SealedSettingsDependencies,
  ) {}

  /**
   * Encrypts what still lies there in the clear, or under an older key. @returns how many documents that were.
   * @throws SwitchroomError `bad_input` when a secret cannot be read, before anything is changed.
   */
  async sealAll(): Promise<number> {
    const stored = await this.inner.list();
    const opened = stored.map((document) => this.opened(document));
    let changed = 0;
    for (const [index, document] of opened.entries()) {
      if (!this.isStale(stored[index] as Document)) continue;
      await this.save(document);
      changed += 1;
    }
    return changed;
  }

  save(document: Document): Promise<void> {
    return this.inner.save(this.mapped(document, (text, place) => this.deps.box.seal(text, place)));
  }

  async get(id: Document['_id']): Promise<Document | undefined> {
    const document = await this.inner.get(id);
    return document && this.opened(document);
  }

  async list(): Promise<Document[]> {
    return (await this.inner.list()).map((document) => this.opened(document));
  }

  remove(id: Document['_id']): Promise<boolean> {
    return this.inner.remove(id);
  }

  private opened(document: Document): Document {
    return this.mapped(document, (text, place) => {
      const secret = this.deps.box.open(text, place);
      if (!secret.ok) {
        const cure = secret.fault.code === 'not_found' ? '; put it back into the key file, below the others' : '';
        const message = `A secret in the database cannot be read: ${secret.fault.message}${cure}.`;
        throw new SwitchroomError('bad_input', message, { cause: secret.fault.cause });
      }
      return secret.value;
    });
  }

  private isStale(document: Document): boolean {
    let stale = false;
    this.mapped(document, (text) => {
      stale ||= !this.deps.box.isCurrent(text);
      return text;
    });
    return stale;
  }

  private mapped(document: Document, change: Change): Document {
    const { collection, isSecret } = this.deps;
    const walk = (value: unknown, path: readonly string[]): unknown => {
      if (typeof value === 'string')
        return isSecret(path) ? change(value, `${collection}/${document._id}/${path.join('.')}`) : value;
      if (Array.isArray(value)) return value.map((one, index) => walk(one, [...path, String(index)]));
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, walk(one, [...path, name])]));
    };
    return walk(document, []) as Document;
  }
}
