/** Flows and numbers that administrators change while the product runs; calls in progress keep the flow they have. */
import { asId } from '../base/ids';
import type { FlowId } from '../base/ids';
import { fail, ok } from '../base/result';
import type { Result } from '../base/result';
import type { FlowEditor, NumberSetting, SettingsEditor } from '../api/ports';
import type { CallRouting } from '../calls/call-routing';
import { NumberPlan } from '../calls/number-plan';
import { parseFlow } from '../flows/document';
import type { Store } from '../store/connect';
import type { LiveFlows } from './load-directory';

export const flowEditor = (store: Pick<Store, 'flows'>, { flows, queueIds }: LiveFlows): FlowEditor => ({
  list: () => Promise.resolve([...flows.values()]),
  get: (id) => Promise.resolve(flows.get(asId<FlowId>(id))),
  put: async (id, document) => {
    const parsed = parseFlow({ ...(document as object), id }, queueIds);
    if (!parsed.ok) return parsed;
    const flowId = asId<FlowId>(id);
    const version = await store.flows.save(flowId, parsed.value);
    const flow = { ...parsed.value, version };
    flows.set(flowId, flow);
    return ok(flow);
  },
});

/** The numbers' settings as calls look them up, and their editor. */
export const numberSettings = (
  store: Pick<Store, 'numbers'>,
  { flows, numbers }: LiveFlows,
): { routing: Pick<CallRouting, 'match' | 'settingsOf'>; editor: SettingsEditor<NumberSetting> } => {
  let plan = planOf(numbers);
  const check = ({ flowId, suffix }: NumberSetting): Result<void> => {
    if (!flows.has(asId<FlowId>(flowId))) return fail('bad_input', `There is no flow ${flowId}.`);
    return suffix && suffix.min > suffix.max ? fail('bad_input', 'suffix.min is above suffix.max.') : ok(undefined);
  };
  const editor: SettingsEditor<NumberSetting> = {
    list: () => Promise.resolve([...numbers.values()].map(({ _id, ...value }) => ({ id: _id, value }))),
    put: async (id, value) => {
      const usable = check(value);
      if (!usable.ok) return usable;
      const row = { ...value, _id: id, flowId: asId<FlowId>(value.flowId) };
      await store.numbers.save(row);
      numbers.set(id, row);
      plan = planOf(numbers);
      return ok(undefined);
    },
    remove: async (id) => {
      const removed = await store.numbers.remove(id);
      numbers.delete(id);
      plan = planOf(numbers);
      return removed;
    },
  };
  return { routing: { match: (dialled) => plan.match(dialled), settingsOf: (number) => numbers.get(number) }, editor };
};

const planOf = (numbers: LiveFlows['numbers']): NumberPlan =>
  new NumberPlan([...numbers.values()].map(({ _id, suffix }) => ({ number: _id, suffix })));
