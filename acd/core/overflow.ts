/** Overflow: what a queue's rules do with contacts that it cannot or should not keep waiting. */
import { changeQueue, leaveQueue, removeContact } from './contacts';
import type { OverflowRule, OverflowWhen } from './config';
import { expectedWait } from './expected-wait';
import { covers } from './index/lane';
import type { AcdState, Contact, Mutable, Queue } from './model';
import { entriesOf } from './skills';
import { isSameTenant } from './tenant';
import { placeContact, queueOf, replaceContact, unplaceContact } from './waiting';
import type { Work } from './work';

/** More hops between queues than this are a circle, and the contact stays where it is. */
const MOST_HOPS = 8;

/** When a contact has entered a queue: the first rule that applies, and again in the queue that it leads to. */
export const overflowOnEntry = (work: Work, contact: Contact): void => {
  for (let hops = 0; hops < MOST_HOPS; hops += 1) {
    const queue = queueOf(work, contact);
    const rule = queue.overflow?.find(({ when }) => appliesOnEntry(work, contact, when));
    if (!rule || carryOut(work, contact, rule) !== 'moved') return;
  }
};

const appliesOnEntry = (work: Work, contact: Contact, when: OverflowWhen): boolean => {
  const queue = queueOf(work, contact);
  switch (when.kind) {
    case 'closed':
      return !queue.open;
    case 'no-agents':
      return !anyoneSignedIn(work.state, queue, contact);
    case 'length':
      return queue.length > when.most;
    case 'expected-wait':
      return (expectedWait(work.state, contact, work.nowMs)?.likelyMs ?? 0) > when.mostMs;
    case 'waited':
      return false;
  }
};

/** Whether at least one agent who is signed in could have the contact, at the latest in the last ring. */
const anyoneSignedIn = (state: AcdState, queue: Queue, contact: Contact): boolean => {
  const widest = queue.plan.rings.at(-1)?.skills ?? queue.skills;
  const needed = entriesOf(widest, contact.attributes.skills);
  for (const agent of state.agents.values()) {
    const isHere = agent.status.kind !== 'signed-out' && isSameTenant(queue, agent);
    const may = isHere && (agent.capacity[contact.channel] ?? 0) > 0;
    if (may && covers(state, agent, needed)) return true;
  }
  return false;
};

/** When a waiting contact's time has come: rules by waiting time that are due, or another ring. */
export const reviewWaiting = (work: Work, contact: Mutable<Contact>): void => {
  const queue = queueOf(work, contact);
  const waitedMs = work.nowMs - contact.arrivedAtMs;
  const due = queue.plan.timedOverflows[contact.overflowsDone];
  const rule = due && due.afterMs <= waitedMs ? queue.overflow?.[due.rule] : undefined;
  if (!rule) {
    replaceContact(work, contact);
    return;
  }
  contact.overflowsDone += 1;
  const done = carryOut(work, contact, rule);
  if (done === 'moved') overflowOnEntry(work, contact);
  else if (done === 'stays') replaceContact(work, contact);
};

const carryOut = (work: Work, contact: Mutable<Contact>, rule: OverflowRule): 'moved' | 'gone' | 'stays' => {
  const { contactId } = contact;
  const { to, announcement } = rule;
  const byRule = { because: rule.when.kind, ...(announcement !== undefined && { announcement }) };
  const from = queueOf(work, contact);
  switch (to.kind) {
    case 'queue': {
      const queue: Mutable<Queue> | undefined = work.state.queues.get(to.queueId);
      if (!queue || queue === from || !isSameTenant(queue, from)) return 'stays';
      unplaceContact(work, contact);
      (from as Mutable<Queue>).length -= 1;
      queue.length += 1;
      changeQueue(contact, to.queueId);
      placeContact(work, contact);
      work.effects.push({ type: 'contact-overflowed', contactId, from: from.queueId, to: to.queueId, ...byRule });
      work.effects.push(
        { type: 'queue-changed', queueId: from.queueId },
        { type: 'queue-changed', queueId: to.queueId },
      );
      return 'moved';
    }
    case 'callback':
      if (contact.leg.kind === 'line') work.effects.push({ type: 'callback-promised', contactId, ...byRule });
      return 'stays';
    case 'flow':
    case 'number':
    case 'voicemail':
    case 'message':
    case 'end':
      // Who is no longer on the line cannot be sent anywhere else; the callback stays where it is.
      if (contact.leg.kind === 'callback') return 'stays';
      leaveQueue(work, contact, 'contact-left');
      removeContact(work.state, contact);
      work.effects.push({ type: 'contact-diverted', contactId, queueId: from.queueId, to, ...byRule });
      return 'gone';
  }
};
