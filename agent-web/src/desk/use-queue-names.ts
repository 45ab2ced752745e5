/** What the reader calls a queue. */
import { localName } from '../i18n/local-name';
import { useDeskState } from './desk-context';

/** @returns the name for an id in the language that is shown; undefined where there is no such queue any more. */
export const useQueueNames = (): ((queueId: string) => string | undefined) => {
  const { queues } = useDeskState();
  return (queueId) => {
    const queue = queues.find((one) => one.queueId === queueId);
    return queue && localName(queue.name, queue.nameZh);
  };
};
