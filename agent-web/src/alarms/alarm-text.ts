/** An alarm in the reader's language. */
import type { TFunction } from 'i18next';
import type { AlarmView } from '../../../api/contract/security';
import { currentLanguage } from '../i18n';
import { en } from '../i18n/en';
import { formatClock } from '../i18n/format';

type KnownKind = keyof typeof en.alarms.kind;

const isKnown = (kind: string): kind is KnownKind => Object.hasOwn(en.alarms.kind, kind);

/** The sentence for a kind that this page knows, made from the details; otherwise what the server says in English. */
export const alarmText = ({ kind, message, details }: AlarmView, t: TFunction): string => {
  if (!isKnown(kind)) return message;
  const { untilMs } = details;
  const until = typeof untilMs === 'number' ? formatClock(untilMs, currentLanguage()) : '–';
  return t(`alarms.kind.${kind}`, { ...details, until });
};
