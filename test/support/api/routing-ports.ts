/** The routing ports over collections in memory. */
import type { RoutingPorts } from '../../../api/ports';
import { createCallPermission } from '../../../calls/call-permission';
import { liveSettings } from '../../../main/settings-editor';
import type { CallRule } from '../../../store/call-rules';
import type { SettingsStore } from '../../../store/settings';

export const memorySettings = <Document extends { _id: string }>(): SettingsStore<Document> => {
  const documents = new Map<string, Document>();
  return {
    save: (document) => Promise.resolve(void documents.set(document._id, document)),
    get: (id) => Promise.resolve(documents.get(id)),
    list: () => Promise.resolve([...documents.values()].sort((a, b) => a._id.localeCompare(b._id))),
    remove: (id) => Promise.resolve(documents.delete(id)),
  };
};

export const routingPorts = async (): Promise<RoutingPorts> => {
  const rules = await liveSettings<CallRule>(memorySettings());
  return {
    callRules: rules.editor as RoutingPorts['callRules'],
    permission: createCallPermission(rules.current),
  };
};
