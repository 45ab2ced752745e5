/** Contacts that wait, as a test of the API has them. */
import { asId } from '../../../base/ids';
import type { ContactId, QueueId } from '../../../base/ids';
import { fail, ok } from '../../../base/result';
import type { ContactOrder, WaitingContact, WaitingDesk } from '../../../calls/waiting-ports';
import type { DirectedBy } from '../../../store/queue-notes';

export class FakeWaiting implements WaitingDesk {
  readonly contacts: WaitingContact[] = [];
  readonly directed: { contactId: ContactId; order: ContactOrder; by: DirectedBy }[] = [];

  add(id: string, queue: string): void {
    this.contacts.push({
      ...{ contactId: asId<ContactId>(id), queueId: asId<QueueId>(queue), kind: 'caller', state: 'waiting' },
      ...{ number: '+4930', arrivedAtMs: 1, priority: 0, position: 1, agentIds: [] },
    });
  }

  list(queueId?: QueueId): WaitingContact[] {
    return this.contacts.filter((contact) => queueId === undefined || contact.queueId === queueId);
  }

  direct(contactId: ContactId, order: ContactOrder, by: DirectedBy): ReturnType<WaitingDesk['direct']> {
    if (!this.contacts.some((contact) => contact.contactId === contactId))
      return Promise.resolve(fail('not_found', 'This contact waits no more.'));
    this.directed.push({ contactId, order, by });
    return Promise.resolve(ok(undefined));
  }
}
