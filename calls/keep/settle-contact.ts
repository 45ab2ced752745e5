/**
 * A record and the ACD's journal are written side by side, so that after a crash one may be a moment ahead of the other.
 * The ACD has the last word on who has a contact, the record on who is on the line.
 */
import type { AcdEvent, AcdState, Contact } from '../../acd/core/model';
import type { AgentId, QueueId } from '../../base/ids';
import type { CallRecord, ResumedPhase } from './call-record';

export interface SettledContact {
  /** In which phase the call goes on; undefined where it cannot. */
  readonly phase: ResumedPhase | undefined;
  /** What the ACD is told before anything else happens. */
  readonly events: readonly AcdEvent[];
}

const OVER: SettledContact = { phase: undefined, events: [] };

export const settleContact = (state: AcdState, record: CallRecord): SettledContact => {
  const { phase, plain, wrapUpsOf } = record;
  const contact = plain.contactId && state.contacts.get(plain.contactId);
  switch (phase.kind) {
    case 'ended':
      return wrapUpsOf.some((agentId) => isInWrapUp(state, record, agentId)) ? { phase, events: [] } : OVER;
    case 'flow':
      // It was about to be said that the call is in a queue now.
      if (contact?.queueId !== undefined && contact.status.kind !== 'connected')
        return waiting(record, contact, contact.queueId);
      return { phase, events: isOwn(record) ? [] : without(contact) };
    // An agent who dialled the room, or was invited.
    case 'conference':
      return { phase, events: [] };
    case 'forwarded':
    // The agent whose extension was called is to be called anew.
    case 'alerting':
      return { phase, events: without(contact) };
    case 'queued':
    case 'ringing':
      return waiting(record, contact, phase.queueId);
    case 'transferring':
      return plain.queueId === undefined ? OVER : waiting(record, contact, plain.queueId);
    case 'talking':
    case 'held':
    case 'reanswer':
      return connected(record, contact, phase);
    case 'consulting':
      return connected(record, contact, record.third ? phase : { kind: 'held', agentId: phase.agentId });
  }
};

export const isInWrapUp = ({ agents }: AcdState, { plain }: CallRecord, agentId: AgentId): boolean =>
  agents.get(agentId)?.engagements.some((one) => one.kind === 'wrap-up' && one.contactId === plain.contactId) ?? false;

/** Of an agent on the way into a conference, who is the caller there. */
const isOwn = ({ plain: { colleague, contactId } }: CallRecord): boolean =>
  colleague !== undefined && colleague.contactId === contactId;

const without = (contact: Contact | undefined): AcdEvent[] =>
  contact ? [{ type: 'contact-left', contactId: contact.contactId }] : [];

const waiting = ({ plain, identity }: CallRecord, contact: Contact | undefined, recorded: QueueId): SettledContact => {
  const queueId = contact?.queueId ?? recorded;
  const phase = { kind: 'queued', queueId } as const;
  const contactId = contact?.contactId ?? plain.contactId;
  if (contactId === undefined) return OVER;
  switch (contact?.status.kind) {
    case undefined: {
      const { priority = 0, arrivedAtMs = identity.startedAtMs } = plain;
      return { phase, events: [{ type: 'contact-arrived', contactId, queueId, priority, arrivedAtMs }] };
    }
    case 'offered':
      return { phase, events: [{ type: 'offers-withdrawn', contactId }] };
    case 'connected':
      return { phase, events: [{ type: 'contact-moved', contactId, queueId, keepPlace: true }] };
    case 'waiting':
    case 'resting':
      return { phase, events: [] };
  }
};

const connected = (
  record: CallRecord,
  contact: Contact | undefined,
  phase: Extract<ResumedPhase, { kind: 'talking' | 'held' | 'consulting' | 'reanswer' }>,
): SettledContact => {
  const { contactId, queueId, arrivedAtMs } = record.plain;
  const { agentId } = phase;
  if (contactId === undefined) return OVER;
  if (!contact) {
    const place = { ...(queueId !== undefined && { queueId }), ...(arrivedAtMs !== undefined && { arrivedAtMs }) };
    return { phase, events: [{ type: 'contact-begun', contactId, agentId, ...place }] };
  }
  const { status } = contact;
  if (status.kind === 'connected' && status.agentId === agentId) return { phase, events: [] };
  const offer = status.kind === 'offered' ? status.offers.find((one) => one.agentId === agentId) : undefined;
  if (offer) return { phase, events: [{ type: 'offer-accepted', contactId, offerId: offer.offerId }] };
  // It has left this agent already, and the customer has not heard of it.
  return contact.queueId === undefined ? OVER : waiting(record, contact, contact.queueId);
};
