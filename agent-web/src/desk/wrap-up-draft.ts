/** What an agent has written about a call so far, kept in this tab until it is sent. */
import { z } from 'zod';
import { dispositionSchema } from '../../../api/contract/common';

const draftSchema = z.object({ note: z.string(), disposition: dispositionSchema.optional() });
export type WrapUpDraft = z.infer<typeof draftSchema>;

const EMPTY: WrapUpDraft = { note: '' };

const keyOf = (callId: string): string => `switchroom.draft.${callId}`;

export const readDraft = (callId: string): WrapUpDraft => {
  try {
    return draftSchema.parse(JSON.parse(sessionStorage.getItem(keyOf(callId)) ?? ''));
  } catch {
    return EMPTY;
  }
};

export const writeDraft = (callId: string, draft: WrapUpDraft): void => {
  try {
    sessionStorage.setItem(keyOf(callId), JSON.stringify(draft));
  } catch {
    // Full or forbidden storage: the draft lives as long as the page does.
  }
};

/** Every call of which this tab keeps a draft. */
export const draftedCalls = (): string[] => {
  try {
    return Object.keys(sessionStorage).flatMap((key) =>
      key.startsWith(keyOf('')) ? [key.slice(keyOf('').length)] : [],
    );
  } catch {
    return [];
  }
};

export const clearDraft = (callId: string): void => {
  try {
    sessionStorage.removeItem(keyOf(callId));
  } catch {
    // Nothing was kept either.
  }
};
