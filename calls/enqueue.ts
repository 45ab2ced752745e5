/** The call waits: the ACD gets a contact, the caller gets the announcement and then music. */
import { asId, newId } from '../base/ids';
import type { PlayId, QueueId } from '../base/ids';
import { callbackOf } from '../acd/core/callback';
import type { Contact } from '../acd/core/model';
import type { FlowEffect } from '../flows/interpreter';
import type { Call } from './call';
import { contactAttributes } from './contact-attributes';
import { contactFacts } from './contact-facts';
import type { CallContext } from './context';
import { endCall } from './end';
import { musicOfQueue } from './music';
import { announceFromNow, goOnWaiting } from './queue-announce';
import { callbackByFlow } from './request-callback';

export const enqueue = async (
  ctx: CallContext,
  call: Call,
  order: Extract<FlowEffect, { type: 'enqueue' }>,
): Promise<void> => {
  const queueId = asId<QueueId>(order.queue);
  call.queueId = queueId;
  call.queuedAtMs = ctx.clock.nowMs();
  call.arrivedAtMs = call.queuedAtMs;
  call.priority = order.priority;
  call.greeting = order.greeting;
  if (call.phase.kind === 'flow') call.flowState = call.phase.state;
  call.afterAgent = order.afterAgent;
  call.ownRelease = { mode: order.releaseMode, reanswerMs: order.reanswerMs };
  call.ownAnswer = { mode: order.answerMode, delayMs: order.answerDelayMs };
  call.moveTo({ kind: 'queued', queueId });
  call.log.update({ queueId, contactId: call.contactId });
  call.log.enter('queue', { queueId });
  call.contactFacts = await contactFacts(ctx, call, order.contact);
  const { contactId } = call;
  const attributes = contactAttributes(call);
  const customer = attributes.customerId ?? attributes.caller;
  const isCalledBack = callbackOf(ctx.acd.state, ctx.acd.state.queues.get(queueId) ?? {}, customer) !== undefined;
  const since = isCalledBack ? 'callback' : 'dropped';
  const arrived = ctx.acd.dispatch({
    type: 'contact-arrived',
    contactId,
    queueId,
    priority: order.priority,
    attributes,
  });
  if (!arrived.ok) {
    ctx.log.error({ callId: call.callId, fault: arrived.fault }, 'the ACD refused a contact');
    return endCall(ctx, call, { party: 'system', reason: 'queue-refused', failed: true });
  }
  // Whom a rule of the queue has diverted already hears what the rule says, and nothing of waiting.
  const contact = ctx.acd.state.contacts.get(contactId);
  if (!contact) return;
  noteOldPlace(call, contact, since);
  call.music = musicOfQueue(ctx, queueId) ?? order.music;
  announceFromNow(ctx, call);
  if (order.callback === undefined) await playWhileWaiting(ctx, call, order);
  else await callbackByFlow(ctx, call, { number: order.callback, hours: order.callbackHours });
};

/** The customer was to be called back, or had lost the line, and has that place now. */
const noteOldPlace = (call: Call, { arrivedAtMs, queueId }: Contact, since: 'callback' | 'dropped'): void => {
  if (queueId === undefined || call.queuedAtMs === undefined || arrivedAtMs >= call.queuedAtMs) return;
  call.arrivedAtMs = arrivedAtMs;
  call.log.noteQueue({ kind: 'place-restored', queueId, since, arrivedAtMs });
};

/** The announcement first, then music that repeats for as long as it takes. */
const playWhileWaiting = async (
  ctx: CallContext,
  call: Call,
  order: Extract<FlowEffect, { type: 'enqueue' }>,
): Promise<void> => {
  if (!call.customer || order.prompts.length === 0) return goOnWaiting(ctx, call);
  const { endpointId } = call.customer;
  const playId = newId<PlayId>();
  call.playId = playId;
  const sources = order.prompts.map(({ prompt, language }) => ({ kind: 'prompt', name: prompt, language }) as const);
  const playing = await ctx.media.play({ playId, endpointId, sources });
  if (playing.ok) return ctx.voiceAnswers.plays(call, endpointId, sources);
  ctx.log.error({ callId: call.callId, fault: playing.fault }, 'the announcement of a queue could not be played');
  await goOnWaiting(ctx, call);
};
