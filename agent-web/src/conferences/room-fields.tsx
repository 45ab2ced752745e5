/** The fields of a conference room's form, in four groups: what it is, who may enter, how it goes, what is heard. */
import { AutoComplete, Form, Input, InputNumber, Select, Switch } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { CONFERENCE_ROLES } from '../../../api/contract/conferences';
import { PinField } from './pin-field';
import { PIN_FIELDS } from './room-draft';
import type { RoomDraft, RoomField } from './room-draft';

interface FieldProps {
  readonly name: RoomField;
  readonly hint?: boolean;
  readonly required?: boolean;
  readonly children: ReactNode;
}

const Field = ({ name, hint = false, required = false, children }: FieldProps) => {
  const { t } = useTranslation();
  return (
    <Form.Item<RoomDraft>
      name={name}
      required={required}
      label={t(`conferences.form.field.${name}`)}
      {...(hint && { extra: t(`conferences.form.hint.${name as HintedField}`) })}
    >
      {children}
    </Form.Item>
  );
};

type HintedField = 'id' | 'numbers' | 'withoutPin' | 'maxMembers' | 'music' | 'record' | 'locked' | 'language';

const SwitchField = ({ name, hint = false }: { readonly name: RoomField; readonly hint?: boolean }) => {
  const { t } = useTranslation();
  return (
    <div className="settings-switch">
      <Form.Item<RoomDraft> name={name} valuePropName="checked" noStyle>
        <Switch size="small" data-testid={`room-${name}`} />
      </Form.Item>
      <label htmlFor={name}>
        {t(`conferences.form.field.${name}`)}
        {hint && <span className="settings-hint">{t(`conferences.form.hint.${name as HintedField}`)}</span>}
      </label>
    </div>
  );
};

const Group = ({
  name,
  children,
}: {
  readonly name: 'room' | 'entry' | 'course' | 'sound';
  readonly children: ReactNode;
}) => {
  const { t } = useTranslation();
  return (
    <fieldset className="settings-group">
      <legend>{t(`conferences.form.group.${name}`)}</legend>
      <div className="settings-grid">{children}</div>
    </fieldset>
  );
};

interface RoomFieldsProps {
  /** A room's id stays what it is. */
  readonly isNew: boolean;
  /** Of the library. */
  readonly music: readonly string[];
}

export const RoomFields = ({ isNew, music }: RoomFieldsProps) => {
  const { t } = useTranslation();
  const roles = CONFERENCE_ROLES.map((value) => ({ value: value, label: t(`conferences.roles.${value}`) }));
  const languages = (['both', 'en', 'zh-CN'] as const).map((value) => ({
    value,
    label: t(`conferences.form.language.${value}`),
  }));
  return (
    <>
      <Group name="room">
        <Field name="name" required>
          <Input maxLength={100} data-testid="room-name" />
        </Field>
        <Field name="nameZh">
          <Input maxLength={100} data-testid="room-nameZh" />
        </Field>
        <Field name="id" hint required>
          <Input disabled={!isNew} maxLength={64} data-testid="room-id" />
        </Field>
        <Field name="numbers" hint>
          <Select
            mode="tags"
            open={false}
            suffixIcon={null}
            tokenSeparators={[',', ';', '，', ' ']}
            data-testid="room-numbers"
          />
        </Field>
      </Group>
      <Group name="entry">
        {PIN_FIELDS.map((name) => (
          <Field key={name} name={name}>
            <PinField name={name} />
          </Field>
        ))}
        <Field name="withoutPin" hint>
          <Select
            options={[{ value: 'refused', label: t('conferences.form.refused') }, ...roles]}
            data-testid="room-withoutPin"
          />
        </Field>
        <Field name="maxMembers" hint required>
          <InputNumber min={2} max={900} precision={0} data-testid="room-maxMembers" />
        </Field>
        <SwitchField name="locked" hint />
      </Group>
      <Group name="course">
        <SwitchField name="waitForModerator" />
        <SwitchField name="endWithModerator" />
        <SwitchField name="record" hint />
      </Group>
      <Group name="sound">
        <Field name="music" hint required>
          <AutoComplete options={music.map((value) => ({ value }))} data-testid="room-music" />
        </Field>
        <Field name="language" hint>
          <Select options={languages} data-testid="room-language" />
        </Field>
        <SwitchField name="tones" />
      </Group>
    </>
  );
};
