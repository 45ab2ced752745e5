import { phoneSettingsSchema } from '../../../api/contract/phones';
import { SimulatedClock } from '../../../base/clock';
import { phonesInMemory } from '../../support/api/phones-in-memory';

const SETTINGS = phoneSettingsSchema.parse({ displayName: 'Reception' });

it('a number that was given a flow a moment ago is no extension, and may be the goal of one', async () => {
  const numbers = new Set<string>();
  const phones = await phonesInMemory(new SimulatedClock(), numbers);
  const rule = { _id: '88', goal: { kind: 'number', number: '2005' } } as const;
  expect(await phones.saveRule(rule)).toMatchObject({ ok: false, fault: { code: 'not_found' } });
  numbers.add('2005');
  expect(await phones.add('2005', SETTINGS)).toMatchObject({ ok: false, fault: { code: 'conflict' } });
  expect(await phones.saveRule(rule)).toMatchObject({ ok: true });
});
