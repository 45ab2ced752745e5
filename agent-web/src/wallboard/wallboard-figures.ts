/** The wallboard's rows, drawn from what queues are and what they have done: pure functions. */
import type { QueueFiguresView, QueueView } from '../../../api/contract/common';
import type { QueueReport } from '../../../api/contract/watch';

export const SPANS = ['half-hour', 'today'] as const;
export type Span = (typeof SPANS)[number];

const NOTHING: QueueFiguresView = {
  offered: 0,
  answered: 0,
  abandoned: 0,
  diverted: 0,
  longestWaitMs: 0,
};

/** Of the last half hour they come with the queue, of today by the report; a queue without contacts has no report. */
export const figuresFor = (queue: QueueView, today: QueueReport['items'] | undefined): QueueFiguresView =>
  (today ? today.find(({ queueId }) => queueId === queue.queueId)?.total : queue.figures) ?? NOTHING;

/** A share in percent; what nothing was counted for is a dash. */
export const percentText = (share: number | undefined): string =>
  share === undefined ? '–' : `${(share * 100).toFixed(1)} %`;
