/** A conversation passes from one agent to another: by a transfer, or back from one that nobody answered. */
import type { ContactId } from '../../base/ids';
import { changeAgent, engage, release } from './agents';
import { leaveAgent, removeContact, takeLine } from './contacts';
import type { AcdEvent } from './events';
import type { Agent, Contact, Mutable } from './model';
import { isSameTenant, ownerOf } from './tenant';
import type { Work } from './work';

/** @returns why it is refused, or undefined when it was done. */
export const handOver = (work: Work, event: Extract<AcdEvent, { type: 'contact-handed-over' }>): string | undefined => {
  const { contactId, agentId, inPlaceOf } = event;
  const found = work.state.contacts.get(contactId);
  if (found?.status.kind !== 'connected') return `contact ${contactId} is not connected`;
  const agent = work.state.agents.get(agentId);
  if (!agent) return `there is no agent ${agentId}`;
  if (found.status.agentId === agentId) return `agent ${agentId} has contact ${contactId} already`;
  if (!isSameTenant(ownerOf(work.state, found), agent)) return `agent ${agentId} works for another tenant`;
  const refusal = inPlaceOf === undefined ? busyWith(agent) : notWith(work, agent, inPlaceOf);
  if (refusal !== undefined) return refusal;
  const contact: Mutable<Contact> = found;
  takeLine(work.state, contact);
  leaveAgent(work, contact, event.wrapUp);
  if (inPlaceOf !== undefined) takeQueueOf(work, contact, inPlaceOf);
  contact.status = { kind: 'connected', agentId, sinceMs: work.nowMs };
  changeAgent(work, agent, (changing) => {
    // Who takes a conversation over has finished the work after the one before.
    if (inPlaceOf === undefined) changing.engagements.length = 0;
    else release(changing, inPlaceOf);
    engage(changing, { kind: 'connected', contactId, channel: contact.channel });
    changing.handled += 1;
  });
  return undefined;
};

const busyWith = ({ agentId, status }: Agent): string | undefined =>
  status.kind === 'signed-out' || status.kind === 'offered' || status.kind === 'busy'
    ? `agent ${agentId} is ${status.kind}`
    : undefined;

const notWith = (work: Work, { agentId }: Agent, contactId: ContactId): string | undefined => {
  const status = work.state.contacts.get(contactId)?.status;
  return status?.kind === 'connected' && status.agentId === agentId
    ? undefined
    : `agent ${agentId} does not have contact ${contactId}`;
};

/** The contact taken over ends; the conversation belongs to the queue by which the new agent was found, if any. */
const takeQueueOf = (work: Work, contact: Mutable<Contact>, other: ContactId): void => {
  const ending = work.state.contacts.get(other);
  if (!ending) return;
  if (ending.queueId !== undefined) contact.queueId = ending.queueId;
  removeContact(work.state, ending);
};
