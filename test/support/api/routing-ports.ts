/** The routing ports over collections in memory. */
import type { RoutingPorts } from '../../../api/ports';
import { createCallPermission } from '../../../calls/call-permission';
import { liveSettings } from '../../../main/settings-editor';
import type { CallRule } from '../../../store/call-rules';
import type { FlowId } from '../../../base/ids';
import { flowEditor, numberSettings } from '../../../main/flow-settings';
import type { DialledNumber, Flow, FlowStore, SettingsStore } from '../../../store/settings';

export const memorySettings = <Document extends { _id: string }>(): SettingsStore<Document> => {
  const documents = new Map<string, Document>();
  return {
    save: (document) => Promise.resolve(void documents.set(document._id, document)),
    get: (id) => Promise.resolve(documents.get(id)),
    list: () => Promise.resolve([...documents.values()].sort((a, b) => a._id.localeCompare(b._id))),
    remove: (id) => Promise.resolve(documents.delete(id)),
  };
};

const memoryFlows = (): FlowStore => {
  const flows = new Map<FlowId, Flow>();
  return {
    save: (_id, document) => {
      const version = (flows.get(_id)?.version ?? 0) + 1;
      flows.set(_id, { _id, version, document });
      return Promise.resolve(version);
    },
    get: (id) => Promise.resolve(flows.get(id)),
    list: () => Promise.resolve([...flows.values()]),
  };
};

export const routingPorts = async (): Promise<RoutingPorts> => {
  const live = { flows: new Map(), numbers: new Map(), queueIds: new Set(['support']) };
  const store = { numbers: memorySettings<DialledNumber>(), flows: memoryFlows() };
  const rules = await liveSettings<CallRule>(memorySettings());
  return {
    callRules: rules.editor as RoutingPorts['callRules'],
    permission: createCallPermission(rules.current),
    flows: flowEditor(store, live),
    numbers: numberSettings(store, live).editor,
  };
};
