/** Who is told what; pure. */
import type { Actor, ConferenceEffect, ConferencePrompt, Member } from './model';

export const tellAll = (members: readonly Member[], prompt: ConferencePrompt): ConferenceEffect[] =>
  members.length === 0 ? [] : [{ type: 'tell', memberIds: members.map(({ memberId }) => memberId), prompts: [prompt] }];

/** Who has pressed a key hears what it did. */
export const confirmed = (by: Actor, prompt: ConferencePrompt): ConferenceEffect[] =>
  by === 'staff' ? [] : [{ type: 'tell', memberIds: [by], prompts: [prompt] }];
