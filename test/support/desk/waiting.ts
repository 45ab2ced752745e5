/** Who waits, for the desk's server: what tests put there, and the orders that came about them. */
import type { Express } from 'express';
import { contactActionSchema, waitingListSchema } from '../../../api/contract/waiting';
import type { ContactAction, WaitingContactView } from '../../../api/contract/waiting';

export interface WaitingInMemory {
  contacts: WaitingContactView[];
  /** Each order about a contact, in order. */
  readonly orders: (ContactAction & { readonly contactId: string })[];
}

export const routeWaiting = (app: Express): WaitingInMemory => {
  const waiting: WaitingInMemory = { contacts: [], orders: [] };
  app.get('/api/v1/contacts', (_request, response) => {
    response.json(waitingListSchema.parse({ items: waiting.contacts }));
  });
  app.post('/api/v1/contacts/:id/actions', (request, response) => {
    const { id } = request.params;
    const action = contactActionSchema.parse(request.body);
    waiting.orders.push({ contactId: id, ...action });
    if (action.do === 'prioritise') {
      const { priority } = action;
      waiting.contacts = waiting.contacts.map((one) => (one.contactId === id ? { ...one, priority } : one));
    }
    response.json({});
  });
  return waiting;
};
