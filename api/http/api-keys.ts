/** Keys of other systems: made once, kept as hashes, each for what its scopes say. */
import { createHash } from 'node:crypto';
import type { Clock } from '../../base/clock';
import { newToken } from '../../base/ids';
import type { ApiKey, KeyScope } from '../../store/sites';
import type { SettingsStore } from '../../store/settings';

const PREFIX = 'swk_';
const MAX_KEYS = 1_000;

const hashOf = (key: string): string => createHash('sha256').update(key).digest('hex');

export class ApiKeys {
  private constructor(
    private readonly deps: { readonly store: SettingsStore<ApiKey>; readonly clock: Clock },
    private readonly byHash: Map<string, ApiKey>,
  ) {}

  static async load(deps: { readonly store: SettingsStore<ApiKey>; readonly clock: Clock }): Promise<ApiKeys> {
    return new ApiKeys(deps, new Map((await deps.store.list()).map((key) => [key.hash, key])));
  }

  /** A hash is looked up, not compared: how long that takes tells nothing about keys. */
  find(key: string): ApiKey | undefined {
    return key.startsWith(PREFIX) ? this.byHash.get(hashOf(key)) : undefined;
  }

  list(): ApiKey[] {
    return [...this.byHash.values()].sort((a, b) => a._id.localeCompare(b._id));
  }

  /** The key itself, which nobody can read later; undefined when there are too many, or one of this id. */
  async issue(id: string, scopes: KeyScope[]): Promise<string | undefined> {
    if (this.byHash.size >= MAX_KEYS || this.list().some(({ _id }) => _id === id)) return undefined;
    const key = PREFIX + newToken();
    const entry: ApiKey = { _id: id, scopes, hash: hashOf(key), createdAtMs: this.deps.clock.nowMs() };
    // At once, so that of two that want the same id only one gets it.
    this.byHash.set(entry.hash, entry);
    try {
      await this.deps.store.save(entry);
    } catch (error) {
      this.byHash.delete(entry.hash);
      throw error;
    }
    return key;
  }

  /** False when there was none. */
  async revoke(id: string): Promise<boolean> {
    const entry = this.list().find(({ _id }) => _id === id);
    if (!entry) return false;
    // The store first: a key that is still there would be of use again after a restart, and nobody would know it.
    await this.deps.store.remove(id);
    this.byHash.delete(entry.hash);
    return true;
  }
}
