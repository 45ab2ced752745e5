/** The real book of prompts over a folder of the test. */
import { join } from 'node:path';
import { systemClock } from '../../../base/clock';
import type { FlowDocument } from '../../../flows/document';
import { PromptBook } from '../../../main/prompt-book';
import type { StoredSound } from '../../../store/sounds';
import { memorySettings } from './routing-ports';

const BUILT_IN = join(__dirname, '../../../media/sounds');

export const soundsBelow = (ownDir: string, flows: Iterable<FlowDocument> = []): PromptBook =>
  new PromptBook({
    store: memorySettings<StoredSound>(),
    builtInDir: BUILT_IN,
    ownDir,
    flows: () => flows,
    clock: systemClock,
  });
