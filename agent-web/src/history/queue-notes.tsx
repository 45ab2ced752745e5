/** What befell the customer in queues beside waiting: overflow, diversion, what was told, callbacks, supervisors' orders. */
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { QueueNoteView } from '../../../api/contract/queue-notes';
import type { InteractionView } from '../../../api/contract/rest';
import { formatMoment, formatDuration } from '../i18n/format';
import { currentLanguage } from '../i18n';
import { localName } from '../i18n/local-name';

type NameOf = (id: string) => string;

export const QueueNotes = ({ interaction }: { readonly interaction: InteractionView }) => {
  const { t } = useTranslation();
  const { queueNotes = [], noteNames = [], startedAtMs } = interaction;
  if (queueNotes.length === 0) return null;
  const nameOf: NameOf = (id) => {
    const named = noteNames.find((one) => one.id === id);
    return named ? localName(named.name, named.nameZh) : id;
  };
  return (
    <div className="details-note" data-testid="queue-notes">
      <span className="details-label">{t('queueNotes.title')}</span>
      {queueNotes.map((note) => (
        <span key={`${note.atMs}-${note.kind}`}>
          <span className="figures">{formatDuration(Math.max(0, note.atMs - startedAtMs))}</span>{' '}
          {noteText(note, nameOf, t)}
        </span>
      ))}
    </div>
  );
};

const noteText = (note: QueueNoteView, nameOf: NameOf, t: TFunction): string => {
  switch (note.kind) {
    case 'overflowed':
      return t('queueNotes.overflowed', { to: nameOf(note.to), why: t(`queueNotes.because.${note.because}`) });
    case 'diverted':
      return t('queueNotes.diverted', {
        to: t(`queueNotes.to.${note.to.kind}`, { target: note.to.target ?? '' }),
        why: t(`queueNotes.because.${note.because}`),
      });
    case 'told':
      return toldText(note, t);
    case 'callback-requested':
      return t(`queueNotes.callbackBy.${note.by}`, { number: note.number });
    case 'callback-failed':
      return note.againAtMs === undefined
        ? t('queueNotes.callbackGivenUp')
        : t('queueNotes.callbackAgain', { time: formatMoment(note.againAtMs, currentLanguage()) });
    case 'callback-rests':
      return t('queueNotes.callbackRests', { time: formatMoment(note.untilMs, currentLanguage()) });
    case 'place-restored':
      return t(`queueNotes.placeSince.${note.since}`);
    case 'prioritised':
      return t('queueNotes.prioritised', { who: note.by.displayName, priority: note.priority });
    case 'moved':
      return t('queueNotes.moved', { who: note.by.displayName, to: nameOf(note.to) });
    case 'assigned':
      return t('queueNotes.assigned', { who: note.by.displayName, agent: nameOf(note.agentId) });
    case 'removed':
      return t('queueNotes.removed', { who: note.by.displayName });
  }
};

const toldText = ({ position, wait }: Extract<QueueNoteView, { kind: 'told' }>, t: TFunction): string =>
  [
    ...(position === undefined ? [] : [t('queueNotes.toldPosition', { position })]),
    ...(wait === undefined
      ? []
      : [t('queueNotes.toldWait', { from: formatDuration(wait.fromMs), to: formatDuration(wait.toMs) })]),
  ].join(' · ');
