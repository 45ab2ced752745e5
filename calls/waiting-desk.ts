/** Contacts that wait, for those who lead the agents: seen, moved, given to an agent, removed. */
import { unreachable } from '../base/errors';
import type { ContactId, QueueId } from '../base/ids';
import { fail, ok } from '../base/result';
import type { Result } from '../base/result';
import { positionOf } from '../acd/core/expected-wait';
import type { Contact } from '../acd/core/model';
import type { DirectedBy } from '../store/queue-notes';
import { stopRinging } from './also-ringing';
import type { Call } from './call';
import { callOfContact } from './context';
import type { CallContext } from './context';
import { leaveForFlow } from './divert';
import { endCall } from './end';
import { musicOfQueue } from './music';
import { announceFromNow, goOnWaiting } from './queue-announce';
import { languagesOf } from './say';
import type { ContactOrder, WaitingContact, WaitingDesk } from './waiting-ports';

interface Directing {
  readonly contactId: ContactId;
  readonly order: ContactOrder;
  readonly by: DirectedBy;
}

export const createWaitingDesk = (ctx: CallContext): WaitingDesk => ({
  list: (queueId) =>
    [...ctx.acd.state.contacts.values()]
      .filter((contact) => contact.status.kind !== 'connected' && (queueId ?? contact.queueId) === contact.queueId)
      .flatMap((contact) => viewOf(ctx, contact) ?? [])
      .sort((a, b) => (a.position ?? Infinity) - (b.position ?? Infinity) || a.arrivedAtMs - b.arrivedAtMs),
  direct: (contactId, order, by) => direct(ctx, { contactId, order, by }),
});

const viewOf = (ctx: CallContext, contact: Contact): WaitingContact | undefined => {
  const { contactId, queueId, status, leg, arrivedAtMs, attributes } = contact;
  if (queueId === undefined || status.kind === 'connected') return undefined;
  const call = callOfContact(ctx, contactId);
  const queue = ctx.acd.state.queues.get(queueId);
  const isConsult = call !== undefined && call.contactId !== contactId;
  return {
    contactId,
    queueId,
    kind: isConsult ? 'consult' : leg.kind === 'callback' ? 'callback' : 'caller',
    state: status.kind,
    number: leg.kind === 'callback' ? leg.number : (call?.identity.number ?? attributes.caller ?? ''),
    displayName: call?.identity.displayName,
    language: call?.log.interaction.language ?? attributes.language,
    arrivedAtMs,
    priority: contact.priority - (queue?.priority ?? 0),
    position: status.kind === 'resting' ? undefined : positionOf(ctx.acd.state, contact),
    agentIds: status.kind === 'offered' ? status.offers.map(({ agentId }) => agentId) : [],
    againAtMs: status.kind === 'resting' ? status.untilMs : undefined,
    interactionId: call?.log.interaction._id,
  };
};

const direct = async (ctx: CallContext, directing: Directing): Promise<Result<void>> => {
  const call = callOfContact(ctx, directing.contactId);
  if (!call) return carryOut(ctx, undefined, directing);
  // Whatever comes before in the call's queue may have ended its waiting.
  return ctx.serial.run(call.callId, () => carryOut(ctx, call, directing));
};

const carryOut = async (ctx: CallContext, call: Call | undefined, directing: Directing): Promise<Result<void>> => {
  const { contactId, order } = directing;
  const contact = ctx.acd.state.contacts.get(contactId);
  if (!contact || contact.status.kind === 'connected' || contact.queueId === undefined)
    return fail('not_found', 'This contact waits no more.');
  if (call && call.contactId !== contactId && (order.do === 'move' || order.do === 'remove'))
    return fail('conflict', 'An agent asks this queue; only that agent can end it.');
  switch (order.do) {
    case 'prioritise':
      return noted(ctx.acd.dispatch({ type: 'contact-prioritised', contactId, priority: order.priority }), () =>
        call?.log.noteQueue({ kind: 'prioritised', by: directing.by, priority: order.priority }),
      );
    case 'move':
      return move(ctx, call, { ...directing, to: order.queueId, from: contact.queueId });
    case 'assign':
      return noted(assign(ctx, contactId, order), () =>
        call?.log.noteQueue({ kind: 'assigned', by: directing.by, agentId: order.agentId }),
      );
    case 'remove':
      return remove(ctx, call, { ...directing, from: contact.queueId });
    default:
      return unreachable(order);
  }
};

const noted = (done: Result<void>, note: () => void): Result<void> => {
  if (done.ok) note();
  return done;
};

const assign = (
  ctx: CallContext,
  contactId: ContactId,
  { agentId }: Extract<ContactOrder, { do: 'assign' }>,
): Result<void> => {
  const name = ctx.directory.agent(agentId)?.displayName;
  if (name === undefined) return fail('not_found', `There is no agent ${agentId}.`);
  const done = ctx.acd.dispatch({ type: 'contact-assigned', contactId, agentId });
  return done.ok
    ? done
    : fail('conflict', `${name} is not free for this contact: ready, with a telephone and no call.`);
};

const move = async (
  ctx: CallContext,
  call: Call | undefined,
  of: Directing & { readonly from: QueueId; readonly to: QueueId },
): Promise<Result<void>> => {
  const { contactId, from, to, by } = of;
  if (!ctx.directory.queue(to)) return fail('not_found', `There is no queue ${to}.`);
  if (from === to) return fail('conflict', 'It waits in this queue already.');
  const moved = ctx.acd.dispatch({ type: 'contact-moved', contactId, queueId: to, keepPlace: true });
  if (!moved.ok || !call) return moved;
  await stopRinging(ctx, call);
  if (call.phase.kind !== 'queued') return ok(undefined);
  call.queueId = to;
  call.moveTo({ kind: 'queued', queueId: to });
  call.log.noteQueue({ kind: 'moved', by, from, to });
  call.log.update({ queueId: to });
  call.log.enter('queue', { queueId: to, detail: 'moved' });
  call.music = musicOfQueue(ctx, to) ?? call.music;
  announceFromNow(ctx, call);
  await goOnWaiting(ctx, call);
  return ok(undefined);
};

const remove = async (
  ctx: CallContext,
  call: Call | undefined,
  of: Directing & { readonly from: QueueId },
): Promise<Result<void>> => {
  const { contactId, from, by } = of;
  const left = ctx.acd.dispatch({ type: 'contact-left', contactId });
  if (!left.ok || !call) return left;
  await stopRinging(ctx, call);
  call.log.noteQueue({ kind: 'removed', by, queueId: from });
  if (call.phase.kind !== 'queued' || !call.customer) {
    await endCall(ctx, call, { party: 'system', reason: 'queue-removed' });
    return ok(undefined);
  }
  const prompts = languagesOf(call).map((language) => ({ prompt: 'no-agents', language }));
  const steps = {
    sorry: { do: 'play', prompts, next: 'end' },
    end: { do: 'hang-up', reason: 'queue-removed' },
  } as const;
  await leaveForFlow(ctx, call, {
    flow: { id: 'queue-removed', version: 1, title: '', start: 'sorry', steps },
    detail: 'removed',
  });
  return ok(undefined);
};
