import { asId } from '../../../base/ids';
import type { FlowId } from '../../../base/ids';
import { loadFlows } from '../../../main/load-directory';

it('a flow has the version that the store has counted, whatever its document says', async () => {
  const steps = { a: { do: 'hang-up' } };
  const _id = asId<FlowId>('main');
  const stored = { _id, version: 7, document: { id: 'main', version: 1, title: 'Main', start: 'a', steps } };
  const flows = {
    list: () => Promise.resolve([stored]),
    get: () => Promise.resolve(stored),
    save: () => Promise.resolve(8),
  };
  expect((await loadFlows({ flows }, new Set())).get(_id)).toMatchObject({ id: 'main', version: 7 });
});
