/** What administrators set about calls while the product runs, joined to the decisions that are made of it. */
import { fail, ok } from '../base/result';
import type { RoutingPorts } from '../api/ports';
import { createCallPermission } from '../calls/call-permission';
import type { CallPermission } from '../calls/call-permission';
import type { Directory } from '../calls/context';
import type { Store } from '../store/connect';
import type { CallRule } from '../store/call-rules';
import { liveSettings } from './settings-editor';

export interface CallSettings {
  readonly permission: CallPermission;
  readonly ports: RoutingPorts;
}

export const loadCallSettings = async (store: Store, directory: Directory): Promise<CallSettings> => {
  const rules = await liveSettings<CallRule>(store.callRules, (rule) => {
    if (rule.kind !== 'caller-list' || rule.refusal.do !== 'flow') return ok(undefined);
    const { flowId } = rule.refusal;
    return directory.flow?.(flowId) ? ok(undefined) : fail('bad_input', `There is no flow ${flowId}.`);
  });
  const permission = createCallPermission(rules.current);
  return { permission, ports: { callRules: rules.editor as RoutingPorts['callRules'], permission } };
};
