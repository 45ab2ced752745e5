/** A PIN: never shown, only whether there is one; set, exchanged, and taken away. */
import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { HIDDEN_PIN } from '../../../api/contract/conferences';
import type { PinField as PinFieldName } from './room-draft';

const MAX_DIGITS = 12;

interface PinFieldProps {
  readonly name: PinFieldName;
  /** By the form around. */
  readonly id?: string;
  readonly value?: string | undefined;
  readonly onChange?: (pin: string) => void;
}

export const PinField = ({ name, id, value = '', onChange }: PinFieldProps) => {
  const { t } = useTranslation();
  const [hadOne] = useState(value === HIDDEN_PIN);
  if (value === HIDDEN_PIN)
    return (
      <div className="room-pin" id={id} data-testid={`room-${name}`} data-state="set">
        <span className="team-state tone-ready">
          <span className="dot" />
          {t('conferences.form.pinSet')}
        </span>
        <Button size="small" onClick={() => onChange?.('')} data-testid={`room-${name}-change`}>
          {t('conferences.form.pinChange')}
        </Button>
      </div>
    );
  return (
    <div className="room-pin" data-testid={`room-${name}`} data-state={value === '' ? 'not-set' : 'new'}>
      <Input
        id={id}
        value={value}
        inputMode="numeric"
        autoComplete="off"
        maxLength={MAX_DIGITS}
        placeholder={t('conferences.form.pinNotSet')}
        onChange={({ target }) => onChange?.(target.value.trim())}
        data-testid={`room-${name}-input`}
      />
      {hadOne && (
        <Button size="small" onClick={() => onChange?.(HIDDEN_PIN)}>
          {t('conferences.form.pinKeep')}
        </Button>
      )}
    </div>
  );
};
