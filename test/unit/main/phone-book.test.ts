import { phoneSettingsSchema } from '../../../api/contract/phones';
import { SimulatedClock } from '../../../base/clock';
import { MessageBook } from '../../../main/message-book';
import { PhoneBook } from '../../../main/phone-book';
import { digestSecrets } from '../../../main/sip-credentials';
import type { ExtensionRule, MessageCounts, Phone } from '../../../store/phones';
import { memorySettings } from '../../support/api/routing-ports';

const REALM = 'here';
const SETTINGS = phoneSettingsSchema.parse({ displayName: 'Reception' });

const open = async () => {
  const store = { phones: memorySettings<Phone>(), extensions: memorySettings<ExtensionRule>() };
  const load = () => PhoneBook.load({ store, realm: REALM, clock: new SimulatedClock() });
  return { book: await load(), load };
};

const passwordOf = (result: Awaited<ReturnType<PhoneBook['add']>>): string => (result.ok ? result.value.password : '');

it('a phone that is renamed while it gets a new password keeps that one', async () => {
  const { book, load } = await open();
  await book.add('2001', SETTINGS);
  const [renewed] = await Promise.all([
    book.renewPassword('2001'),
    book.change('2001', { ...SETTINGS, displayName: 'Door' }),
  ]);
  const wanted = digestSecrets({ userName: '2001', realm: REALM, password: passwordOf(renewed) });
  for (const read of [book, await load()]) {
    expect(read.secretsOf('2001')).toEqual(wanted);
    expect(read.phone('2001')?.displayName).toBe('Door');
  }
});

it('of two phones that want an extension at once, one gets it', async () => {
  const { book } = await open();
  const both = await Promise.all([book.add('2001', SETTINGS), book.add('2001', SETTINGS)]);
  expect(both.map(({ ok }) => ok)).toEqual([true, false]);
  const secrets = digestSecrets({ userName: '2001', realm: REALM, password: passwordOf(both[0]) });
  expect(book.secretsOf('2001')).toEqual(secrets);
});

it('messages are counted until they are forgotten, and whoever watches is told', async () => {
  const store = { messages: memorySettings<MessageCounts>() };
  const messages = await MessageBook.load(store);
  let told = 0;
  messages.onChanged = () => (told += 1);
  await messages.set('2001', { ...messages.of('2001'), newMessages: 2 });
  expect(messages.of('2001').newMessages).toBe(2);
  await messages.forget('2001');
  expect(messages.of('2001').newMessages).toBe(0);
  expect(await store.messages.list()).toEqual([]);
  expect(told).toBe(2);
});
