/** What administrators set about calls while the product runs, joined to the decisions that are made of it. */
import { fail, ok } from '../base/result';
import type { RoutingPorts } from '../api/ports';
import { createCallPermission } from '../calls/call-permission';
import type { CallPermission } from '../calls/call-permission';
import type { CallRouting } from '../calls/call-routing';
import type { Store } from '../store/connect';
import type { CallRule } from '../store/call-rules';
import { flowEditor, numberSettings } from './flow-settings';
import type { LoadedDirectory } from './load-directory';
import { liveSettings } from './settings-editor';

export interface CallSettings {
  readonly permission: CallPermission;
  readonly routing: CallRouting;
  readonly ports: RoutingPorts;
}

export const loadCallSettings = async (store: Store, { directory, live }: LoadedDirectory): Promise<CallSettings> => {
  const rules = await liveSettings<CallRule>(store.callRules, (rule) => {
    if (rule.kind !== 'caller-list' || rule.refusal.do !== 'flow') return ok(undefined);
    const { flowId } = rule.refusal;
    return directory.flow?.(flowId) ? ok(undefined) : fail('bad_input', `There is no flow ${flowId}.`);
  });
  const permission = createCallPermission(rules.current);
  const numbers = numberSettings(store, live);
  return {
    permission,
    routing: numbers.routing,
    ports: {
      callRules: rules.editor as RoutingPorts['callRules'],
      permission,
      flows: flowEditor(store, live),
      numbers: numbers.editor,
    },
  };
};
