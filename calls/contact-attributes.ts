/** What the ACD learns of a call that enters a queue. */
import type { ContactAttributes } from '../acd/core/model';
import type { Call } from './call';
import { ownNumber } from './own-number';

/** Numbers that nobody can dial are no one's: two who hide theirs are not the same customer. */
export const contactAttributes = (call: Call): ContactAttributes => {
  const caller = ownNumber(call);
  const { language } = call.log.interaction;
  return {
    ...(caller !== undefined && { caller }),
    called: call.identity.dialledNumber,
    ...(language !== undefined && { language }),
    ...call.contactFacts,
  };
};
