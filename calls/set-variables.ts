/** New values for the flow, and for the history. */
import type { Call } from './call';
import type { CallContext } from './context';

export const setVariables = (ctx: CallContext, call: Call, values: Readonly<Record<string, string>>): void => {
  const refused = call.variables.merge(values);
  if (refused.length > 0) ctx.log.warn({ callId: call.callId, refused }, 'variables of a flow could not be kept');
  call.log.update({ data: call.variables.toObject() });
};
