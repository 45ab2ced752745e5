/** What an agent will be after the contact, in the reader's language. */
import type { TFunction } from 'i18next';
import type { AgentView } from '../../../api/contract/common';

/** Undefined where there is nothing to say: ready is what everybody expects. */
export const nextText = (next: AgentView['next'], t: TFunction): string | undefined => {
  if (!next || next.state === 'ready') return undefined;
  return next.state === 'not-ready' && next.reason ? t(`state.reason.${next.reason}`) : t(`state.${next.state}`);
};
