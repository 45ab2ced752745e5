/** How one attempt to call a customer back ends, told to the ACD. */
import type { Call } from './call';
import type { CallContext } from './context';

/** The customer is on the line: a conversation as any other from here on. */
export const customerReached = (ctx: CallContext, call: Call): void => {
  if (!call.callback) return;
  const told = ctx.acd.dispatch({ type: 'callback-answered', contactId: call.contactId });
  if (!told.ok) ctx.log.error({ callId: call.callId, fault: told.fault }, 'the ACD knows nothing of a callback');
};

/** The call has come to nothing: the contact rests and is tried again, or that was the last time. */
const callbackFailed = (ctx: CallContext, call: Call): void => {
  const { contactId } = call;
  ctx.acd.dispatch({ type: 'callback-failed', contactId });
  const contact = ctx.acd.state.contacts.get(contactId);
  const againAtMs = contact?.status.kind === 'resting' ? contact.status.untilMs : undefined;
  call.log.noteQueue({ kind: 'callback-failed', ...(againAtMs !== undefined && { againAtMs }) });
};

/** Whether the call's contact is the ACD's to keep when the call ends: the customer has not been reached by it. */
export const isCallbackOpen = (ctx: CallContext, { callback, contactId }: Call): boolean =>
  callback !== undefined && ctx.acd.state.contacts.get(contactId)?.leg.kind === 'callback';

/** The call ends without the customer: an attempt that was made has failed, an offer that stands is the ACD's business. */
export const leaveCallback = (ctx: CallContext, call: Call): void => {
  if (ctx.acd.state.contacts.get(call.contactId)?.status.kind === 'connected') callbackFailed(ctx, call);
};
