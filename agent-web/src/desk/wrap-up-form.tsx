import { Input } from 'antd';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { DISPOSITIONS } from '../../../api/contract/common';
import type { WrapUp } from './use-wrap-up';

const NOTE_LENGTH = 4000;

export const WrapUpForm = ({ wrapUp }: { readonly wrapUp: WrapUp }) => {
  const { t } = useTranslation();
  const noteId = useId();
  const labelId = useId();
  const { draft, setNote, setDisposition } = wrapUp;
  return (
    <div className="wrap-up">
      <label className="wrap-up-label" htmlFor={noteId}>
        {t('wrapUp.note')}
      </label>
      <Input.TextArea
        id={noteId}
        className="wrap-up-note"
        value={draft.note}
        maxLength={NOTE_LENGTH}
        placeholder={t('wrapUp.notePlaceholder')}
        onChange={(event) => setNote(event.target.value)}
        data-testid="wrap-up-note"
      />
      <span className="wrap-up-label" id={labelId}>
        {t('wrapUp.disposition')}
      </span>
      <div className="wrap-up-choices" role="group" aria-labelledby={labelId} data-testid="wrap-up-disposition">
        {DISPOSITIONS.map((disposition) => {
          const chosen = draft.disposition === disposition;
          return (
            <button
              key={disposition}
              type="button"
              className="choice"
              aria-pressed={chosen}
              onClick={() => setDisposition(chosen ? undefined : disposition)}
              data-testid={`wrap-up-disposition-${disposition}`}
            >
              {t(`wrapUp.dispositions.${disposition}`)}
            </button>
          );
        })}
      </div>
    </div>
  );
};
