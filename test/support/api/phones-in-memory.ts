/** The real administration of phones, over stores in memory. */
import type { Clock } from '../../../base/clock';
import { asId } from '../../../base/ids';
import type { AgentId, QueueId } from '../../../base/ids';
import { silentLogger } from '../../../base/log';
import type { PhoneAdministration } from '../../../api/ports';
import type { Directory } from '../../../calls/context';
import { MessageBook } from '../../../main/message-book';
import { createPhoneAdministration } from '../../../main/phone-administration';
import { PhoneBook } from '../../../main/phone-book';
import { Registrar } from '../../../signaling/registrar/registrar';
import { memorySettings } from './routing-ports';

const ANNA = { agentId: asId<AgentId>('agent-anna'), userName: 'anna', displayName: 'ANNA', extension: '1001' };
const SUPPORT = { queueId: asId<QueueId>('support'), name: 'Support' };

/** A center with one agent (1001), one flow (4000), one queue (support) and one trunk (pbx). */
export const phonesInMemory = async (clock: Clock, numbers = new Set(['4000'])): Promise<PhoneAdministration> => {
  const realm = 'switchroom.test';
  const store = { phones: memorySettings<never>(), extensions: memorySettings<never>() };
  const phones = await PhoneBook.load({ store, realm, clock });
  const messages = await MessageBook.load({ messages: memorySettings<never>() });
  const isPhone = (userName: string): boolean => phones.isPhone(userName);
  const credentialsFor = (userName: string) => phones.secretsOf(userName);
  const registrar = new Registrar({ realm, clock, log: silentLogger(), credentialsFor, isPhone });
  const directory: Directory = {
    flowOf: () => undefined,
    agent: () => ANNA,
    agents: () => [ANNA],
    queue: (queueId) => (queueId === SUPPORT.queueId ? SUPPORT : undefined),
    queues: () => [SUPPORT],
    extension: (number) => {
      const phone = phones.phone(number);
      if (phone) return { kind: 'phone', phone };
      return number === ANNA.extension ? { kind: 'agent', agent: ANNA } : undefined;
    },
    phone: (extension) => phones.phone(extension),
    phones: () => phones.listPhones(),
    outboundTrunk: () => undefined,
  };
  return createPhoneAdministration({
    phones,
    messages,
    registrar,
    directory,
    numbers,
    trunkIds: () => ['pbx'],
  });
};
