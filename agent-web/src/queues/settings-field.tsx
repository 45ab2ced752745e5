/** Parts of the forms of queues: a labelled field, a group of fields, a figure with its unit. */
import { Form, InputNumber } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { en } from '../i18n/en';
import { hasKey } from '../i18n/has-key';
import type { QueueDraft } from './queue-draft';

export type QueueFieldName = Extract<keyof QueueDraft, keyof typeof en.queueSettings.field>;

interface FieldProps {
  readonly name: QueueFieldName;
  readonly required?: boolean;
  readonly wide?: boolean;
  readonly children: ReactNode;
}

export const Field = ({ name, required = false, wide = false, children }: FieldProps) => {
  const { t } = useTranslation();
  return (
    <Form.Item<QueueDraft>
      name={name}
      required={required}
      label={t(`queueSettings.field.${name}`)}
      {...(wide && { className: 'settings-wide' })}
      {...(hasKey(en.queueSettings.fieldHint, name) && { extra: t(`queueSettings.fieldHint.${name}`) })}
    >
      {children}
    </Form.Item>
  );
};

interface FigureProps {
  readonly name: QueueFieldName;
  readonly most: number;
  readonly least?: number;
  readonly unit?: 'seconds' | 'minutes' | 'percent';
  readonly required?: boolean;
  /** What holds while the field is empty. */
  readonly usual?: number;
}

export const Figure = ({ name, most, least = 0, unit, required = false, usual }: FigureProps) => {
  const { t } = useTranslation();
  return (
    <Field name={name} required={required}>
      <InputNumber
        min={least}
        max={most}
        {...(usual !== undefined && { placeholder: String(usual) })}
        {...(unit && { suffix: unit === 'percent' ? '%' : t(`queueSettings.${unit}`) })}
        data-testid={`queue-${name}`}
      />
    </Field>
  );
};

export const Group = ({
  name,
  children,
}: {
  readonly name: keyof typeof en.queueSettings.group;
  readonly children: ReactNode;
}) => {
  const { t } = useTranslation();
  return (
    <fieldset className="settings-group">
      <legend>{t(`queueSettings.group.${name}`)}</legend>
      <div className="settings-grid">{children}</div>
    </fieldset>
  );
};
