/** An alarm in the reader's language. */
import type { TFunction } from 'i18next';
import type { AlarmView } from '../../../api/contract/security';
import { currentLanguage } from '../i18n';
import { en } from '../i18n/en';
import { formatClock } from '../i18n/format';
import { hasKey } from '../i18n/has-key';

/** A detail that is a word of ours, rather than a name or a figure, is said in the reader's language. */
const wordOf = (name: string, value: string | number, t: TFunction): string | number => {
  if (typeof value === 'number') return value;
  if (name === 'class' && hasKey(en.numberClass, value)) return t(`numberClass.${value}`);
  if (name === 'direction' && hasKey(en.call.direction, value)) return t(`call.direction.${value}`);
  if (name === 'reason' && hasKey(en.state.reason, value)) return t(`state.reason.${value}`);
  if (name === 'limit' && hasKey(en.alarms.limit, value)) return t(`alarms.limit.${value}`);
  return name === 'breach' && hasKey(en.alarms.breach, value) ? t(`alarms.breach.${value}`) : value;
};

/** Undefined where there is none, or none that this page knows: then the detail `why` has it in English. */
const causeText = (cause: AlarmView['cause'], t: TFunction): string | undefined =>
  cause && hasKey(en.alarms.cause, cause.key) ? t(`alarms.cause.${cause.key}`, cause.values).trim() : undefined;

/** What the reader calls the queue of this id; undefined where there is none any more. */
export type QueueNamer = (queueId: string) => string | undefined;

/**
 * The sentence for a kind that this page knows, made from the details; otherwise what the server says in English. A
 * queue whose name in the reader's language is not known is called as the server calls it.
 */
export const alarmText = (
  alarm: Pick<AlarmView, 'kind' | 'message' | 'details' | 'cause'>,
  t: TFunction,
  nameOfQueue?: QueueNamer,
): string => {
  const { kind, message, details, cause } = alarm;
  if (!hasKey(en.alarms.kind, kind)) return message;
  const { untilMs, queueId } = details;
  const until = typeof untilMs === 'number' ? formatClock(untilMs, currentLanguage()) : '–';
  const words = Object.entries(details).map(([name, value]) => [name, wordOf(name, value, t)]);
  const why = causeText(cause, t) ?? details.why;
  const queue = (typeof queueId === 'string' && nameOfQueue?.(queueId)) || details.queue;
  return t(`alarms.kind.${kind}`, { ...Object.fromEntries(words), queue, until, why });
};
