/** What callers hear and may do while they wait. */
import { Form, Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { Field, Figure, Group } from './settings-field';
import { optionsOf } from './use-acd-settings';
import type { AcdData } from './use-acd-settings';

const TELL = ['nothing', 'position', 'wait', 'both'] as const;
const NUMBERS = ['caller', 'typed'] as const;
const RECONNECT = ['lost', 'anyone'] as const;
const KEYS = [...'1234567890*#'];

export const WaitingFields = ({ calendars }: { readonly calendars: AcdData['calendars'] }) => {
  const { t } = useTranslation();
  const tell = Form.useWatch<string | undefined>('tell');
  const key = Form.useWatch<string | undefined>('callbackKey');
  return (
    <>
      <Group name="waiting">
        <Field name="tell">
          <Select
            options={TELL.map((value) => ({ value, label: t(`queueSettings.tell.${value}`) }))}
            data-testid="queue-tell"
          />
        </Field>
        {tell && tell !== 'nothing' ? (
          <Figure name="tellEveryS" least={10} most={3600} unit="seconds" required />
        ) : (
          <span />
        )}
        <Field name="music">
          <Input maxLength={64} data-testid="queue-music" />
        </Field>
        <Figure name="reconnectS" most={3600} unit="seconds" />
        <Field name="reconnectWho">
          <Select
            options={RECONNECT.map((value) => ({ value, label: t(`queueSettings.reconnectWho.${value}`) }))}
            data-testid="queue-reconnectWho"
          />
        </Field>
      </Group>
      <Group name="callback">
        <Field name="callbackKey">
          <Select
            options={[{ value: '', label: t('queueSettings.none') }, ...KEYS.map((value) => ({ value, label: value }))]}
            data-testid="queue-callbackKey"
          />
        </Field>
        {key ? (
          <>
            <Field name="callbackNumber">
              <Select
                options={NUMBERS.map((value) => ({ value, label: t(`queueSettings.callbackNumber.${value}`) }))}
              />
            </Field>
            <Figure name="callbackAfterS" most={3600} unit="seconds" required />
            <Figure name="callbackAfterCallers" least={1} most={10_000} />
            <Figure name="callbackValidMin" least={1} most={10_080} unit="minutes" required />
          </>
        ) : (
          <span />
        )}
        <Figure name="callbackAttempts" least={1} most={10} required />
        <Figure name="callbackRetryMin" most={1440} unit="minutes" required />
        <Field name="callbackCalendarId">
          <Select
            options={[{ value: '', label: t('queueSettings.always') }, ...optionsOf(calendars)]}
            data-testid="queue-callbackCalendarId"
          />
        </Field>
      </Group>
    </>
  );
};
