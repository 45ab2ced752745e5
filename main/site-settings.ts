/** Our sites: where agents work, and other installations that calls are handed over to. */
import { fail, ok } from '../base/result';
import type { SettingsEditor } from '../api/ports';
import type { SiteBody } from '../api/contract/contexts';
import type { Store } from '../store/connect';
import type { RemoteSite, Site } from '../store/sites';
import type { AcdModel } from './acd-settings/acd-model';
import { unlessUsed } from './acd-settings/faults';
import { agentsWith } from './acd-settings/uses';
import { liveSettings } from './settings-editor';
import type { LiveSettings } from './settings-editor';

/** Each is asked about every context that nobody here knows. */
const MAX_REMOTE_SITES = 16;
/** What lists show in the place of a key; sent back, the key stays. */
const HIDDEN = '***';

export interface SiteSettings {
  has(id: string): boolean;
  /** Those that have a Switchroom of their own. */
  remote(): readonly RemoteSite[];
  readonly editor: SettingsEditor<SiteBody>;
}

/** @param model whose agents work there; left out: nobody does. */
export const siteSettings = async (store: Pick<Store, 'sites'>, model?: AcdModel): Promise<SiteSettings> => {
  const sites: LiveSettings<Site> = await liveSettings<Site>(store.sites, (site) => {
    const others = sites.current().filter((other) => isRemote(other) && other._id !== site._id);
    return isRemote(site) && others.length >= MAX_REMOTE_SITES
      ? fail('conflict', `There are ${MAX_REMOTE_SITES} sites with an address already; remove one first.`)
      : ok(undefined);
  });
  const keyOf = (id: string): string | undefined => sites.current().find(({ _id }) => _id === id)?.key;
  return {
    has: (id) => sites.current().some(({ _id }) => _id === id),
    remote: () => sites.current().filter(isRemote),
    editor: {
      ...sites.editor,
      put: (id, value) => {
        const key = value.key === HIDDEN ? keyOf(id) : value.key;
        if (value.key === HIDDEN && key === undefined)
          return Promise.resolve(fail('bad_input', 'A site with an address needs our key there.'));
        return sites.editor.put(id, { ...value, ...(key !== undefined && { key }) });
      },
      mayRemove: (id) => unlessUsed('site', id, model ? agentsWith(model, ({ site }) => site === id) : []),
    },
  };
};

const isRemote = (site: Site): site is RemoteSite => site.url !== undefined && site.key !== undefined;
