/** Names of the queues and agents that stand in the notes of an interaction. */
import type { QueueNote } from '../../store/queue-notes';
import type { Named } from '../contract/queue-notes';
import type { NameBook, Names } from './interaction-view';

/** Each once; what has no name any more is left out. */
export const noteNames = (notes: readonly QueueNote[], names: NameBook): Named[] => {
  const found = new Map<string, Named>();
  const add = (id: string, named: Names | undefined): void => {
    if (named) found.set(id, { id, name: named.name, ...(named.nameZh !== undefined && { nameZh: named.nameZh }) });
  };
  for (const note of notes) {
    for (const id of queuesIn(note)) add(id, names.queue(id));
    if (note.kind === 'assigned') add(note.agentId, names.agent(note.agentId));
  }
  return [...found.values()];
};

const queuesIn = (note: QueueNote): string[] => {
  if (note.kind === 'overflowed' || note.kind === 'moved') return [note.from, note.to];
  return 'queueId' in note ? [note.queueId] : [];
};
